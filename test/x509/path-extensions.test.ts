import { describe, expect, it } from 'vitest'
import { contextTag, der, encode } from '../../src/asn1/index.ts'
import {
  parseInhibitAnyPolicy,
  parseNameConstraints,
  parsePolicyConstraints,
  parsePolicyMappings,
} from '../../src/x509/path-extensions.ts'
import { expectOnlyTypedErrors, malformedVariants, neverValid } from '../support/malformed.ts'

const text = (number: number, value: string) => encode(contextTag(number, false), [Buffer.from(value)])
const octets = (...value: number[]) => encode(contextTag(7, false), [Uint8Array.from(value)])
const number = (tag: number, ...value: number[]) => encode(contextTag(tag, false), [Uint8Array.from(value)])
const permitted = (...bases: Uint8Array[]) =>
  encode(
    contextTag(0, true),
    bases.map((base) => der.sequence([base])),
  )
const excluded = (...bases: Uint8Array[]) =>
  encode(
    contextTag(1, true),
    bases.map((base) => der.sequence([base])),
  )

const CONSTRAINTS = der.sequence([
  permitted(text(2, 'example.com'), octets(10, 0, 0, 0, 255, 0, 0, 0)),
  excluded(text(1, '.a.org')),
])
const MAPPINGS = der.sequence([der.sequence([der.oid('1.2.3'), der.oid('1.2.4')])])
const POLICY_CONSTRAINTS = der.sequence([number(0, 1), number(1, 0)])

describe('extensions of paths', () => {
  it('are read', () => {
    expect(parseNameConstraints(CONSTRAINTS)).toEqual({
      permitted: [
        { type: 'dNSName', value: 'example.com' },
        { type: 'iPAddress', value: Uint8Array.of(10, 0, 0, 0, 255, 0, 0, 0) },
      ],
      excluded: [{ type: 'rfc822Name', value: '.a.org' }],
    })
    expect(parsePolicyMappings(MAPPINGS)).toEqual([['1.2.3', '1.2.4']])
    expect(parsePolicyConstraints(POLICY_CONSTRAINTS)).toEqual({
      requireExplicitPolicy: 1,
      inhibitPolicyMapping: 0,
    })
    expect(parsePolicyConstraints(der.sequence([number(1, 2)]))).toEqual({
      requireExplicitPolicy: undefined,
      inhibitPolicyMapping: 2,
    })
    expect(parseInhibitAnyPolicy(der.integer(3))).toBe(3)
  })

  it.each([
    ['no subtree', der.sequence([])],
    ['no permitted one', der.sequence([permitted()])],
    ['no excluded one', der.sequence([excluded()])],
    ['the wrong order', der.sequence([excluded(text(2, 'a.b')), permitted(text(2, 'a.b'))])],
    ['permitted twice', der.sequence([permitted(text(2, 'a.b')), permitted(text(2, 'a.b'))])],
    [
      'a minimum',
      der.sequence([encode(contextTag(0, true), [der.sequence([text(2, 'a.b'), number(0, 1)])])]),
    ],
    [
      'a maximum',
      der.sequence([encode(contextTag(0, true), [der.sequence([text(2, 'a.b'), number(1, 1)])])]),
    ],
    ['a wildcard', der.sequence([permitted(text(2, '*.example.com'))])],
    ['two dots', der.sequence([permitted(text(2, 'a..b'))])],
    ['a dot alone', der.sequence([permitted(text(2, '.'))])],
    ['a URI', der.sequence([permitted(text(6, 'https://example.com'))])],
    ['two @', der.sequence([permitted(text(1, 'a@b@c.org'))])],
    ['an address without mask', der.sequence([permitted(octets(10, 0, 0, 0))])],
    ['a mask with holes', der.sequence([permitted(octets(10, 0, 0, 0, 255, 0, 255, 0))])],
  ])('name constraints with %s are refused', (_, bytes) => {
    expect(() => parseNameConstraints(bytes)).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/^ERR_(CERTIFICATE_EXTENSION|ASN1_)/) }),
    )
  })

  it('empty and negative ones are refused', () => {
    const refused = expect.objectContaining({ code: expect.stringMatching(/^ERR_/) })
    expect(() => parsePolicyMappings(der.sequence([]))).toThrow(refused)
    expect(() => parsePolicyConstraints(der.sequence([]))).toThrow(refused)
    expect(() => parsePolicyConstraints(der.sequence([number(0, 0xff)]))).toThrow(refused)
    expect(() => parseInhibitAnyPolicy(der.integer(-1))).toThrow(refused)
  })

  it.each([
    ['nameConstraints', CONSTRAINTS, parseNameConstraints],
    ['policyMappings', MAPPINGS, parsePolicyMappings],
    ['policyConstraints', POLICY_CONSTRAINTS, parsePolicyConstraints],
    ['inhibitAnyPolicy', der.integer(3), parseInhibitAnyPolicy],
  ] as const)('malformed %s end in typed errors', async (_, bytes, parse) => {
    const accepted = await expectOnlyTypedErrors(parse, malformedVariants(bytes))
    expect(accepted.filter(neverValid).map(({ name }) => name)).toEqual([])
  })
})

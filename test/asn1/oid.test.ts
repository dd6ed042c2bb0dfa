import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { der, readDer } from '../../src/asn1/index.ts'
import { decodeOid, encodeOid } from '../../src/asn1/oid.ts'
import { failure, hex, show } from './helpers.ts'

const CASES: [dotted: string, content: string][] = [
  ['2.100.3', '81 34 03'], // X.690 8.19.5
  ['2.999', '88 37'],
  ['0.0', '00'],
  ['0.39', '27'],
  ['1.0', '28'],
  ['1.39', '4f'],
  ['2.0', '50'],
  ['2.39', '77'],
  ['2.40', '78'],
  ['2.47', '7f'],
  ['2.48', '81 00'],
  ['1.2.840.113549.1.1.11', '2a 86 48 86 f7 0d 01 01 0b'],
  ['1.2.127', '2a 7f'],
  ['1.2.128', '2a 81 00'],
  ['1.2.16384', '2a 81 80 00'],
  ['1.2.4294967295', '2a 8f ff ff ff 7f'],
  ['1.2.4294967296', '2a 90 80 80 80 00'],
  ['1.2.9007199254740991', '2a 8f ff ff ff ff ff ff 7f'],
  ['1.2.9007199254740992', '2a 90 80 80 80 80 80 80 00'],
  ['1.2.9007199254740993', '2a 90 80 80 80 80 80 80 01'],
  ['1.2.18446744073709551615', '2a 81 ff ff ff ff ff ff ff ff 7f'],
  ['1.2.18446744073709551616', '2a 82 80 80 80 80 80 80 80 80 00'],
  // X.667: a UUID as one arc of 128 bits
  [
    '2.25.329800735698586629295641978511506172918',
    '69 83 f0 9d a7 eb cf de e0 c7 a1 a7 b2 c0 94 8c c8 f9 d7 76',
  ],
  ['2.18446744073709551616', '82 80 80 80 80 80 80 80 80 50'],
]

describe('object identifiers', () => {
  it.each(CASES)('%s', (dotted, content) => {
    expect(show(encodeOid(dotted))).toBe(content)
    expect(decodeOid(hex(content))).toBe(dotted)
  })

  it('come back whole, with arcs of any size', () => {
    const arc = fc.oneof(fc.bigInt(0n, 300n), fc.bigInt(0n, 2n ** 80n), fc.bigInt(2n ** 31n, 2n ** 54n))
    const first = fc.oneof(
      fc.tuple(fc.constantFrom(0n, 1n), fc.bigInt(0n, 39n)),
      fc.tuple(fc.constant(2n), arc),
    )
    fc.assert(
      fc.property(first, fc.array(arc, { maxLength: 8 }), (start, rest) => {
        const dotted = [...start, ...rest].join('.')
        expect(decodeOid(encodeOid(dotted))).toBe(dotted)
      }),
    )
  })

  it('have one encoding each: octets that decode encode to the same', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 24 }), (content) => {
        const dotted = decodeOid(content)
        if (dotted !== undefined) expect(show(encodeOid(dotted))).toBe(show(content))
        const minimal = content.every((octet, i) => octet !== 0x80 || (content[i - 1] ?? 0) >= 0x80)
        expect(dotted !== undefined).toBe(minimal && (content.at(-1) as number) < 0x80)
      }),
      { numRuns: 1000 },
    )
  })

  it('do not wrap into a trusted one', () => {
    const sha256 = '2.16.840.1.101.3.4.2.1'
    for (const extra of [2n ** 31n, 2n ** 32n, 2n ** 53n, 2n ** 64n, 2n ** 128n]) {
      const forged = `2.16.840.1.101.3.4.2.${1n + extra}`
      expect(decodeOid(encodeOid(forged))).toBe(forged)
      expect(readDer(der.oid(forged), '', (r) => r.oid(''))).not.toBe(sha256)
    }
  })

  it.each(['', '80', '2a 80', '2a 86', '80 2a', '2a 80 01', '2a 80 80 01', '2a 03 80 7f'])(
    'refuses the octets [%s]',
    (content) => expect(decodeOid(hex(content))).toBeUndefined(),
  )

  it.each([
    '',
    '1',
    '3.1',
    '1.40',
    '0.40',
    '1.',
    '.1',
    '1..2',
    '1.02',
    '01.2',
    '1.2 ',
    '1.2\n',
    '1.-2',
    '1.2e3',
    '1.٣',
  ])('refuses to write %j', (dotted) => expect(() => der.oid(dotted)).toThrow(TypeError))

  it('refuses to write what is no string', () => {
    expect(() => der.oid(['1.2'] as never)).toThrow(TypeError)
  })

  it('refuses to write one of a megabyte, and does not repeat it', () => {
    const dotted = `1.2.${'9'.repeat(1024 * 1024)}`
    expect(() => der.oid(dotted)).toThrow(/^not an object identifier: 1\.2\.9{96}$/)
    expect(() => der.oid(dotted)).toThrow(TypeError)
  })

  it('takes as many bytes as the limit says', () => {
    const dotted = `1.2${'.3'.repeat(63)}`
    const read = (text: string, maxOidBytes?: number): string =>
      readDer(der.oid(text), 'A', (r) => r.oid('b'), maxOidBytes === undefined ? {} : { maxOidBytes })
    expect(read(dotted)).toBe(dotted)
    expect(failure(() => read(`${dotted}.3`))).toEqual({ code: 'ERR_ASN1_LIMIT', offset: 0, path: 'A.b' })
    expect(read(`${dotted}.3`, 65)).toBe(`${dotted}.3`)
    expect(failure(() => read(dotted, 63))).toMatchObject({ code: 'ERR_ASN1_LIMIT' })
  })
})

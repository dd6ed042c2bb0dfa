import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contextTag, der, encode } from '../../src/asn1/index.ts'
import { encodeGeneralName, parseGeneralNames } from '../../src/x509/general-name.ts'
import {
  Certificate,
  type GeneralName,
  generalNameToString,
  Name,
  parseGeneralName,
} from '../../src/x509/index.ts'
import { codeOf, hex } from '../algorithms/helpers.ts'
import { expectOnlyTypedErrors, malformedVariants, neverValid } from '../support/malformed.ts'
import { certificate, commonName, extension } from './build.ts'

const read = (...names: Uint8Array[]): GeneralName[] =>
  parseGeneralNames(der.sequence(names), 'subjectAltName')
const code = (...names: Uint8Array[]): string => codeOf(() => read(...names).map(generalNameToString))
const ia5 = (tag: number, text: string): Uint8Array =>
  encode(contextTag(tag, false), [Buffer.from(text, 'latin1')])
const ip = (bytes: string): Uint8Array => encode(contextTag(7, false), [hex(bytes)])

/** One of each type, in the order of the tags. */
const EACH = [
  encode(contextTag(0, true), [der.oid('1.3.6.1.4.1.311.20.2.3'), der.explicit(0, der.utf8String('a@b'))]),
  ia5(1, 'someone@bank.example'),
  ia5(2, '*.bank.example'),
  encode(contextTag(3, true), [der.sequence([])]),
  der.explicit(4, commonName('api')),
  encode(contextTag(5, true), [der.explicit(1, der.utf8String('party'))]),
  ia5(6, 'https://bank.example/a?b=c'),
  ip('c0000201'),
  encode(contextTag(8, false), [hex('2a0304')]),
]

describe('GeneralName (RFC 5280 4.2.1.6)', () => {
  it('reads each type, and writes it as it was', () => {
    const names = read(...EACH)
    expect(names.map(generalNameToString)).toEqual([
      'otherName:1.3.6.1.4.1.311.20.2.3;#0c03614062',
      'email:someone@bank.example',
      'DNS:*.bank.example',
      'x400Address:#a3023000',
      'dirName:CN=api',
      'ediPartyName:#a509a1070c057061727479',
      'URI:https://bank.example/a?b=c',
      'IP:192.0.2.1',
      'RID:1.2.3.4',
    ])
    expect(names.map(encodeGeneralName)).toEqual(EACH.map((bytes) => new Uint8Array(bytes)))
  })

  it('stands in a certificate', () => {
    const san = extension('2.5.29.17', der.sequence([ia5(2, 'bank.example')]))
    expect(Certificate.parse(certificate({ extensions: [san] })).subjectAltName).toEqual([
      { type: 'dNSName', value: 'bank.example' },
    ])
    expect(Certificate.parse(certificate()).subjectAltName).toBeUndefined()
  })

  it.each([
    ['no name at all', [], 'ERR_ASN1_VALUE'],
    ['an empty DNS name', [ia5(2, '')], 'ERR_ASN1_VALUE'],
    ['a space, which RFC 5280 forbids by name', [ia5(2, ' ')], 'ERR_ASN1_VALUE'],
    ['a DNS name with a leading dot', [ia5(2, '.example')], 'ERR_ASN1_VALUE'],
    ['a DNS name with an empty label', [ia5(2, 'a..example')], 'ERR_ASN1_VALUE'],
    ['a DNS name cut by NUL', [ia5(2, 'bank.example\0.evil.example')], 'ERR_ASN1_VALUE'],
    ['a DNS name of two lines', [ia5(2, 'bank\n.example')], 'ERR_ASN1_VALUE'],
    ['letters beyond ASCII', [ia5(2, 'b\xe4nk.example')], 'ERR_ASN1_VALUE'],
    ['a mailbox without a host', [ia5(1, 'someone')], 'ERR_ASN1_VALUE'],
    ['a relative URI', [ia5(6, '/index.html')], 'ERR_ASN1_VALUE'],
    ['an address of 5 bytes', [ip('c000020100')], 'ERR_ASN1_VALUE'],
    ['an address with a mask', [ip('c0000200ffffff00')], 'ERR_ASN1_VALUE'],
    ['a tag beyond the choice', [ia5(9, 'x')], 'ERR_ASN1_UNEXPECTED_TAG'],
    ['a universal tag', [der.utf8String('bank.example')], 'ERR_ASN1_UNEXPECTED_TAG'],
    [
      'a constructed DNS name',
      [encode(contextTag(2, true), [ia5(2, 'a.example')])],
      'ERR_ASN1_UNEXPECTED_TAG',
    ],
    ['otherName without a value', [encode(contextTag(0, true), [der.oid('1.2.3')])], 'ERR_ASN1_TRUNCATED'],
    ['a directory name without its explicit tag', [encode(contextTag(4, true), [])], 'ERR_ASN1_TRUNCATED'],
  ])('refuses %s', (_, names, expected) => {
    expect(code(...(names as Uint8Array[]))).toBe(expected)
  })

  it('refuses damage with a typed error', async () => {
    const parse = (bytes: Uint8Array): unknown => parseGeneralNames(bytes, 'san').map(generalNameToString)
    const accepted = await expectOnlyTypedErrors(parse, malformedVariants(der.sequence(EACH)))
    // What stands inside a name that is kept raw is not looked at.
    const never = accepted.filter(neverValid).map(({ name }) => name)
    expect(never.filter((name) => !/^root\.[035]\./.test(name))).toEqual([])
  })
})

describe('text of a GeneralName', () => {
  it.each([
    ['IP:192.0.2.1', 'c0000201'],
    ['IP:::', '00000000000000000000000000000000'],
    ['IP:::1', '00000000000000000000000000000001'],
    ['IP:2001:db8::1:0:0:1', '20010db8000000000001000000000001'],
    ['IP:2001:db8:0:1:1:1:1:1', '20010db8000000010001000100010001'],
    ['IP:1::', '00010000000000000000000000000000'],
  ])('%s is an address of RFC 5952, both ways', (text, bytes) => {
    expect(parseGeneralName(text)).toEqual({ type: 'iPAddress', value: hex(bytes) })
    expect(generalNameToString({ type: 'iPAddress', value: hex(bytes) })).toBe(text)
  })

  it('takes an IPv4 address inside IPv6, capitals, prefixes in any case', () => {
    const mapped = { type: 'iPAddress', value: hex('00000000000000000000ffffc0000201') }
    expect(parseGeneralName('ip:::FFFF:192.0.2.1')).toEqual(mapped)
    expect(parseGeneralName('dns:a')).toEqual({ type: 'dNSName', value: 'a' })
  })

  it('shows the mask of a name constraint', () => {
    const text = (bytes: string): string => generalNameToString({ type: 'iPAddress', value: hex(bytes) })
    expect(text('c0000200ffffff00')).toBe('IP:192.0.2.0/255.255.255.0')
    expect(text('c000')).toBe('IP:#c000')
  })

  it.each([
    ...['IP:1.2.3', 'IP:1.2.3.256', 'IP:01.2.3.4', 'IP:1.2.3.4/8', 'IP:', 'IP:1:2:3:4:5:6:7', 'IP:1::2::3'],
    ...['IP:1:2:3:4:5:6:7:8::', 'IP:12345::', 'IP:g::', 'IP:1.2.3.4::', 'IP:fe80::1%eth0', 'IP::1', 'IP:1:'],
    ...['bank.example', 'dns=a', '', ':a', 'FTP:a'],
  ])('refuses %j', (text) => {
    expect(codeOf(() => generalNameToString(parseGeneralName(text)))).toBe('ERR_CERTIFICATE_EXTENSION')
  })

  it.each([
    'DNS:',
    'DNS:a b',
    'DNS:bänk.example',
    'email:someone',
    'email:@',
    'URI:x',
    'DNS:a\nb',
    'DNS:a\0',
  ])('does not write %j', (text) => {
    expect(codeOf(() => encodeGeneralName(parseGeneralName(text)))).toBe('ERR_CERTIFICATE_EXTENSION')
  })

  it('does not write an address of another length', () => {
    expect(codeOf(() => encodeGeneralName({ type: 'iPAddress', value: new Uint8Array(8) }))).toBe(
      'ERR_CERTIFICATE_EXTENSION',
    )
  })

  it('dirName and RID too', () => {
    const named = parseGeneralName('dirName:CN=a,C=LU')
    expect(named).toMatchObject({ type: 'directoryName' })
    expect(generalNameToString(named)).toBe('dirName:CN=a,C=LU')
    expect(generalNameToString(parseGeneralName('RID:1.2.3'))).toBe('RID:1.2.3')
    expect(codeOf(() => parseGeneralName('dirName:nothing'))).toBe('ERR_NAME_MALFORMED')
    expect(named.type === 'directoryName' && named.value).toBeInstanceOf(Name)
  })

  it('any IP address goes there and back', () => {
    const bytes = fc.oneof(...[4, 16].map((n) => fc.uint8Array({ minLength: n, maxLength: n })))
    const sparse = fc.array(fc.constantFrom(0, 0, 0, 1, 255), { minLength: 16, maxLength: 16 })
    fc.assert(
      fc.property(
        fc.oneof(
          bytes,
          sparse.map((all) => Uint8Array.from(all)),
        ),
        (value) => {
          expect(parseGeneralName(generalNameToString({ type: 'iPAddress', value }))).toEqual({
            type: 'iPAddress',
            value,
          })
        },
      ),
    )
  })
})

import { describe, expect, it } from 'vitest'
import { der } from '../../src/asn1/index.ts'
import { Certificate } from '../../src/x509/index.ts'
import { codeOf, hex } from '../algorithms/helpers.ts'
import { certificate, extension } from './build.ts'

const OID = {
  ski: '2.5.29.14',
  keyUsage: '2.5.29.15',
  basic: '2.5.29.19',
  aki: '2.5.29.35',
  eku: '2.5.29.37',
}
const withExtensions = (...extensions: Uint8Array[]): Certificate =>
  Certificate.parse(certificate({ extensions }))
const one = (oid: string, value: string): Certificate => withExtensions(extension(oid, hex(value)))

describe('Extensions (RFC 5280 section 4.2)', () => {
  const code = (...extensions: Uint8Array[]): string =>
    codeOf(() => withExtensions(...extensions).extensions.length)
  const basic = (...critical: Uint8Array[]): Uint8Array => extension(OID.basic, hex('3000'), ...critical)

  it('keep their order, their bytes and what is critical', () => {
    const parsed = withExtensions(extension('1.2.3.4', hex('010203'), der.boolean(true)), basic())
    expect(parsed.extensions).toEqual([
      { oid: '1.2.3.4', critical: true, value: hex('010203') },
      { oid: OID.basic, critical: false, value: hex('3000') },
    ])
    expect(parsed.extension('1.2.3.4')).toBe(parsed.extensions[0])
    expect(parsed.extension('1.2.3')).toBeUndefined()
  })

  it('stand once each, whatever is critical', () => {
    expect(code(basic(), extension(OID.ski, hex('040101')))).toBe('returned 2')
    expect(code(basic(), basic())).toBe('ERR_CERTIFICATE_EXTENSION')
    expect(code(basic(), extension(OID.ski, hex('040101')), basic(der.boolean(true)))).toBe(
      'ERR_CERTIFICATE_EXTENSION',
    )
    expect(code(extension('2.999.1', hex('')), extension('2.999.1', hex('00')))).toBe(
      'ERR_CERTIFICATE_EXTENSION',
    )
  })

  it('take critical FALSE spelled out, and no other form of a BOOLEAN', () => {
    expect(withExtensions(basic(der.boolean(false))).extensions[0]?.critical).toBe(false)
    expect(code(basic(hex('010101')))).toBe('ERR_ASN1_NOT_DER')
    expect(code(basic(hex('0100')))).toBe('ERR_ASN1_VALUE')
    expect(code(basic(hex('0102ffff')))).toBe('ERR_ASN1_VALUE')
    expect(code(basic(der.integer(1)))).toBe('ERR_ASN1_UNEXPECTED_TAG')
    expect(code(basic(der.boolean(true), der.boolean(true)))).toBe('ERR_ASN1_UNEXPECTED_TAG')
  })

  it('are SEQUENCEs of OID and OCTET STRING', () => {
    expect(code(der.sequence([der.oid('1.2.3')]))).toBe('ERR_ASN1_TRUNCATED')
    expect(code(der.sequence([der.oid('1.2.3'), der.bitString(hex('00'))]))).toBe('ERR_ASN1_UNEXPECTED_TAG')
    expect(code(der.sequence([der.oid('1.2.3'), hex('2403040100')]))).toBe('ERR_ASN1_UNEXPECTED_TAG')
    expect(code(der.sequence([der.oid('1.2.3'), der.octetString(hex('00')), der.null()]))).toBe(
      'ERR_ASN1_TRAILING_DATA',
    )
    expect(code(der.null())).toBe('ERR_ASN1_UNEXPECTED_TAG')
    expect(code(der.sequence([hex('06028001'), der.octetString(hex('00'))]))).toBe('ERR_ASN1_VALUE')
  })
})

describe('keyUsage (4.2.1.3)', () => {
  const read = (value: string): string =>
    codeOf(() => [...(one(OID.keyUsage, value).keyUsage ?? [])].join(' '))

  it.each([
    ['03020780', 'digitalSignature'],
    ['030206c0', 'digitalSignature nonRepudiation'],
    ['03020106', 'keyCertSign cRLSign'],
    ['030203f8', 'digitalSignature nonRepudiation keyEncipherment dataEncipherment keyAgreement'],
    [
      '030307ff80',
      'digitalSignature nonRepudiation keyEncipherment dataEncipherment keyAgreement keyCertSign cRLSign encipherOnly decipherOnly',
    ],
    ['0303070080', 'decipherOnly'],
    // Zero bits at the end, which DER leaves out of a named list: CAs write them, the meaning is the same.
    ['03020080', 'digitalSignature'],
    ['0303008000', 'digitalSignature'],
  ])('%s: %s', (value, expected) => expect(read(value)).toBe(`returned ${expected}`))

  it.each([
    ['030100', 'ERR_CERTIFICATE_EXTENSION'],
    ['03020700', 'ERR_CERTIFICATE_EXTENSION'],
    ['0303000040', 'ERR_CERTIFICATE_EXTENSION'],
    ['03020781', 'ERR_ASN1_NOT_DER'],
    ['03020880', 'ERR_ASN1_VALUE'],
    ['030107', 'ERR_ASN1_VALUE'],
    ['0300', 'ERR_ASN1_VALUE'],
    ['04020780', 'ERR_ASN1_UNEXPECTED_TAG'],
    ['0302078000', 'ERR_ASN1_TRAILING_DATA'],
    ['2306030207800500', 'ERR_ASN1_UNEXPECTED_TAG'],
    ['', 'ERR_ASN1_TRUNCATED'],
  ])('%s: %s', (value, expected) => expect(read(value)).toBe(expected))
})

describe('basicConstraints (4.2.1.9)', () => {
  const read = (value: string): string => codeOf(() => JSON.stringify(one(OID.basic, value).basicConstraints))

  it.each([
    ['3000', '{"ca":false}'],
    ['30030101ff', '{"ca":true}'],
    ['30060101ff020100', '{"ca":true,"pathLenConstraint":0}'],
    ['30090101ff02047fffffff', '{"ca":true,"pathLenConstraint":2147483647}'],
    // FALSE spelled out: as CAs write it.
    ['3003010100', '{"ca":false}'],
    // Nonsense that path validation has to judge (RFC 5280 4.2.1.9): read as it stands.
    ['3003020105', '{"ca":false,"pathLenConstraint":5}'],
  ])('%s: %s', (value, expected) => expect(read(value)).toBe(`returned ${expected}`))

  it.each([
    ['3003010101', 'ERR_ASN1_NOT_DER'],
    ['30060101ff0201ff', 'ERR_ASN1_VALUE'],
    ['300a0101ff02050080000000', 'ERR_ASN1_VALUE'],
    ['30070101ff02020001', 'ERR_ASN1_VALUE'],
    ['30060201000101ff', 'ERR_ASN1_TRAILING_DATA'],
    ['30060101ff0101ff', 'ERR_ASN1_UNEXPECTED_TAG'],
    ['30090101ff020100020100', 'ERR_ASN1_TRAILING_DATA'],
    ['0101ff', 'ERR_ASN1_UNEXPECTED_TAG'],
    ['30000500', 'ERR_ASN1_TRAILING_DATA'],
    ['', 'ERR_ASN1_TRUNCATED'],
  ])('%s: %s', (value, expected) => expect(read(value)).toBe(expected))
})

describe('extendedKeyUsage (4.2.1.12)', () => {
  const read = (value: string): string => codeOf(() => one(OID.eku, value).extendedKeyUsage?.join(' '))

  it.each([
    ['300a06082b06010505070302', 'returned 1.3.6.1.5.5.7.3.2'],
    ['301406082b0601050507030206082b06010505070304', 'returned 1.3.6.1.5.5.7.3.2 1.3.6.1.5.5.7.3.4'],
    ['3000', 'ERR_CERTIFICATE_EXTENSION'],
    ['300d06082b06010505070302020100', 'ERR_ASN1_UNEXPECTED_TAG'],
    ['06082b06010505070302', 'ERR_ASN1_UNEXPECTED_TAG'],
    ['300406028001', 'ERR_ASN1_VALUE'],
  ])('%s: %s', (value, expected) => expect(read(value)).toBe(expected))
})

describe('key identifiers (4.2.1.1, 4.2.1.2)', () => {
  const ski = (value: string): string =>
    codeOf(() => Buffer.from(one(OID.ski, value).subjectKeyIdentifier ?? []).toString('hex'))
  const aki = (value: string): string =>
    codeOf(() => {
      const id = one(OID.aki, value).authorityKeyIdentifier
      return id && Buffer.from(id).toString('hex')
    })
  const issuer = 'a1078205612e6f7267' // [1] { [2] "a.org" }

  it.each([
    ['0403010203', 'returned 010203'],
    ['0400', 'returned '],
    ['8003010203', 'ERR_ASN1_UNEXPECTED_TAG'],
    ['040301020300', 'ERR_ASN1_TRAILING_DATA'],
  ])('subject %s: %s', (value, expected) => expect(ski(value)).toBe(expected))

  it.each([
    ['30058003010203', 'returned 010203'],
    ['3000', 'returned undefined'],
    [`300c${issuer}820105`, 'returned undefined'],
    [`30118003010203${issuer}820105`, 'returned 010203'],
    // Issuer and serial number go together.
    [`3009${issuer}`, 'ERR_ASN1_TRUNCATED'],
    ['3003820105', 'ERR_ASN1_UNEXPECTED_TAG'],
    [`300c820105${issuer}`, 'ERR_ASN1_UNEXPECTED_TAG'],
    [`300c${issuer}820005`, 'ERR_ASN1_VALUE'],
    ['300a80030102038003010203', 'ERR_ASN1_UNEXPECTED_TAG'],
    ['3005a003010203', 'ERR_ASN1_UNEXPECTED_TAG'],
    ['8003010203', 'ERR_ASN1_UNEXPECTED_TAG'],
    ['3005800301020300', 'ERR_ASN1_TRAILING_DATA'],
  ])('authority %s: %s', (value, expected) => expect(aki(value)).toBe(expected))
})

it('reads a certificate with malformed extensions all the same', () => {
  const parsed = withExtensions(...Object.values(OID).map((oid) => extension(oid, hex('ff'))))
  const getters = [
    'keyUsage',
    'extendedKeyUsage',
    'basicConstraints',
    'subjectKeyIdentifier',
    'authorityKeyIdentifier',
  ] as const
  for (const getter of getters) expect(codeOf(() => parsed[getter])).toMatch(/^ERR_ASN1_/)
  expect(parsed.subject.commonName).toBe('subject')
})

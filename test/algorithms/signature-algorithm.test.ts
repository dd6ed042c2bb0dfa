import { describe, expect, it } from 'vitest'
import {
  hashAlgorithm,
  parseSignatureAlgorithm,
  RSA_ENCRYPTION_DER,
  readSignatureAlgorithm,
  type SignatureAlgorithm,
} from '../../src/algorithms/index.ts'
import { der, readDer } from '../../src/asn1/index.ts'
import { codeOf, errorOf, hex } from './helpers.ts'

const RSA = '1.2.840.113549.1.1.'
const ECDSA = '1.2.840.10045.4.'

// OID, whether NULL is written, scheme, family, hash; encodings from RFC 4055, 5758, 8410.
const TABLE = [
  [`${RSA}4`, true, 'RSASSA-PKCS1-v1_5', 'RSA', 'MD5', '300d06092a864886f70d0101040500'],
  [`${RSA}5`, true, 'RSASSA-PKCS1-v1_5', 'RSA', 'SHA-1', '300d06092a864886f70d0101050500'],
  [`${RSA}11`, true, 'RSASSA-PKCS1-v1_5', 'RSA', 'SHA-256', '300d06092a864886f70d01010b0500'],
  [`${RSA}12`, true, 'RSASSA-PKCS1-v1_5', 'RSA', 'SHA-384', '300d06092a864886f70d01010c0500'],
  [`${RSA}13`, true, 'RSASSA-PKCS1-v1_5', 'RSA', 'SHA-512', '300d06092a864886f70d01010d0500'],
  [`${ECDSA}1`, false, 'ECDSA', 'EC', 'SHA-1', '300906072a8648ce3d0401'],
  [`${ECDSA}3.2`, false, 'ECDSA', 'EC', 'SHA-256', '300a06082a8648ce3d040302'],
  [`${ECDSA}3.3`, false, 'ECDSA', 'EC', 'SHA-384', '300a06082a8648ce3d040303'],
  [`${ECDSA}3.4`, false, 'ECDSA', 'EC', 'SHA-512', '300a06082a8648ce3d040304'],
  ['1.3.101.112', false, 'Ed25519', 'EdDSA', undefined, '300506032b6570'],
  ['1.3.101.113', false, 'Ed448', 'EdDSA', undefined, '300506032b6571'],
] as const

describe('table', () => {
  it.each(TABLE)('%s', (oid, withNull, scheme, family, hash, encoding) => {
    const parsed = parseSignatureAlgorithm(hex(encoding))
    expect({ ...parsed, hash: parsed.hash?.name }).toEqual({
      scheme,
      family,
      hash,
      pss: undefined,
      der: hex(encoding),
    })
    expect(der.sequence(withNull ? [der.oid(oid), der.null()] : [der.oid(oid)])).toEqual(hex(encoding))
  })

  it.each(TABLE)('%s: parameters in another form', (oid, withNull) => {
    const absent = (): SignatureAlgorithm => parseSignatureAlgorithm(der.sequence([der.oid(oid)]))
    const withParameters = (parameters: Uint8Array) => (): SignatureAlgorithm =>
      parseSignatureAlgorithm(der.sequence([der.oid(oid), parameters]))
    // RFC 4055 section 5: RSA's NULL may be missing; it is written all the same.
    expect(absent().der).toEqual(der.sequence(withNull ? [der.oid(oid), der.null()] : [der.oid(oid)]))
    const refused = withNull ? 'ERR_ASN1_UNEXPECTED_TAG' : 'ERR_ALGORITHM_PARAMETERS'
    expect(codeOf(withParameters(der.sequence([])))).toBe(refused)
    expect(codeOf(withParameters(der.oid('1.2.3')))).toBe(refused)
    if (withNull) {
      expect(codeOf(withParameters(Uint8Array.of(5, 1, 0)))).toBe('ERR_ASN1_VALUE')
      const twice = der.sequence([der.oid(oid), der.null(), der.null()])
      expect(codeOf(() => parseSignatureAlgorithm(twice))).toBe('ERR_ASN1_TRAILING_DATA')
    } else expect(codeOf(withParameters(der.null()))).toBe('ERR_ALGORITHM_PARAMETERS')
  })
})

describe('rsaEncryption as a signature algorithm (RFC 3370 3.2)', () => {
  const read = (bytes: Uint8Array, digest?: Parameters<typeof hashAlgorithm>[0]): SignatureAlgorithm =>
    readDer(bytes, 'signatureAlgorithm', (r) =>
      readSignatureAlgorithm(r, '', digest && hashAlgorithm(digest)),
    )

  it.each(['SHA-256', 'SHA-384', 'SHA-512', 'SHA-1', 'MD5'] as const)(
    'takes the hash of the digest: %s',
    (name) => {
      const algorithm = read(RSA_ENCRYPTION_DER, name)
      expect([algorithm.scheme, algorithm.hash?.name]).toEqual(['RSASSA-PKCS1-v1_5', name])
      expect(algorithm.der).not.toEqual(RSA_ENCRYPTION_DER)
    },
  )

  it('is written as RFC 3370 has it, and may lack NULL', () => {
    expect(RSA_ENCRYPTION_DER).toEqual(hex('300d06092a864886f70d0101010500'))
    expect(read(hex('300b06092a864886f70d010101'), 'SHA-256').hash?.name).toBe('SHA-256')
    expect(codeOf(() => read(hex('300d06092a864886f70d0101013000'), 'SHA-256'))).toBe(
      'ERR_ASN1_UNEXPECTED_TAG',
    )
  })

  it('is unknown without a digest, and not used with SHAKE256', () => {
    expect(codeOf(() => read(RSA_ENCRYPTION_DER))).toBe('ERR_ALGORITHM_UNKNOWN')
    expect(codeOf(() => read(RSA_ENCRYPTION_DER, 'SHAKE256'))).toBe('ERR_ALGORITHM_PARAMETERS')
  })

  it('leaves algorithms that name their hash alone', () => {
    expect(read(hex('300a06082a8648ce3d040304'), 'SHA-256').hash?.name).toBe('SHA-512')
  })
})

describe('what is not known', () => {
  it.each([
    ['1.2.840.10040.4.3', 'DSA with SHA-1 (1.2.840.10040.4.3)'],
    ['2.16.840.1.101.3.4.3.2', 'DSA with SHA-256 (2.16.840.1.101.3.4.3.2)'],
    [`${RSA}2`, 'RSA with MD2'],
    [`${RSA}14`, 'RSA with SHA-224'],
    [`${ECDSA}3.1`, 'ECDSA with SHA-224'],
    ['1.3.6.1.5.5.7.6.31', 'RSASSA-PSS with SHAKE256'],
    ['1.2.643.2.2.4', 'GOST R 34.10-94 with GOST R 34.11-94'],
    // Keys, not signatures.
    ['1.2.840.10045.2.1', '1.2.840.10045.2.1'],
    ['1.2.643.7.1.1.1.1', 'GOST R 34.10-2012 (256 bits)'],
    ['1.3.101.110', 'X25519'],
    // An arc that is 11 modulo 2^32.
    [`${RSA}4294967307`, `${RSA}4294967307`],
    ['2.999.1', '2.999.1'],
  ])('%s: named, with a hint', (oid, name) => {
    const error = errorOf(() => parseSignatureAlgorithm(der.sequence([der.oid(oid), der.null()])))
    expect(error.code).toBe('ERR_ALGORITHM_UNKNOWN')
    expect(error.message).toContain(name)
    expect(error.hint).toContain('Ed25519')
  })

  it('says the field, where there is one', () => {
    const read = (field: string) => (): unknown =>
      readDer(der.sequence([der.oid('1.2.3')]), '', (r) => readSignatureAlgorithm(r, field))
    expect(errorOf(read('signature')).message).toBe('signature: unknown signature algorithm 1.2.3')
    expect(errorOf(read('')).message).toBe('unknown signature algorithm 1.2.3')
  })
})

it('gives the same frozen object each time', () => {
  const [a, b] = [hex('300506032b6570'), hex('300506032b6570')].map(parseSignatureAlgorithm)
  expect(a).toBe(b)
  expect(Object.isFrozen(a)).toBe(true)
})

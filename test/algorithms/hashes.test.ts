import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import {
  digest,
  type HashName,
  hashAlgorithm,
  readHashAlgorithm,
  startHash,
} from '../../src/algorithms/index.ts'
import { der, readDer } from '../../src/asn1/index.ts'
import { codeOf, errorOf, hex } from './helpers.ts'

const SHA = '2.16.840.1.101.3.4.2.'
// Name, OID, length, weak, the hash of "abc" (FIPS 180-4, FIPS 202, RFC 1321; of GOST what
// OpenSSL's engine gives), how CMS writes it.
const TABLE = [
  ['SHA-256', `${SHA}1`, 32, false, 'ba7816bf8f01cfea', '300b0609608648016503040201'],
  ['SHA-384', `${SHA}2`, 48, false, 'cb00753f45a35e8b', '300b0609608648016503040202'],
  ['SHA-512', `${SHA}3`, 64, false, 'ddaf35a193617aba', '300b0609608648016503040203'],
  ['SHAKE256', `${SHA}18`, 64, false, '483366601360a877', '300f060960864801650304021202020200'],
  ['SHA-1', '1.3.14.3.2.26', 20, true, 'a9993e364706816a', '300706052b0e03021a'],
  ['MD5', '1.2.840.113549.2.5', 16, true, '900150983cd24fb0', '300a06082a864886f70d0205'],
  ['Streebog-256', '1.2.643.7.1.1.2.2', 32, false, '4e2919cf137ed41e', '300a06082a85030701010202'],
  ['Streebog-512', '1.2.643.7.1.1.2.3', 64, false, '28156e28317da7c9', '300a06082a85030701010203'],
  ['GOST3411-94', '1.2.643.2.2.9', 32, true, 'b285056dbf18d739', '300806062a8503020209'],
] as const

const read = (bytes: Uint8Array): HashName =>
  readDer(bytes, '', (r) => readHashAlgorithm(r, 'digestAlgorithm')).name
const identifier = (oid: string, ...parameters: Uint8Array[]): Uint8Array =>
  der.sequence([der.oid(oid), ...parameters])

describe.each(TABLE)('%s', (name, oid, length, weak, abc, encoding) => {
  it('is in the table', () => {
    expect(hashAlgorithm(name)).toMatchObject({ name, oid, length, weak, der: hex(encoding) })
    expect(read(hex(encoding))).toBe(name)
  })

  it('hashes at once and in pieces', () => {
    const hash = hashAlgorithm(name)
    const value = digest(hash, Buffer.from('abc'))
    expect(Buffer.from(value).toString('hex')).toMatch(new RegExp(`^${abc}`))
    expect(value).toHaveLength(length)
    expect(startHash(hash).update(Buffer.from('a')).update(Buffer.from('bc')).digest()).toEqual(value)
  })
})

describe('parameters', () => {
  it.each([
    'SHA-256',
    'SHA-384',
    'SHA-512',
    'SHA-1',
    'MD5',
    'Streebog-256',
    'Streebog-512',
    'GOST3411-94',
  ] as const)('%s: absent or NULL (RFC 5754 section 2)', (name) => {
    const { oid } = hashAlgorithm(name)
    expect(read(identifier(oid))).toBe(name)
    expect(read(identifier(oid, der.null()))).toBe(name)
    for (const other of [der.integer(256), der.sequence([]), der.octetString(hex('00'))]) {
      expect(codeOf(() => read(identifier(oid, other)))).toBe('ERR_ALGORITHM_PARAMETERS')
    }
    expect(codeOf(() => read(identifier(oid, der.null(), der.null())))).toBe('ERR_ASN1_TRAILING_DATA')
    expect(codeOf(() => read(identifier(oid, Uint8Array.of(5, 1, 0))))).toBe('ERR_ASN1_VALUE')
  })

  it("GOST3411-94: CryptoPro's parameter set, not the one for tests (RFC 4490 2.1)", () => {
    const { oid } = hashAlgorithm('GOST3411-94')
    expect(read(identifier(oid, der.oid('1.2.643.2.2.30.1')))).toBe('GOST3411-94')
    expect(codeOf(() => read(identifier(oid, der.oid('1.2.643.2.2.30.0'))))).toBe('ERR_ALGORITHM_PARAMETERS')
    expect(
      codeOf(() => read(identifier(hashAlgorithm('Streebog-256').oid, der.oid('1.2.643.2.2.30.1')))),
    ).toBe('ERR_ALGORITHM_PARAMETERS')
  })

  it('id-shake256: absent (RFC 8702 3.1)', () => {
    expect(read(identifier(`${SHA}12`))).toBe('SHAKE256')
    for (const other of [der.null(), der.integer(512)]) {
      expect(codeOf(() => read(identifier(`${SHA}12`, other)))).toBe('ERR_ALGORITHM_PARAMETERS')
    }
  })

  it('id-shake256-len: 512 (RFC 8419 3.1)', () => {
    expect(read(identifier(`${SHA}18`, der.integer(512)))).toBe('SHAKE256')
    for (const bits of [0, 256, 511, 513, 1024]) {
      expect(codeOf(() => read(identifier(`${SHA}18`, der.integer(bits))))).toBe('ERR_ALGORITHM_PARAMETERS')
    }
    expect(codeOf(() => read(identifier(`${SHA}18`, der.integer(-512))))).toBe('ERR_ASN1_VALUE')
    expect(codeOf(() => read(identifier(`${SHA}18`, der.null())))).toBe('ERR_ALGORITHM_PARAMETERS')
    expect(codeOf(() => read(identifier(`${SHA}18`)))).toBe('ERR_ALGORITHM_PARAMETERS')
  })
})

it.each([
  [`${SHA}4`, 'SHA-224'],
  [`${SHA}8`, 'SHA3-256'],
  ['1.2.840.113549.2.2', '1.2.840.113549.2.2'],
  [`${SHA}4294967297`, `${SHA}4294967297`],
])('%s is unknown: %s', (oid, name) => {
  const error = errorOf(() => read(identifier(oid, der.sequence([]))))
  expect(error.code).toBe('ERR_ALGORITHM_UNKNOWN')
  expect(error.message).toMatch(/^digestAlgorithm: unknown hash /)
  expect(error.message).toContain(name)
})

it.each(['sha256', 'SHA256', '', 'constructor', '__proto__', 'toString'])(
  '%j is no name of a hash',
  (name) => {
    expect(() => hashAlgorithm(name as HashName)).toThrow(TypeError)
  },
)

it('knows the names of node:crypto', () => {
  const known = TABLE.flatMap(([name]) => hashAlgorithm(name).node ?? [])
  expect(known).toHaveLength(6)
  for (const name of known) expect(() => createHash(name)).not.toThrow()
})

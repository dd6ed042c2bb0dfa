import { describe, expect, it } from 'vitest'
import { type GostParameterSet, gostParameterSet } from '../../src/algorithms/gost/parameter-sets.ts'
import { type GostPrivateKey, generateGostKey } from '../../src/algorithms/gost/private-key.ts'
import { encodeGostPublicKey } from '../../src/algorithms/gost/public-key.ts'
import {
  checkKeyFits,
  cmsSignatureIdentifier,
  digest,
  type HashName,
  hashAlgorithm,
  importPublicKey,
  type PublicKey,
  parseSignatureAlgorithm,
  readPublicKeyShape,
  readSignatureAlgorithm,
  type SignatureAlgorithm,
  signatureAlgorithmFor,
  verifyInput,
  verifySignature,
} from '../../src/algorithms/index.ts'
import { publicKeyName } from '../../src/algorithms/key-name.ts'
import { der, readDer } from '../../src/asn1/index.ts'
import { codeOf } from './helpers.ts'

const TC26 = '1.2.643.7.1.2.1'
const newKey = (oid: string): GostPrivateKey => generateGostKey(gostParameterSet(oid) as GostParameterSet)
const imported = (key: GostPrivateKey): PublicKey => importPublicKey(encodeGostPublicKey(key.publicKey))

const SCHEMES = [
  ['GOST3410-2012-256', '1.2.643.7.1.1.3.2', '1.2.643.7.1.1.1.1', 'Streebog-256'],
  ['GOST3410-2012-512', '1.2.643.7.1.1.3.3', '1.2.643.7.1.1.1.2', 'Streebog-512'],
  ['GOST3410-2001', '1.2.643.2.2.3', '1.2.643.2.2.19', 'GOST3411-94'],
] as const

describe.each(SCHEMES)('%s', (scheme, withHash, keyOid, hash) => {
  it('in a certificate: parameters absent or NULL (RFC 9215 section 2)', () => {
    for (const parameters of [[], [der.null()]]) {
      const read = parseSignatureAlgorithm(der.sequence([der.oid(withHash), ...parameters]))
      expect(read).toMatchObject({ scheme, family: 'GOST', hash: { name: hash } })
      expect(read.der).toEqual(der.sequence([der.oid(withHash)]))
    }
    const other = der.sequence([der.oid(withHash), der.sequence([])])
    expect(codeOf(() => parseSignatureAlgorithm(other))).toMatch(/^ERR_ASN1_/)
  })

  it('in CMS: the OID of the key with the digest algorithm, or that of certificates', () => {
    const read = (oid: string, name: HashName, ...parameters: Uint8Array[]): SignatureAlgorithm =>
      readDer(der.sequence([der.oid(oid), ...parameters]), '', (r) =>
        readSignatureAlgorithm(r, '', hashAlgorithm(name)),
      )
    for (const oid of [withHash, keyOid]) {
      expect(read(oid, hash).scheme).toBe(scheme)
      expect(read(oid, hash, der.null()).scheme).toBe(scheme)
    }
    expect(codeOf(() => read(keyOid, 'SHA-256'))).toBe('ERR_ALGORITHM_PARAMETERS')
    expect(codeOf(() => parseSignatureAlgorithm(der.sequence([der.oid(keyOid)])))).toBe(
      'ERR_ALGORITHM_UNKNOWN',
    )
    expect(cmsSignatureIdentifier(read(withHash, hash))).toEqual(der.sequence([der.oid(keyOid)]))
  })
})

describe.each([
  [`${TC26}.1.1`, 'GOST3410-2012-256', 256, 'Streebog-256', 'GOST 2012 256-bit A'],
  [`${TC26}.1.2`, 'GOST3410-2012-256', 256, 'Streebog-256', 'GOST 2012 256-bit B'],
  ['1.2.643.2.2.35.1', 'GOST3410-2012-256', 256, 'Streebog-256', 'GOST 2012 256-bit CryptoPro-A'],
  ['1.2.643.2.2.36.0', 'GOST3410-2012-256', 256, 'Streebog-256', 'GOST 2012 256-bit CryptoPro-XchA'],
  [`${TC26}.2.3`, 'GOST3410-2012-512', 512, 'Streebog-512', 'GOST 2012 512-bit C'],
] as const)('a key on %s', (oid, type, bits, hash, name) => {
  const key = newKey(oid)
  const publicKey = imported(key)

  it('is imported without node:crypto, and named', () => {
    expect(publicKey).toMatchObject({ type, bits, keyObject: undefined, parameterSet: { oid } })
    expect(readPublicKeyShape(publicKey.spki)).toMatchObject({ type, bits, parameterSet: { oid } })
    expect(publicKeyName(publicKey)).toBe(name)
    const { parameterSet } = publicKey
    expect(publicKeyName({ ...publicKey, type: 'GOST3410-2001', parameterSet })).toMatch(/^GOST 2001 /)
  })

  it('signs with the Streebog of its size, and verifies', () => {
    const algorithm = signatureAlgorithmFor(publicKey)
    expect(algorithm).toMatchObject({ scheme: type, family: 'GOST', hash: { name: hash } })
    const data = Buffer.from('signed')
    const signature = key.sign(digest(hashAlgorithm(hash), data))
    const judge = (...given: [Uint8Array, Uint8Array]): boolean =>
      verifySignature(algorithm, publicKey, ...given)
    expect(judge(data, signature)).toBe(true)
    expect(judge(Buffer.from('Signed'), signature)).toBe(false)
    expect(judge(data, signature.subarray(1))).toBe(false)
    expect(judge(data, signature.slice().reverse())).toBe(false)
    expect(verifySignature(algorithm, imported(newKey(oid)), data, signature)).toBe(false)
  })

  it('takes no other hash, no padding, no other scheme, and is nothing for node:crypto', () => {
    const algorithm = signatureAlgorithmFor(publicKey)
    expect(codeOf(() => signatureAlgorithmFor(publicKey, { hash: 'SHA-256' }))).toBe(
      'ERR_ALGORITHM_KEY_MISMATCH',
    )
    expect(codeOf(() => signatureAlgorithmFor(publicKey, { pss: true }))).toBe('ERR_ALGORITHM_KEY_MISMATCH')
    for (const [scheme, withHash] of SCHEMES) {
      const other = parseSignatureAlgorithm(der.sequence([der.oid(withHash)]))
      if (scheme === type) continue
      expect(codeOf(() => checkKeyFits(other, publicKey))).toBe('ERR_ALGORITHM_KEY_MISMATCH')
    }
    expect(codeOf(() => verifyInput(algorithm, publicKey))).toBe('ERR_ALGORITHM_UNAVAILABLE')
  })
})

describe('GOST R 34.10-2001', () => {
  it('verifies only where weak hashes are allowed, and never signs', () => {
    const { publicKey } = newKey('1.2.643.2.2.35.1')
    const old = importPublicKey(encodeGostPublicKey({ ...publicKey, type: 'GOST3410-2001' }))
    expect(codeOf(() => signatureAlgorithmFor(old))).toBe('ERR_ALGORITHM_WEAK')
    const algorithm = parseSignatureAlgorithm(der.sequence([der.oid('1.2.643.2.2.3')]))
    const verify = (allowWeakHashes: boolean) => (): boolean =>
      verifySignature(algorithm, old, Uint8Array.of(1), new Uint8Array(64).fill(1), { allowWeakHashes })
    expect(codeOf(verify(false))).toBe('ERR_ALGORITHM_WEAK')
    expect(codeOf(verify(true))).toBe('returned false')
  })
})

it('refuses a point off the curve, and parameters that are none', () => {
  const good = encodeGostPublicKey(newKey(`${TC26}.1.1`).publicKey)
  const off = Uint8Array.from(good, (octet, i) => (i === good.length - 40 ? octet ^ 1 : octet))
  expect(codeOf(() => importPublicKey(off))).toBe('ERR_KEY_INVALID')
  const bits = der.bitString(der.octetString(new Uint8Array(64)))
  const keyOf = (...parameters: Uint8Array[]): Uint8Array =>
    der.sequence([der.sequence([der.oid('1.2.643.7.1.1.1.1'), ...parameters]), bits])
  expect(codeOf(() => importPublicKey(keyOf()))).toBe('ERR_ALGORITHM_PARAMETERS')
  expect(codeOf(() => importPublicKey(keyOf(der.sequence([der.oid('1.2.3')]))))).toBe('ERR_ALGORITHM_UNKNOWN')
  expect(codeOf(() => importPublicKey(keyOf(der.sequence([der.oid(`${TC26}.2.1`)]))))).toBe(
    'ERR_ALGORITHM_PARAMETERS',
  )
})

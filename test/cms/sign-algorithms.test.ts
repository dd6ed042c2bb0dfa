/** The algorithm identifiers, octet by octet, and what verifies with each. */
import { type KeyObject, verify as nodeVerify } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import {
  encodePssParameters,
  hashAlgorithm,
  nodeOptions,
  parseSignatureAlgorithm,
  type SignatureAlgorithmChoice,
} from '../../src/algorithms/index.ts'
import { der } from '../../src/asn1/index.ts'
import { sign, verify } from '../../src/cms/index.ts'
import { CONTENT } from './support/forge.ts'
import { type IdentityName, identity, keySigner } from './support/identities.ts'

const SHA256 = '300b0609608648016503040201'
const SHA384 = '300b0609608648016503040202'
const SHA512 = '300b0609608648016503040203'
// RFC 8419 3.1: id-shake256-len with the length 512.
const SHAKE256 = '300f060960864801650304021202020200'
const RSA = '300d06092a864886f70d0101010500'
/** RSASSA-PSS-params: [0] hash with NULL, [1] MGF1 with the same hash, [2] salt (RFC 4055 section 3). */
const pss = (hash: string, salt: string): string =>
  `304106092a864886f70d01010a3034a00f300d0609608648016503040${hash}0500a11c301a06092a864886f70d010108300d0609608648016503040${hash}0500a2030201${salt}`
const ecdsa = (hash: number): string => `300a06082a8648ce3d04030${hash}`

const cases: [IdentityName, SignatureAlgorithmChoice, string, string][] = [
  ['rsa', {}, SHA256, RSA],
  ['rsa', { hash: 'SHA-384' }, SHA384, RSA],
  ['rsa', { hash: 'SHA-512' }, SHA512, RSA],
  ['rsa', { pss: true }, SHA256, pss('201', '20')],
  ['rsa', { pss: true, hash: 'SHA-384' }, SHA384, pss('202', '30')],
  ['rsa', { pss: true, hash: 'SHA-512' }, SHA512, pss('203', '40')],
  ['rsa', { pss: { saltLength: 11 } }, SHA256, pss('201', '0b')],
  ['rsapss', {}, SHA256, pss('201', '20')],
  ['p256', {}, SHA256, ecdsa(2)],
  ['p384', {}, SHA384, ecdsa(3)],
  ['p521', {}, SHA512, ecdsa(4)],
  ['p256', { hash: 'SHA-512' }, SHA512, ecdsa(4)],
  ['ed25519', {}, SHA512, '300506032b6570'],
  ['ed448', {}, SHAKE256, '300506032b6571'],
]

describe.each(cases)('%s %o', (name, choice, digestAlgorithm, signatureAlgorithm) => {
  it('is named as RFC 5754, 4056, 5753 and 8419 ask, and verifies', async () => {
    const key = keySigner(name, choice)
    const message = await sign(CONTENT, { signers: key })
    const info = message.signedData.signerInfos[0]
    const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('hex')
    expect(hex(info?.digestAlgorithm)).toBe(digestAlgorithm)
    expect(hex(info?.signatureAlgorithm)).toBe(signatureAlgorithm)
    expect(message.signedData.digestAlgorithms.map(hex)).toEqual([digestAlgorithm])
    const { keyObject } = identity(name).certificate.publicKey
    const signed = info?.signedAttrs?.der ?? new Uint8Array()
    const input = { key: keyObject as KeyObject, ...nodeOptions(key.algorithm) }
    expect(nodeVerify(key.algorithm.hash?.node ?? null, signed, input, info?.signature ?? signed)).toBe(true)
    const result = await verify(message, { content: CONTENT, trust: () => ({ trusted: true }) })
    expect(result).toMatchObject({ verdict: 'valid' })
    expect(result.signers[0]?.notes).toEqual([])
  })
})

const oid = (last: string): string => `1.2.840.113549.1.1.${last}`
const [sha256, sha1] = [hashAlgorithm('SHA-256'), hashAlgorithm('SHA-1')]

it.each([
  ['SHA-1', der.sequence([der.oid(oid('5')), der.null()])],
  ['MD5', der.sequence([der.oid(oid('4')), der.null()])],
  ['SHA-1', der.sequence([der.oid('1.2.840.10045.4.1')])],
  [
    'SHA-1',
    der.sequence([der.oid(oid('10')), encodePssParameters({ hash: sha256, mgfHash: sha1, saltLength: 32 })]),
  ],
])('a key that says it signs with %s is not asked to', async (hash, bytes) => {
  const refuse = async () => expect.unreachable('it was asked')
  const key = { ...keySigner('rsa'), algorithm: parseSignatureAlgorithm(bytes), sign: refuse }
  await expect(sign(CONTENT, { signers: key })).rejects.toMatchObject({
    code: 'ERR_ALGORITHM_WEAK',
    message: expect.stringContaining(hash),
  })
})

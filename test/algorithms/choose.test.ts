import { type KeyObject, sign } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import {
  encodePssParameters,
  hashAlgorithm,
  importPublicKey,
  nodeOptions,
  type PublicKey,
  type SignatureAlgorithmChoice,
  signatureAlgorithmFor,
  verifySignature,
} from '../../src/algorithms/index.ts'
import { der } from '../../src/asn1/index.ts'
import { Certificate } from '../../src/x509/index.ts'
import { codeOf, errorOf, generate, hex, rsaSpki, spki, vector } from './helpers.ts'

const rsa = generate.rsa()
const ec = { 'P-256': generate.ec('P-256'), 'P-384': generate.ec('P-384'), 'P-521': generate.ec('P-521') }
const ed25519 = generate.ed25519()
const ed448 = generate.ed448()
const keyOf = (name: string): PublicKey => Certificate.fromPem(vector('x509', `${name}.pem`)).publicKey

function choose(key: PublicKey, choice?: SignatureAlgorithmChoice): string {
  const { scheme, hash, pss } = signatureAlgorithmFor(key, choice)
  return [scheme, hash?.name, pss && `${pss.mgfHash.name} ${pss.saltLength}`].filter(Boolean).join(' ')
}

describe('the default follows from the key', () => {
  it.each([
    ['RSA', rsa.publicKey, 'RSASSA-PKCS1-v1_5 SHA-256'],
    ['RSA-PSS', keyOf('rsapss-key-sha512'), 'RSASSA-PSS SHA-256 SHA-256 32'],
    ['RSA-PSS, restricted', keyOf('rsapss-key-restricted-sha384'), 'RSASSA-PSS SHA-384 SHA-384 48'],
    ['P-256', ec['P-256'].publicKey, 'ECDSA SHA-256'],
    ['P-384', ec['P-384'].publicKey, 'ECDSA SHA-384'],
    ['P-521', ec['P-521'].publicKey, 'ECDSA SHA-512'],
    ['Ed25519', ed25519.publicKey, 'Ed25519'],
    ['Ed448', ed448.publicKey, 'Ed448'],
  ])('%s: %3$s', (_, key, expected) => expect(choose(key)).toBe(expected))
})

describe('choices', () => {
  it.each(['SHA-256', 'SHA-384', 'SHA-512'] as const)('%s', (hash) => {
    const salt = { 'SHA-256': 32, 'SHA-384': 48, 'SHA-512': 64 }[hash]
    expect(choose(rsa.publicKey, { hash })).toBe(`RSASSA-PKCS1-v1_5 ${hash}`)
    expect(choose(rsa.publicKey, { hash, pss: true })).toBe(`RSASSA-PSS ${hash} ${hash} ${salt}`)
    expect(choose(rsa.publicKey, { hash, pss: false })).toBe(`RSASSA-PKCS1-v1_5 ${hash}`)
    expect(choose(ec['P-256'].publicKey, { hash })).toBe(`ECDSA ${hash}`)
    expect(choose(rsa.publicKey, { hash, pss: { saltLength: 0 } })).toBe(`RSASSA-PSS ${hash} ${hash} 0`)
  })

  it('sign and verify', () => {
    const choices: SignatureAlgorithmChoice[] = [
      {},
      { pss: true },
      { hash: 'SHA-512', pss: { saltLength: 20 } },
    ]
    const data = hex('0102')
    for (const choice of choices) {
      const algorithm = signatureAlgorithmFor(rsa.publicKey, choice)
      const signature = sign(algorithm.hash?.node, data, { key: rsa.privateKey, ...nodeOptions(algorithm) })
      expect(verifySignature(algorithm, rsa.publicKey, data, signature)).toBe(true)
    }
  })

  it('need a hash that may sign, and a salt that is a length', () => {
    for (const hash of ['SHA-1', 'MD5', 'SHAKE256', 'sha256', '']) {
      expect(() => signatureAlgorithmFor(rsa.publicKey, { hash: hash as never })).toThrow(TypeError)
    }
    for (const saltLength of [-1, 1.5, Number.NaN, '32']) {
      expect(() =>
        signatureAlgorithmFor(rsa.publicKey, { pss: { saltLength: saltLength as number } }),
      ).toThrow(TypeError)
    }
  })
})

describe('what does not fit', () => {
  it('no PSS and no hash where the key has none', () => {
    for (const { publicKey } of [ec['P-256'], ed25519, ed448]) {
      expect(codeOf(() => choose(publicKey, { pss: true }))).toBe('ERR_ALGORITHM_KEY_MISMATCH')
    }
    for (const { publicKey } of [ed25519, ed448]) {
      expect(codeOf(() => choose(publicKey, { hash: 'SHA-512' }))).toBe('ERR_ALGORITHM_KEY_MISMATCH')
    }
  })

  it('no salt beyond the room in the modulus (RFC 8017 9.1.1)', () => {
    expect(choose(rsa.publicKey, { pss: { saltLength: 222 } })).toBe('RSASSA-PSS SHA-256 SHA-256 222')
    const error = errorOf(() => choose(rsa.publicKey, { pss: { saltLength: 223 } }))
    expect([error.code, error.message]).toEqual([
      'ERR_ALGORITHM_KEY_MISMATCH',
      expect.stringContaining('2048 bits'),
    ])
    const small = importPublicKey(rsaSpki(2n ** 1024n - 1n, 3n))
    expect(codeOf(() => choose(small, { hash: 'SHA-512', pss: true }))).toBe('ERR_ALGORITHM_KEY_MISMATCH')
  })

  it('no step outside the restrictions of an RSA-PSS key', () => {
    const restricted = keyOf('rsapss-key-restricted-sha384')
    expect(choose(restricted, { hash: 'SHA-384', pss: { saltLength: 40 } })).toBe(
      'RSASSA-PSS SHA-384 SHA-384 40',
    )
    expect(codeOf(() => choose(restricted, { hash: 'SHA-256' }))).toBe('ERR_ALGORITHM_KEY_MISMATCH')
    expect(codeOf(() => choose(restricted, { pss: { saltLength: 39 } }))).toBe('ERR_ALGORITHM_KEY_MISMATCH')
  })

  it('takes the salt of the key, where that is longer than the hash', () => {
    const sha256 = hashAlgorithm('SHA-256')
    const parameters = encodePssParameters({ hash: sha256, mgfHash: sha256, saltLength: 100 })
    const pkcs1 = (rsa.publicKey.keyObject as KeyObject).export({ format: 'der', type: 'pkcs1' })
    const key = importPublicKey(spki([der.oid('1.2.840.113549.1.1.10'), parameters], pkcs1))
    expect(choose(key)).toBe('RSASSA-PSS SHA-256 SHA-256 100')
  })

  it('no SHA-1, though the key allows nothing else', () => {
    const pkcs1 = (rsa.publicKey.keyObject as KeyObject).export({ format: 'der', type: 'pkcs1' })
    const sha1Only = importPublicKey(spki([der.oid('1.2.840.113549.1.1.10'), hex('3000')], pkcs1))
    expect(codeOf(() => choose(sha1Only))).toBe('ERR_ALGORITHM_WEAK')
    expect(codeOf(() => choose(sha1Only, { hash: 'SHA-256' }))).toBe('ERR_ALGORITHM_WEAK')
  })
})

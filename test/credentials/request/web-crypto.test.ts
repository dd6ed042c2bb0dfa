import { generateKeyPairSync, sign, verify } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { nodeOptions, readPublicKeyShape, signatureAlgorithmFor } from '../../../src/algorithms/index.ts'
import { der } from '../../../src/asn1/index.ts'
import { derSignature, rawSignature } from '../../../src/credentials/request/ecdsa-signature.ts'
import { webSign, webVerify } from '../../../src/credentials/request/web-crypto.ts'
import { exportSpki, hex } from '../../algorithms/helpers.ts'

const DATA = new TextEncoder().encode('data to be signed')
const OTHER = new TextEncoder().encode('data to be singed')

/** The way of a browser, in Node's WebCrypto, against node:crypto. */
describe.each([
  ['RSA', generateKeyPairSync('rsa', { modulusLength: 2048 }), {}],
  ['RSA with PSS', generateKeyPairSync('rsa', { modulusLength: 2048 }), { pss: true, hash: 'SHA-384' }],
  ['P-256', generateKeyPairSync('ec', { namedCurve: 'P-256' }), {}],
  ['P-384', generateKeyPairSync('ec', { namedCurve: 'P-384' }), { hash: 'SHA-512' }],
  ['P-521', generateKeyPairSync('ec', { namedCurve: 'P-521' }), {}],
] as const)('WebCrypto: %s', (_, { privateKey, publicKey }, choice) => {
  const shape = readPublicKeyShape(exportSpki(publicKey))
  const algorithm = signatureAlgorithmFor(shape, choice)
  const pkcs8 = (): Uint8Array<ArrayBuffer> =>
    Uint8Array.from(privateKey.export({ format: 'der', type: 'pkcs8' }))
  const node = { key: publicKey, ...nodeOptions(algorithm) }

  it('signs what node:crypto verifies, with integers of every length', async () => {
    for (let i = 0; i < 20; i++) {
      const signature = await webSign(algorithm, shape, pkcs8(), DATA)
      expect(verify(algorithm.hash?.node, DATA, node, signature)).toBe(true)
    }
  })

  it('verifies what node:crypto signs, and nothing else', async () => {
    for (let i = 0; i < 20; i++) {
      const signature = sign(algorithm.hash?.node, DATA, { key: privateKey, ...nodeOptions(algorithm) })
      expect(await webVerify(algorithm, shape, DATA, signature)).toBe(true)
      expect(await webVerify(algorithm, shape, OTHER, signature)).toBe(false)
      expect(await webVerify(algorithm, shape, DATA, signature.subarray(1))).toBe(false)
    }
  })
})

describe('WebCrypto', () => {
  it('verifies with a key that is marked RSA-PSS', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa-pss', { modulusLength: 2048 })
    const shape = readPublicKeyShape(exportSpki(publicKey))
    const algorithm = signatureAlgorithmFor(shape)
    const signature = sign('sha256', DATA, { key: privateKey, ...nodeOptions(algorithm) })
    expect(await webVerify(algorithm, shape, DATA, signature)).toBe(true)
  })

  it('says so where it lacks the algorithm', async () => {
    const { privateKey } = generateKeyPairSync('rsa-pss', { modulusLength: 2048 })
    const shape = readPublicKeyShape(
      exportSpki(generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey),
    )
    const pkcs8 = Uint8Array.from(privateKey.export({ format: 'der', type: 'pkcs8' }))
    await expect(webSign(signatureAlgorithmFor(shape), shape, pkcs8, DATA)).rejects.toMatchObject({
      code: 'ERR_ALGORITHM_UNAVAILABLE',
    })
  })
})

describe('ECDSA signatures in their two forms', () => {
  it('short integers are filled up, and cut back', () => {
    const both = der.sequence([der.integer(1), der.integer(0x80)])
    const raw = rawSignature(both, 'P-256')
    expect(raw).toEqual(Uint8Array.from({ length: 64 }, (_, i) => (i === 31 ? 1 : i === 63 ? 0x80 : 0)))
    expect(derSignature(raw as Uint8Array)).toEqual(both)
  })

  it('negative integers and those beyond the curve are none', () => {
    expect(rawSignature(hex('30060201ff020101'), 'P-256')).toBeUndefined()
    const long = der.sequence([der.integer(new Uint8Array(33).fill(1)), der.integer(1)])
    expect(rawSignature(long, 'P-256')).toBeUndefined()
    expect(rawSignature(long, 'P-384')).toHaveLength(96)
  })
})

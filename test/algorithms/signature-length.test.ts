import { generateKeyPairSync, sign } from 'node:crypto'
import { expect, it } from 'vitest'
import {
  importPublicKey,
  nodeOptions,
  signatureAlgorithmFor,
  verifySignature,
} from '../../src/algorithms/index.ts'
import { webVerify } from '../../src/credentials/request/web-crypto.ts'

/** RFC 8017 8.1.2 and 8.2.2, step 1; OpenSSL takes a PSS signature without its leading zeros. */
it.each([true, false])('an RSA signature without its leading zero is refused (PSS: %s)', async (pss) => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const key = importPublicKey(publicKey.export({ format: 'der', type: 'spki' }))
  const algorithm = signatureAlgorithmFor(key, { pss })
  const signed = (i: number): { data: Uint8Array; signature: Uint8Array } => {
    const data = Buffer.from(`data ${i}`)
    return { data, signature: sign('sha256', data, { key: privateKey, ...nodeOptions(algorithm) }) }
  }
  let i = 0
  let made = signed(i)
  while (made.signature[0] !== 0) made = signed(++i)
  const { data, signature } = made
  expect(verifySignature(algorithm, key, data, signature)).toBe(true)
  expect(verifySignature(algorithm, key, data, signature.subarray(1))).toBe(false)
  expect(verifySignature(algorithm, key, data, Buffer.concat([Buffer.alloc(1), signature]))).toBe(false)
  expect(await webVerify(algorithm, key, data, signature)).toBe(true)
  expect(await webVerify(algorithm, key, data, signature.subarray(1))).toBe(false)
})

import { nodeCrypto } from '../../algorithms/node-crypto.ts'
import { nodeHashName } from './hmac.ts'
import type { KdfHash } from './pkcs12-kdf.ts'
import { plainBytes } from './plain-bytes.ts'

/**
 * PBKDF2 with HMAC (RFC 8018 5.2), not on the calling thread.
 *
 * @param length in bytes
 * @returns bytes that the caller wipes
 */
export async function pbkdf2(
  hash: KdfHash,
  password: Uint8Array,
  salt: Uint8Array,
  iterations: number,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const node = nodeCrypto
  if (node !== undefined) {
    return await new Promise((resolve, reject) => {
      node.pbkdf2(password, salt, iterations, length, nodeHashName(hash), (error, key) => {
        if (error) reject(error)
        else resolve(new Uint8Array(key))
        key?.fill(0)
      })
    })
  }
  // WebCrypto has no SHA-224.
  if (hash === 'SHA-224') return await pbkdf2Sha224(password, salt, iterations, length)
  const { subtle } = globalThis.crypto
  const key = await subtle.importKey('raw', plainBytes(password), 'PBKDF2', false, ['deriveBits'])
  const algorithm = { name: 'PBKDF2', hash, salt: plainBytes(salt), iterations }
  return new Uint8Array(await subtle.deriveBits(algorithm, key, length * 8))
}

async function pbkdf2Sha224(
  password: Uint8Array,
  salt: Uint8Array,
  iterations: number,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const [{ pbkdf2Async }, { sha224 }] = await Promise.all([
    import('@noble/hashes/pbkdf2.js'),
    import('@noble/hashes/sha2.js'),
  ])
  return new Uint8Array(await pbkdf2Async(sha224, password, salt, { c: iterations, dkLen: length }))
}

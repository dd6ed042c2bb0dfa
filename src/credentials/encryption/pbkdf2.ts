import { nodeCrypto } from '../../algorithms/node-crypto.ts'
import { nodeHashName, type PrfHash } from './hmac.ts'
import { plainBytes } from './plain-bytes.ts'

/**
 * PBKDF2 with HMAC (RFC 8018 5.2), not on the calling thread.
 *
 * @param length in bytes
 * @returns bytes that the caller wipes
 */
export async function pbkdf2(
  hash: PrfHash,
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
  const subtleHash = SUBTLE.find((name) => name === hash)
  if (subtleHash === undefined) return await withoutWebCrypto(hash, password, salt, iterations, length)
  const { subtle } = globalThis.crypto
  const key = await subtle.importKey('raw', plainBytes(password), 'PBKDF2', false, ['deriveBits'])
  const algorithm = { name: 'PBKDF2', hash: subtleHash, salt: plainBytes(salt), iterations }
  return new Uint8Array(await subtle.deriveBits(algorithm, key, length * 8))
}

/** What WebCrypto has. */
const SUBTLE = ['SHA-1', 'SHA-256', 'SHA-384', 'SHA-512'] as const

async function withoutWebCrypto(
  hash: PrfHash,
  password: Uint8Array,
  salt: Uint8Array,
  iterations: number,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const [{ pbkdf2Async }, { sha224, sha512_224, sha512_256 }] = await Promise.all([
    import('@noble/hashes/pbkdf2.js'),
    import('@noble/hashes/sha2.js'),
  ])
  const noble = hash === 'SHA-224' ? sha224 : hash === 'SHA-512/224' ? sha512_224 : sha512_256
  return new Uint8Array(await pbkdf2Async(noble, password, salt, { c: iterations, dkLen: length }))
}

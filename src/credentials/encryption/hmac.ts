import { nodeCrypto } from '../../algorithms/node-crypto.ts'
import type { KdfHash } from './pkcs12-kdf.ts'
import { plainBytes } from './plain-bytes.ts'

/** Hash functions of HMAC as PBKDF2's pseudorandom function (RFC 8018 B.1.2). */
export type PrfHash = KdfHash | 'SHA-512/224' | 'SHA-512/256'

/**
 * HMAC (RFC 2104).
 *
 * @param key one byte at least
 */
export async function hmac(
  hash: KdfHash,
  key: Uint8Array,
  data: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  // At once, where WebCrypto would take its way over a pool of threads.
  if (nodeCrypto !== undefined) {
    return new Uint8Array(nodeCrypto.createHmac(nodeHashName(hash), key).update(data).digest())
  }
  // WebCrypto has no SHA-224.
  if (hash === 'SHA-224') return await hmacSha224(key, data)
  const { subtle } = globalThis.crypto
  const imported = await subtle.importKey('raw', plainBytes(key), { name: 'HMAC', hash }, false, ['sign'])
  return new Uint8Array(await subtle.sign('HMAC', imported, plainBytes(data)))
}

async function hmacSha224(key: Uint8Array, data: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const [{ hmac: noble }, { sha224 }] = await Promise.all([
    import('@noble/hashes/hmac.js'),
    import('@noble/hashes/sha2.js'),
  ])
  return new Uint8Array(noble(sha224, key, data))
}

/** `sha256` for `SHA-256`, `sha512-256` for `SHA-512/256`. */
export function nodeHashName(hash: PrfHash): string {
  return hash.toLowerCase().replace('-', '').replace('/', '-')
}

import { nodeCrypto } from '../../algorithms/node-crypto.ts'

/** Parameters of scrypt (RFC 7914 section 2). */
export interface ScryptCost {
  readonly N: number
  readonly r: number
  readonly p: number
}

/** scrypt's memory in bytes. */
export function scryptMemory({ N, r, p }: ScryptCost): number {
  return 128 * r * (N + p)
}

/**
 * scrypt (RFC 7914), in Node not on the calling thread.
 *
 * @param length in bytes
 * @returns bytes that the caller wipes
 */
export async function scrypt(
  password: Uint8Array,
  salt: Uint8Array,
  cost: ScryptCost,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  // OpenSSL counts some buffers more than RFC 7914 does.
  const memory = scryptMemory(cost) + 1024 * cost.r + 65_536
  const node = nodeCrypto
  if (node === undefined) {
    const { scryptAsync } = await import('@noble/hashes/scrypt.js')
    return new Uint8Array(
      await scryptAsync(password, salt, { ...cost, dkLen: length, maxmem: memory + 1024 * 1024 }),
    )
  }
  return await new Promise((resolve, reject) => {
    node.scrypt(password, salt, length, { ...cost, maxmem: memory }, (error, key) => {
      if (error) reject(error)
      else resolve(new Uint8Array(key))
      key?.fill(0)
    })
  })
}

import { createDecipheriv } from 'node:crypto'
import { unsupported } from '../errors.ts'
import { wipe } from '../wipe.ts'

/** A block cipher in CBC mode with the padding of RFC 8018 6.1.1, by node:crypto's name; lengths in bytes. */
export interface Cipher {
  readonly node: string
  readonly keyLength: number
  readonly blockLength: number
}

function cipher(node: string, keyLength: number, blockLength: number): Cipher {
  return { node, keyLength, blockLength }
}

export const AES_128: Cipher = cipher('aes-128-cbc', 16, 16)
export const AES_192: Cipher = cipher('aes-192-cbc', 24, 16)
export const AES_256: Cipher = cipher('aes-256-cbc', 32, 16)
export const DES_EDE3: Cipher = cipher('des-ede3-cbc', 24, 8)
export const CAMELLIA_128: Cipher = cipher('camellia-128-cbc', 16, 16)
export const CAMELLIA_192: Cipher = cipher('camellia-192-cbc', 24, 16)
export const CAMELLIA_256: Cipher = cipher('camellia-256-cbc', 32, 16)

/**
 * Decrypts and takes the padding off.
 *
 * @param data whole blocks, one at least
 * @returns bytes that the caller wipes; undefined where the padding is wrong, as a wrong key makes it
 */
export function decryptCbc(
  { node }: Cipher,
  key: Uint8Array,
  iv: Uint8Array,
  data: Uint8Array,
): Buffer | undefined {
  const decipher = open(node, key, iv)
  const start = decipher.update(data)
  try {
    const end = decipher.final()
    const plain = Buffer.concat([start, end])
    wipe(end)
    return plain
  } catch {
    return undefined
  } finally {
    wipe(start)
  }
}

function open(node: string, key: Uint8Array, iv: Uint8Array): ReturnType<typeof createDecipheriv> {
  try {
    return createDecipheriv(node, key, iv)
  } catch (cause) {
    const hint = 'decrypt the key with openssl, or use another build of Node'
    throw unsupported(`this build of Node has no ${node}`, hint, cause)
  }
}

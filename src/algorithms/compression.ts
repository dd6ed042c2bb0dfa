import { compressSha1, SHA1_INITIAL } from './sha1.ts'
import { compressSha256, SHA224_INITIAL, SHA256_INITIAL } from './sha256.ts'
import { compressSha512, SHA384_INITIAL, SHA512_INITIAL } from './sha512.ts'

/** A hash function of FIPS 180-4 by its parts: for key derivation by single blocks, and where there is no node:crypto. */
export interface Compression {
  /** Block and digest in words of 32 bits. */
  readonly blockWords: 16 | 32
  readonly digestWords: number
  readonly initial: Readonly<Int32Array>
  compress(state: Int32Array, block: Int32Array): void
}

/** Names of the hash functions that have their compression function here. */
export type CompressionName = 'SHA-1' | 'SHA-224' | 'SHA-256' | 'SHA-384' | 'SHA-512'

export const COMPRESSIONS: Readonly<Record<CompressionName, Compression>> = {
  'SHA-1': { blockWords: 16, digestWords: 5, initial: SHA1_INITIAL, compress: compressSha1 },
  'SHA-224': { blockWords: 16, digestWords: 7, initial: SHA224_INITIAL, compress: compressSha256 },
  'SHA-256': { blockWords: 16, digestWords: 8, initial: SHA256_INITIAL, compress: compressSha256 },
  'SHA-384': { blockWords: 32, digestWords: 12, initial: SHA384_INITIAL, compress: compressSha512 },
  'SHA-512': { blockWords: 32, digestWords: 16, initial: SHA512_INITIAL, compress: compressSha512 },
}

/** Hashes bytes without node:crypto. */
export function portableDigest(name: CompressionName, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const { blockWords, digestWords, initial, compress } = COMPRESSIONS[name]
  const blockBytes = blockWords * 4
  const state = Int32Array.from(initial)
  const block = new Int32Array(blockWords)
  const whole = data.length - (data.length % blockBytes)
  for (let at = 0; at < whole; at += blockBytes) {
    loadWords(block, data, at)
    compress(state, block)
  }
  for (const last of padded(data.subarray(whole), data.length, blockBytes)) {
    loadWords(block, last, 0)
    compress(state, block)
  }
  return wordBytes(state, digestWords)
}

/** The last block or two: what is left, a one bit, zeros, the length in bits (FIPS 180-4 5.1). */
function padded(rest: Uint8Array, length: number, blockBytes: number): Uint8Array[] {
  const room = rest.length + 1 + blockBytes / 8 <= blockBytes ? 1 : 2
  const tail = new Uint8Array(blockBytes * room)
  tail.set(rest)
  tail[rest.length] = 0x80
  const view = new DataView(tail.buffer)
  view.setBigUint64(tail.length - 8, BigInt(length) * 8n)
  return room === 1 ? [tail] : [tail.subarray(0, blockBytes), tail.subarray(blockBytes)]
}

/** Fills words from big-endian bytes. */
export function loadWords(words: Int32Array, bytes: Uint8Array, at: number): void {
  for (let i = 0; i < words.length; i++, at += 4) {
    words[i] =
      ((bytes[at] as number) << 24) |
      ((bytes[at + 1] as number) << 16) |
      ((bytes[at + 2] as number) << 8) |
      (bytes[at + 3] as number)
  }
}

/** The first words as big-endian bytes. */
export function wordBytes(words: Int32Array, count: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(count * 4)
  const view = new DataView(bytes.buffer)
  for (let i = 0; i < count; i++) view.setInt32(i * 4, words[i] as number)
  return bytes
}

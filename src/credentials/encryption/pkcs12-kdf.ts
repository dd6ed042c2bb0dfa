import {
  COMPRESSIONS,
  type Compression,
  type CompressionName,
  loadWords,
  wordBytes,
} from '../../algorithms/compression.ts'
import { wipe } from '../wipe.ts'
import { otherWork } from './other-work.ts'

/** Hash functions that keys are derived with. */
export type KdfHash = CompressionName

/** What the bytes are for (RFC 7292 B.3). */
export type Purpose = 'key' | 'iv' | 'mac'
const IDS: Readonly<Record<Purpose, number>> = { key: 1, iv: 2, mac: 3 }

/** About 10 ms of work: other work has its turn in between. */
const ITERATIONS_A_TURN = 20_000

/**
 * Key derivation of PKCS#12 (RFC 7292 appendix B.2). Iterated hashes are of one block each, so they are computed by the
 * compression function alone, in place: several times faster than a call of any library's hash for each.
 *
 * @param password a BMPString with its final NUL, or no bytes at all
 * @param iterations from 1 up
 * @param length in bytes
 * @returns bytes that the caller wipes
 */
export async function pkcs12Kdf(
  hash: KdfHash,
  password: Uint8Array,
  salt: Uint8Array,
  iterations: number,
  purpose: Purpose,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const compression = COMPRESSIONS[hash]
  const blockBytes = compression.blockWords * 4
  const digestBytes = compression.digestWords * 4
  // D, S and P in a row, each of whole blocks.
  const input = new Uint8Array(
    blockBytes + rounded(salt.length, blockBytes) + rounded(password.length, blockBytes),
  )
  input.fill(IDS[purpose], 0, blockBytes)
  repeat(input.subarray(blockBytes, blockBytes + rounded(salt.length, blockBytes)), salt)
  repeat(input.subarray(blockBytes + rounded(salt.length, blockBytes)), password)
  const out = new Uint8Array(length)
  for (let at = 0; at < length; at += digestBytes) {
    const state = await iterated(compression, input, iterations)
    const digest = wordBytes(state, compression.digestWords)
    out.set(digest.subarray(0, length - at), at)
    addToBlocks(input.subarray(blockBytes), digest, blockBytes)
    state.fill(0)
    wipe(digest)
  }
  wipe(input)
  return out
}

/** H^iterations(input), as words. */
async function iterated(
  { blockWords, digestWords, initial, compress }: Compression,
  input: Uint8Array,
  iterations: number,
): Promise<Int32Array> {
  const state = Int32Array.from(initial)
  const block = new Int32Array(blockWords)
  for (let at = 0; at < input.length; at += blockWords * 4) {
    loadWords(block, input, at)
    compress(state, block)
  }
  pad(block, 0, input.length * 8)
  compress(state, block)
  pad(block, digestWords, digestWords * 32)
  for (let i = 1; i < iterations; ) {
    const turn = Math.min(iterations, i + ITERATIONS_A_TURN)
    for (; i < turn; i++) {
      for (let word = 0; word < digestWords; word++) block[word] = state[word] as number
      for (let word = 0; word < state.length; word++) state[word] = initial[word] as number
      compress(state, block)
    }
    if (i < iterations) await otherWork()
  }
  block.fill(0)
  return state
}

/** The padding of FIPS 180-4 5.1 behind so many words, for a message of so many bits. */
function pad(block: Int32Array, from: number, bits: number): void {
  block.fill(0, from)
  block[from] = 0x8000_0000
  block[block.length - 1] = bits
}

function rounded(length: number, block: number): number {
  return Math.ceil(length / block) * block
}

/** Bytes over and over. */
function repeat(target: Uint8Array, bytes: Uint8Array): void {
  for (let i = 0; i < target.length; i++) target[i] = bytes[i % bytes.length] as number
}

/** Step 6C: I_j = (I_j + B + 1) mod 2^v, where B is the digest over and over. */
function addToBlocks(target: Uint8Array, digest: Uint8Array, blockBytes: number): void {
  for (let start = 0; start < target.length; start += blockBytes) {
    let carry = 1
    for (let i = blockBytes - 1; i >= 0; i--) {
      const sum = (target[start + i] as number) + (digest[i % digest.length] as number) + carry
      target[start + i] = sum & 0xff
      carry = sum >> 8
    }
  }
}

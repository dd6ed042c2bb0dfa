import { LPS_TABLE, ROUND_CONSTANTS } from './streebog-tables.ts'

const KEY = new Int32Array(16)
const STATE = new Int32Array(16)
const SUM = new Int32Array(16)

/**
 * The compression function g_N (RFC 6986 section 8).
 *
 * @param h 16 words, changed
 * @param n the count of bits hashed before, 16 words
 * @param m the block, 16 words
 */
export function compress(h: Int32Array, n: Int32Array, m: Int32Array): void {
  lps(KEY, h, n, 0)
  STATE.set(m)
  for (let round = 0; round < 192; round += 16) {
    lps(STATE, STATE, KEY, 0)
    lps(KEY, KEY, ROUND_CONSTANTS, round)
  }
  for (let i = 0; i < 16; i++) {
    h[i] = (h[i] as number) ^ (STATE[i] as number) ^ (KEY[i] as number) ^ (m[i] as number)
  }
}

/** LPSX: the sum of two vectors, substituted, transposed, multiplied. */
function lps(to: Int32Array, a: Int32Array, b: Int32Array, at: number): void {
  for (let i = 0; i < 16; i++) SUM[i] = (a[i] as number) ^ (b[at + i] as number)
  for (let i = 0; i < 8; i++) {
    let low = 0
    let high = 0
    for (let j = 0; j < 8; j++) {
      const byte = ((SUM[2 * j + (i >> 2)] as number) >>> (8 * (i & 3))) & 0xff
      low ^= LPS_TABLE[(j * 256 + byte) * 2] as number
      high ^= LPS_TABLE[(j * 256 + byte) * 2 + 1] as number
    }
    to[2 * i] = low
    to[2 * i + 1] = high
  }
}

import { fillTables } from './streebog-tables.ts'

/**
 * The compression function g_N (RFC 6986 section 8). All numbers are 16 words, lowest first.
 *
 * @param h changed
 * @param n the count of bits hashed before
 * @param m the block
 */
export type Compress = (h: Int32Array, n: Int32Array, m: Int32Array) => void

// Declared where they are used: V8 takes imported ones for variables, and is slower by a quarter.
const LOW = new Int32Array(8 * 256)
const HIGH = new Int32Array(8 * 256)
const CONSTANTS = new Int32Array(12 * 16)
const KEY = new Int32Array(16)
const STATE = new Int32Array(16)
let filled = false

/** The compression function in JavaScript, with halves of 32 bits. */
export function plainCompress(): Compress {
  if (!filled) fillTables(LOW, HIGH, CONSTANTS)
  filled = true
  return compress
}

function compress(h: Int32Array, n: Int32Array, m: Int32Array): void {
  lps(KEY, h, n, 0)
  STATE.set(m)
  for (let at = 0; at < CONSTANTS.length; at += 16) {
    lps(STATE, STATE, KEY, 0)
    lps(KEY, KEY, CONSTANTS, at)
  }
  for (let i = 0; i < 16; i++) {
    h[i] = (h[i] as number) ^ (STATE[i] as number) ^ (KEY[i] as number) ^ (m[i] as number)
  }
}

/** LPSX: the sum of two numbers, substituted, transposed, multiplied. */
function lps(to: Int32Array, a: Int32Array, b: Int32Array, at: number): void {
  const l0 = (a[0] as number) ^ (b[at] as number)
  const h0 = (a[1] as number) ^ (b[at + 1] as number)
  const l1 = (a[2] as number) ^ (b[at + 2] as number)
  const h1 = (a[3] as number) ^ (b[at + 3] as number)
  const l2 = (a[4] as number) ^ (b[at + 4] as number)
  const h2 = (a[5] as number) ^ (b[at + 5] as number)
  const l3 = (a[6] as number) ^ (b[at + 6] as number)
  const h3 = (a[7] as number) ^ (b[at + 7] as number)
  const l4 = (a[8] as number) ^ (b[at + 8] as number)
  const h4 = (a[9] as number) ^ (b[at + 9] as number)
  const l5 = (a[10] as number) ^ (b[at + 10] as number)
  const h5 = (a[11] as number) ^ (b[at + 11] as number)
  const l6 = (a[12] as number) ^ (b[at + 12] as number)
  const h6 = (a[13] as number) ^ (b[at + 13] as number)
  const l7 = (a[14] as number) ^ (b[at + 14] as number)
  const h7 = (a[15] as number) ^ (b[at + 15] as number)
  // Byte i of each word makes word i of the result: bytes 0 to 3 are in the lower halves, 4 to 7 in the upper.
  for (let i = 0; i < 8; i += 2) {
    const shift = 4 * i
    const la = (l0 >>> shift) & 0xff
    const lb = 256 + ((l1 >>> shift) & 0xff)
    const lc = 512 + ((l2 >>> shift) & 0xff)
    const ld = 768 + ((l3 >>> shift) & 0xff)
    const le = 1024 + ((l4 >>> shift) & 0xff)
    const lf = 1280 + ((l5 >>> shift) & 0xff)
    const lg = 1536 + ((l6 >>> shift) & 0xff)
    const lh = 1792 + ((l7 >>> shift) & 0xff)
    to[i] =
      (LOW[la] as number) ^
      (LOW[lb] as number) ^
      (LOW[lc] as number) ^
      (LOW[ld] as number) ^
      (LOW[le] as number) ^
      (LOW[lf] as number) ^
      (LOW[lg] as number) ^
      (LOW[lh] as number)
    to[i + 1] =
      (HIGH[la] as number) ^
      (HIGH[lb] as number) ^
      (HIGH[lc] as number) ^
      (HIGH[ld] as number) ^
      (HIGH[le] as number) ^
      (HIGH[lf] as number) ^
      (HIGH[lg] as number) ^
      (HIGH[lh] as number)
    const ha = (h0 >>> shift) & 0xff
    const hb = 256 + ((h1 >>> shift) & 0xff)
    const hc = 512 + ((h2 >>> shift) & 0xff)
    const hd = 768 + ((h3 >>> shift) & 0xff)
    const he = 1024 + ((h4 >>> shift) & 0xff)
    const hf = 1280 + ((h5 >>> shift) & 0xff)
    const hg = 1536 + ((h6 >>> shift) & 0xff)
    const hh = 1792 + ((h7 >>> shift) & 0xff)
    to[i + 8] =
      (LOW[ha] as number) ^
      (LOW[hb] as number) ^
      (LOW[hc] as number) ^
      (LOW[hd] as number) ^
      (LOW[he] as number) ^
      (LOW[hf] as number) ^
      (LOW[hg] as number) ^
      (LOW[hh] as number)
    to[i + 9] =
      (HIGH[ha] as number) ^
      (HIGH[hb] as number) ^
      (HIGH[hc] as number) ^
      (HIGH[hd] as number) ^
      (HIGH[he] as number) ^
      (HIGH[hf] as number) ^
      (HIGH[hg] as number) ^
      (HIGH[hh] as number)
  }
}

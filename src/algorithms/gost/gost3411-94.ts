import { Blocks } from './blocks.ts'
import { encryptBlock } from './gost28147.ts'
import { addNumber, addWords, loadWords, wordBytes } from './words.ts'

const BLOCK = 32
/** C3 of the standard; C2 and C4 are zero. */
const C3 = Int32Array.of(
  0xff00ff00,
  0xff00ff00,
  0x00ff00ff,
  0x00ff00ff,
  0x00ffff00,
  0xff0000ff,
  0x000000ff,
  0xff00ffff,
)

/**
 * GOST R 34.11-94 (RFC 5831) with id-GostR3411-94-CryptoProParamSet, over bytes that come in pieces. It is broken
 * (collisions in 2^105 steps) and withdrawn: for verifying old certificates only.
 *
 * @example
 * ```ts
 * import { Gost341194 } from 'sealkit/algorithms'
 * new Gost341194().update(new TextEncoder().encode('hello')).digest().length // 32
 * ```
 */
export class Gost341194 {
  readonly #h = new Int32Array(8)
  readonly #sum = new Int32Array(8)
  readonly #bits = new Int32Array(8)
  readonly #words = new Int32Array(8)
  readonly #blocks = new Blocks(BLOCK, (data, at) => this.#absorb(data, at, BLOCK))
  #done = false

  /** Takes the next bytes. They may be changed afterwards. */
  update(data: Uint8Array): this {
    if (this.#done) throw new TypeError('the digest has been taken already')
    this.#blocks.update(data)
    return this
  }

  /** The digest, once: 32 bytes. */
  digest(): Uint8Array<ArrayBuffer> {
    if (this.#done) throw new TypeError('the digest has been taken already')
    this.#done = true
    const { rest, resting } = this.#blocks
    if (resting > 0) this.#absorb(rest.fill(0, resting), 0, resting)
    step(this.#h, this.#bits)
    step(this.#h, this.#sum)
    return wordBytes(this.#h)
  }

  #absorb(data: Uint8Array, at: number, bytes: number): void {
    loadWords(this.#words, data, at)
    step(this.#h, this.#words)
    addNumber(this.#bits, bytes * 8)
    addWords(this.#sum, this.#words)
  }
}

/** The step function of RFC 5831 section 5: keys, encryption, mixing. */
function step(h: Int32Array, m: Int32Array): void {
  const u = h.slice()
  const v = m.slice()
  const s = h.slice()
  encryptBlock(s, 0, keyOf(u, v))
  for (let j = 1; j < 4; j++) {
    transformA(u)
    if (j === 2) xor(u, C3)
    transformA(v)
    transformA(v)
    encryptBlock(s, 2 * j, keyOf(u, v))
  }
  mix(s, 12)
  xor(s, m)
  mix(s, 1)
  xor(s, h)
  mix(s, 61)
  h.set(s)
}

function xor(to: Int32Array, words: Int32Array): void {
  for (let i = 0; i < 8; i++) to[i] = (to[i] as number) ^ (words[i] as number)
}

/** A: words of 64 bits move down by one, the sum of the lowest two comes in at the top. */
function transformA(x: Int32Array): void {
  const low = (x[0] as number) ^ (x[2] as number)
  const high = (x[1] as number) ^ (x[3] as number)
  x.copyWithin(0, 2)
  x[6] = low
  x[7] = high
}

/** P of the sum of both: a transposition of the 32 bytes, eight by four. */
function keyOf(u: Int32Array, v: Int32Array): Int32Array {
  const bytes = new Uint8Array(BLOCK)
  const key = new Int32Array(8)
  for (let i = 0; i < 8; i++) key[i] = (u[i] as number) ^ (v[i] as number)
  const from = wordBytes(key)
  for (let i = 0; i < 4; i++) {
    for (let k = 0; k < 8; k++) bytes[i + 4 * k] = from[8 * i + k] as number
  }
  loadWords(key, bytes, 0)
  return key
}

/** psi, so many times: a shift register of sixteen words of 16 bits. */
function mix(words: Int32Array, times: number): void {
  const y = new Uint16Array(16 + times)
  for (let i = 0; i < 16; i++) y[i] = (words[i >> 1] as number) >>> (16 * (i & 1))
  for (let i = 0; i < times; i++) {
    y[i + 16] =
      (y[i] as number) ^
      (y[i + 1] as number) ^
      (y[i + 2] as number) ^
      (y[i + 3] as number) ^
      (y[i + 12] as number) ^
      (y[i + 15] as number)
  }
  for (let i = 0; i < 8; i++) {
    words[i] = (y[times + 2 * i] as number) | ((y[times + 2 * i + 1] as number) << 16)
  }
}

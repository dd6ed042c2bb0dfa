import { Blocks } from './blocks.ts'
import { type Compress, plainCompress } from './streebog-compress.ts'
import { wasmCompress } from './streebog-wasm.ts'
import { addNumber, addWords, loadWords, wordBytes } from './words.ts'

const BLOCK = 64
const ZERO = new Int32Array(16)

/** Chosen when it is needed for the first time, so that the import costs nothing. */
let chosen: Compress | undefined

/**
 * Streebog, GOST R 34.11-2012 (RFC 6986), over bytes that come in pieces.
 *
 * @example
 * ```ts
 * import { Streebog } from 'sealkit/algorithms'
 * new Streebog(32).update(new TextEncoder().encode('hello')).digest().length // 32
 * ```
 */
export class Streebog {
  readonly #length: 32 | 64
  readonly #compress: Compress
  /** h, N and Sigma of the standard, 16 words each, lowest first. */
  readonly #h = new Int32Array(16)
  readonly #n = new Int32Array(16)
  readonly #sum = new Int32Array(16)
  readonly #words = new Int32Array(16)
  readonly #blocks = new Blocks(BLOCK, (data, at) => this.#absorb(data, at, 512))
  #done = false

  /** @param length of the digest in bytes */
  constructor(length: 32 | 64) {
    if (length !== 32 && length !== 64) throw new TypeError(`length must be 32 or 64, got ${String(length)}`)
    chosen ??= wasmCompress() ?? plainCompress()
    this.#compress = chosen
    this.#length = length
    if (length === 32) this.#h.fill(0x01010101)
  }

  /** Takes the next bytes. They may be changed afterwards. */
  update(data: Uint8Array): this {
    if (this.#done) throw new TypeError('the digest has been taken already')
    this.#blocks.update(data)
    return this
  }

  /** The digest, once. */
  digest(): Uint8Array<ArrayBuffer> {
    if (this.#done) throw new TypeError('the digest has been taken already')
    this.#done = true
    const { rest, resting } = this.#blocks
    rest.fill(0, resting)
    rest[resting] = 1
    this.#absorb(rest, 0, resting * 8)
    this.#compress(this.#h, ZERO, this.#n)
    this.#compress(this.#h, ZERO, this.#sum)
    const bytes = wordBytes(this.#h.subarray(16 - this.#length / 4))
    for (const words of [this.#h, this.#sum, this.#words, rest]) words.fill(0)
    return bytes
  }

  #absorb(data: Uint8Array, at: number, bits: number): void {
    loadWords(this.#words, data, at)
    this.#compress(this.#h, this.#n, this.#words)
    addNumber(this.#n, bits)
    addWords(this.#sum, this.#words)
  }
}

/**
 * Streebog of bytes at hand.
 *
 * @param length of the digest in bytes
 * @example
 * ```ts
 * import { streebog } from 'sealkit/algorithms'
 * streebog(64, new TextEncoder().encode('hello')).length // 64
 * ```
 */
export function streebog(length: 32 | 64, data: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Streebog(length).update(data).digest()
}

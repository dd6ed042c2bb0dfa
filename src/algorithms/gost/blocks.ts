/** Cuts bytes that come in pieces into blocks. */
export class Blocks {
  /** Bytes that do not fill a block yet. */
  readonly rest: Uint8Array
  readonly #absorb: (data: Uint8Array, at: number) => void
  #resting = 0

  /**
   * @param size of a block in bytes
   * @param absorb takes one block of `data`, from `at` on
   */
  constructor(size: number, absorb: (data: Uint8Array, at: number) => void) {
    this.rest = new Uint8Array(size)
    this.#absorb = absorb
  }

  /** How many bytes of {@link rest} are taken. */
  get resting(): number {
    return this.#resting
  }

  update(data: Uint8Array): void {
    const size = this.rest.length
    let at = 0
    if (this.#resting > 0) {
      at = Math.min(size - this.#resting, data.length)
      this.rest.set(data.subarray(0, at), this.#resting)
      this.#resting += at
      if (this.#resting < size) return
      this.#absorb(this.rest, 0)
      this.#resting = 0
    }
    for (; at + size <= data.length; at += size) this.#absorb(data, at)
    this.rest.set(data.subarray(at))
    this.#resting = data.length - at
  }
}

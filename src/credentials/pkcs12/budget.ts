import { overLimit } from '../errors.ts'
import type { Bounds } from '../limits.ts'

/** What a file asks for in all, counted while its structure is read and before the work is done. */
export class Budget {
  readonly bounds: Bounds
  #things = 0
  #iterations = 0

  constructor(bounds: Bounds) {
    this.bounds = bounds
  }

  /** One more safe or bag. */
  count(): void {
    const { maxBlocks } = this.bounds
    if (++this.#things <= maxBlocks) return
    throw overLimit(`PKCS#12: more than ${maxBlocks} safes and bags`, 'maxBlocks')
  }

  /** Iterations of one more key derivation. */
  spend(iterations: number): void {
    const { maxTotalIterations } = this.bounds
    this.#iterations += iterations
    if (this.#iterations <= maxTotalIterations) return
    const message = `PKCS#12: the key derivations of the file add up to more than ${maxTotalIterations} iterations`
    throw overLimit(message, 'maxTotalIterations')
  }
}

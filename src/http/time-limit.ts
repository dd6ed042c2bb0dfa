/** Ends a request when it takes too long, or when its caller does not want it any more. */
export class TimeLimit {
  /** For fetch. */
  readonly signal: AbortSignal
  readonly #own = new AbortController()
  readonly #milliseconds: number
  #timer: NodeJS.Timeout | undefined

  constructor(milliseconds: number, caller: AbortSignal | undefined) {
    this.#milliseconds = milliseconds
    // Only where it must be: `any` costs more than all the rest of this.
    this.signal = caller === undefined ? this.#own.signal : AbortSignal.any([caller, this.#own.signal])
  }

  /** The time is over. */
  get aborted(): boolean {
    return this.#own.signal.aborted
  }

  /** Runs a part of the request: while nobody waits the time does not run. */
  async during<T>(part: () => Promise<T>): Promise<T> {
    this.#timer ??= setTimeout(() => this.#own.abort(), this.#milliseconds)
    try {
      return await part()
    } finally {
      clearTimeout(this.#timer)
      this.#timer = undefined
    }
  }
}

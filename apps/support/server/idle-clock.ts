/** Calls `over` when nothing was going on for a while. */
export class IdleClock implements Disposable {
  readonly #after: number
  readonly #over: () => void
  #going = 0
  #timer: NodeJS.Timeout | undefined

  constructor(after: number, over: () => void) {
    this.#after = after
    this.#over = over
    this.#start()
  }

  /** Something goes on until what it gives is disposed of. */
  begin(): Disposable {
    this.#going += 1
    clearTimeout(this.#timer)
    let ended = false
    return {
      [Symbol.dispose]: () => {
        if (ended) return
        ended = true
        this.#going -= 1
        if (this.#going === 0) this.#start()
      },
    }
  }

  [Symbol.dispose](): void {
    this.#going = Number.POSITIVE_INFINITY
    clearTimeout(this.#timer)
  }

  #start(): void {
    this.#timer = setTimeout(this.#over, this.#after)
  }
}

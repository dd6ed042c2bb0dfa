import { shared } from './shared-signal.ts'

/** Ends a request when it takes too long, or when its caller does not want it any more. */
export class TimeLimit {
  readonly #controller = new AbortController()
  /** What is left of the time, in milliseconds. */
  #left: number
  readonly #caller: AbortSignal | undefined
  readonly #onAbort: () => void
  #timer: NodeJS.Timeout | undefined
  #isOver = false

  /** @param caller the caller's own signal */
  constructor(milliseconds: number, caller: AbortSignal | undefined) {
    this.#left = milliseconds
    this.#caller = caller
    // AbortSignal.any does the same at a hundred times the cost. A signal that lives long keeps no request alive.
    const weak = new WeakRef(this.#controller)
    this.#onAbort = () => weak.deref()?.abort(caller?.reason)
    if (caller?.aborted) this.#onAbort()
    else if (caller !== undefined) shared(caller).addEventListener('abort', this.#onAbort, { once: true })
  }

  /** For undici. */
  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** The time is over. */
  get isOver(): boolean {
    return this.#isOver
  }

  /** Runs a part of the request: while nobody waits the time does not run. */
  async during<T>(part: () => Promise<T>): Promise<T> {
    const began = performance.now()
    const timer = setTimeout(() => this.#end(), Math.max(1, Math.ceil(this.#left)))
    this.#timer = timer
    try {
      return await part()
    } finally {
      clearTimeout(timer)
      this.#left -= performance.now() - began
    }
  }

  /** Nothing is to be ended any more. */
  release(): void {
    this.#caller?.removeEventListener('abort', this.#onAbort)
    clearTimeout(this.#timer)
  }

  #end(): void {
    this.#isOver = true
    this.#controller.abort()
  }
}

interface Waiting {
  readonly start: () => void
}

/** Runs jobs, so many at a time, in the order in which they came. */
export class Queue {
  readonly #width: number
  #running = 0
  readonly #waiting = new Set<Waiting>()
  #idle: (() => void)[] = []

  constructor(width: number) {
    this.#width = width
  }

  /** Runs the job when its turn comes. @throws the signal's reason, also while it waits */
  async run<T>(job: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    await this.#turn(signal)
    try {
      return await job()
    } finally {
      this.#running--
      this.#next()
    }
  }

  /** Resolves when nothing runs and nothing waits. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      this.#idle.push(resolve)
      this.#next()
    })
  }

  #turn(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted()
      const give = (): void => {
        this.#running++
        resolve()
      }
      if (this.#running < this.#width && this.#waiting.size === 0) {
        give()
        return
      }
      const leave = (): void => {
        this.#waiting.delete(waiting)
        reject(signal?.reason)
        this.#next()
      }
      const waiting: Waiting = {
        start: () => {
          signal?.removeEventListener('abort', leave)
          give()
        },
      }
      this.#waiting.add(waiting)
      signal?.addEventListener('abort', leave, { once: true })
    })
  }

  #next(): void {
    for (const waiting of this.#waiting) {
      if (this.#running >= this.#width) return
      this.#waiting.delete(waiting)
      waiting.start()
    }
    if (this.#running > 0 || this.#waiting.size > 0) return
    for (const resolve of this.#idle.splice(0)) resolve()
  }
}

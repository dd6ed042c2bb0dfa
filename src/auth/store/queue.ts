import type { LockOptions } from './token-store.ts'

/** Who waits: gets his turn by `start`. */
interface Waiter {
  readonly start: () => void
}

/** Turns within this process: one at a time for an id, in the order in which they were asked for. */
export class TurnQueue {
  /** Those behind the one whose turn it is; no row where nobody's is. */
  readonly #rows = new Map<string, Waiter[]>()

  /**
   * Runs `action` when it is its turn.
   *
   * @throws the reason of `signal`, where it is aborted while waiting
   */
  async run<T>(id: string, action: () => Promise<T>, options: LockOptions = {}): Promise<T> {
    await this.#turn(id, options.signal)
    try {
      return await action()
    } finally {
      this.#next(id)
    }
  }

  #turn(id: string, signal: AbortSignal | undefined): Promise<void> | undefined {
    signal?.throwIfAborted()
    const row = this.#rows.get(id)
    if (row === undefined) {
      this.#rows.set(id, [])
      return undefined
    }
    return new Promise((resolve, reject) => {
      const leave = () => {
        row.splice(row.indexOf(waiter), 1)
        reject(signal?.reason)
      }
      const waiter = {
        start: () => {
          signal?.removeEventListener('abort', leave)
          resolve()
        },
      }
      row.push(waiter)
      signal?.addEventListener('abort', leave, { once: true })
    })
  }

  #next(id: string): void {
    const waiter = this.#rows.get(id)?.shift()
    if (waiter === undefined) this.#rows.delete(id)
    else waiter.start()
  }
}

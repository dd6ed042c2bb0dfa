import { AuthError } from '../../errors.ts'
import { lookAt } from './lock-record.ts'

/** The time that a caller waits for a lock: until the limit, or until its own signal is aborted. */
export class Waiting {
  readonly #controller = new AbortController()
  readonly #path: string
  readonly #callers: AbortSignal | undefined
  readonly #timer: NodeJS.Timeout

  /** @param limit milliseconds */
  constructor(path: string, limit: number, callers: AbortSignal | undefined) {
    this.#path = path
    this.#callers = callers
    this.#timer = setTimeout(() => this.#controller.abort(this.#locked(limit)), limit)
    if (callers?.aborted) this.#forward()
    callers?.addEventListener('abort', this.#forward)
  }

  /** Is aborted with the caller's reason, or with `ERR_AUTH_STORE_LOCKED`. */
  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** The lock is had, or given up. */
  end(): void {
    clearTimeout(this.#timer)
    this.#callers?.removeEventListener('abort', this.#forward)
  }

  readonly #forward = () => this.#controller.abort(this.#callers?.reason)

  #locked(limit: number): AuthError {
    const owner = this.#owner()
    const holder = owner === undefined ? 'somebody' : `process ${owner.pid} on ${owner.host}`
    const waited = `after ${limit / 1000} s the lock on a token is still held by ${holder}`
    const hint = `see what that process waits for, or end it; if there is none, remove ${this.#path}`
    return new AuthError('ERR_AUTH_STORE_LOCKED', waited, { hint })
  }

  #owner() {
    try {
      return lookAt(this.#path)?.owner
    } catch {
      return undefined
    }
  }
}

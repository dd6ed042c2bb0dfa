import { SignerError, TokenError } from '../../../src/errors.ts'

/** Bounds on signatures at once. */
export interface PermitLimits {
  /** In flight. */
  readonly size: number
  /** Waiting behind them. */
  readonly maxWaiting: number
  /** How long one waits, in milliseconds. */
  readonly waitTimeout: number
}

/** Leave to be in flight; one of the two is called, once. */
export interface Permit {
  giveBack(): void
  /**
   * Gives it back for good, since the token has no session for it.
   *
   * @returns whether others are in, so that it is worth waiting until they leave
   */
  retire(): boolean
}

interface Waiting {
  readonly grant: () => void
  readonly refuse: (reason: unknown) => void
}

/** Lets so many in at once; the others wait in their order, not too many and not too long. */
export class Permits {
  readonly #limits: PermitLimits
  readonly #queue = new Set<Waiting>()
  readonly #idle: (() => void)[] = []
  #size: number
  #taken = 0
  #closed = false

  constructor(limits: PermitLimits) {
    this.#limits = limits
    this.#size = limits.size
  }

  /**
   * Waits for its turn.
   *
   * @throws TokenError `ERR_TOKEN_BUSY`; SignerError `ERR_SIGNER_DISPOSED`; the signal's reason
   */
  async take(signal?: AbortSignal): Promise<Permit> {
    if (this.#closed) throw disposed()
    if (this.#taken < this.#size) this.#taken++
    else await this.#wait(signal)
    return { giveBack: () => this.#giveBack(), retire: () => this.#retire() }
  }

  #wait(signal: AbortSignal | undefined): Promise<void> {
    const { maxWaiting, waitTimeout } = this.#limits
    if (this.#queue.size >= maxWaiting) throw busy(`${maxWaiting} signatures are waiting already`)
    return new Promise((resolve, reject) => {
      const refuse = (reason: unknown): void => {
        leave()
        reject(reason)
      }
      const grant = (): void => {
        leave()
        resolve()
      }
      const entry: Waiting = { grant, refuse }
      const onAbort = (): void => refuse(signal?.reason)
      const timer = setTimeout(() => refuse(busy(`no session was free for ${waitTimeout} ms`)), waitTimeout)
      const leave = (): void => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', onAbort)
        this.#queue.delete(entry)
      }
      this.#queue.add(entry)
      signal?.addEventListener('abort', onAbort, { once: true })
    })
  }

  #giveBack(): void {
    const [next] = this.#queue
    // Handed on, not given back, so that nobody comes in between.
    if (next !== undefined && this.#taken <= this.#size) next.grant()
    else this.#taken--
    if (this.#taken === 0) for (const resolve of this.#idle.splice(0)) resolve()
  }

  /** Fewer from now on, but one: handed on it would fail again, as long as the others are in. */
  #retire(): boolean {
    const others = this.#taken - 1
    if (others > 0) this.#size = Math.min(this.#size, others)
    this.#giveBack()
    return others > 0
  }

  /** Lets nobody in any more, refuses those who wait, and resolves when those who are in have left. */
  async close(): Promise<void> {
    this.#closed = true
    for (const { refuse } of [...this.#queue]) refuse(disposed())
    if (this.#taken > 0) await new Promise<void>((resolve) => this.#idle.push(resolve))
  }
}

function busy(why: string): TokenError {
  const hint = 'ask for fewer signatures at once, or raise maxSessions where the token can do more at once'
  return new TokenError('ERR_TOKEN_BUSY', `the token is busy: ${why}`, { hint })
}

function disposed(): SignerError {
  return new SignerError('ERR_SIGNER_DISPOSED', 'the key has been disposed of')
}

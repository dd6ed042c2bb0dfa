import { Account } from './account.ts'
import { isLoginRefused } from './circuit.ts'
import { type Clocks, HeldToken } from './freshness.ts'
import { ended, meets, Renewal, type RenewalWish, type Renewed } from './renewal.ts'
import { SingleFlight } from './single-flight.ts'
import { memoryTokenStore } from './store/memory-store.ts'
import type { TokenStore } from './store/token-store.ts'
import { TokenRecord } from './token-record.ts'
import { type StoredToken, TokenSet } from './token-set.ts'
import type { TokenKey, TokenSource } from './token-source.ts'

/** Where a renewal has failed and the old token still holds, the next one is not tried at once. */
const PAUSE = 10_000

/** What a manager did. Holds nothing secret. */
export interface TokenEvent {
  /**
   * `cached`, `refreshed`, `logged-in`: how a token was come by. `refused`: the login was. `warning`: there is a token,
   * and something went wrong, as in `error`: the store failed, or the old token was given out since there was no new one.
   */
  readonly kind: 'cached' | 'refreshed' | 'logged-in' | 'refused' | 'warning'
  readonly key: TokenKey
  readonly error?: unknown
}

/** Options of {@link tokenManager}. */
export interface TokenManagerOptions {
  /** Default: a new `memoryTokenStore()`. */
  store?: TokenStore | undefined
  /** Milliseconds since 1970. Default: `Date.now`. */
  now?: (() => number) | undefined
  /** Milliseconds since any moment, by a clock that nobody sets. Default: `performance.now`. */
  monotonic?: (() => number) | undefined
  /** From 0 to below 1. Default: `Math.random`. */
  random?: (() => number) | undefined
  /** What it throws is passed over. */
  onEvent?: ((event: TokenEvent) => void) | undefined
}

/** Gives out the token of one account, and sees to it that there is one: {@link tokenManager}. */
export interface TokenManager {
  readonly key: TokenKey
  /**
   * A token that is good for a while.
   *
   * @param options `signal` ends this caller's waiting with its reason; `fresh` asks for a new token though the old one holds
   * @throws AuthError `ERR_AUTH_BLOCKED` for some time after a refused login, with `retryAfter` and its words as the cause
   * @throws what the source throws
   */
  token(options?: TokenOptions): Promise<TokenSet>
  /** Tells that a server refused the token: it is not given out again. One that was renewed meanwhile stays. */
  reject(token: TokenSet): Promise<void>
  /** What is cached and has not ended, without asking anyone. */
  current(): Promise<TokenSet | undefined>
  /**
   * Forgets the token, and that a login of the account was refused, for other scopes too.
   *
   * @throws AuthError `ERR_AUTH_STORE`, `ERR_AUTH_STORE_LOCKED`
   */
  clear(): Promise<void>
}

/** Options of a manager's `token`. */
export interface TokenOptions {
  signal?: AbortSignal | undefined
  /** Default false. */
  fresh?: boolean | undefined
}

/**
 * Keeps the token of a source at hand: cached until five minutes before it ends (a tenth of its life where that is
 * less, a little earlier by chance), then refreshed, else asked for by a login. However many wait, one request is under
 * way, in all processes that share the store. A refused login is not tried again for a minute, then two, up to an hour;
 * `clear` ends that. It has no timers: a token is renewed when it is asked for.
 *
 * @throws TypeError where `source` is none
 * @example
 * ```ts
 * import { tokenManager, TokenSet } from 'sealkit/auth'
 * const key = { platform: 'example', host: 'login.example', account: 'me', scope: 'read' }
 * const login = async () => {
 *   const issuedAt = Date.now()
 *   return new TokenSet({ accessToken: 'abc', issuedAt, expiresAt: issuedAt + 3600_000 })
 * }
 * const tokens = tokenManager({ key, login })
 * const { expiresAt } = await tokens.token({ signal: AbortSignal.timeout(10_000) })
 * console.log(expiresAt)
 * ```
 */
export function tokenManager(source: TokenSource, options: TokenManagerOptions = {}): TokenManager {
  if (typeof source?.login !== 'function') throw new TypeError('source must have a key and a function login')
  return new Manager(source, options)
}

class Manager implements TokenManager {
  readonly key: TokenKey
  readonly #clocks: Clocks
  readonly #record: TokenRecord
  readonly #account: Account
  readonly #renewal: Renewal
  readonly #flight = new SingleFlight<Renewed>()
  readonly #onEvent: TokenManagerOptions['onEvent']
  #held: HeldToken | undefined
  /** The last token that a server refused: it stays so where the store could not be told. */
  #rejected: string | undefined
  #pausedUntil = Number.NEGATIVE_INFINITY

  constructor(source: TokenSource, options: TokenManagerOptions) {
    const { store = memoryTokenStore(), now = Date.now, random = Math.random, onEvent } = options
    const { monotonic = () => performance.now() } = options
    this.key = source.key
    this.#clocks = { now, monotonic, random }
    this.#onEvent = onEvent
    const warn = (error: unknown) => this.#tell('warning', error)
    this.#record = new TokenRecord(source.key, store, warn)
    this.#account = new Account(source.key, store, warn)
    this.#renewal = new Renewal(source, this.#record, this.#account, this.#clocks)
  }

  async token({ signal, fresh = false }: TokenOptions = {}): Promise<TokenSet> {
    signal?.throwIfAborted()
    const held = this.#held
    if (!fresh && held !== undefined && this.#mayServe(held)) {
      this.#tell('cached')
      return held.token
    }
    const wish = fresh ? { since: this.#clocks.now(), other: held?.token } : undefined
    for (;;) {
      const { held, how } = await this.#flight.run((flying) => this.#renew(wish, flying), signal)
      // A flight that was under way already may have found the old token still good.
      if (how === 'refreshed' || how === 'logged-in' || meets(wish, held.token)) return held.token
    }
  }

  #mayServe(held: HeldToken): boolean {
    return held.isFresh() || (this.#clocks.monotonic() < this.#pausedUntil && held.isAlive())
  }

  async #renew(wish: RenewalWish | undefined, signal: AbortSignal): Promise<Renewed> {
    try {
      const renewed = await this.#record.locked(async () => {
        const renewed = await this.#renewal.run(wish, (token) => this.#hold(token), signal)
        this.#held = renewed.held
        return renewed
      }, signal)
      if (renewed.how === 'kept') this.#pausedUntil = this.#clocks.monotonic() + PAUSE
      if (renewed.how === 'kept') this.#tell('warning', renewed.error)
      else this.#tell(renewed.how)
      return renewed
    } catch (error) {
      if (isLoginRefused(error)) this.#tell('refused', error)
      throw error
    }
  }

  async reject({ accessToken }: TokenSet): Promise<void> {
    this.#rejected = accessToken
    if (this.#held?.token.accessToken === accessToken) this.#held = undefined
    try {
      await this.#record.locked(() => this.#renewal.drop(accessToken))
    } catch (error) {
      this.#tell('warning', error)
    }
  }

  async current(): Promise<TokenSet | undefined> {
    if (this.#held?.isAlive()) return this.#held.token
    const { token } = await this.#record.read()
    const held = token === undefined ? undefined : this.#hold(token)
    return held?.isAlive() ? held.token : undefined
  }

  async clear(): Promise<void> {
    await this.#record.remove()
    await this.#account.forgive()
    this.#held = undefined
    this.#pausedUntil = Number.NEGATIVE_INFINITY
  }

  /** A token that is known keeps its moments: by the wall clock alone, set back meanwhile, it might look younger. */
  #hold(token: StoredToken): HeldToken {
    if (token.accessToken === this.#held?.token.accessToken) return this.#held
    const rejected = token.accessToken === this.#rejected
    return new HeldToken(new TokenSet(rejected ? ended(token) : token), this.#clocks)
  }

  #tell(kind: TokenEvent['kind'], error?: unknown): void {
    try {
      this.#onEvent?.({ kind, key: this.key, ...(error === undefined ? {} : { error }) })
    } catch {
      // A listener that fails costs nobody the token.
    }
  }
}

import type { Account } from './account.ts'
import { blockedBy, isPassing, isRefreshRefused, refusalAfter } from './circuit.ts'
import { type Clocks, canRefresh, HeldToken } from './freshness.ts'
import type { Refusal } from './store/token-store.ts'
import type { TokenRecord } from './token-record.ts'
import { type StoredToken, TokenSet } from './token-set.ts'
import type { TokenSource } from './token-source.ts'

/** What is wanted of a renewal. */
export interface RenewalWish {
  /** When it was asked for. */
  readonly since: number
  /** What the caller has already; only another one will do. */
  readonly other?: TokenSet | undefined
}

/** What a renewal ends in. */
export interface Renewed {
  readonly held: HeldToken
  /** `kept`: the old one, since there was no new one to be had now. */
  readonly how: 'cached' | 'refreshed' | 'logged-in' | 'kept'
  /** Why it was kept. */
  readonly error?: unknown
}

/** The way to a token that is good for a while: the store, a refresh, a login. */
export class Renewal {
  readonly #source: TokenSource
  readonly #record: TokenRecord
  readonly #account: Account
  readonly #clocks: Clocks

  constructor(source: TokenSource, record: TokenRecord, account: Account, clocks: Clocks) {
    this.#source = source
    this.#record = record
    this.#account = account
    this.#clocks = clocks
  }

  /**
   * To be called with the lock, after which the store may hold what another process has got.
   *
   * @param hold gives the moments of a stored token; one that ended where a server refused it
   */
  async run(
    wish: RenewalWish | undefined,
    hold: (token: StoredToken) => HeldToken,
    signal: AbortSignal,
  ): Promise<Renewed> {
    const { token, refusal } = await this.#record.read()
    const stored = token === undefined ? undefined : hold(token)
    if (stored?.isFresh() && meets(wish, stored.token)) return { held: stored, how: 'cached' }
    try {
      return await this.#obtain(stored?.token, refusal, signal)
    } catch (error) {
      if (!isPassing(error) || wish !== undefined || !stored?.isAlive()) throw error
      return { held: stored, how: 'kept', error }
    }
  }

  /** A refused login stands in the way of logins, a server that asks to wait in that of everything. */
  async #obtain(
    stored: TokenSet | undefined,
    refusal: Refusal | undefined,
    signal: AbortSignal,
  ): Promise<Renewed> {
    const blocked = blockedBy(refusal, this.#clocks.now())
    if (blocked !== undefined && isPassing(blocked)) throw blocked
    const refreshed = await this.#refresh(stored, refusal, signal)
    if (refreshed !== undefined) return refreshed
    if (blocked !== undefined) throw blocked
    return await this.#account.login(this.#clocks.now, () => this.#login(refusal, signal), signal)
  }

  /** The refusal is noted while nobody else tries. */
  async #login(refusal: Refusal | undefined, signal: AbortSignal): Promise<Renewed> {
    try {
      const token = await this.#source.login({ signal })
      await this.#record.write({ token: token.toStored() })
      return { held: new HeldToken(token, this.#clocks), how: 'logged-in' }
    } catch (error) {
      await this.#note(error, refusal)
      throw error
    }
  }

  /** Undefined where a login is the way. That a refresh is granted says nothing of the password: `refusal` stays. */
  async #refresh(
    stored: TokenSet | undefined,
    refusal: Refusal | undefined,
    signal: AbortSignal,
  ): Promise<Renewed | undefined> {
    if (this.#source.refresh === undefined || stored === undefined) return undefined
    if (!canRefresh(stored, this.#clocks.now())) return undefined
    try {
      const token = await this.#source.refresh(stored, { signal })
      await this.#record.write({ token: token.toStored(), refusal })
      return { held: new HeldToken(token, this.#clocks), how: 'refreshed' }
    } catch (error) {
      if (isRefreshRefused(error)) return await this.#afterRefusedRefresh(stored)
      await this.#note(error, refusal)
      throw error
    }
  }

  /** A refresh token that may be used once: another process may have been quicker, and has stored its new token. */
  async #afterRefusedRefresh(refused: TokenSet): Promise<Renewed | undefined> {
    const { token, refusal } = await this.#record.read()
    if (token !== undefined && token.accessToken !== refused.accessToken) {
      const held = new HeldToken(new TokenSet(token), this.#clocks)
      if (held.isFresh()) return { held, how: 'cached' }
    }
    const { refreshToken: _, refreshExpiresAt: __, ...rest } = refused.toStored()
    await this.#record.write({ token: rest, refusal })
    return undefined
  }

  /** Ends a token that a server refused, and keeps its refresh token. To be called with the lock. */
  async drop(accessToken: string): Promise<void> {
    const { token, refusal } = await this.#record.read()
    if (token === undefined || token.accessToken !== accessToken) return
    await this.#record.write({ token: token.refreshToken === undefined ? undefined : ended(token), refusal })
  }

  /** Notes for all who share the store until when nobody should ask. */
  async #note(error: unknown, before: Refusal | undefined): Promise<void> {
    const refusal = refusalAfter(error, before, this.#clocks.now())
    if (refusal !== undefined) await this.#record.write({ ...(await this.#record.read()), refusal })
  }
}

/** The same token, whose life is over: only its refresh token is of use. */
export function ended(token: StoredToken): StoredToken {
  return { ...token, expiresAt: token.issuedAt }
}

/** Whether the token is as new as it was wished for. */
export function meets(wish: RenewalWish | undefined, token: TokenSet): boolean {
  if (wish === undefined) return true
  return token.issuedAt.getTime() > wish.since && token.accessToken !== wish.other?.accessToken
}

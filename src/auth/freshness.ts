import type { TokenSet } from './token-set.ts'

/** A token is renewed this long before its end, or a tenth of its life where that is less. */
const MARGIN = 300_000
const SHARE = 0.1
/** Spreads the renewals of many processes: the margin grows by up to a tenth of itself. */
const JITTER = 0.1
/** How far the clocks of machines that share a store may differ, and how early a refresh token counts as ended. */
export const SKEW = 60_000
const REFRESH_MARGIN = 10_000

/** Clocks in milliseconds, and chance; tests have others. */
export interface Clocks {
  /** Since 1970. */
  readonly now: () => number
  /** Since any moment; nobody sets it. */
  readonly monotonic: () => number
  /** From 0 to below 1. */
  readonly random: () => number
}

/** A token with the moments that matter, by two clocks: a clock that is set back keeps no dead token alive. */
export class HeldToken {
  readonly token: TokenSet
  readonly #clocks: Clocks
  readonly #renewal: Moment
  readonly #end: Moment

  constructor(token: TokenSet, clocks: Clocks) {
    this.token = token
    this.#clocks = clocks
    const now = clocks.now()
    const monotonic = clocks.monotonic()
    const { issuedAt, expiresAt } = token.toStored()
    const lifetime = expiresAt - issuedAt
    // One from the future is older than it looks: the clock was set back since.
    const left = issuedAt > now + SKEW ? 0 : Math.min(expiresAt - now, lifetime)
    const margin = Math.min(MARGIN, lifetime * SHARE) * (1 + JITTER * clocks.random())
    this.#end = { now: Math.min(expiresAt, now + left), monotonic: monotonic + left }
    this.#renewal = { now: this.#end.now - margin, monotonic: this.#end.monotonic - margin }
  }

  /** Whether it is not yet to be renewed. */
  isFresh(): boolean {
    return this.#isBefore(this.#renewal)
  }

  /** Whether it has not ended. */
  isAlive(): boolean {
    return this.#isBefore(this.#end)
  }

  #isBefore(moment: Moment): boolean {
    return this.#clocks.now() < moment.now && this.#clocks.monotonic() < moment.monotonic
  }
}

interface Moment {
  readonly now: number
  readonly monotonic: number
}

/** Whether a refresh is worth asking for. A refresh token whose end is not known is tried. */
export function canRefresh({ refreshToken, refreshExpiresAt }: TokenSet, now: number): boolean {
  if (refreshToken === undefined) return false
  return refreshExpiresAt === undefined || now < refreshExpiresAt.getTime() - REFRESH_MARGIN
}

import { AuthError, type AuthErrorCode, HttpError } from '../errors.ts'
import { SKEW } from './freshness.ts'
import type { Refusal } from './store/token-store.ts'

/** After a refused login nobody tries again for a minute, after the next for two, and so on to an hour. */
const FIRST_PAUSE = 60_000
const LONGEST_PAUSE = 3_600_000
/** Words of a server that are kept. */
const KEPT = 1000

/** An answer to a password that grants nothing, and is not understood, may be a refusal too. */
const REFUSED: ReadonlySet<string> = new Set<AuthErrorCode>([
  'ERR_AUTH_REFUSED',
  'ERR_AUTH_PASSPORT_DENIED',
  'ERR_AUTH_PASSPORT_MISSING',
])
const PASSING: ReadonlySet<string> = new Set<AuthErrorCode>([
  'ERR_AUTH_RATE_LIMITED',
  'ERR_AUTH_MAINTENANCE',
  'ERR_AUTH_SERVER',
  'ERR_AUTH_RESPONSE',
])

/** Whether a login was refused for what was shown: the same again may lock the account. */
export function isLoginRefused(error: unknown): error is AuthError {
  return error instanceof AuthError && REFUSED.has(error.code)
}

/** Whether a refresh was refused, so that a login is the way. */
export function isRefreshRefused(error: unknown): boolean {
  return (
    error instanceof AuthError &&
    (error.code === 'ERR_AUTH_REFRESH_REFUSED' || error.code === 'ERR_AUTH_REFUSED')
  )
}

/** Whether it may be gone by itself the next time: the network, the server. */
export function isPassing(error: unknown): boolean {
  return error instanceof HttpError || (error instanceof AuthError && PASSING.has(error.code))
}

/**
 * What an error means for those who come next.
 *
 * @returns undefined where they may try at once
 */
export function refusalAfter(error: unknown, before: Refusal | undefined, now: number): Refusal | undefined {
  if (isLoginRefused(error)) {
    const count = (before?.count ?? 0) + 1
    const pause = Math.min(FIRST_PAUSE * 2 ** Math.min(count - 1, 30), LONGEST_PAUSE)
    return refusal(error, count, now, Math.max(now + pause, error.retryAfter?.getTime() ?? 0))
  }
  if (!(error instanceof AuthError) || !isPassing(error) || error.retryAfter === undefined) return undefined
  // A refused password stays refused, however soon the server wants to be asked again.
  if (before !== undefined && REFUSED.has(before.code) && now < before.until) return undefined
  return refusal(error, before?.count ?? 0, now, error.retryAfter.getTime())
}

function refusal({ code, message }: AuthError, count: number, now: number, until: number): Refusal {
  return { at: Math.floor(now), until: Math.ceil(until), count, code, message: message.slice(0, KEPT) }
}

/** The error for who comes while a refusal lasts; undefined where it is over. */
export function blockedBy(refusal: Refusal | undefined, now: number): AuthError | undefined {
  // One from the future was written before the clock was set back: nobody knows when it ends.
  if (refusal === undefined || now >= refusal.until || refusal.at > now + SKEW) return undefined
  const cause = new AuthError(refusal.code as AuthErrorCode, refusal.message)
  const retryAfter = new Date(refusal.until)
  const until = retryAfter.toISOString()
  if (PASSING.has(refusal.code)) {
    const hint = 'wait until retryAfter: the server asked for it'
    const message = `not asked again before ${until}: ${refusal.message}`
    return new AuthError(cause.code, message, { retryAfter, hint, cause })
  }
  const hint = 'correct what was refused, then clear the stored token, or wait until retryAfter'
  const message = `the last login was refused; none is tried before ${until}: ${refusal.message}`
  return new AuthError('ERR_AUTH_BLOCKED', message, { retryAfter, hint, cause })
}

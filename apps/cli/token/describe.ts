import { duration } from '../client/token-output.ts'
import type { Found } from './select.ts'

/** A token for programs, without its secrets. Names are stable. */
export function describeEntry({ id, entry: { key, token, refusal } }: Found): Record<string, unknown> {
  return {
    id,
    ...key,
    granted: token?.scope ?? null,
    issuedAt: time(token?.issuedAt),
    expiresAt: time(token?.expiresAt),
    hasRefreshToken: token?.refreshToken !== undefined,
    refreshExpiresAt: time(token?.refreshExpiresAt),
    blockedUntil: time(refusal?.until),
    refusal: refusal === undefined ? null : { code: refusal.code, message: refusal.message },
  }
}

/** How long it holds, in words. */
export function stateOf({ entry: { token, refusal } }: Found): string {
  const now = Date.now()
  if (refusal !== undefined && refusal.until > now) return `blocked: the login was refused (${refusal.code})`
  if (token === undefined) return 'none'
  if (token.expiresAt > now) return `good for ${duration(token.expiresAt - now)}`
  const { refreshToken, refreshExpiresAt = Number.POSITIVE_INFINITY } = token
  return refreshToken !== undefined && refreshExpiresAt > now ? 'ended, can be refreshed' : 'ended'
}

function time(milliseconds: number | undefined): Date | null {
  return milliseconds === undefined ? null : new Date(milliseconds)
}

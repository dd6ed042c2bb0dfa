import type { TokenKey, TokenSet } from '../../../src/auth/index.ts'
import { decodeJwt, type JwtClaims } from '../../../src/auth/jwt.ts'
import { AuthError } from '../../../src/errors.ts'
import type { OptionGroup } from '../options.ts'
import type { Output } from '../output.ts'
import { printable } from '../printable.ts'

/** Of the commands that print a token. */
export const TOKEN_OUTPUT: OptionGroup = {
  title: 'Output (default: the access token alone, in one line)',
  options: [{ name: 'json', summary: 'a JSON object: the token, when it ends, its scope, its claims' }],
}

/** Prints a token: it alone, or with what is known of it. */
export async function printToken(
  token: TokenSet,
  key: TokenKey,
  { output, json, claims }: { output: Output; json: boolean; claims: JwtClaims | undefined },
): Promise<void> {
  if (json) return await output.json(describeToken(token, key, claims))
  if (process.stderr.isTTY) {
    const ends = `${token.expiresAt.toISOString()} (in ${duration(token.expiresAt.getTime() - Date.now())})`
    output.say(`token for ${printable(key.account)} at ${key.host}; it ends ${ends}`, 'dim')
  }
  await output.data(`${token.accessToken}\n`)
}

function describeToken(
  token: TokenSet,
  key: TokenKey,
  claims: JwtClaims | undefined,
): Record<string, unknown> {
  return {
    accessToken: token.accessToken,
    tokenType: 'Bearer',
    expiresAt: token.expiresAt,
    expiresIn: Math.max(0, Math.floor((token.expiresAt.getTime() - Date.now()) / 1000)),
    scope: token.scope ?? null,
    hasRefreshToken: token.refreshToken !== undefined,
    refreshExpiresAt: token.refreshExpiresAt ?? null,
    platform: key.platform,
    host: key.host,
    account: key.account,
    claims: claims === undefined ? null : claimsForJson(claims),
  }
}

function claimsForJson({ verified, header, payload }: JwtClaims): Record<string, unknown> {
  return { verified, header, payload }
}

/** What a token says of itself; undefined where it is no JWT that we can read. */
export function unverifiedClaims(token: TokenSet): JwtClaims | undefined {
  try {
    return decodeJwt(token.accessToken)
  } catch (error) {
    if (error instanceof AuthError) return undefined
    throw error
  }
}

/** In words: `59 min`, `2 h 5 min`; `over` where it is past. */
export function duration(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000)
  if (seconds <= 0) return 'over'
  if (seconds < 120) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 120) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} days`
}

import { TokenSet } from './token-set.ts'

/** How long a token lives whose server does not say: short, so that a dead one is not kept for long. */
const DEFAULT_LIFETIME = 300
/** Longer than this is not believed; a Date must hold it. */
const LONGEST_LIFETIME = 10 * 366 * 24 * 3600

/** The fields of a token response (RFC 6749 section 5.1) as JSON gave them. */
export type TokenResponse = Readonly<Record<string, unknown>>

/** What a field must be like, with how an error says so. */
interface Rule {
  readonly must: string
  readonly fits: (value: unknown) => boolean
  readonly required?: true
}

const RULES: Readonly<Record<string, Rule>> = {
  token_type: { required: true, must: 'be "Bearer"', fits: (value) => /^bearer$/i.test(String(value)) },
  access_token: {
    required: true,
    must: 'be a text of the characters that RFC 6750 allows',
    fits: matches(/^[A-Za-z0-9._~+/-]+=*$/),
  },
  expires_in: { must: 'be seconds, above 0', fits: (value) => (seconds(value) ?? 0) > 0 },
  refresh_expires_in: { must: 'be seconds', fits: (value) => seconds(value) !== undefined },
  refresh_token: { must: 'be a printable text', fits: matches(/^[\x20-\x7e]+$/) },
  scope: { must: 'be a printable text', fits: matches(/^[\x20-\x7e]*$/) },
}

/** What is wrong with the fields; undefined where nothing is. */
export function whatIsWrong(response: TokenResponse): string | undefined {
  for (const [name, { must, fits, required }] of Object.entries(RULES)) {
    const value = response[name]
    if (value === undefined ? required : !fits(value)) return `${name} must ${must}`
  }
  return undefined
}

/** Fields that say nothing: `null` is how some servers leave one out. And none that nobody checks here. */
export function knownFields(json: TokenResponse): TokenResponse {
  return Object.fromEntries(Object.entries(json).filter(([name, value]) => name in RULES && value !== null))
}

/**
 * The token of a response that is as it should be.
 *
 * @param askedAt milliseconds since 1970, taken before the request: the token may live since then
 * @param previous what was refreshed: servers need not send the refresh token (section 6) and the scope again
 */
export function tokenOf(response: TokenResponse, askedAt: number, previous: TokenSet | undefined): TokenSet {
  const lifetime = seconds(response['expires_in']) ?? DEFAULT_LIFETIME
  const refreshToken = (response['refresh_token'] as string | undefined) ?? previous?.refreshToken
  const same = refreshToken === previous?.refreshToken
  return new TokenSet({
    accessToken: response['access_token'] as string,
    refreshToken,
    scope: (response['scope'] as string | undefined) || previous?.scope,
    issuedAt: askedAt,
    expiresAt: askedAt + milliseconds(lifetime),
    refreshExpiresAt:
      refreshExpiry(response, askedAt) ?? (same ? previous?.refreshExpiresAt?.getTime() : undefined),
  })
}

/** Keycloak says 0 of refresh tokens that do not end. */
function refreshExpiry(response: TokenResponse, askedAt: number): number | undefined {
  const lifetime = seconds(response['refresh_expires_in'])
  if (lifetime === undefined || lifetime === 0) return undefined
  return askedAt + milliseconds(lifetime)
}

function milliseconds(lifetime: number): number {
  return Math.floor(Math.min(lifetime, LONGEST_LIFETIME) * 1000)
}

/** Seconds as a number, or in digits as some servers send them. */
function seconds(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) && number >= 0 ? number : undefined
}

function matches(pattern: RegExp): (value: unknown) => boolean {
  return (value) => typeof value === 'string' && pattern.test(value)
}

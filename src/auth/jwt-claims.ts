import type { AuthError } from '../errors.ts'

/** The last second that a Date can hold. */
const LAST = 8.64e12

/** The registered claims (RFC 7519 section 4.1) with their types checked, and `scope`. */
export function readClaims(
  payload: Readonly<Record<string, unknown>>,
  wrong: (message: string) => AuthError,
) {
  const claim = <T>(name: string, must: string, read: (value: unknown) => T | undefined): T | undefined => {
    const value = Object.hasOwn(payload, name) ? payload[name] : undefined
    if (value === undefined) return undefined
    const found = read(value)
    if (found === undefined) throw wrong(`the token's claim ${name} must be ${must}`)
    return found
  }
  const text = (name: string) => claim(name, 'a string', asText)
  const date = (name: string) => claim(name, 'a number of seconds', asDate)
  return {
    issuer: text('iss'),
    subject: text('sub'),
    audience: claim('aud', 'a string or a list of strings', asTexts) ?? [],
    scope: claim('scope', 'a string or a list of strings', asTexts)?.join(' '),
    issuedAt: date('iat'),
    notBefore: date('nbf'),
    expiresAt: date('exp'),
  }
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function asTexts(value: unknown): string[] | undefined {
  const values: unknown[] = Array.isArray(value) ? value : [value]
  return values.every((each) => typeof each === 'string') ? values : undefined
}

/** NumericDate: seconds since 1970, with a fraction or without (section 2). */
function asDate(value: unknown): Date | undefined {
  if (typeof value !== 'number' || !(value >= 0 && value <= LAST)) return undefined
  return new Date(value * 1000)
}

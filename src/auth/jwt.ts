import { decodeJwt as decodePayload, decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose'
import { AuthError } from '../errors.ts'
import { printable } from '../x509/printable.ts'
import type { JwtKeys } from './jwks.ts'
import { readClaims } from './jwt-claims.ts'

/** Servers take no longer header. */
const LONGEST = 16 * 1024
/** How deep the header's and the claims' JSON may be nested. */
const DEEPEST = 16
/** By how much clocks may differ, in seconds. */
const TOLERANCE = 60
const THREE_PARTS = /^[\w-]+\.[\w-]+\.[\w-]*$/

/** Signatures by a key that only the server has. `none` and HMAC never: with them anyone who checks could sign. */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
] as const

/** What a JWT (RFC 7519) says of itself. */
export interface JwtClaims {
  /** False: nobody has checked the signature, and anyone may have written it. */
  readonly verified: boolean
  readonly header: Readonly<Record<string, unknown>>
  /** All claims as they stand there. */
  readonly payload: Readonly<Record<string, unknown>>
  /** Claim `iss`. */
  readonly issuer: string | undefined
  /** Claim `sub`: whose token it is. */
  readonly subject: string | undefined
  /** Claim `aud`. */
  readonly audience: readonly string[]
  /** Claim `scope`, divided by blanks. */
  readonly scope: string | undefined
  /** Claims `iat`, `nbf` and `exp`, by the server's clock. */
  readonly issuedAt: Date | undefined
  readonly notBefore: Date | undefined
  readonly expiresAt: Date | undefined
}

/** Options of {@link verifyAccessToken}. */
export interface VerifyAccessTokenOptions {
  /** Whose signatures count. */
  keys: JwtKeys
  /** What `iss` must be. Default: it does not count. */
  issuer?: string | undefined
  /** What `aud` must hold. Default: it does not count. */
  audience?: string | undefined
  /** Milliseconds since 1970. Default `Date.now`. */
  now?: (() => number) | undefined
}

/**
 * Reads a JWT (RFC 7519) without checking its signature: what it says is good to be shown, and to be relied on nowhere.
 *
 * @throws AuthError `ERR_AUTH_JWT` where it is none, is encrypted, longer than 16 KiB, or a claim is of the wrong type
 * @example
 * ```ts
 * import { decodeJwt } from 'sealkit/auth'
 * const { subject, expiresAt, verified } = decodeJwt('eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhMDAwMDEifQ.c2ln')
 * console.log(subject, expiresAt, verified) // 'a00001' undefined false
 * ```
 */
export function decodeJwt(token: string): JwtClaims & { readonly verified: false } {
  checkForm(token)
  try {
    return { verified: false, ...contents(decodeProtectedHeader(token), decodePayload(token)) }
  } catch (error) {
    throw notVerified(error, 'is no JWT')
  }
}

/**
 * Checks an access token that is a JWT: its signature (RFC 7515; RSA, ECDSA or EdDSA, never HMAC or `none`) by one of
 * the keys, and its claims `exp`, which must be there, `nbf`, and `iss` and `aud` where they are asked for. Clocks may
 * differ by 60 seconds.
 *
 * @throws AuthError `ERR_AUTH_JWT` where any of it is wrong; those of the keys
 * @example
 * ```ts
 * import { jwtKeys, verifyAccessToken } from 'sealkit/auth'
 * const keys = jwtKeys(new URL('https://api.clearstream.com/authmanager/oauth2/connect/jwk_uri'), fetch)
 * async function subjectOf(token: string) {
 *   return (await verifyAccessToken(token, { keys })).subject
 * }
 * ```
 */
export async function verifyAccessToken(
  token: string,
  options: VerifyAccessTokenOptions,
): Promise<JwtClaims & { readonly verified: true }> {
  const { keys, issuer, audience, now = Date.now } = options
  checkForm(token)
  try {
    const { protectedHeader, payload } = await jwtVerify(token, keys, {
      algorithms: [...ALGORITHMS],
      clockTolerance: TOLERANCE,
      currentDate: new Date(now()),
      requiredClaims: ['exp'],
      ...(issuer === undefined ? {} : { issuer }),
      ...(audience === undefined ? {} : { audience }),
    })
    return { verified: true, ...contents(protectedHeader, payload) }
  } catch (error) {
    throw notVerified(error, 'is not to be trusted')
  }
}

function checkForm(token: string): void {
  if (typeof token !== 'string') throw new TypeError('token must be a string')
  if (token.length > LONGEST) throw wrong(`the token is longer than ${LONGEST} characters`)
  if (THREE_PARTS.test(token)) return
  const isEncrypted = /^[\w-]+(?:\.[\w-]*){4}$/.test(token)
  throw wrong(
    isEncrypted ? 'the token is encrypted (JWE): only the server can read it' : 'the token is no JWT',
  )
}

function contents(header: object, payload: JWTPayload): Omit<JwtClaims, 'verified'> {
  for (const [what, value] of Object.entries({ header, payload })) {
    if (!isShallow(value, DEEPEST)) throw wrong(`the token's ${what} is nested deeper than ${DEEPEST}`)
  }
  return { header: { ...header }, payload, ...readClaims(payload, wrong) }
}

function isShallow(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true
  return levels > 0 && Object.values(value).every((each) => isShallow(each, levels - 1))
}

/** Errors of jose as ours; its words hold names of claims and algorithms, and nothing of the token. */
function notVerified(error: unknown, what: string): unknown {
  if (error instanceof AuthError || !isAboutToken(error)) return error
  return wrong(`the token ${what}: ${printable(error.message)}`, hintOf(error))
}

/** A TypeError is what jose says of a key that does not fit the algorithm, or is too weak. */
function isAboutToken(error: unknown): error is Error {
  return error instanceof errors.JOSEError || error instanceof TypeError
}

function hintOf(error: Error): string | undefined {
  if (error instanceof errors.JWTExpired) return 'ask for a new token; the clock of the machine must be right'
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) {
    return 'take the key set of the very server that issued the token'
  }
  return undefined
}

function wrong(
  message: string,
  hint = 'take the access token as the server gave it, and the key set of that server',
): AuthError {
  return new AuthError('ERR_AUTH_JWT', message, { hint })
}

import {
  createLocalJWKSet,
  createRemoteJWKSet,
  customFetch,
  errors,
  type JSONWebKeySet,
  type JWTVerifyGetKey,
} from 'jose'
import { AuthError } from '../errors.ts'
import { readRefusedAnswer, readText } from './answer.ts'
import { answerFacts, apiError } from './api-error.ts'

/** A key set is some kB. */
const LONGEST = 256 * 1024
const TIME_LIMIT = 30_000
const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json$/

/** Finds the key for a JWT: what {@link jwtKeys} gives. */
export type JwtKeys = JWTVerifyGetKey

/** A JSON Web Key Set (RFC 7517 section 5). */
export type { JSONWebKeySet }

/**
 * The public keys that JWTs are verified with. Keys behind a URL are read when they are first needed, kept for ten
 * minutes, and read anew where a token names one that is not among them, but not more often than each 30 seconds.
 *
 * What the keys are asked for throws AuthError: `ERR_AUTH_RESPONSE` where the answer is no key set (the content type
 * must be JSON: the platform answers with a page and status 200 to much that does not exist), `ERR_AUTH_NOT_FOUND`,
 * `ERR_AUTH_MAINTENANCE` and so on by the status.
 *
 * @param source a JSON Web Key Set (RFC 7517), or where it is, https
 * @param http the transport's fetch
 * @throws TypeError for another URL
 * @throws AuthError `ERR_AUTH_JWT` where the object is no key set
 * @example
 * ```ts
 * import { jwtKeys } from 'sealkit/auth'
 * const keys = jwtKeys(new URL('https://sso.example/keys'), fetch)
 * ```
 */
export function jwtKeys(source: JSONWebKeySet | URL, http: typeof fetch): JwtKeys {
  if (!(source instanceof URL)) return localKeys(source)
  if (source.protocol !== 'https:' || source.username !== '' || source.password !== '') {
    throw new TypeError('the URL of a key set must be https, without a name and password in it')
  }
  return createRemoteJWKSet(source, {
    timeoutDuration: TIME_LIMIT,
    [customFetch]: async (url, { method, signal, redirect }) => {
      const headers = { accept: 'application/json, application/jwk-set+json' }
      return await checked(await http(url, { method, headers, signal, redirect }), url)
    },
  })
}

function localKeys(source: JSONWebKeySet): JwtKeys {
  try {
    return createLocalJWKSet(source)
  } catch (error) {
    if (!(error instanceof errors.JOSEError)) throw error
    const hint = 'a key set is {"keys": [...]} (RFC 7517)'
    throw new AuthError('ERR_AUTH_JWT', 'the key set is malformed', { hint })
  }
}

/** The same answer, if it can be a key set. */
async function checked(response: Response, url: string): Promise<Response> {
  const request = `GET ${url.split('?')[0]}`
  if (response.status !== 200) throw apiError(await readRefusedAnswer(response), { request })
  const type = response.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? ''
  const { text, whole } = await readText(response, LONGEST)
  const why = !JSON_TYPE.test(type)
    ? `its content type is ${JSON.stringify(type)}`
    : !whole
      ? `it is longer than ${LONGEST} bytes`
      : isKeySet(text)
        ? undefined
        : 'it is no JSON object with a list of keys'
  if (why === undefined) return new Response(text)
  const answer = {
    status: response.status,
    headers: response.headers,
    text,
    contentType: type,
    json: undefined,
  }
  const hint = 'check the URL of the key set: this may be another page of the server, or of a proxy'
  const message = `the answer to ${request} is no key set: ${why}`
  throw new AuthError('ERR_AUTH_RESPONSE', message, { ...answerFacts(answer), hint })
}

function isKeySet(text: string): boolean {
  try {
    const { keys } = JSON.parse(text) ?? {}
    return (
      Array.isArray(keys) &&
      keys.length <= 100 &&
      keys.every((key) => typeof key === 'object' && key !== null)
    )
  } catch {
    return false
  }
}

import { AuthError, type AuthErrorCode } from '../../errors.ts'
import type { RefusedAnswer } from '../answer.ts'
import { answerFacts, apiError } from '../api-error.ts'
import { isHtml } from './html.ts'
import { placeOf } from './passport-refused.ts'

/** What a refused login may come from: MOEX's answer does not tell which. */
const LOGIN_HINT =
  'one of these is wrong: client_id; client_secret (it belongs to the client_id and the environment); ' +
  'the certificate of the signature is not registered to the user, or is expired; ' +
  'the signature is not over the very bytes of the MOEX Passport Token, or the token has expired; ' +
  'algorithm (RSA or GOST) is not that of the key'

const REFRESH_HINT = 'log in anew: the refresh token has ended, was used before, or belongs to another client'

/** OAuth's words (RFC 6749 section 5.2) for a login that is refused with 400. */
const REFUSALS: ReadonlySet<string> = new Set(['invalid_grant', 'invalid_client', 'unauthorized_client'])

/** The error for an answer of the token endpoint to a login. */
export function loginRefused(answer: RefusedAnswer, url: URL, scope: string, now: number): AuthError {
  const error = errorWord(answer)
  if (error === 'invalid_scope') {
    const hint = `ask for scopes that the client_id is allowed: ${scope} is not, or not as a whole`
    return refused('ERR_AUTH_SCOPE', 'the scope was refused', answer, url, hint, now)
  }
  if (isRefusal(answer, error)) {
    return refused('ERR_AUTH_REFUSED', 'the login was refused', answer, url, LOGIN_HINT, now)
  }
  return otherAnswer(answer, url, now)
}

/** The error for an answer of the token endpoint to a refresh token. */
export function refreshRefused(answer: RefusedAnswer, url: URL, now: number): AuthError {
  if (answer.status === 400 || isRefusal(answer, errorWord(answer))) {
    return refused(
      'ERR_AUTH_REFRESH_REFUSED',
      'the refresh token was refused',
      answer,
      url,
      REFRESH_HINT,
      now,
    )
  }
  return otherAnswer(answer, url, now)
}

/** Why an API call is forbidden though the token is good; undefined for other answers. */
export function callForbidden(answer: RefusedAnswer, scope: string, now: number): AuthError | undefined {
  if (answer.status !== 403) return undefined
  const message = `the token is not enough for the call: status 403${serversWords(answer)}`
  const hint =
    `one of these is missing: a scope beside ${scope}; MOEX's approval for the user to use this system; ` +
    "the rights of the user's firm or account; or the token is of the other environment"
  return new AuthError('ERR_AUTH_FORBIDDEN', message, { ...answerFacts(answer, now), hint })
}

function isRefusal({ status }: RefusedAnswer, error: string | undefined): boolean {
  return status === 401 || status === 403 || (status === 400 && REFUSALS.has(error ?? ''))
}

function otherAnswer(answer: RefusedAnswer, url: URL, now: number): AuthError {
  const error = apiError(answer, { request: `POST ${placeOf(url)}`, now })
  if (answer.status < 500 || !isHtml(answer) || error.code === 'ERR_AUTH_MAINTENANCE') return error
  const hint = 'try again later; the answer is a page of HTML, as servers show under maintenance'
  return new AuthError('ERR_AUTH_MAINTENANCE', error.message, { ...answerFacts(answer, now), hint })
}

function refused(
  code: AuthErrorCode,
  what: string,
  answer: RefusedAnswer,
  url: URL,
  hint: string,
  now: number,
): AuthError {
  const message = `${what} by ${placeOf(url)}: status ${answer.status}${serversWords(answer)}`
  return new AuthError(code, message, { ...answerFacts(answer, now), hint })
}

/** Keycloak's `error` and `error_description` (RFC 6749 section 5.2), on one line. */
function serversWords(answer: RefusedAnswer): string {
  const words = [errorWord(answer), field(answer, 'error_description')].filter((text) => text !== undefined)
  const line = words.join(': ').replaceAll(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ')
  return line === '' ? '' : ` (${line.slice(0, 300)})`
}

function errorWord(answer: RefusedAnswer): string | undefined {
  return field(answer, 'error')
}

function field({ json }: RefusedAnswer, name: string): string | undefined {
  if (typeof json !== 'object' || json === null) return undefined
  const value: unknown = new Map<string, unknown>(Object.entries(json)).get(name)
  return typeof value === 'string' && value.trim() !== '' ? value : undefined
}

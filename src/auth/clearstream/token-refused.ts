import { AuthError, type AuthErrorCode } from '../../errors.ts'
import type { RefusedAnswer } from '../answer.ts'
import { answerFacts, apiError } from '../api-error.ts'
import { validScopes } from './valid-scopes.ts'

/** Clearstream does not say which it is. */
const LOGIN_HINT =
  'one of these is wrong: the user name; the password; the grants of the API consumer in Xact (each API of the scope ' +
  "must be granted); the client certificate (its CN must be the user name). The cause stands in the OU's audit log in Xact"

const REFRESH_HINT = 'log in anew: the refresh token has ended, was used before, or belongs to another user'

/** Errors of OAuth (RFC 6749 section 5.2) that come with status 400 and are not about scopes. */
const REFUSALS: ReadonlySet<string> = new Set(['invalid_grant', 'invalid_client', 'unauthorized_client'])
const REQUESTS: ReadonlySet<string> = new Set(['invalid_request', 'unsupported_grant_type'])

/** What is known of the request that was refused. */
export interface Asked {
  readonly url: URL
  readonly scope: string
  readonly now: number
}

/** The error for an answer of the token endpoint to a login. */
export function loginRefused(answer: RefusedAnswer, asked: Asked): AuthError {
  const error = errorWord(answer)
  const { status } = answer
  if (status === 401 || status === 403 || (status === 400 && REFUSALS.has(error ?? ''))) {
    return refused('ERR_AUTH_REFUSED', 'the login was refused', answer, asked, { hint: LOGIN_HINT })
  }
  // The guide: 400 is about scopes, everything else is 403.
  if (status === 400 && !REQUESTS.has(error ?? '')) return scopeRefused(answer, asked)
  return apiError(answer, { request: `POST ${asked.url.origin}${asked.url.pathname}`, now: asked.now })
}

/** The error for an answer of the token endpoint to a refresh token. */
export function refreshRefused(answer: RefusedAnswer, asked: Asked): AuthError {
  if (answer.status >= 400 && answer.status < 500 && answer.status !== 429) {
    const what = 'the refresh token was refused'
    return refused('ERR_AUTH_REFRESH_REFUSED', what, answer, asked, { hint: REFRESH_HINT })
  }
  return loginRefused(answer, asked)
}

function scopeRefused(answer: RefusedAnswer, asked: Asked): AuthError {
  const valid = validScopes(answer)
  const what = `the scope was refused (${asked.scope})`
  if (valid.length === 0) {
    const hint =
      'ask for scopes of APIs that are granted to the API consumer in Xact: allow ocapi-playground-v1 is one'
    return refused('ERR_AUTH_SCOPE', what, answer, asked, { hint })
  }
  const wrong = asked.scope.split(/\s+/).filter((word) => !valid.includes(word))
  const which = wrong.length === 0 ? '' : `; not valid: ${wrong.join(' ')}`
  const hint = `ask for scopes of these: ${valid.join(' ')}${which}`
  return refused('ERR_AUTH_SCOPE', what, answer, asked, { hint, validScopes: valid })
}

function refused(
  code: AuthErrorCode,
  what: string,
  answer: RefusedAnswer,
  { url, now }: Asked,
  more: { hint: string; validScopes?: readonly string[] },
): AuthError {
  const message = `${what} by ${url.origin}${url.pathname}: status ${answer.status}`
  return new AuthError(code, message, { ...answerFacts(answer, now), ...more })
}

function errorWord({ json }: RefusedAnswer): string | undefined {
  const { error }: { error?: unknown } = typeof json === 'object' && json !== null ? json : {}
  return typeof error === 'string' ? error : undefined
}

import { AuthError, type AuthErrorCode, type AuthErrorOptions } from '../errors.ts'
import { retryAfterOf } from '../http/index.ts'
import type { RefusedAnswer } from './answer.ts'
import { certificatePage } from './certificate-page.ts'

/** How much of an answer stands in an error. */
const SHOWN = 2000

/** Options of {@link apiError}. */
export interface ApiErrorOptions {
  /** What was asked, for the message: `GET https://host/path`. */
  request?: string | undefined
  /** From when Retry-After counts, in milliseconds since 1970. Default: now. */
  now?: number | undefined
  /** What a platform knows better; undefined where it does not. */
  explain?: ((answer: RefusedAnswer) => AuthError | undefined) | undefined
}

/**
 * The error that an answer other than 2xx is: a code for 401, 403, 404, 429, 503, other 4xx and 5xx, and redirects.
 * It carries the status, the answer's beginning with what is secret left out, and Retry-After.
 *
 * @example
 * ```ts
 * import { apiError, readRefusedAnswer } from 'sealkit/auth'
 * const response = new Response('slow down', { status: 429, headers: { 'retry-after': '5' } })
 * const error = apiError(await readRefusedAnswer(response), { request: 'GET https://api.example/orders' })
 * console.log(error.code, error.retryAfter)
 * ```
 */
export function apiError(answer: RefusedAnswer, options: ApiErrorOptions = {}): AuthError {
  const explained = certificatePage(answer) ?? options.explain?.(answer)
  if (explained !== undefined) return explained
  const [code, meaning, hint] = kindOf(answer.status)
  const asked = options.request === undefined ? '' : ` to ${options.request}`
  const words = code === 'ERR_AUTH_REDIRECT' ? locationOf(answer) : wordsOf(answer)
  const message = `${meaning}: status ${answer.status}${asked}${words === undefined ? '' : `: ${words}`}`
  return new AuthError(code, message, { ...answerFacts(answer, options.now), hint })
}

/** What every error about an answer carries. */
export function answerFacts(answer: RefusedAnswer, now: number = Date.now()): AuthErrorOptions {
  return {
    status: answer.status,
    answer: answer.text.slice(0, SHOWN),
    retryAfter: retryAfterOf(answer.headers, now),
  }
}

type Kind = readonly [code: AuthErrorCode, meaning: string, hint: string]

const KINDS: Readonly<Record<number, Kind>> = {
  401: [
    'ERR_AUTH_TOKEN_REFUSED',
    'the token was refused',
    'check that the token is for this server and that the account may use it; the clock of the machine must be right',
  ],
  403: [
    'ERR_AUTH_FORBIDDEN',
    'the call is not allowed',
    "check the token's scopes, the account's rights and the client certificate",
  ],
  404: ['ERR_AUTH_NOT_FOUND', 'there is nothing at this address', 'check the path and the environment'],
  429: ['ERR_AUTH_RATE_LIMITED', 'too many requests', 'wait until retryAfter, and ask less often'],
  503: ['ERR_AUTH_MAINTENANCE', 'the server is down for maintenance', 'try again later'],
}

function kindOf(status: number): Kind {
  const known = KINDS[status]
  if (known !== undefined) return known
  if (status >= 500) return ['ERR_AUTH_SERVER', 'the server failed', 'try again later']
  if (status >= 400) {
    return [
      'ERR_AUTH_REQUEST',
      'the request was refused',
      'check what is sent; the answer may say what is wrong',
    ]
  }
  const hint = 'ask the address that it names, if it is right; a token is not sent there by itself'
  return ['ERR_AUTH_REDIRECT', 'the server sends elsewhere', hint]
}

/** The server's own words, where it says them in one of the usual fields. */
function wordsOf({ json }: RefusedAnswer): string | undefined {
  if (typeof json !== 'object' || json === null) return undefined
  const fields = json as Readonly<Record<string, unknown>>
  const words = ['error', 'error_description', 'message', 'title', 'detail']
    .map((name) => fields[name])
    .filter((value): value is string => typeof value === 'string' && value.trim() !== '')
  return words.length === 0 ? undefined : printable([...new Set(words)].join(': '))
}

/** Without query and fragment: secrets stand there. */
function locationOf({ headers }: RefusedAnswer): string | undefined {
  const location = headers.get('location')?.split(/[?#]/)[0]
  return location === undefined || location === '' ? undefined : printable(location)
}

function printable(text: string): string {
  const line = text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim()
  return line.length <= 300 ? line : `${line.slice(0, 300)}…`
}

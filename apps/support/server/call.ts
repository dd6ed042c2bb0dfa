import { refusedAnswer } from '../../../src/auth/answer.ts'
import { apiError } from '../../../src/auth/api-error.ts'
import { originAllowed } from '../../../src/auth/origins.ts'
import { AuthError } from '../../../src/errors.ts'
import type { CallAnswer, CallAsk } from '../api.ts'
import { readAnswer } from './answer-body.ts'
import type { Desk, DeskToken } from './desk.ts'
import { problemOf } from './problem.ts'
import { Refusal } from './refusal.ts'

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']
/** They are made by the transport, or by the token. */
const OWN_HEADERS =
  /^(authorization|proxy-.*|host|content-length|transfer-encoding|connection|upgrade|expect|te|trailer|keep-alive)$/i

interface CallWith {
  readonly desk: Desk
  readonly token: DeskToken
  readonly signal: AbortSignal
}

/** @throws Refusal 422 for what cannot be sent; HttpError where there is no answer */
export async function callApi(
  ask: CallAsk,
  { desk, token, signal }: CallWith,
): Promise<Omit<CallAnswer, 'trace'>> {
  const { method, body } = ask
  if (!METHODS.includes(method)) throw wrong('method', `The method must be one of ${METHODS.join(', ')}.`)
  if (body !== undefined && (method === 'GET' || method === 'HEAD')) {
    throw wrong('body', `${method} has no body.`)
  }
  const url = urlOf(ask.url, token.origins)
  const headers = headersOf(ask.headers)
  headers.set('authorization', `Bearer ${token.set.accessToken}`)
  const start = performance.now()
  const response = await desk.http.fetch(url, {
    method,
    headers,
    signal,
    ...(body === undefined ? {} : { body }),
  })
  const answer = await readAnswer(response)
  const milliseconds = Math.round(performance.now() - start)
  const problem = response.ok ? undefined : explain(response, answer.text ?? '', { desk, token, method, url })
  return {
    status: response.status,
    statusText: response.statusText,
    headers: [...response.headers],
    ...answer,
    milliseconds,
    ...(problem === undefined ? {} : { problem }),
  }
}

function urlOf(text: string, origins: readonly string[]): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '') {
    throw wrong('api-url', 'The server must be https://, a host, and no name or password.')
  }
  if (originAllowed(url, origins)) return url
  const hint = `the token may go to ${origins.join(', ')}; for another server ask for a token there`
  throw new AuthError('ERR_AUTH_ORIGIN', `the token is not for ${url.origin}`, { hint })
}

function headersOf(given: CallAsk['headers']): Headers {
  const headers = new Headers()
  for (const [name, value] of given) {
    if (OWN_HEADERS.test(name)) throw wrong('headers', `${name} is made by itself: leave it out.`)
    try {
      headers.append(name, value)
    } catch {
      throw wrong('headers', 'A header must be a line as “Name: value”.')
    }
  }
  return headers
}

function explain(
  response: Response,
  text: string,
  { desk, token, method, url }: Pick<CallWith, 'desk' | 'token'> & { method: string; url: URL },
) {
  const answer = refusedAnswer(response, text, [])
  const request = `${method} ${url.origin}${url.pathname}`
  return problemOf(desk.explain(answer, token.set) ?? apiError(answer, { request }), undefined)
}

function wrong(setting: string, message: string): Refusal {
  return new Refusal(422, { code: 'ERR_SUPPORT_CALL', message, setting })
}

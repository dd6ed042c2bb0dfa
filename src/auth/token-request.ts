import {
  customFetch,
  genericTokenEndpointRequest,
  OperationProcessingError,
  processGenericTokenEndpointResponse,
  UnsupportedOperationError,
} from 'oauth4webapi'
import { AuthError, HttpError } from '../errors.ts'
import { type RefusedAnswer, readRefusedAnswer, readText, refusedAnswer } from './answer.ts'
import { answerFacts } from './api-error.ts'
import { certificatePage } from './certificate-page.ts'
import { hideAll } from './hide-all.ts'
import type { HttpClient } from './http-client.ts'
import { withoutTokens } from './redact-answer.ts'
import { knownFields, type TokenResponse, tokenOf, whatIsWrong } from './token-response.ts'
import type { TokenSet } from './token-set.ts'

/** A token response is about 3 kB. */
const LONGEST_ANSWER = 1024 * 1024

/** Parameters that anyone may see; all others are taken for secrets. */
const OPEN = /^(grant_type\w*|scope|client_id|username|algorithm|audience|resource)$/

/** Options of {@link requestToken}. */
export interface TokenRequestOptions {
  http: HttpClient
  /** The token endpoint, https. */
  url: URL
  /** The form's fields (RFC 6749 section 4), `grant_type` among them. No `client_id` is added. */
  parameters: Readonly<Record<string, string>> | URLSearchParams
  /** Milliseconds since 1970. Default: `Date.now`. */
  now?: (() => number) | undefined
  signal?: AbortSignal | undefined
  /** Makes the error of an answer whose status is not 2xx; may fall back on `apiError`. */
  refused: (answer: RefusedAnswer) => AuthError
  /** The token that is refreshed: what the answer does not name is kept of it. */
  previous?: TokenSet | undefined
}

/**
 * Asks a token endpoint for a token (RFC 6749 section 4 and 6). Its time counts from before the request by our own
 * clock; where the server does not say how long the token lives, 300 seconds are assumed. A refresh token that the
 * server does not replace is kept.
 *
 * @throws AuthError by `refused`; `ERR_AUTH_RESPONSE` for a 2xx that is no token response
 * @throws HttpError where there is no answer; `ERR_HTTP_URL` where the URL is not https
 */
export async function requestToken(options: TokenRequestOptions): Promise<TokenSet> {
  const { http, url, refused, now = Date.now } = options
  if (url.protocol !== 'https:') {
    const hint = 'write it as https://host/path'
    throw new HttpError('ERR_HTTP_URL', 'a token endpoint must be https', { phase: 'request', hint })
  }
  const parameters = new URLSearchParams(options.parameters)
  const secrets = [...parameters].filter(([name]) => !OPEN.test(name)).map(([, value]) => value)
  using _hidden = hideAll(http, secrets)
  const askedAt = now()
  const response = await post(http, url, parameters, options.signal)
  if (!response.ok) {
    const answer = await readRefusedAnswer(response, secrets)
    throw certificatePage(answer) ?? refused(answer)
  }
  return tokenOf(await readTokenResponse(response, secrets), askedAt, options.previous)
}

/** oauth4webapi wants to know a server and a client; with no authentication of it, none of it is sent. */
const CLIENT = { client_id: 'not sent' }

async function post(
  http: HttpClient,
  url: URL,
  parameters: URLSearchParams,
  signal: AbortSignal | undefined,
): Promise<Response> {
  const server = { issuer: url.origin, token_endpoint: url.href }
  const grantType = parameters.get('grant_type') ?? ''
  return await genericTokenEndpointRequest(server, CLIENT, () => {}, grantType, parameters, {
    ...(signal === undefined ? {} : { signal }),
    [customFetch]: (to, init) => {
      // The transport has a user agent of its own.
      const { 'user-agent': _, ...headers } = init.headers
      return http.fetch(to, { ...init, headers, signal: signal ?? null })
    },
  })
}

async function readTokenResponse(response: Response, secrets: readonly string[]): Promise<TokenResponse> {
  const { text, whole } = await readText(response, LONGEST_ANSWER)
  const not = (why: string, cause?: unknown): AuthError => {
    const answer = refusedAnswer(response, withoutTokens(text), secrets)
    const hint = 'check the URL of the token endpoint: this may be another page of the server, or of a proxy'
    return new AuthError('ERR_AUTH_RESPONSE', `the answer is no token response: ${why}`, {
      ...answerFacts(answer),
      hint,
      cause,
    })
  }
  if (response.status !== 200) throw not(`its status is ${response.status}`)
  if (!whole) throw not('it is longer than 1 MiB')
  const json = parseObject(text)
  if (json === undefined) throw not('it is no JSON object')
  const fields = knownFields(json)
  const wrong = whatIsWrong(fields)
  if (wrong !== undefined) throw not(wrong)
  return await judged(fields, not)
}

/** By the standard's rules too. An id_token is not among the fields: nobody asks for one, and it would be judged. */
async function judged(
  fields: TokenResponse,
  not: (why: string, cause?: unknown) => AuthError,
): Promise<TokenResponse> {
  const headers = { 'content-type': 'application/json' }
  const response = new Response(JSON.stringify(fields), { headers })
  try {
    return { ...(await processGenericTokenEndpointResponse({ issuer: 'https://unused' }, CLIENT, response)) }
  } catch (error) {
    // The error's cause holds the token: it goes no further.
    if (error instanceof OperationProcessingError || error instanceof UnsupportedOperationError) {
      throw not(error.message)
    }
    throw error
  }
}

function parseObject(text: string): TokenResponse | undefined {
  try {
    const json: unknown = JSON.parse(text)
    return typeof json === 'object' && json !== null && !Array.isArray(json)
      ? (json as TokenResponse)
      : undefined
  } catch {
    return undefined
  }
}

import type { AuthError } from '../errors.ts'
import { type RefusedAnswer, readRefusedAnswer } from './answer.ts'
import { apiError } from './api-error.ts'

/** Options of {@link callApi}. */
export interface CallOptions {
  body?: RequestInit['body'] | undefined
  headers?: RequestInit['headers'] | undefined
  signal?: AbortSignal | undefined
  /** What a platform knows better about an answer; undefined where it does not. */
  explain?: ((answer: RefusedAnswer) => AuthError | undefined) | undefined
}

/**
 * Makes a call, and throws for every answer that is not 2xx.
 *
 * @param fetch mostly that of `authorizedFetch`
 * @returns the answer, its body unread
 * @throws AuthError `ERR_AUTH_TOKEN_REFUSED` (401), `ERR_AUTH_FORBIDDEN` (403), `ERR_AUTH_NOT_FOUND` (404),
 *   `ERR_AUTH_REQUEST` (other 4xx), `ERR_AUTH_RATE_LIMITED` (429), `ERR_AUTH_MAINTENANCE` (503), `ERR_AUTH_SERVER`
 *   (other 5xx), `ERR_AUTH_REDIRECT` (3xx); and what `fetch` throws
 * @example
 * ```ts
 * import { callApi } from 'sealkit/auth'
 * declare const api: typeof fetch
 * const response = await callApi(api, 'GET', 'https://api.example/orders')
 * console.log(await response.json())
 * ```
 */
export async function callApi(
  fetch: typeof globalThis.fetch,
  method: string,
  url: string | URL,
  options: CallOptions = {},
): Promise<Response> {
  const { body, headers, signal, explain } = options
  const response = await fetch(url, {
    method,
    ...(body === undefined ? {} : { body }),
    ...(headers === undefined ? {} : { headers }),
    ...(signal === undefined ? {} : { signal }),
    ...(body instanceof ReadableStream ? { duplex: 'half' } : {}),
  })
  if (response.ok) return response
  // Without the query: secrets stand there.
  const { origin, pathname } = new URL(url)
  throw apiError(await readRefusedAnswer(response), { request: `${method} ${origin}${pathname}`, explain })
}

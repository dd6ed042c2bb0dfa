import type { BodyInit } from 'undici'
import { HttpError } from '../errors.ts'

/** A request as undici's fetch takes it. */
export interface PreparedRequest {
  readonly url: URL
  readonly method: string
  /** With names in lower case. */
  readonly headers: Record<string, string>
  readonly signal: AbortSignal | undefined
  readonly init: Readonly<Record<string, unknown>>
}

/**
 * What the global fetch takes, for undici's own: Node's Request, Headers and FormData are other classes there. A Request's
 * body is read whole, so that it goes out with its length.
 *
 * @throws HttpError `ERR_HTTP_URL`; TypeError for what fetch does not take
 */
export async function requestOf(
  input: string | URL | Request,
  init: RequestInit = {},
): Promise<PreparedRequest> {
  const from = input instanceof Request ? input : undefined
  const url = urlOf(from === undefined ? (input as string | URL) : from.url)
  const headers = headersOf(init.headers ?? from?.headers)
  const given = init.body ?? (from === undefined || from.body === null ? null : await from.arrayBuffer())
  const body = given instanceof FormData ? await encodeForm(given, headers) : given
  const method = (init.method ?? from?.method ?? 'GET').toUpperCase()
  const redirect = init.redirect === 'error' ? 'error' : 'manual'
  return {
    url,
    method,
    headers,
    signal: init.signal ?? from?.signal ?? undefined,
    init: { ...init, method, headers, redirect, ...(body === null ? {} : { body }) },
  }
}

/** Only https, and nothing secret in it: URLs stand in logs. */
function urlOf(input: string | URL): URL {
  const url = URL.canParse(String(input)) ? new URL(input) : undefined
  if (url === undefined) throw new TypeError('the URL must be a whole one: https://host/path')
  if (url.protocol !== 'https:') throw badUrl(`only https is spoken, not ${url.protocol}`)
  if (url.username !== '' || url.password !== '') throw badUrl('there is a name or a password in the URL')
  return url
}

function badUrl(message: string): HttpError {
  return new HttpError('ERR_HTTP_URL', message, { phase: 'request', hint: 'write it as https://host/path' })
}

/** A record is what undici takes quickest. */
function headersOf(given: RequestInit['headers']): Record<string, string> {
  return Object.fromEntries(given instanceof Headers ? given : new Headers(given))
}

async function encodeForm(form: FormData, headers: Record<string, string>): Promise<BodyInit> {
  const encoded = new Response(form)
  headers['content-type'] = encoded.headers.get('content-type') ?? ''
  return await encoded.arrayBuffer()
}

import { Readable } from 'node:stream'
import type { Dispatcher } from 'undici'
import { HttpError } from '../errors.ts'

/** A request as undici takes it. */
export interface PreparedRequest {
  readonly url: URL
  readonly method: Dispatcher.HttpMethod
  /** With names in lower case. */
  readonly headers: Record<string, string>
  readonly body: string | Uint8Array | Readable | null
  readonly signal: AbortSignal | undefined
  /** What is done where the answer is a redirect. */
  readonly redirect: 'manual' | 'error'
}

/** Fields of the connection, which is not the caller's matter, as with fetch. */
const OWN_FIELDS: readonly string[] = [
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]

/**
 * Reads what the global fetch takes. A Request's body is read whole, so that it goes out with its length.
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
  const method = (init.method ?? from?.method ?? 'GET').toUpperCase()
  if (given !== null && (method === 'GET' || method === 'HEAD')) {
    throw new TypeError(`a request with method ${method} cannot have a body`)
  }
  return {
    url,
    method: method as Dispatcher.HttpMethod,
    headers,
    body: given === null ? null : await bodyOf(given, headers),
    signal: init.signal ?? from?.signal ?? undefined,
    redirect: (init.redirect ?? from?.redirect) === 'error' ? 'error' : 'manual',
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

function headersOf(given: RequestInit['headers']): Record<string, string> {
  const headers = Object.fromEntries(given instanceof Headers ? given : new Headers(given))
  for (const name of OWN_FIELDS) delete headers[name]
  return headers
}

type Given = NonNullable<RequestInit['body']> | ArrayBuffer

/** The bytes, with the type that fetch gives them. A stream is passed on, in pieces. */
async function bodyOf(given: Given, headers: Record<string, string>): Promise<PreparedRequest['body']> {
  if (given instanceof ReadableStream)
    return Readable.fromWeb(given as Parameters<typeof Readable.fromWeb>[0])
  if (given instanceof Uint8Array) return given
  if (typeof given === 'string') {
    headers['content-type'] ??= 'text/plain;charset=UTF-8'
    return given
  }
  // Forms, Blobs, other views: as the global Response encodes them.
  const encoded = new Response(given as ConstructorParameters<typeof Response>[0])
  const type = encoded.headers.get('content-type')
  if (type !== null) headers['content-type'] ??= type
  return new Uint8Array(await encoded.arrayBuffer())
}

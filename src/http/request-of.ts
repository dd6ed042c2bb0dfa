import type { BodyInit, RequestInit as UndiciInit } from 'undici'
import { HttpError } from '../errors.ts'

/** A request as undici's fetch takes it. */
export interface PreparedRequest {
  readonly url: URL
  readonly method: string
  readonly init: Omit<UndiciInit, 'headers'> & { readonly headers: Headers }
}

/**
 * What the global fetch takes, for undici's own: Node's Request and FormData are other classes there. A Request's body
 * is read whole, so that it goes out with its length.
 *
 * @throws HttpError `ERR_HTTP_URL`; TypeError for what fetch does not take
 */
export async function requestOf(
  input: string | URL | Request,
  init: RequestInit = {},
): Promise<PreparedRequest> {
  const from = input instanceof Request ? input : undefined
  const url = urlOf(from === undefined ? (input as string | URL) : from.url)
  const headers = new Headers(init.headers ?? from?.headers)
  const method = (init.method ?? from?.method ?? 'GET').toUpperCase()
  const body = await bodyOf(init.body ?? (await ownBody(from)), headers)
  const signal = init.signal ?? from?.signal
  return {
    url,
    method,
    init: {
      ...(init as unknown as Omit<UndiciInit, 'headers'>),
      method,
      headers,
      ...(signal === undefined ? {} : { signal }),
      ...(body === undefined ? {} : { body }),
      redirect: init.redirect === 'error' ? 'error' : 'manual',
    },
  }
}

/** Only https, and nothing secret in it: URLs stand in logs. */
function urlOf(input: string | URL): URL {
  if (!URL.canParse(String(input))) throw new TypeError('the URL must be a whole one: https://host/path')
  const url = new URL(input)
  const hint = 'write it as https://host/path'
  if (url.protocol !== 'https:') {
    throw new HttpError('ERR_HTTP_URL', `only https is spoken, not ${url.protocol}`, {
      phase: 'request',
      hint,
    })
  }
  if (url.username === '' && url.password === '') return url
  const message = 'there is a name or a password in the URL'
  throw new HttpError('ERR_HTTP_URL', message, { phase: 'request', hint })
}

async function ownBody(from: Request | undefined): Promise<ArrayBuffer | undefined> {
  return from === undefined || from.body === null ? undefined : await from.arrayBuffer()
}

async function bodyOf(
  body: RequestInit['body'] | ArrayBuffer,
  headers: Headers,
): Promise<BodyInit | undefined> {
  if (body === null || body === undefined) return undefined
  if (!(body instanceof FormData)) return body as BodyInit
  const encoded = new Response(body)
  headers.set('content-type', encoded.headers.get('content-type') ?? '')
  return await encoded.arrayBuffer()
}

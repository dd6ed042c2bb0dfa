import { AuthError } from '../errors.ts'
import type { TokenManager } from './manager.ts'
import { checkOrigins, originAllowed } from './origins.ts'
import type { TokenSet } from './token-set.ts'

/** Options of {@link authorizedFetch}. */
export interface AuthorizedFetchOptions {
  /** What makes the requests: that of a transport. */
  fetch: typeof fetch
  /** Where the token may go: `https://host`, with a port where it has one, or `https://*.example.com`. */
  origins: readonly string[]
}

/**
 * A function like the global fetch that sends the token along (RFC 6750 section 2.1), to the origins only. After a 401
 * it asks for another token and makes the request once more, where the body can be sent again (a stream cannot). All
 * other answers are given back as they are, redirects too: they are not followed unless `init.redirect` says so, and
 * then the origin that is asked must be trusted not to send elsewhere.
 *
 * @returns a function that throws AuthError `ERR_AUTH_ORIGIN` for other origins, TypeError where there is an
 *   Authorization header already, and what the manager and `fetch` throw
 * @throws TypeError for an origin that is none
 * @example
 * ```ts
 * import { authorizedFetch, type TokenManager } from 'sealkit/auth'
 * declare const tokens: TokenManager
 * declare const transport: { fetch: typeof fetch }
 * const api = authorizedFetch(tokens, { fetch: transport.fetch, origins: ['https://api.example'] })
 * const response = await api('https://api.example/orders')
 * console.log(response.status)
 * ```
 */
export function authorizedFetch(
  tokens: TokenManager,
  options: AuthorizedFetchOptions,
): typeof globalThis.fetch {
  const { fetch } = options
  /** New, and refused all the same: another one would be too, and each costs a login. */
  const refused = new RefusedTokens()
  const allowed = knownOrigins(checkOrigins(options.origins))

  return async (input, init) => {
    const request = input instanceof Request ? input : undefined
    const url = new URL(request?.url ?? (input as string | URL))
    if (!allowed(url)) throw otherOrigin(url)
    const headers = new Headers(init?.headers ?? request?.headers)
    if (headers.has('authorization')) {
      throw new TypeError('there is an Authorization header already: leave it to authorizedFetch')
    }
    const signal = init?.signal ?? request?.signal
    const send = (body: Body): Promise<Response> => {
      const redirect = init?.redirect ?? (request?.redirect === 'error' ? 'error' : 'manual')
      const own = request === undefined ? {} : partsOf(request)
      return fetch(url, { ...own, ...init, ...body, headers, redirect, ...(signal ? { signal } : {}) })
    }
    const wait = signal ? { signal } : {}
    const token = await tokens.token(wait)
    authorize(headers, token)
    const body = await bodyOf(request, init)
    const response = await send(body)
    if (response.status !== 401 || refused.has(token)) return response
    await tokens.reject(token)
    if (!canSendAgain(body.body)) return response
    // Not awaited to its end: nobody reads it.
    response.body?.cancel().catch(() => {})
    const another = await tokens.token(wait)
    authorize(headers, another)
    const second = await send(body)
    if (second.status === 401) refused.add(another)
    return second
  }
}

/** A token is not replaced again for a minute where its replacement did not help. */
class RefusedTokens {
  static readonly #PAUSE = 60_000
  #accessToken: string | undefined
  #until = 0

  add({ accessToken }: TokenSet): void {
    this.#accessToken = accessToken
    this.#until = performance.now() + RefusedTokens.#PAUSE
  }

  has({ accessToken }: TokenSet): boolean {
    return accessToken === this.#accessToken && performance.now() < this.#until
  }
}

type Body = Pick<RequestInit, 'body'>

function authorize(headers: Headers, { accessToken }: TokenSet): void {
  headers.set('authorization', `Bearer ${accessToken}`)
}

/** Origins that were allowed once are looked up: most programs have one or two. */
function knownOrigins(origins: readonly string[]): (url: URL) => boolean {
  const plain = new Set(origins.filter((origin) => !origin.includes('*')))
  // A blob's origin is that of its maker.
  return (url) => (url.protocol === 'https:' && plain.has(url.origin)) || originAllowed(url, origins)
}

/** A Request's body is read whole, so that it can be sent again; a stream in `init` is passed on as it is. */
async function bodyOf(request: Request | undefined, init: RequestInit | undefined): Promise<Body> {
  if (init?.body !== undefined) return { body: init.body }
  return request === undefined || request.body === null ? {} : { body: await request.arrayBuffer() }
}

function canSendAgain(body: RequestInit['body']): boolean {
  return (
    body === undefined ||
    body === null ||
    typeof body === 'string' ||
    body instanceof ArrayBuffer ||
    ArrayBuffer.isView(body) ||
    body instanceof URLSearchParams ||
    body instanceof FormData ||
    body instanceof Blob
  )
}

/** What of a Request counts beside URL, headers and body. */
function partsOf({ method, integrity, keepalive }: Request): RequestInit {
  return { method, integrity, keepalive }
}

function otherOrigin(url: URL): AuthError {
  const hint = 'add the origin to those of the API, if the token may go there'
  return new AuthError('ERR_AUTH_ORIGIN', `the token is not for ${url.origin}`, { hint })
}

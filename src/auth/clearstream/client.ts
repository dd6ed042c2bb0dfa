import { authorizedFetch } from '../authorized-fetch.ts'
import { callApi } from '../call.ts'
import { decodeJwt, type JwtClaims } from '../jwt.ts'
import { type TokenManager, tokenManager } from '../manager.ts'
import { TokenSet } from '../token-set.ts'
import { apiUrl } from './address.ts'
import { callForbidden } from './call-forbidden.ts'
import { withCheckedCertificate } from './client-certificate.ts'
import { type ClearstreamOptions, readClearstreamOptions } from './options.ts'
import { type PlaygroundEcho, type PlaygroundInfo, readEcho, readInfo } from './playground.ts'
import { otherSubject } from './subject.ts'
import { clearstreamTokenSource } from './token-source.ts'

/** What {@link ClearstreamClient.call} takes beside method and path. */
export interface ClearstreamCallOptions {
  body?: RequestInit['body'] | undefined
  headers?: RequestInit['headers'] | undefined
  signal?: AbortSignal | undefined
}

/** Clearstream's API platform for one API consumer. */
export interface ClearstreamClient {
  readonly tokens: TokenManager
  /** An access token: the one that is cached, else refreshed, else by a login; `fresh` asks for a new one. */
  token(options?: { signal?: AbortSignal | undefined; fresh?: boolean | undefined }): Promise<TokenSet>
  /** `GET /playground/v1/info`. Throws as `call`, and AuthError `ERR_AUTH_RESPONSE` for an answer that is another. */
  info(options?: { signal?: AbortSignal | undefined }): Promise<PlaygroundInfo>
  /** `GET /playground/v1/echo`. Throws as `call`, and AuthError `ERR_AUTH_RESPONSE` for a page of HTML. */
  echo(value: string, options?: { signal?: AbortSignal | undefined }): Promise<PlaygroundEcho>
  /** Shaped as the global fetch; adds the token. A 401 leads to a new token once, all other answers are given back. */
  readonly fetch: typeof fetch
  /**
   * Calls an API with the token.
   *
   * @param pathOrUrl below the environment's URL (`/playground/v1/info`), or a whole URL of the same origin
   * @throws AuthError for an answer other than 2xx: `ERR_AUTH_FORBIDDEN` (403; with `requiredScopes` where the answer
   *   names them), `ERR_AUTH_TOKEN_REFUSED` (401 with a new token too), `ERR_AUTH_NOT_FOUND`, `ERR_AUTH_REQUEST`,
   *   `ERR_AUTH_RATE_LIMITED`, `ERR_AUTH_MAINTENANCE`, `ERR_AUTH_SERVER`, `ERR_AUTH_REDIRECT`; `ERR_AUTH_ORIGIN` for a
   *   URL elsewhere; those of `token`
   */
  call(method: string, pathOrUrl: string | URL, options?: ClearstreamCallOptions): Promise<Response>
  /**
   * What the access token says of itself, **unverified**: to be shown, not to be relied on.
   *
   * @throws AuthError `ERR_AUTH_JWT` where it is no JWT
   */
  claims(token: TokenSet | string): JwtClaims & { readonly verified: false }
}

/**
 * A client of Clearstream's API platform: access tokens by the password grant (RFC 6749 section 4.3) over mutual TLS,
 * the playground, and any API.
 *
 * Before a request the client certificate is looked at: expired, or none at all, is `ERR_AUTH_CERTIFICATE`, and nothing
 * is sent. A login throws AuthError `ERR_AUTH_SCOPE` (400; with `validScopes` where the answer names them),
 * `ERR_AUTH_REFUSED` (403; it is not tried again by itself, see `ERR_AUTH_BLOCKED`), `ERR_AUTH_MAINTENANCE` (503),
 * `ERR_AUTH_RATE_LIMITED` (429), `ERR_AUTH_SERVER`, `ERR_AUTH_RESPONSE` (no token in the answer), `ERR_AUTH_JWT` (the
 * token is not signed by a key of `jwks`); HttpError where there is no answer.
 *
 * @throws TypeError for options that are missing or of another form
 * @throws HttpError `ERR_HTTP_URL` for xact.clearstream.com, which is for people
 * @example
 * ```ts
 * import { createTransport } from 'sealkit/http'
 * import { clearstreamClient } from 'sealkit/auth'
 * await using http = createTransport({
 *   ca: 'server-cert-cacerts.pem',
 *   credential: { certificate: 'ocapi-a00012345_0012345-ssl.pem' },
 * })
 * const clearstream = clearstreamClient({
 *   username: 'a00012345_0012345',
 *   password: () => process.env['CLEARSTREAM_PASSWORD'] ?? '',
 *   http,
 *   onWarning: (warning) => console.error(warning),
 * })
 * console.log((await clearstream.info()).version)
 * ```
 */
export function clearstreamClient(options: ClearstreamOptions): ClearstreamClient {
  const asGiven = readClearstreamOptions(options)
  const settings = { ...asGiven, http: withCheckedCertificate(asGiven) }
  const { base, http, store, now } = settings
  const tokens = tokenManager(clearstreamTokenSource(settings), { store, now })
  const fetch = authorizedFetch(tokens, { fetch: http.fetch, origins: [base.origin] })

  const call: ClearstreamClient['call'] = async (method, pathOrUrl, callOptions = {}) => {
    const url = apiUrl(base, pathOrUrl)
    const token = await tokens.token({ signal: callOptions.signal })
    const called = { granted: token.scope, otherSubject: otherSubject(token, http), now: now() }
    return await callApi(fetch, method, url, {
      ...callOptions,
      explain: (answer) => callForbidden(answer, called),
    })
  }

  return {
    tokens,
    fetch,
    call,
    token: (tokenOptions = {}) => tokens.token(tokenOptions),
    info: async (infoOptions) => await readInfo(await call('GET', '/playground/v1/info', infoOptions)),
    echo: async (value, echoOptions) =>
      await readEcho(
        await call('GET', `/playground/v1/echo?value=${encodeURIComponent(value)}`, echoOptions),
      ),
    claims: (token) => decodeJwt(token instanceof TokenSet ? token.accessToken : token),
  }
}

import { authorizedFetch } from '../authorized-fetch.ts'
import { callApi } from '../call.ts'
import { guardedLogin } from '../guarded-login.ts'
import { type TokenManager, tokenManager } from '../manager.ts'
import { memoryTokenStore } from '../store/memory-store.ts'
import type { TokenSet } from '../token-set.ts'
import { type MoexOptions, readMoexOptions } from './options.ts'
import type { PassportToken } from './passport-token.ts'
import { requestPassport } from './request-passport.ts'
import { callForbidden } from './token-refused.ts'
import { moexTokenSource } from './token-source.ts'

/** What {@link MoexClient.call} takes beside method and URL. */
export interface MoexCallOptions {
  body?: RequestInit['body'] | undefined
  headers?: RequestInit['headers'] | undefined
  signal?: AbortSignal | undefined
}

/** MOEX's Web API for one user and one application. */
export interface MoexClient {
  readonly tokens: TokenManager
  /** A MOEX Passport Token by login and password: the first step alone. Asked for anew each time. */
  passport(options?: { signal?: AbortSignal | undefined }): Promise<PassportToken>
  /** An access token: the one that is cached, else refreshed, else by the whole way. */
  token(options?: { signal?: AbortSignal | undefined; fresh?: boolean | undefined }): Promise<TokenSet>
  /** Shaped as the global fetch; adds the token. A 401 leads to a new token once, all other answers are given back. */
  readonly fetch: typeof fetch
  /**
   * Calls the API with the token.
   *
   * @param url a whole URL within `apiOrigins`
   * @throws AuthError for an answer other than 2xx: `ERR_AUTH_TOKEN_REFUSED` (401 with a new token too),
   *   `ERR_AUTH_FORBIDDEN` (403, with what may be wrong in its hint), `ERR_AUTH_NOT_FOUND`, `ERR_AUTH_REQUEST`,
   *   `ERR_AUTH_RATE_LIMITED`, `ERR_AUTH_MAINTENANCE`, `ERR_AUTH_SERVER`, `ERR_AUTH_REDIRECT`; `ERR_AUTH_ORIGIN`
   *   for a URL elsewhere; those of the login
   */
  call(method: string, url: string | URL, options?: MoexCallOptions): Promise<Response>
}

/**
 * A client of MOEX's Web API: MOEX Passport Token, its signature, access token, calls.
 *
 * A refused login (`ERR_AUTH_PASSPORT_DENIED`, `ERR_AUTH_REFUSED`) is not tried again by itself: wrong passwords lock
 * the account.
 *
 * @throws TypeError for options that are missing or of another form
 * @example
 * ```ts
 * import { createTransport } from 'sealkit/http'
 * import { moexClient } from 'sealkit/auth'
 * import { openSigner } from 'sealkit/providers'
 * await using http = createTransport({ ca: 'system' })
 * const moex = moexClient({
 *   environment: 'test',
 *   login: 'jane@bank.example',
 *   password: () => process.env['MOEX_PASSWORD'] ?? '',
 *   clientId: 'bank-app',
 *   clientSecret: () => process.env['MOEX_CLIENT_SECRET'] ?? '',
 *   scope: 'client_registration',
 *   signer: () => openSigner('key.pem', { certificate: 'cert.pem' }),
 *   http,
 * })
 * const response = await moex.call('GET', 'https://play-api.moex.com/client/v1/me')
 * console.log(await response.json())
 * ```
 */
export function moexClient(options: MoexOptions): MoexClient {
  const settings = readMoexOptions(options)
  const { http, store = memoryTokenStore(), now, scope, apiOrigins } = settings
  const source = moexTokenSource(settings)
  const { key } = source
  const tokens = tokenManager(source, { store, now })
  const fetch = authorizedFetch(tokens, { fetch: http.fetch, origins: apiOrigins })
  return {
    tokens,
    fetch,
    passport: ({ signal } = {}) =>
      guardedLogin({ key, store, now, signal }, () => requestPassport(settings, signal)),
    token: (call = {}) => tokens.token(call),
    call: (method, url, call = {}) =>
      callApi(fetch, method, url, { ...call, explain: (answer) => callForbidden(answer, scope, now()) }),
  }
}

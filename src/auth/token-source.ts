import type { TokenSet } from './token-set.ts'

/** Says whose tokens are meant; holds nothing secret. */
export interface TokenKey {
  /** `moex`, `clearstream`, or another's own word. */
  readonly platform: string
  /** Host of the token endpoint, with the port where it is not 443. */
  readonly host: string
  /** User name or client id. */
  readonly account: string
  /** Scopes, sorted, divided by one blank. */
  readonly scope: string
}

/** Where tokens come from: what a platform's client implements, and all that a manager knows of it. */
export interface TokenSource {
  readonly key: TokenKey
  /**
   * The whole way to a new token.
   *
   * @throws AuthError `ERR_AUTH_REFUSED`, `ERR_AUTH_PASSPORT_DENIED` or `ERR_AUTH_SCOPE` where trying again would not
   *   help; HttpError and others where it may
   */
  login(options: { signal?: AbortSignal | undefined }): Promise<TokenSet>
  /**
   * A new token by the refresh token. Undefined where the platform has none.
   *
   * @throws AuthError `ERR_AUTH_REFRESH_REFUSED`, after which `login` is called
   */
  refresh?(token: TokenSet, options: { signal?: AbortSignal | undefined }): Promise<TokenSet>
}

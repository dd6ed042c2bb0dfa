import type { TokenKey } from './token-key.ts'
import type { TokenSet } from './token-set.ts'

export type { TokenKey } from './token-key.ts'

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

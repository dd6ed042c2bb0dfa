/** Entries to keep. */
import type { TokenEntry } from '../../../src/auth/store/token-store.ts'
import type { TokenKey } from '../../../src/auth/token-source.ts'

export const key = (account: string): TokenKey => ({
  platform: 'clearstream',
  host: 'auth.example:8443',
  account,
  scope: 'a b',
})

/** An entry with every field. */
export function fullEntry(account: string, accessToken = `access of ${account}`): TokenEntry {
  return {
    key: key(account),
    token: {
      accessToken,
      refreshToken: `refresh of ${account} "\\\u{1f600}\u0000`,
      scope: 'a b',
      issuedAt: 1_750_000_000_000,
      expiresAt: 1_750_003_599_000,
      refreshExpiresAt: 1_750_086_400_000,
    },
    refusal: { at: 1, until: 2, count: 3, code: 'ERR_AUTH_REFUSED', message: 'no' },
  }
}

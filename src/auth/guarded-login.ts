import { Account } from './account.ts'
import { blockedBy, refusalAfter } from './circuit.ts'
import type { TokenStore } from './store/token-store.ts'
import { TokenRecord } from './token-record.ts'
import type { TokenKey } from './token-source.ts'

/** How a login outside a manager is guarded. */
export interface GuardedLogin {
  readonly key: TokenKey
  readonly store: TokenStore
  now(): number
  readonly signal: AbortSignal | undefined
}

/**
 * Runs a login that gives no access token under the same rule as the manager's: after a refusal nobody tries again for a
 * while, in all processes that share the store.
 *
 * @throws AuthError `ERR_AUTH_BLOCKED`; what the login throws
 */
export async function guardedLogin<T>(
  { key, store, now, signal = new AbortController().signal }: GuardedLogin,
  login: () => Promise<T>,
): Promise<T> {
  const record = new TokenRecord(key, store, () => {})
  const account = new Account(key, store, () => {})
  return await record.locked(async () => {
    const { token, refusal } = await record.read()
    const blocked = blockedBy(refusal, now())
    if (blocked !== undefined) throw blocked
    return await account.login(now, () => noted(), signal)

    async function noted(): Promise<T> {
      try {
        return await login()
      } catch (error) {
        const next = refusalAfter(error, refusal, now())
        if (next !== undefined) await record.write({ token, refusal: next })
        throw error
      }
    }
  }, signal)
}

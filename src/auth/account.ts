import type { AuthError } from '../errors.ts'
import { blockedBy } from './circuit.ts'
import type { TokenEntry, TokenStore } from './store/token-store.ts'
import { TokenRecord } from './token-record.ts'
import { tokenKeyId } from './token-set.ts'
import type { TokenKey } from './token-source.ts'

/** No scope is called so: the name of the account's own lock. */
const ALL_SCOPES = '*'

/**
 * The account that logs in for a key. Its password is the same for all scopes and applications: each of them would try
 * a refused one again, and so lock the account.
 */
export class Account {
  readonly #key: TokenKey
  readonly #store: TokenStore
  readonly #warn: (error: unknown) => void
  readonly #turn: TokenRecord

  constructor(key: TokenKey, store: TokenStore, warn: (error: unknown) => void) {
    this.#key = key
    this.#store = store
    this.#warn = warn
    this.#turn = new TokenRecord({ ...key, account: userOf(key), scope: ALL_SCOPES }, store, warn)
  }

  /** Runs a login while nobody else does for the account; not at all where one was refused for another key. */
  async login<T>(now: () => number, login: () => Promise<T>, signal: AbortSignal): Promise<T> {
    return await this.#turn.locked(async () => {
      const blocked = this.#blocked(await this.#others(), now())
      if (blocked !== undefined) throw blocked
      return await login()
    }, signal)
  }

  /** Forgets that logins for other keys were refused. @throws what the store throws */
  async forgive(): Promise<void> {
    for (const { key, refusal } of await this.#store.list()) {
      if (refusal === undefined || !this.#isOther(key)) continue
      const id = tokenKeyId(key)
      await this.#store.withLock(id, async () => {
        const entry = await this.#store.read(id)
        if (entry !== undefined) await this.#store.write(id, { key, token: entry.token })
      })
    }
  }

  #blocked(entries: readonly TokenEntry[], now: number): AuthError | undefined {
    const all = entries.map(({ refusal }) => blockedBy(refusal, now))
    return all.find((error) => error?.code === 'ERR_AUTH_BLOCKED')
  }

  async #others(): Promise<TokenEntry[]> {
    try {
      return (await this.#store.list()).filter(({ key }) => this.#isOther(key))
    } catch (error) {
      this.#warn(error)
      return []
    }
  }

  #isOther(key: TokenKey): boolean {
    const { platform, host } = this.#key
    const isSame = key.platform === platform && key.host === host && userOf(key) === userOf(this.#key)
    return isSame && tokenKeyId(key) !== tokenKeyId(this.#key)
  }
}

/** MOEX's accounts are a user and an application: `jane (bank-app)`. */
function userOf({ account }: TokenKey): string {
  return account.replace(/ \(.*\)$/s, '')
}

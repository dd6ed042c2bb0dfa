import { AuthError } from '../errors.ts'
import type { Refusal, TokenEntry, TokenStore } from './store/token-store.ts'
import { type StoredToken, tokenKeyId } from './token-set.ts'
import type { TokenKey } from './token-source.ts'

/** What is kept of a key. */
export interface Kept {
  readonly token?: StoredToken | undefined
  readonly refusal?: Refusal | undefined
}

/** The place of one key in a store. A store that fails costs sharing, not the token: `warn` is told. */
export class TokenRecord {
  readonly key: TokenKey
  readonly #id: string
  readonly #store: TokenStore
  readonly #warn: (error: unknown) => void
  /** What the store could not be given. */
  #unwritten: Kept | undefined

  constructor(key: TokenKey, store: TokenStore, warn: (error: unknown) => void) {
    this.key = key
    this.#id = tokenKeyId(key)
    this.#store = store
    this.#warn = warn
  }

  async read(): Promise<Kept> {
    if (this.#unwritten !== undefined) return this.#unwritten
    try {
      const { token, refusal }: Partial<TokenEntry> = (await this.#store.read(this.#id)) ?? {}
      return { token, refusal }
    } catch (error) {
      this.#warn(error)
      return {}
    }
  }

  async write(kept: Kept): Promise<void> {
    this.#unwritten = kept
    try {
      await this.#store.write(this.#id, { key: this.key, ...kept })
      this.#unwritten = undefined
    } catch (error) {
      this.#warn(error)
    }
  }

  /** Nothing is kept any more. Throws what the store throws. */
  async remove(): Promise<void> {
    this.#unwritten = undefined
    await this.#store.withLock(this.#id, () => this.#store.remove(this.#id))
  }

  /**
   * Runs the action while nobody else does; without a lock where the store cannot give one, as it is where a folder
   * cannot be written to. One that others hold for too long is an error.
   */
  async locked<T>(action: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    let entered = false
    let done: { value: T } | undefined
    const enter = async () => {
      entered = true
      done = { value: await action() }
    }
    try {
      await this.#store.withLock(this.#id, enter, { signal })
    } catch (error) {
      if (entered ? done === undefined : !isStoreError(error)) throw error
      this.#warn(error)
    }
    return done === undefined ? await action() : done.value
  }
}

function isStoreError(error: unknown): boolean {
  return error instanceof AuthError && error.code === 'ERR_AUTH_STORE'
}

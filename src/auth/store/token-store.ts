import type { StoredToken } from '../token-set.ts'
import type { TokenKey } from '../token-source.ts'

/** What a store keeps under an id. */
export interface TokenEntry {
  readonly key: TokenKey
  readonly token?: StoredToken | undefined
  /** A login that was refused: nobody tries again before `until`. */
  readonly refusal?: Refusal | undefined
}

/** A refusal as it is shared between processes: no secret in it. */
export interface Refusal {
  /** Milliseconds since 1970. */
  readonly at: number
  readonly until: number
  /** How many in a row. */
  readonly count: number
  /** The code and the message of the error. */
  readonly code: string
  readonly message: string
}

/** Keeps tokens: `memoryTokenStore`, `fileTokenStore`, or one of your own, which `test` conformance proves. */
export interface TokenStore {
  /**
   * What is kept under an id; undefined where nothing is.
   *
   * @param id that of `tokenKeyId`: letters, digits, `-` and `_`
   */
  read(id: string): Promise<TokenEntry | undefined>
  /** Whole or not at all. */
  write(id: string, entry: TokenEntry): Promise<void>
  /** @returns whether there was one */
  remove(id: string): Promise<boolean>
  /** All that is kept, in any order. */
  list(): Promise<TokenEntry[]>
  /** Runs `action` while nobody else does for this id, in this process or another that shares the store. */
  withLock<T>(id: string, action: () => Promise<T>, options?: LockOptions): Promise<T>
}

/** Options of a store's `withLock`. */
export interface LockOptions {
  /** Ends the waiting for the lock with its reason. */
  signal?: AbortSignal | undefined
}

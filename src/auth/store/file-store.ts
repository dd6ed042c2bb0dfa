import { readdir, unlink } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { AuthError } from '../../errors.ts'
import { checkEntry, checkId, isId, parseEntry, writeEntry } from './entry.ts'
import { checkFolder, defaultFolder, isCode, makeFolder, storeError } from './folder.ts'
import { acquireLock, type HeldLock } from './lock-file.ts'
import { readPrivateFile, writePrivateFile } from './private-file.ts'
import { TurnQueue } from './queue.ts'
import { sweep } from './sweep.ts'
import type { LockOptions, TokenEntry, TokenStore } from './token-store.ts'
import { Waiting } from './waiting.ts'

/** Options of {@link fileTokenStore}. */
export interface FileTokenStoreOptions {
  /**
   * Where the files lie; made, for its owner alone, when something is first written. Default
   * `$XDG_STATE_HOME/sealkit/tokens`, else `~/.local/state/sealkit/tokens`; on Windows
   * `%LOCALAPPDATA%\sealkit\tokens`.
   */
  folder?: string | undefined
  /**
   * Milliseconds without a sign of life after which the holder of a lock is taken for gone, from 100 to 900,000;
   * at least twice the time limit of the longest request. Default 300,000. Whoever waits gives up after twice as
   * long. All who share a folder should give the same.
   */
  lease?: number | undefined
  /** Is told of a file that holds no token entry (the next login writes over it), and of a lock that stays. */
  onWarning?: ((warning: string) => void) | undefined
}

/** A store in a folder. */
export interface FileTokenStore extends TokenStore {
  /** Its full path. */
  readonly folder: string
}

const ENTRY = '.json'
const LOCK = '.lock'
const DEFAULT_LEASE = 300_000

/**
 * Keeps tokens in files, one for each id, which only their owner can read (folder 0700, files 0600; what Windows
 * makes of that is its folder's affair). Several processes may share a folder: files are there whole or not at all,
 * and a lock file beside each lets one process at a time ask for a new token. A lock whose process was killed is
 * taken over at once on the same machine, after `lease` on another.
 *
 * On a network file system it rests on links that are made once and on files that are seen when they are opened,
 * which NFS promises; it was not tested there, nor on Windows. Two cases are not covered anywhere: a process that is
 * stopped for longer than `lease` while it holds the lock goes on without it when it is woken, and lists of access
 * rights (ACL) that let others in are not seen.
 *
 * @returns a store whose methods throw AuthError `ERR_AUTH_STORE` where the folder or a file cannot be used: not
 *   writable, open to others, somebody else's, a symbolic link in place of a file; `withLock` throws
 *   `ERR_AUTH_STORE_LOCKED` where the lock was waited for too long. A file that holds no token entry counts as none.
 * @throws TypeError for options of the wrong type
 * @throws AuthError `ERR_AUTH_STORE` where no folder is given and there is no home folder
 * @example
 * ```ts
 * import { fileTokenStore } from 'sealkit/auth'
 * const store = fileTokenStore({ onWarning: (warning) => console.warn(warning) })
 * for (const { key, token } of await store.list()) console.log(key.platform, key.account, token?.expiresAt)
 * ```
 */
export function fileTokenStore(options: FileTokenStoreOptions = {}): FileTokenStore {
  return new FileStore(options)
}

class FileStore implements FileTokenStore {
  readonly folder: string
  readonly #lease: number
  readonly #warn: (warning: string) => void
  readonly #turns = new TurnQueue()
  #swept = false

  constructor({ folder, lease = DEFAULT_LEASE, onWarning = () => {} }: FileTokenStoreOptions) {
    if (folder !== undefined && (typeof folder !== 'string' || folder === '')) {
      throw new TypeError('folder must be the name of a folder')
    }
    if (typeof lease !== 'number' || !(lease >= 100 && lease <= 900_000)) {
      throw new TypeError('lease must be a number of milliseconds from 100 to 900000')
    }
    if (typeof onWarning !== 'function') throw new TypeError('onWarning must be a function')
    this.folder = resolve(folder ?? defaultFolder())
    this.#lease = lease
    this.#warn = onWarning
  }

  async read(id: string): Promise<TokenEntry | undefined> {
    const path = this.#path(id, ENTRY)
    if (!(await checkFolder(this.folder))) return undefined
    const bytes = await readPrivateFile(path)
    if (bytes === undefined) return undefined
    try {
      return parseEntry(id, bytes)
    } catch (error) {
      this.#warn(`${path} is passed over: ${(error as AuthError).message}`)
      return undefined
    }
  }

  async write(id: string, entry: TokenEntry): Promise<void> {
    const path = this.#path(id, ENTRY)
    const text = writeEntry(checkEntry(id, entry))
    await this.#prepare()
    await writePrivateFile(path, text)
  }

  async remove(id: string): Promise<boolean> {
    const path = this.#path(id, ENTRY)
    if (!(await checkFolder(this.folder))) return false
    try {
      await unlink(path)
      return true
    } catch (cause) {
      if (isCode(cause, 'ENOENT')) return false
      throw storeError(`cannot remove ${path}`, cause)
    }
  }

  async list(): Promise<TokenEntry[]> {
    if (!(await checkFolder(this.folder))) return []
    const names = await readdir(this.folder).catch((cause) => {
      throw storeError(`cannot list ${this.folder}`, cause)
    })
    const ids = names.filter((name) => name.endsWith(ENTRY)).map((name) => name.slice(0, -ENTRY.length))
    const entries = await Promise.all(ids.filter(isId).map((id) => this.read(id)))
    return entries.filter((entry) => entry !== undefined)
  }

  async withLock<T>(id: string, action: () => Promise<T>, { signal }: LockOptions = {}): Promise<T> {
    const path = this.#path(id, LOCK)
    const waiting = new Waiting(path, 2 * this.#lease, signal)
    const run = async () => {
      await this.#prepare()
      const lock = await acquireLock(path, { lease: this.#lease, signal: waiting.signal })
      waiting.end()
      try {
        return await action()
      } finally {
        this.#release(lock)
      }
    }
    try {
      return await this.#turns.run(id, run, { signal: waiting.signal })
    } finally {
      waiting.end()
    }
  }

  #release(lock: HeldLock): void {
    try {
      lock.release()
    } catch (error) {
      // What the action gave, or threw, matters more.
      this.#warn((error as AuthError).message)
    }
  }

  async #prepare(): Promise<void> {
    await makeFolder(this.folder)
    if (this.#swept) return
    this.#swept = true
    sweep(this.folder, this.#lease)
  }

  #path(id: string, end: string): string {
    checkId(id)
    return join(this.folder, `${id}${end}`)
  }
}

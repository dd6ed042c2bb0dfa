import { TokenError } from '../../../src/errors.ts'
import { answered, CKR, tokenError } from './ckr.ts'
import { CKF } from './constants.ts'
import type { Cryptoki } from './interface.ts'

/** One who has sessions in a module. */
export interface ModuleUser {
  /** Whether its sessions answer. */
  isAlive(): boolean
}

/** How long a module that is to be started anew may take to answer what is in flight, in milliseconds. */
const PATIENCE = 10_000

/**
 * A loaded module, of which there is one owner in the process: it is initialised once, and finalised only if that was
 * done here. Another copy of pkcs11js (in another package, in a worker thread) may have initialised it before.
 */
export class TokenModule {
  readonly path: string
  readonly cryptoki: Cryptoki
  /** Grows whenever the module was initialised anew: handles of an earlier generation are worth nothing. */
  generation = 0
  #libraryParameters: string | undefined
  readonly #users = new Set<ModuleUser>()
  #isOurs = false
  #running = 0
  #whenIdle: (() => void)[] = []
  #restarting: Promise<void> | undefined

  /** @param cryptoki with the module loaded, not yet initialised */
  constructor(path: string, cryptoki: Cryptoki) {
    this.path = path
    this.cryptoki = cryptoki
  }

  /**
   * Parameters for the next start. A module has one set at a time, for all who use it.
   *
   * @throws TokenError `ERR_TOKEN_MODULE_FAILED` where it runs with others
   */
  #configure(libraryParameters: string | undefined): void {
    if (!this.#isOurs) this.#libraryParameters = libraryParameters
    if (libraryParameters === undefined || libraryParameters === this.#libraryParameters) return
    const hint = 'close the keys that use it, or open the others in another process'
    const message = `the module ${this.path} is in use with other libraryParameters`
    throw new TokenError('ERR_TOKEN_MODULE_FAILED', message, { hint })
  }

  #initialise(): void {
    // Without the flag p11-kit's client answers CKR_CANT_LOCK; pkcs11js loses the last character of the parameters.
    const flags = CKF.OS_LOCKING_OK
    const parameters = this.#libraryParameters
    try {
      this.cryptoki.C_Initialize(
        parameters === undefined ? { flags } : { flags, libraryParameters: `${parameters} ` },
      )
      this.#isOurs = true
    } catch (error) {
      if (!answered(error, CKR.CRYPTOKI_ALREADY_INITIALIZED)) {
        const hint = 'is the vendor’s software complete, and its service running?'
        throw tokenError(error, `cannot start the module ${this.path}`, 'ERR_TOKEN_MODULE_FAILED', hint)
      }
    }
  }

  /** Counts one who will have sessions. */
  join(user: ModuleUser): void {
    this.#users.add(user)
  }

  /** Takes one out; after the last the module is finalised, if it was initialised here. */
  async leave(user: ModuleUser): Promise<void> {
    if (!this.#users.delete(user) || this.#users.size > 0) return
    await this.#idle()
    if (this.#users.size === 0) this.#finalise()
  }

  #finalise(): void {
    if (!this.#isOurs) return
    this.#isOurs = false
    this.generation++
    try {
      this.cryptoki.C_Finalize()
    } catch {
      // A module that is gone cannot be told so.
    }
  }

  /** Makes it usable: at first, and after the last user has left, it is not initialised. */
  async ready(libraryParameters: string | undefined): Promise<void> {
    await this.#restarting
    this.#configure(libraryParameters)
    if (!this.#isOurs) this.#initialise()
  }

  /** Runs calls that take their time on another thread; while the module starts anew they wait. */
  async run<T>(calls: () => Promise<T>): Promise<T> {
    if (this.#restarting !== undefined) await this.#restarting
    this.#running++
    try {
      return await calls()
    } finally {
      this.#running--
      if (this.#running === 0) for (const resolve of this.#whenIdle.splice(0)) resolve()
    }
  }

  #idle(): Promise<void> {
    if (this.#running === 0) return Promise.resolve()
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, PATIENCE)
      this.#whenIdle.push(() => {
        clearTimeout(timer)
        resolve()
      })
    })
  }

  /**
   * Finalises and initialises: what brings back a module that has lost its reader or its server. Other users' sessions
   * go with it, so it is done only where none of theirs answers any more.
   *
   * @param seen the generation whose handles failed: who comes later finds the work done
   * @throws TokenError `ERR_TOKEN_LOST` where it may not or cannot be done
   */
  async restart(seen: number, user: ModuleUser): Promise<void> {
    if (seen !== this.generation) return
    this.#restarting ??= this.#restart(user).finally(() => {
      this.#restarting = undefined
    })
    await this.#restarting
  }

  async #restart(user: ModuleUser): Promise<void> {
    if ([...this.#users].some((other) => other !== user && other.isAlive())) {
      throw lost('another token of the same module is in use, so the module cannot be started anew')
    }
    await this.#idle()
    if (this.#running > 0) throw lost('the module does not answer')
    this.#finalise()
    try {
      this.#initialise()
    } catch (cause) {
      throw lost('the module does not start again', cause)
    }
    if (!this.#isOurs)
      throw lost('another part of this program has started the module, and only it may do so anew')
  }
}

function lost(message: string, cause?: unknown): TokenError {
  const hint = 'put the token in again, or start its service; if that does not help, start the program anew'
  const ckr = cause instanceof TokenError ? cause.ckr : undefined
  return new TokenError('ERR_TOKEN_LOST', message, { hint, cause, ckr })
}

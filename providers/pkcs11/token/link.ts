import { TokenError } from '../../../src/errors.ts'
import { printable } from '../../../src/x509/printable.ts'
import { answered, answerOf, CKR, isLoss, isTokenLoss, tokenError } from '../cryptoki/ckr.ts'
import { CKF } from '../cryptoki/constants.ts'
import type { Handle } from '../cryptoki/interface.ts'
import type { ModuleUser, TokenModule } from '../cryptoki/module.ts'
import type { TokenKey } from '../objects/private-keys.ts'
import { Connection, closeSession, openSession } from './connection.ts'
import { isLoggedIn, type LoginOptions, logIn } from './login.ts'
import { listSlots, type TokenSlot } from './token.ts'

/** Which key in which token: how it is found, at first and again. */
export interface KeyFinder {
  /** Finds the token among those that are there now. */
  token(slots: readonly TokenSlot[]): TokenSlot | undefined
  /** Finds the key among those that the session shows; undefined where it is not there. */
  key(slot: TokenSlot, session: Handle): TokenKey | undefined
}

/**
 * The way to one key in one token. It is made when it is needed, and anew after the token was lost: slot, login and
 * key are looked for again, since numbers and handles of before are worth nothing.
 */
export class TokenLink implements ModuleUser {
  readonly module: TokenModule
  readonly login: LoginOptions
  finder: KeyFinder
  #connection: Connection | undefined
  #connecting: Promise<Connection> | undefined

  constructor(module: TokenModule, finder: KeyFinder, login: LoginOptions) {
    this.module = module
    this.finder = finder
    this.login = login
  }

  isAlive(): boolean {
    return this.#connection?.isAlive() ?? false
  }

  /**
   * The connection, made anew where there is none or the module was started anew.
   *
   * @param signal for who asks for the PIN, at the first time; later connections are several callers'
   */
  async connection(signal?: AbortSignal): Promise<Connection> {
    if (this.#connection?.isStale === false) return this.#connection
    this.#connecting ??= this.#connect(signal).finally(() => {
      this.#connecting = undefined
    })
    return await this.#connecting
  }

  /** Gives up a connection that failed; another that took its place stays. */
  giveUp(failed: Connection): void {
    failed.close()
    if (this.#connection === failed) this.#connection = undefined
  }

  async close(): Promise<void> {
    await this.#connecting?.catch(() => undefined)
    this.#connection?.close()
    this.#connection = undefined
    await this.module.leave(this)
  }

  async #connect(signal: AbortSignal | undefined): Promise<Connection> {
    const seen = this.module.generation
    try {
      this.#connection = await this.#connectOnce(signal)
    } catch (error) {
      const wasRestarted = seen !== this.module.generation && isLoss(error)
      if (!isTokenLoss(error) && !isNotThere(error) && !wasRestarted) throw error
      // Some modules see a token that came back, or their server, only when they are started anew.
      await this.#restart(seen, error)
      this.#connection = await this.#connectOnce(signal)
    }
    return this.#connection
  }

  async #restart(seen: number, error: unknown): Promise<void> {
    try {
      await this.module.restart(seen, this)
    } catch (reason) {
      throw isNotThere(error) ? error : reason
    }
  }

  async #connectOnce(signal: AbortSignal | undefined): Promise<Connection> {
    const slot = this.finder.token(listSlots(this.module))
    if (slot === undefined) throw notThere()
    const { generation } = this.module
    const session = openSession(slot)
    try {
      const login = { ...this.login, signal }
      const key = await findKey(this.finder, slot, session, login)
      return new Connection(slot, key, session)
    } catch (error) {
      closeSession(slot, session, generation)
      throw error
    }
  }
}

/** Logs in where the token asks for it, or where it does not but shows no key before. */
async function findKey(
  finder: KeyFinder,
  slot: TokenSlot,
  session: Handle,
  login: LoginOptions,
): Promise<TokenKey> {
  const asksForLogin = ((slot.token?.flags ?? 0) & CKF.LOGIN_REQUIRED) !== 0
  if (asksForLogin && !isLoggedIn(slot, session)) await logIn(slot, session, login)
  const found = finder.key(slot, session)
  if (found !== undefined) return found
  if (login.pins.isGiven && !isLoggedIn(slot, session)) {
    await logIn(slot, session, login)
    const then = finder.key(slot, session)
    if (then !== undefined) return then
  }
  const hint = 'sealkit pkcs11 objects lists what the token has'
  const message = `there is no such private key in the token "${printable(slot.token?.label ?? '')}"`
  throw new TokenError('ERR_TOKEN_KEY_NOT_FOUND', message, { hint })
}

function notThere(): TokenError {
  const hint = 'put the token in; sealkit pkcs11 slots lists those that are there'
  return new TokenError('ERR_TOKEN_NOT_FOUND', 'the token is not there', { hint })
}

function isNotThere(error: unknown): boolean {
  return error instanceof TokenError && error.code === 'ERR_TOKEN_NOT_FOUND'
}

/** Whether a token was lost, or could not be found again. */
export function isGone(error: unknown): boolean {
  return isLoss(error) || isNotThere(error)
}

/** What a caller is told of a token that did not come back. */
export function lostError(error: unknown): unknown {
  if (error instanceof TokenError && error.code !== 'ERR_TOKEN_NOT_FOUND') return error
  if (isNotThere(error)) {
    const hint = 'put it in again: the next signature finds it'
    return new TokenError('ERR_TOKEN_LOST', 'the token was taken out', { hint, cause: error })
  }
  const hint = answered(error, CKR.USER_NOT_LOGGED_IN)
    ? 'another program may have logged the token out: end it, or give each its own token'
    : 'put it in again, or start its service: the next signature finds it'
  return answerOf(error) === undefined
    ? error
    : tokenError(error, 'the token was lost, and once more when it was found again', 'ERR_TOKEN_LOST', hint)
}

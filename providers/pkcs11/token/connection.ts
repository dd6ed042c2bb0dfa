import { answered, CKR, staleHandle } from '../cryptoki/ckr.ts'
import { CKF } from '../cryptoki/constants.ts'
import type { Handle } from '../cryptoki/interface.ts'
import type { TokenKey } from '../objects/private-keys.ts'
import type { TokenSlot } from './token.ts'

/**
 * A key found in a token, and sessions to use it in: one for each signature in flight, since a session has one
 * operation at a time. Sessions are kept open: with the last one the login would end.
 */
export class Connection {
  readonly slot: TokenSlot
  readonly key: TokenKey
  readonly #generation: number
  readonly #free: Handle[]
  #isClosed = false

  /** @param session in which the key was found */
  constructor(slot: TokenSlot, key: TokenKey, session: Handle) {
    this.slot = slot
    this.key = key
    this.#generation = slot.module.generation
    this.#free = [session]
  }

  /** Whether its handles are worth nothing: the module was started anew, or another connection took its place. */
  get isStale(): boolean {
    return this.#isClosed || this.#generation !== this.slot.module.generation
  }

  /** A session without an operation. */
  take(): Handle {
    if (this.isStale) throw staleHandle()
    return this.#free.pop() ?? openSession(this.slot)
  }

  /** Gives a session back after its operation ended. */
  give(session: Handle): void {
    if (this.isStale) this.drop(session)
    else this.#free.push(session)
  }

  /** Closes a session whose operation failed: what state it is in is not known. */
  drop(session: Handle): void {
    if (this.#generation !== this.slot.module.generation) return
    this.#keepLogin()
    closeSession(this.slot, session, this.#generation)
  }

  /** With the last session the login would end: another is opened before. */
  #keepLogin(): void {
    if (this.#isClosed || this.#free.length > 0) return
    try {
      this.#free.push(openSession(this.slot))
    } catch {
      // Then it ends, and the next signature logs in.
    }
  }

  /** Whether the token answers in one of the sessions. */
  isAlive(): boolean {
    const [session] = this.#free
    if (this.isStale) return false
    if (session === undefined) return true // All are at work.
    try {
      this.slot.module.cryptoki.C_GetSessionInfo(session)
      return true
    } catch {
      return false
    }
  }

  /** Closes what is free; what is in flight is closed when it comes back. */
  close(): void {
    this.#isClosed = true
    for (const session of this.#free.splice(0)) this.drop(session)
  }
}

/** Opens a session for reading and signing, or for writing. */
export function openSession({ module, slot }: TokenSlot, { write = false } = {}): Handle {
  const open = (flags: number): Handle => module.cryptoki.C_OpenSession(slot, CKF.SERIAL_SESSION | flags)
  if (write) return open(CKF.RW_SESSION)
  try {
    return open(0)
  } catch (error) {
    // AWS CloudHSM's module (SDK 5) has no sessions for reading only.
    if (!answered(error, CKR.FUNCTION_FAILED)) throw error
    return open(CKF.RW_SESSION)
  }
}

/** Whether a token has no session left. */
export function hasNoSession(error: unknown): boolean {
  return answered(error, CKR.SESSION_COUNT)
}

/**
 * Closes a session, whatever the module answers: what went wrong before is what counts.
 *
 * @param generation of the module when the session was opened: after a new start the handle may be another's
 */
export function closeSession({ module }: TokenSlot, session: Handle, generation: number): void {
  if (generation !== module.generation) return
  try {
    module.cryptoki.C_CloseSession(session)
  } catch {
    // It is gone already.
  }
}

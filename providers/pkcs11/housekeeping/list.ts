import { tokenError } from '../cryptoki/ckr.ts'
import { CKF, mechanismName } from '../cryptoki/constants.ts'
import type { TokenModule } from '../cryptoki/module.ts'
import { openModule } from '../cryptoki/registry.ts'
import type { ModuleChoice } from '../key/options.ts'
import { findModules, type ModuleCandidate } from '../modules/index.ts'
import { isInitialised, listSlots, type TokenInfo } from '../token/token.ts'
import { tokenUri } from '../token/token-uri.ts'
import { trimmed } from '../uri/index.ts'

/** A module of this machine, and what it says of itself. */
export interface ListedModule extends ModuleCandidate {
  /** Undefined where it cannot be loaded: then `error` says why. */
  readonly library: ListedLibrary | undefined
  readonly slots: readonly ListedSlot[]
  readonly error: unknown
}

/** CK_INFO. */
export interface ListedLibrary {
  readonly description: string
  readonly manufacturer: string
  /** `2.6`. */
  readonly version: string
  /** Of the standard: `2.40`. */
  readonly cryptokiVersion: string
}

/** A slot, and the token in it. */
export interface ListedSlot {
  readonly slotId: number
  readonly description: string
  /** Undefined for an empty slot. */
  readonly token: ListedToken | undefined
}

/** A token, its state in words. */
export interface ListedToken extends TokenInfo {
  readonly uri: string
  readonly isInitialised: boolean
  readonly needsPin: boolean
  /** The PIN is entered at the reader. */
  readonly hasPinPad: boolean
  readonly isWriteProtected: boolean
  /** What the token says of its user PIN. */
  readonly pin: 'not set' | 'ok' | 'a wrong one was tried' | 'one try left' | 'locked'
  /** Names of PKCS#11, or numbers. */
  readonly mechanisms: readonly string[]
}

const nobody = { isAlive: () => false }

/**
 * Lists the modules of this machine with their slots and tokens. No PIN is needed. A module that cannot be loaded is in
 * the list with its error.
 *
 * @throws TokenError `ERR_TOKEN_LIBRARY_MISSING`, `ERR_TOKEN_MODULE_NOT_FOUND`, `ERR_TOKEN_MODULE_REFUSED`
 * @example
 * ```ts
 * import { listModules } from 'sealkit/providers/pkcs11'
 * for (const { path, slots } of await listModules()) console.log(path, slots.length)
 * ```
 */
export async function listModules(choice: ModuleChoice = {}): Promise<ListedModule[]> {
  const listed: ListedModule[] = []
  for (const candidate of await findModules(choice)) {
    const path = candidate.path
    const user = { ...nobody }
    try {
      const source = { path, libraryParameters: choice.libraryParameters }
      const module = await openModule(source, user, choice.cryptoki)
      try {
        listed.push({
          ...candidate,
          library: describeLibrary(module),
          slots: slotsOf(module),
          error: undefined,
        })
      } finally {
        await module.leave(user)
      }
    } catch (thrown) {
      const error = tokenError(thrown, `the module ${path} cannot be used`, 'ERR_TOKEN_MODULE_FAILED')
      if ((error as { code?: unknown }).code === 'ERR_TOKEN_LIBRARY_MISSING') throw error
      listed.push({ ...candidate, library: undefined, slots: [], error })
    }
  }
  return listed
}

function describeLibrary({ cryptoki }: TokenModule): ListedLibrary {
  const info = cryptoki.C_GetInfo()
  const { libraryVersion: own, cryptokiVersion: standard } = info
  return {
    description: trimmed(info.libraryDescription),
    manufacturer: trimmed(info.manufacturerID),
    version: `${own.major}.${own.minor}`,
    cryptokiVersion: `${standard.major}.${standard.minor}`,
  }
}

function slotsOf(module: TokenModule): ListedSlot[] {
  return listSlots(module, { withToken: false }).map(({ slot, slotId, slotDescription, token }) => ({
    slotId,
    description: slotDescription,
    token: token && describeToken(token, module.cryptoki.C_GetMechanismList(slot)),
  }))
}

function describeToken(token: TokenInfo, mechanisms: readonly number[]): ListedToken {
  const has = (flag: number): boolean => (token.flags & flag) !== 0
  return {
    ...token,
    uri: tokenUri(token),
    isInitialised: isInitialised(token),
    needsPin: has(CKF.LOGIN_REQUIRED),
    hasPinPad: has(CKF.PROTECTED_AUTHENTICATION_PATH),
    isWriteProtected: has(CKF.WRITE_PROTECTED),
    pin: pinState(has),
    mechanisms: mechanisms.map(mechanismName),
  }
}

function pinState(has: (flag: number) => boolean): ListedToken['pin'] {
  if (has(CKF.USER_PIN_LOCKED)) return 'locked'
  if (has(CKF.USER_PIN_FINAL_TRY)) return 'one try left'
  if (has(CKF.USER_PIN_COUNT_LOW)) return 'a wrong one was tried'
  return has(CKF.USER_PIN_INITIALIZED) ? 'ok' : 'not set'
}

import { printable } from '../../../src/x509/printable.ts'
import { tokenError } from '../cryptoki/ckr.ts'
import { CKF } from '../cryptoki/constants.ts'
import type { Handle } from '../cryptoki/interface.ts'
import type { ModuleChoice } from '../key/options.ts'
import { pinOf } from '../key/pin-of-uri.ts'
import { findModules } from '../modules/index.ts'
import { type Pkcs11Uri, parsePkcs11Uri } from '../uri/index.ts'
import { closeSession, openSession } from './connection.ts'
import { withToken } from './find-token.ts'
import { isLoggedIn, logIn } from './login.ts'
import { type Pin, PinSource } from './pin.ts'
import type { TokenSlot } from './token.ts'

/** Which token is worked on, and how it is entered. */
export interface TokenAccess extends ModuleChoice {
  /** The token, or an object in it, as a URI (RFC 7512). */
  uri: string
  /** As for `openPkcs11Key`. */
  pin?: Pin | undefined
  /** Tries a PIN even where one more wrong one would lock the token. Default false. */
  useFinalTry?: boolean | undefined
  /** Ends the wait for a PIN with its reason. */
  signal?: AbortSignal | undefined
}

/** One token, one session. */
export interface TokenSession {
  readonly slot: TokenSlot
  readonly session: Handle
  readonly uri: Pkcs11Uri
}

/**
 * Does something in one session with a token.
 *
 * @param login `always`, `never`, or `if-asked`: only where a PIN was given
 */
export async function withSession<T>(
  access: TokenAccess,
  { write, login }: { write: boolean; login: 'always' | 'never' | 'if-asked' },
  use: (at: TokenSession) => T | Promise<T>,
): Promise<T> {
  if (typeof access?.uri !== 'string') throw new TypeError('uri must be a pkcs11: URI')
  const uri = parsePkcs11Uri(access.uri)
  const candidates = await findModules({ ...access, uri })
  return await withToken(uri, candidates, access, async (slot) => {
    try {
      const { generation } = slot.module
      const session = openSession(slot, { write })
      try {
        const pins = new PinSource(pinOf(access.pin, uri))
        const wanted = login === 'always' || (login === 'if-asked' && pins.isGiven)
        const asked = ((slot.token?.flags ?? 0) & CKF.LOGIN_REQUIRED) !== 0
        if (wanted && asked && !isLoggedIn(slot, session)) {
          await logIn(slot, session, {
            pins,
            useFinalTry: access.useFinalTry === true,
            signal: access.signal,
          })
        }
        return await slot.module.run(async () => await use({ slot, session, uri }))
      } finally {
        closeSession(slot, session, generation)
      }
    } catch (error) {
      throw tokenError(error, `cannot work with the token "${printable(slot.token?.label ?? '')}"`)
    }
  })
}

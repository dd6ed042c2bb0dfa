import { equalBytes } from '../../../src/asn1/index.ts'
import { SignerError, TokenError } from '../../../src/errors.ts'
import { CKA, CKO } from '../cryptoki/constants.ts'
import type { Handle } from '../cryptoki/interface.ts'
import { findObjects, readAttribute } from '../objects/objects.ts'
import { labelOf } from '../objects/private-keys.ts'
import type { TokenInfo } from '../token/token.ts'
import { attributesOf } from '../token/token-uri.ts'
import { type TokenAccess, type TokenSession, withSession } from '../token/with-session.ts'
import { formatPkcs11Uri, type Pkcs11Uri } from '../uri/index.ts'
import { writing } from './generate-key.ts'

/** What {@link deleteObjects} is given; its URI must name object or id. */
export interface DeleteObjectsOptions extends TokenAccess {
  /** Is shown the URIs of all that would be deleted, and decides. What is deleted cannot be brought back. */
  confirm: (uris: readonly string[]) => boolean | Promise<boolean>
}

const CLASSES = { private: CKO.PRIVATE_KEY, public: CKO.PUBLIC_KEY, cert: CKO.CERTIFICATE } as const

/**
 * Deletes the objects that a URI means, after confirmation: with `type=` those of one class, else keys and certificate.
 *
 * @returns the URIs of what was deleted; empty where it was not confirmed
 * @throws TokenError as `openPkcs11Key`, `ERR_TOKEN_KEY_NOT_FOUND`, `ERR_TOKEN_READ_ONLY`; SignerError `ERR_SIGNER_URI`
 * @example
 * ```ts
 * import { deleteObjects } from 'sealkit/providers/pkcs11'
 * const uri = 'pkcs11:token=Trader;object=old;type=cert'
 * await deleteObjects({ uri, pin: () => '…', confirm: (uris) => uris.length === 1 })
 * ```
 */
export async function deleteObjects(options: DeleteObjectsOptions): Promise<string[]> {
  if (typeof options?.confirm !== 'function') throw new TypeError('confirm must be a function')
  return await withSession(options, { write: true, login: 'always' }, async (at) => {
    const { slot, session, uri } = at
    if (uri.object === undefined && uri.id === undefined) throw wholeToken()
    const meant = objectsOf(at, uri)
    if (meant.length === 0) {
      const hint = 'sealkit pkcs11 objects lists what the token has'
      throw new TokenError('ERR_TOKEN_KEY_NOT_FOUND', 'there is no such object in the token', { hint })
    }
    const uris = meant.map((each) => each.uri)
    if (!(await options.confirm(uris))) return []
    for (const { handle } of meant) {
      try {
        slot.module.cryptoki.C_DestroyObject(session, handle)
      } catch (error) {
        throw writing(error, 'cannot delete the object')
      }
    }
    return uris
  })
}

function objectsOf({ slot, session }: TokenSession, wanted: Pkcs11Uri): { handle: Handle; uri: string }[] {
  const { cryptoki } = slot.module
  return (Object.keys(CLASSES) as (keyof typeof CLASSES)[])
    .filter((type) => wanted.type === undefined || wanted.type === type)
    .flatMap((type) =>
      findObjects(cryptoki, session, [{ type: CKA.CLASS, value: CLASSES[type] }]).flatMap((handle) => {
        const label = labelOf(cryptoki, session, handle)
        const id = readAttribute(cryptoki, session, handle, CKA.ID)
        if (!fits(wanted, label, id)) return []
        const own = { ...(id === undefined ? {} : { id }), ...(label === '' ? {} : { object: label }), type }
        return [{ handle, uri: formatPkcs11Uri({ ...attributesOf(slot.token as TokenInfo), ...own }) }]
      }),
    )
}

function fits({ object, id: wanted }: Pkcs11Uri, label: string, id: Uint8Array | undefined): boolean {
  if (object !== undefined && object !== label) return false
  return wanted === undefined || (id !== undefined && equalBytes(id, wanted))
}

function wholeToken(): SignerError {
  const hint = 'add object= or id=, and type= for one of key and certificate'
  return new SignerError('ERR_SIGNER_URI', 'the URI means the whole token, which is not emptied', { hint })
}

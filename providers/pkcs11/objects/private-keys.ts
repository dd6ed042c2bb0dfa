import { CKA, CKK, CKO } from '../cryptoki/constants.ts'
import type { Attribute, Cryptoki, Handle } from '../cryptoki/interface.ts'
import { toBoolean, toNumber } from '../cryptoki/ulong.ts'
import { trimmed } from '../uri/index.ts'
import { findObjects, readAttribute } from './objects.ts'
import { publicKeyInfo } from './public-key.ts'

/** A private key in a token. */
export interface TokenKey {
  readonly handle: Handle
  readonly label: string
  /** CKA_ID. */
  readonly id: Uint8Array | undefined
  /** CKK_*. */
  readonly keyType: number
  /** Each signature needs a login of its own (CKA_ALWAYS_AUTHENTICATE). */
  readonly alwaysAuthenticate: boolean
  /** SubjectPublicKeyInfo; undefined where the token does not tell. */
  readonly publicKey: Uint8Array | undefined
}

/** What a key is looked for by. */
export interface KeyFilter {
  readonly label?: string | undefined
  readonly id?: Uint8Array | undefined
}

/** The private keys of a token that a filter lets through. */
export function findPrivateKeys(cryptoki: Cryptoki, session: Handle, filter: KeyFilter): TokenKey[] {
  const template: Attribute[] = [{ type: CKA.CLASS, value: CKO.PRIVATE_KEY }]
  if (filter.id !== undefined) template.push({ type: CKA.ID, value: Buffer.from(filter.id) })
  // Not by the label: some tokens pad it.
  return findObjects(cryptoki, session, template)
    .map((handle) => ({ handle, label: labelOf(cryptoki, session, handle) }))
    .filter(({ label }) => filter.label === undefined || label === filter.label)
    .map(({ handle, label }) => readPrivateKey(cryptoki, session, handle, label))
}

function readPrivateKey(cryptoki: Cryptoki, session: Handle, handle: Handle, label: string): TokenKey {
  const read = (type: number): Buffer | undefined => readAttribute(cryptoki, session, handle, type)
  const id = read(CKA.ID)
  const keyType = read(CKA.KEY_TYPE)
  const always = read(CKA.ALWAYS_AUTHENTICATE)
  return {
    handle,
    label,
    id,
    keyType: keyType === undefined ? CKK.RSA : toNumber(keyType),
    alwaysAuthenticate: always !== undefined && toBoolean(always),
    publicKey: publicKeyInfo(cryptoki, session, handle, id),
  }
}

/** CKA_LABEL without padding. */
export function labelOf(cryptoki: Cryptoki, session: Handle, object: Handle): string {
  const label = readAttribute(cryptoki, session, object, CKA.LABEL)
  return label === undefined ? '' : trimmed(label.toString('utf8'))
}

import type { SecretText } from './secret-text.ts'

/** Classes of objects by the names of RFC 7512. */
export type ObjectType = 'private' | 'public' | 'cert' | 'secret-key' | 'data'

export const OBJECT_TYPES: readonly ObjectType[] = ['private', 'public', 'cert', 'secret-key', 'data']

/** A `pkcs11:` URI, taken apart (RFC 7512 section 2.3). */
export interface Pkcs11Uri {
  /** Label of the token. */
  readonly token?: string
  readonly manufacturer?: string
  readonly model?: string
  readonly serial?: string
  readonly libraryManufacturer?: string
  readonly libraryDescription?: string
  /** `2.6`, or `2` for any 2.x. */
  readonly libraryVersion?: string
  readonly slotManufacturer?: string
  readonly slotDescription?: string
  /** Numbers of slots move: a token is better found by its serial number. */
  readonly slotId?: number
  /** CKA_LABEL. */
  readonly object?: string
  /** CKA_ID: bytes. */
  readonly id?: Uint8Array
  /** CKA_CLASS. */
  readonly type?: ObjectType
  readonly modulePath?: string
  readonly moduleName?: string
  /** A `file:` URI or the name of a file with the PIN. */
  readonly pinSource?: string
  readonly pinValue?: SecretText
}

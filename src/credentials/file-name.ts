import { CredentialError } from '../errors.ts'

/** What an API consumer's file is for: mutual TLS, signing, or the CA certificates that go with it. */
export type CredentialPurpose = 'ssl' | 'signing' | 'cacert'

/** The parts of a file name by the convention of Clearstream's Xact: `ocapi-${USERID}-${TYPE}.pem`. */
export interface CredentialFileName {
  /** User id of the API consumer: `a000012345_00012345`. */
  readonly userId: string
  readonly type: CredentialPurpose
  /** Without the dot, in lower case: `pem`, `p12`, `csr`, `key`. */
  readonly extension: string
}

// A browser that has saved the file before writes ` (1)` behind it.
const CONVENTION = /^ocapi-(.+)-(ssl|signing|cacert)(?: ?\(\d{1,3}\))?\.([a-z0-9]{1,8})$/i
// What no file system takes everywhere, and what could lead elsewhere or deceive the eye.
const UNSAFE = /[/\\<>:"|?*\p{C}\p{Zl}\p{Zp}]/u
const MAX_USER_ID = 128

/**
 * Takes a file's name apart: `ocapi-${USERID}-${TYPE}.pem`, as Xact names the files of an API consumer. Case does
 * not count, but for the user id.
 *
 * @param name the last part of a path
 * @returns undefined for another name, and for one with path separators or control characters
 * @example
 * ```ts
 * import { parseCredentialFileName } from 'sealkit/credentials'
 * parseCredentialFileName('ocapi-a000012345_00012345-ssl.pem')?.userId // 'a000012345_00012345'
 * ```
 */
export function parseCredentialFileName(name: string): CredentialFileName | undefined {
  const [, userId, type, extension] = CONVENTION.exec(name) ?? []
  if (userId === undefined || type === undefined || extension === undefined) return undefined
  if (!isUserId(userId)) return undefined
  return { userId, type: type.toLowerCase() as CredentialPurpose, extension: extension.toLowerCase() }
}

/**
 * Makes a file's name by the same convention.
 *
 * @param parts the extension is `pem` where none is given
 * @throws CredentialError `ERR_CREDENTIAL_FORMAT` for a user id that cannot stand in a file name
 * @throws TypeError for another type or extension
 * @example
 * ```ts
 * import { credentialFileName } from 'sealkit/credentials'
 * credentialFileName({ userId: 'a000012345_00012345', type: 'ssl', extension: 'p12' })
 * // 'ocapi-a000012345_00012345-ssl.p12'
 * ```
 */
export function credentialFileName(
  parts: Omit<CredentialFileName, 'extension'> & Partial<CredentialFileName>,
): string {
  const { userId, type, extension = 'pem' } = parts
  if (!['ssl', 'signing', 'cacert'].includes(type)) throw new TypeError('type must be ssl, signing or cacert')
  if (!/^[a-z0-9]{1,8}$/.test(extension)) throw new TypeError('extension must be 1 to 8 letters or digits')
  if (typeof userId === 'string' && isUserId(userId)) return `ocapi-${userId}-${type}.${extension}`
  const hint = `a user id has up to ${MAX_USER_ID} letters, digits and underscores, as Xact shows it`
  const message = `the user id ${JSON.stringify(userId)} cannot stand in a file name`
  throw new CredentialError('ERR_CREDENTIAL_FORMAT', message, { hint })
}

function isUserId(text: string): boolean {
  return text.length > 0 && text.length <= MAX_USER_ID && !UNSAFE.test(text) && text.trim() === text
}

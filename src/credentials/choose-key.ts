import { CredentialError } from '../errors.ts'
import type { Certificate } from '../x509/index.ts'
import type { KeyEntry } from './contents.ts'
import { samePublicKeyInfo } from './public-key-identity.ts'

/** Which of several keys is meant; all that is given must fit. */
export interface KeyChoice {
  /** The key that this certificate is for. */
  certificate?: Certificate | undefined
  /** The first characters, eight at least, of the SHA-256 of its SubjectPublicKeyInfo in hexadecimal. */
  fingerprint?: string | undefined
  /** Its friendly name. */
  friendlyName?: string | undefined
}

const MOST_LISTED = 10

/**
 * The one key that is meant.
 *
 * @param choice needed where there are several
 * @throws CredentialError `ERR_CREDENTIAL_NO_KEY` where there is none; `ERR_CREDENTIAL_AMBIGUOUS` where there are several,
 *   with a list of them; `ERR_CREDENTIAL_KEY_MISMATCH` where the choice fits none
 */
export function chooseKey(keys: readonly KeyEntry[], choice: KeyChoice = {}): KeyEntry {
  if (keys.length === 0) {
    const hint = 'give the file with the private key'
    throw new CredentialError('ERR_CREDENTIAL_NO_KEY', 'there is no private key in the file', { hint })
  }
  const fitting = keys.filter((entry) => fits(entry, choice))
  const [only] = fitting
  if (only !== undefined && fitting.length === 1) return only
  const list = listed(fitting.length === 0 ? keys : fitting)
  if (only === undefined) {
    const hint = `the file has: ${list}`
    throw new CredentialError(
      'ERR_CREDENTIAL_KEY_MISMATCH',
      'none of the private keys is the one asked for',
      { hint },
    )
  }
  const hint = 'choose one by its certificate, fingerprint or friendly name, or put it into a file of its own'
  const message = `${fitting.length} private keys where one is needed: ${list}`
  throw new CredentialError('ERR_CREDENTIAL_AMBIGUOUS', message, { hint })
}

function fits({ key, friendlyName }: KeyEntry, choice: KeyChoice): boolean {
  const { certificate, fingerprint } = choice
  if (choice.friendlyName !== undefined && choice.friendlyName !== friendlyName) return false
  if (fingerprint !== undefined) {
    const start = fingerprint.toLowerCase().replaceAll(':', '')
    if (!/^[0-9a-f]{8,64}$/.test(start)) throw new TypeError('fingerprint must be 8 to 64 hexadecimal digits')
    if (key.fingerprint?.startsWith(start) !== true) return false
  }
  if (certificate === undefined) return true
  const spki = key.subjectPublicKeyInfo
  return spki !== undefined && samePublicKeyInfo(spki, certificate.subjectPublicKeyInfo)
}

/** The first of them: a file may hold a thousand. */
function listed(keys: readonly KeyEntry[]): string {
  const more = keys.length > MOST_LISTED ? `, and ${keys.length - MOST_LISTED} more` : ''
  return `${keys.slice(0, MOST_LISTED).map(describe).join(', ')}${more}`
}

function describe({ key, friendlyName }: KeyEntry): string {
  const name = friendlyName === undefined ? '' : ` ${quoted(friendlyName)}`
  return `${key}${name}`
}

/** A name may hold any character: none may reach a terminal as it is. */
function quoted(name: string): string {
  return JSON.stringify(name.slice(0, 64)).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?')
}

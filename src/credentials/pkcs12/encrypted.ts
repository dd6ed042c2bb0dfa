import type { DerReader } from '../../asn1/index.ts'
import type { Lock } from '../encryption/lock.ts'
import { encryptionName } from '../encryption/oids.ts'
import { readLock } from '../encryption/read-lock.ts'
import { damaged, unsupported } from '../errors.ts'
import type { Budget } from './budget.ts'

/** Something encrypted with a password. */
export interface EncryptedBytes {
  readonly lock: Lock
  /** Whole blocks, one at least. */
  readonly encrypted: Uint8Array
}

/**
 * Reads an AlgorithmIdentifier and the bytes encrypted with it, as EncryptedPrivateKeyInfo and
 * EncryptedContentInfo have them, and counts its work.
 *
 * @param what is encrypted, for errors
 * @param field of the encrypted bytes
 * @param tag of the encrypted bytes, in its primitive form
 * @throws CredentialError `ERR_CREDENTIAL_UNSUPPORTED`, `_FORMAT`, `_LIMIT`
 */
export function readEncryptedBytes(
  r: DerReader,
  what: string,
  budget: Budget,
  field: string,
  tag: number,
): EncryptedBytes {
  const lock = r.sequence('encryptionAlgorithm', (algorithm) => readLock(algorithm, budget.bounds))
  const encrypted = r.octetString(field, tag)
  if ('unknown' in lock) {
    const hint = 'open the file with the program that wrote it, and export it again with AES-256'
    throw unsupported(
      `PKCS#12: ${what} is encrypted with ${encryptionName(lock.unknown)}, which is not supported`,
      hint,
    )
  }
  if (encrypted.length === 0 || encrypted.length % lock.blockLength !== 0) {
    throw damaged(`PKCS#12: ${what}: ${encrypted.length} encrypted bytes are no whole number of blocks`)
  }
  budget.spend(lock.cost)
  return { lock, encrypted }
}

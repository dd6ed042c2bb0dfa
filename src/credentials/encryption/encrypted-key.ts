import { readDer } from '../../asn1/index.ts'
import { damaged, reading, unsupported } from '../errors.ts'
import type { Bounds } from '../limits.ts'
import { askPassword, type Password, wrongPassword } from '../password.ts'
import { wipe } from '../wipe.ts'
import type { DerivedLock, Lock } from './lock.ts'
import { encryptionName } from './oids.ts'
import { type PasswordBytes, passwordCandidates } from './passwords.ts'
import { readLock } from './read-lock.ts'

/** A private key that is encrypted, and how. */
export interface LockedKey {
  readonly lock: Lock
  readonly data: Uint8Array
}

/**
 * Reads an EncryptedPrivateKeyInfo (RFC 5958 section 3) with PBES2 or PBES1 (RFC 8018) or the schemes of PKCS#12
 * (RFC 7292 appendix C), as far as it can be without a password.
 *
 * @param what the key, for errors
 * @throws CredentialError `ERR_CREDENTIAL_FORMAT`, `_UNSUPPORTED`, `_LIMIT`
 */
export function readEncryptedPrivateKeyInfo(bytes: Uint8Array, bounds: Bounds, what: string): LockedKey {
  const { lock, data } = reading(what, () =>
    readDer(bytes, 'EncryptedPrivateKeyInfo', (r) =>
      r.sequence('', (s) => ({
        lock: s.sequence('encryptionAlgorithm', (algorithm) => readLock(algorithm, bounds)),
        data: s.octetString('encryptedData'),
      })),
    ),
  )
  if ('unknown' in lock) throw cannotDecrypt(what, lock.unknown)
  return { lock, data }
}

/**
 * Opens a lock on a private key. A key that begins as keys do was opened with the right password, whatever
 * else is wrong with it: padding alone fits by chance once in 256 times.
 *
 * @returns PKCS#8, PKCS#1 or SEC 1, in bytes that the caller wipes
 * @throws CredentialError `ERR_CREDENTIAL_FORMAT`, `_PASSWORD_REQUIRED`, `_PASSWORD_WRONG`
 */
export async function unlock(
  { lock, data }: LockedKey,
  password: Password | undefined,
  what: string,
): Promise<Uint8Array<ArrayBuffer>> {
  if (data.length === 0 || data.length % lock.blockLength !== 0) {
    throw damaged(`${what}: ${data.length} encrypted bytes are no whole number of blocks`)
  }
  const secret = await askPassword(password, what)
  const candidates = passwordCandidates(secret)
  wipe(secret)
  try {
    for (const candidate of candidates) {
      const plain = await decryptWith(lock, candidate, data, what)
      if (plain !== undefined && beginsAsKey(plain)) return plain
      wipe(plain)
    }
    throw wrongPassword(what)
  } finally {
    for (const { utf8, bmp } of candidates) wipe(utf8, bmp)
  }
}

async function decryptWith(
  lock: Lock,
  password: PasswordBytes,
  data: Uint8Array,
  what: string,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const derived = await derive(lock, password, what)
  try {
    return await derived.decrypt(data)
  } finally {
    derived.wipe()
  }
}

async function derive(lock: Lock, password: PasswordBytes, what: string): Promise<DerivedLock> {
  try {
    return await lock.derive(password)
  } catch (cause) {
    const hint = 'raised limits need the memory they allow; OpenSSL in FIPS mode lacks old algorithms'
    throw unsupported(`${what}: the key cannot be derived here`, hint, cause)
  }
}

/** A SEQUENCE that ends where the bytes end, with a version of 0 or 1 in front: all forms of keys begin so. */
function beginsAsKey(plain: Uint8Array): boolean {
  const octets = (plain[1] ?? 0) < 0x80 ? 0 : (plain[1] as number) & 0x7f
  let length = octets === 0 ? (plain[1] ?? 0) : 0
  for (let i = 0; i < octets; i++) length = length * 256 + (plain[2 + i] ?? 0)
  const at = 2 + octets
  const version = plain[at + 2] === 0 || plain[at + 2] === 1
  return (
    plain[0] === 0x30 && at + length === plain.length && plain[at] === 2 && plain[at + 1] === 1 && version
  )
}

function cannotDecrypt(what: string, oid: string): Error {
  const hint =
    'write the key anew with AES, with the program that wrote it, or: openssl pkcs8 -topk8 -in OLD.pem -out NEW.pem'
  return unsupported(`${what} is encrypted with ${encryptionName(oid)}, which is not supported`, hint)
}

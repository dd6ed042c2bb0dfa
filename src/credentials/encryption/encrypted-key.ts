import { type DerReader, readDer } from '../../asn1/index.ts'
import { damaged, reading, unsupported } from '../errors.ts'
import type { Bounds } from '../limits.ts'
import { askPassword, type Password, wrongPassword } from '../password.ts'
import { wipe } from '../wipe.ts'
import { decryptCbc } from './cbc.ts'
import type { FoundLock, Lock } from './lock.ts'
import { EncryptionOid, encryptionName } from './oids.ts'
import { readPbeParameters } from './pbes1.ts'
import { readPbes2Parameters } from './pbes2.ts'

/**
 * Decrypts an EncryptedPrivateKeyInfo (RFC 5958 section 3) with PBES2 (RFC 8018) or the triple DES schemes of
 * PKCS#12 (RFC 7292 appendix C). Its form and the limits are checked before the password is asked for.
 *
 * @param what the key, for errors
 * @returns PrivateKeyInfo, in bytes that the caller wipes
 * @throws CredentialError `ERR_CREDENTIAL_FORMAT`, `_UNSUPPORTED`, `_LIMIT`, `_PASSWORD_REQUIRED`, `_PASSWORD_WRONG`
 */
export async function decryptPrivateKeyInfo(
  bytes: Uint8Array,
  password: Password | undefined,
  bounds: Bounds,
  what: string,
): Promise<Buffer> {
  const { lock, data } = reading(what, () =>
    readDer(bytes, 'EncryptedPrivateKeyInfo', (r) =>
      r.sequence('', (s) => ({
        lock: s.sequence('encryptionAlgorithm', (algorithm) => readLock(algorithm, bounds)),
        data: s.octetString('encryptedData'),
      })),
    ),
  )
  if ('unknown' in lock) throw cannotDecrypt(what, lock.unknown)
  return await unlock(lock, data, password, what)
}

function readLock(r: DerReader, bounds: Bounds): FoundLock {
  const oid = r.oid('algorithm')
  switch (oid) {
    case EncryptionOid.pbes2:
      return readPbes2Parameters(r, bounds)
    case EncryptionOid.pbeWithSHAAnd3KeyTripleDES:
      return readPbeParameters(r, 3, bounds)
    case EncryptionOid.pbeWithSHAAnd2KeyTripleDES:
      return readPbeParameters(r, 2, bounds)
    default:
      while (!r.done) r.element('parameters')
      return { unknown: oid }
  }
}

/**
 * Opens a lock on a private key. A key that begins as keys do was opened with the right password, whatever
 * else is wrong with it: padding alone fits by chance once in 256 times.
 */
export async function unlock(
  lock: Lock,
  data: Uint8Array,
  password: Password | undefined,
  what: string,
): Promise<Buffer> {
  if (data.length === 0 || data.length % lock.cipher.blockLength !== 0) {
    throw damaged(`${what}: ${data.length} encrypted bytes are no whole number of blocks`)
  }
  const secret = await askPassword(password, what)
  try {
    const { key, iv } = await derive(lock, secret, what)
    const plain = decrypt(lock, key, iv, data)
    if (plain !== undefined && beginsAsKey(plain)) return plain
    wipe(plain)
    throw wrongPassword(what)
  } finally {
    wipe(secret)
  }
}

function decrypt({ cipher }: Lock, key: Uint8Array, iv: Uint8Array, data: Uint8Array): Buffer | undefined {
  try {
    return decryptCbc(cipher, key, iv, data)
  } finally {
    wipe(key)
  }
}

async function derive(lock: Lock, secret: Uint8Array, what: string): ReturnType<Lock['derive']> {
  try {
    return await lock.derive(secret)
  } catch (cause) {
    const hint = 'raised limits need the memory they allow; OpenSSL in FIPS mode lacks old algorithms'
    throw unsupported(`${what}: node:crypto cannot derive the key`, hint, cause)
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
    'write the key anew with AES: openssl pkcs8 -topk8 -in OLD.pem -out NEW.pem, for DES, RC2 and RC4 with -provider legacy -provider default'
  return unsupported(`${what} is encrypted with ${encryptionName(oid)}, which is not supported`, hint)
}

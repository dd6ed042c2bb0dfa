import { Oid } from '../../algorithms/oids.ts'
import { der } from '../../asn1/index.ts'
import { hmac } from '../encryption/hmac.ts'
import { EncryptionOid } from '../encryption/oids.ts'
import type { PasswordBytes } from '../encryption/passwords.ts'
import { pbkdf2 } from '../encryption/pbkdf2.ts'
import { type KdfHash, pkcs12Kdf } from '../encryption/pkcs12-kdf.ts'
import { randomBytes } from '../encryption/random.ts'
import { wipe } from '../wipe.ts'
import { HASH_LENGTH } from './mac-method.ts'
import { Pkcs12Oid } from './oids.ts'
import type { Pkcs12Scheme } from './write-options.ts'

/** A MAC whose key has been derived. */
export interface DerivedMac {
  /** MacData (RFC 7292 4) over the content of the authenticated safe. */
  over(content: Uint8Array): Promise<Uint8Array>
  wipe(): void
}

const HASHES: Readonly<Record<KdfHash, string>> = {
  'SHA-1': Oid.sha1,
  'SHA-224': '2.16.840.1.101.3.4.2.4',
  'SHA-256': Oid.sha256,
  'SHA-384': Oid.sha384,
  'SHA-512': Oid.sha512,
}

const SALT_LENGTH = 16

/** Derives the key of the MAC: it needs nothing of what is in the file. */
export async function deriveMac(
  { hash, pbmac1, iterations }: Pkcs12Scheme['mac'],
  password: PasswordBytes,
): Promise<DerivedMac> {
  const salt = randomBytes(SALT_LENGTH)
  const length = HASH_LENGTH[hash]
  const key = pbmac1
    ? await pbkdf2(hash, password.utf8, salt, iterations, length)
    : await pkcs12Kdf(hash, password.bmp, salt, iterations, 'mac', length)
  const [algorithm, fields] = pbmac1
    ? [pbmac1Algorithm(salt, iterations, length), [der.octetString(NOT_USED)]]
    : [der.sequence([der.oid(HASHES[hash]), der.null()]), [der.octetString(salt), der.integer(iterations)]]
  return {
    over: async (content) => {
      const digest = await hmac(hash, key, content)
      return der.sequence([der.sequence([algorithm, der.octetString(digest)]), ...fields])
    },
    wipe: () => wipe(key),
  }
}

/** macSalt, which PBMAC1 does not use and the syntax wants (RFC 9579 section 5); iterations is then its default of 1. */
const NOT_USED = new TextEncoder().encode('NOT USED')

/** PBMAC1 (RFC 8018 A.5, RFC 9579 section 4) with HMAC-SHA-256 throughout. */
function pbmac1Algorithm(salt: Uint8Array, iterations: number, keyLength: number): Uint8Array {
  const hmacSha256 = der.sequence([der.oid(EncryptionOid.hmacWithSHA256), der.null()])
  const parameters = [der.octetString(salt), der.integer(iterations), der.integer(keyLength), hmacSha256]
  const kdf = der.sequence([der.oid(EncryptionOid.pbkdf2), der.sequence(parameters)])
  return der.sequence([der.oid(Pkcs12Oid.pbmac1), der.sequence([kdf, hmacSha256])])
}

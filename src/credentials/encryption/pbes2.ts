import { type DerReader, Tag } from '../../asn1/index.ts'
import type { Bounds } from '../limits.ts'
import { AES_128, AES_192, AES_256, type Cipher, DES_EDE3 } from './cbc.ts'
import { type Derivation, readPbkdf2, readScrypt } from './kdf.ts'
import type { FoundLock } from './lock.ts'
import { EncryptionOid } from './oids.ts'

const CIPHERS: ReadonlyMap<string, Cipher> = new Map([
  [EncryptionOid.aes128Cbc, AES_128],
  [EncryptionOid.aes192Cbc, AES_192],
  [EncryptionOid.aes256Cbc, AES_256],
  [EncryptionOid.desEde3Cbc, DES_EDE3],
])

/** Reads PBES2-params (RFC 8018 A.4): PBKDF2 or scrypt, AES or triple DES in CBC mode (B.2). */
export function readPbes2Parameters(r: DerReader, bounds: Bounds): FoundLock {
  return r.sequence('parameters', (s) => {
    const at = s.offset
    const derivation = s.sequence('keyDerivationFunc', (f) => readDerivation(f, bounds))
    const scheme = s.sequence('encryptionScheme', readScheme)
    if ('unknown' in derivation) return derivation
    if ('unknown' in scheme) return scheme
    const { cipher, iv } = scheme
    const { keyLength = cipher.keyLength, derive } = derivation
    // RFC 8018 A.2: the length is there for ciphers of variable key length; of these none is.
    if (keyLength !== cipher.keyLength) {
      s.fail(
        'ERR_ASN1_VALUE',
        `${cipher.node} has keys of ${cipher.keyLength} bytes, not ${keyLength}`,
        at,
        'keyLength',
      )
    }
    return { cipher, derive: async (password) => ({ key: await derive(password, keyLength), iv }) }
  })
}

function readDerivation(r: DerReader, bounds: Bounds): Derivation {
  const oid = r.oid('algorithm')
  if (oid === EncryptionOid.pbkdf2) return readPbkdf2(r, bounds)
  if (oid === EncryptionOid.scrypt) return readScrypt(r, bounds)
  while (!r.done) r.element('parameters')
  return { unknown: oid }
}

function readScheme(r: DerReader): { cipher: Cipher; iv: Uint8Array } | { unknown: string } {
  const oid = r.oid('algorithm')
  const cipher = CIPHERS.get(oid)
  if (cipher === undefined) {
    while (!r.done) r.element('parameters')
    return { unknown: oid }
  }
  const at = r.offset
  const iv = r.primitive(Tag.OCTET_STRING, 'parameters')
  if (iv.length === cipher.blockLength) return { cipher, iv }
  return r.fail(
    'ERR_ASN1_VALUE',
    `the IV of ${cipher.node} has ${cipher.blockLength} bytes, not ${iv.length}`,
    at,
  )
}

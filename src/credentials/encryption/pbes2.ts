import { type DerReader, Tag } from '../../asn1/index.ts'
import type { Bounds } from '../limits.ts'
import {
  AES_128,
  AES_192,
  AES_256,
  CAMELLIA_128,
  CAMELLIA_192,
  CAMELLIA_256,
  type Cipher,
  DES,
  rc2,
  TRIPLE_DES,
} from './ciphers.ts'
import { type Derivation, readPbkdf2, readScrypt } from './kdf.ts'
import { type FoundLock, lockOf } from './lock.ts'
import { EncryptionOid } from './oids.ts'

const CIPHERS: ReadonlyMap<string, Cipher> = new Map([
  [EncryptionOid.aes128Cbc, AES_128],
  [EncryptionOid.aes192Cbc, AES_192],
  [EncryptionOid.aes256Cbc, AES_256],
  [EncryptionOid.desEde3Cbc, TRIPLE_DES],
  [EncryptionOid.desCbc, DES],
  [EncryptionOid.camellia128Cbc, CAMELLIA_128],
  [EncryptionOid.camellia192Cbc, CAMELLIA_192],
  [EncryptionOid.camellia256Cbc, CAMELLIA_256],
])

/** Effective bits of RC2 by the version that stands for them (RFC 8018 B.2.3). */
const RC2_VERSIONS: ReadonlyMap<number, number> = new Map([
  [160, 40],
  [120, 64],
  [58, 128],
])

/** Reads PBES2-params (RFC 8018 A.4): PBKDF2 or scrypt, a cipher in CBC mode (B.2). */
export function readPbes2Parameters(r: DerReader, bounds: Bounds): FoundLock {
  return r.sequence('parameters', (s) => {
    const at = s.offset
    const derivation = s.sequence('keyDerivationFunc', (f) => readDerivation(f, bounds))
    const scheme = s.sequence('encryptionScheme', (e) => readScheme(e, derivation))
    if ('unknown' in scheme) return scheme
    if ('unknown' in derivation) return derivation
    const { cipher, iv } = scheme
    const { keyLength = cipher.keyLength } = derivation
    // RFC 8018 A.2: the length is there for ciphers of variable key length.
    if (keyLength !== cipher.keyLength) {
      s.fail(
        'ERR_ASN1_VALUE',
        `${cipher.name} has keys of ${cipher.keyLength} bytes, not ${keyLength}`,
        at,
        'keyLength',
      )
    }
    const layer = {
      algorithm: `PBES2 ${cipher.name}`,
      keyDerivation: derivation.name,
      iterations: derivation.iterations,
      weak: cipher.weak || derivation.weak,
    }
    return lockOf(cipher, layer, derivation.cost(keyLength), async ({ utf8 }) => ({
      key: await derivation.derive(utf8, keyLength),
      iv,
    }))
  })
}

function readDerivation(r: DerReader, bounds: Bounds): Derivation {
  const oid = r.oid('algorithm')
  if (oid === EncryptionOid.pbkdf2) return readPbkdf2(r, bounds)
  if (oid === EncryptionOid.scrypt) return readScrypt(r, bounds)
  while (!r.done) r.element('parameters')
  return { unknown: oid }
}

type Scheme = { readonly cipher: Cipher; readonly iv: Uint8Array } | { readonly unknown: string }

function readScheme(r: DerReader, derivation: Derivation): Scheme {
  const oid = r.oid('algorithm')
  if (oid === EncryptionOid.rc2Cbc) return r.sequence('parameters', (s) => readRc2(s, derivation))
  const cipher = CIPHERS.get(oid)
  if (cipher === undefined) {
    while (!r.done) r.element('parameters')
    return { unknown: oid }
  }
  return { cipher, iv: readIv(r, cipher, 'parameters') }
}

/** RC2-CBC-Parameter (RFC 8018 B.2.3): its keys have any length. */
function readRc2(r: DerReader, derivation: Derivation): Scheme {
  const at = r.offset
  const version = r.nextTag === Tag.INTEGER ? r.smallInteger('rc2ParameterVersion', 0, 1024) : undefined
  const bits = version === undefined ? 32 : (RC2_VERSIONS.get(version) ?? (version >= 256 ? version : 0))
  if (bits === 0) r.fail('ERR_ASN1_VALUE', `version ${version} means nothing`, at, 'rc2ParameterVersion')
  const given = 'unknown' in derivation ? undefined : derivation.keyLength
  const cipher = rc2(given !== undefined && given <= 128 ? given : Math.ceil(bits / 8), bits)
  const iv = readIv(r, cipher, 'iv')
  // node-forge expands keys wrongly where the effective bits are no whole bytes; nobody is known to write such files.
  return bits % 8 === 0 ? { cipher, iv } : { unknown: EncryptionOid.rc2Cbc }
}

function readIv(r: DerReader, cipher: Cipher, field: string): Uint8Array {
  const at = r.offset
  const iv = r.primitive(Tag.OCTET_STRING, field)
  if (iv.length === cipher.blockLength) return iv
  return r.fail(
    'ERR_ASN1_VALUE',
    `the IV of ${cipher.name} has ${cipher.blockLength} bytes, not ${iv.length}`,
    at,
    field,
  )
}

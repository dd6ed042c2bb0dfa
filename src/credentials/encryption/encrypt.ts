import { der } from '../../asn1/index.ts'
import { wipe } from '../wipe.ts'
import { AES_128, AES_192, AES_256, type Cipher, encrypt, TRIPLE_DES } from './ciphers.ts'
import { EncryptionOid } from './oids.ts'
import type { PasswordBytes } from './passwords.ts'
import { pbkdf2 } from './pbkdf2.ts'
import { derivePkcs12Pbe } from './pkcs12-pbe.ts'
import { randomBytes } from './random.ts'
import { type ScryptCost, scrypt } from './scrypt.ts'

/** How PBES2 encrypts (RFC 8018 6.2). */
export interface Pbes2Options {
  readonly cipher: 'AES-256-CBC' | 'AES-192-CBC' | 'AES-128-CBC' | '3DES-CBC'
  readonly kdf:
    | {
        readonly name: 'PBKDF2'
        readonly prf: 'SHA-1' | 'SHA-256' | 'SHA-384' | 'SHA-512'
        readonly iterations: number
      }
    | ({ readonly name: 'scrypt' } & ScryptCost)
}

/** How PKCS#12's own scheme encrypts (RFC 7292 appendix C): for old readers. */
export interface Pbes1Options {
  readonly scheme: 'PBE-SHA1-3DES'
  readonly iterations: number
}

/** Something encrypted. */
export interface Encrypted {
  /** AlgorithmIdentifier in DER. */
  readonly algorithm: Uint8Array
  readonly ciphertext: Uint8Array
}

const CIPHERS: Readonly<Record<Pbes2Options['cipher'], readonly [oid: string, cipher: Cipher]>> = {
  'AES-256-CBC': [EncryptionOid.aes256Cbc, AES_256],
  'AES-192-CBC': [EncryptionOid.aes192Cbc, AES_192],
  'AES-128-CBC': [EncryptionOid.aes128Cbc, AES_128],
  '3DES-CBC': [EncryptionOid.desEde3Cbc, TRIPLE_DES],
}

const PRFS = {
  'SHA-1': EncryptionOid.hmacWithSHA1,
  'SHA-256': EncryptionOid.hmacWithSHA256,
  'SHA-384': EncryptionOid.hmacWithSHA384,
  'SHA-512': EncryptionOid.hmacWithSHA512,
} as const

/** RFC 8018 4.1 asks for 8 bytes at least. */
const SALT_LENGTH = 16

/** Encrypts with PBES2, a fresh salt and IV. */
export async function encryptPbes2(
  plain: Uint8Array,
  { utf8 }: PasswordBytes,
  { cipher: name, kdf }: Pbes2Options,
): Promise<Encrypted> {
  const [oid, cipher] = CIPHERS[name]
  const salt = randomBytes(SALT_LENGTH)
  const iv = randomBytes(cipher.blockLength)
  const key =
    kdf.name === 'scrypt'
      ? await scrypt(utf8, salt, kdf, cipher.keyLength)
      : await pbkdf2(kdf.prf, utf8, salt, kdf.iterations, cipher.keyLength)
  try {
    const scheme = der.sequence([der.oid(oid), der.octetString(iv)])
    const parameters = der.sequence([derivationAlgorithm(kdf, salt), scheme])
    const algorithm = der.sequence([der.oid(EncryptionOid.pbes2), parameters])
    return { algorithm, ciphertext: await encrypt(cipher, key, iv, plain) }
  } finally {
    wipe(key)
  }
}

function derivationAlgorithm(kdf: Pbes2Options['kdf'], salt: Uint8Array): Uint8Array {
  if (kdf.name === 'scrypt') {
    const { N, r, p } = kdf
    const parameters = [der.octetString(salt), der.integer(N), der.integer(r), der.integer(p)]
    return der.sequence([der.oid(EncryptionOid.scrypt), der.sequence(parameters)])
  }
  const parameters = [der.octetString(salt), der.integer(kdf.iterations)]
  // DER leaves out the default, HMAC with SHA-1.
  if (kdf.prf !== 'SHA-1') parameters.push(der.sequence([der.oid(PRFS[kdf.prf]), der.null()]))
  return der.sequence([der.oid(EncryptionOid.pbkdf2), der.sequence(parameters)])
}

/** Encrypts with triple DES and the key derivation of PKCS#12. */
export async function encryptPbes1(
  plain: Uint8Array,
  password: PasswordBytes,
  { iterations }: Pbes1Options,
): Promise<Encrypted> {
  const salt = randomBytes(SALT_LENGTH)
  const { key, iv } = await derivePkcs12Pbe(password, salt, iterations, 24, TRIPLE_DES.blockLength)
  try {
    const parameters = der.sequence([der.octetString(salt), der.integer(iterations)])
    const algorithm = der.sequence([der.oid(EncryptionOid.pbeWithSHAAnd3KeyTripleDES), parameters])
    return { algorithm, ciphertext: await encrypt(TRIPLE_DES, key, iv, plain) }
  } finally {
    wipe(key)
  }
}

import { createCipheriv, pbkdf2Sync, scryptSync } from 'node:crypto'
import { der } from '../../src/asn1/index.ts'

/** What {@link encryptKey} writes; the defaults open with the password "test". */
export interface Encrypted {
  kdf?: Uint8Array
  scheme?: Uint8Array
  key?: Uint8Array
  iv?: Uint8Array
}

const SALT: Uint8Array = Buffer.from('0102030405060708', 'hex')
const IV = Buffer.alloc(16, 7)
const AES_256 = '2.16.840.1.101.3.4.1.42'
const SHA_256 = der.sequence([der.oid('1.2.840.113549.2.9'), der.null()])

/** AlgorithmIdentifier of PBKDF2 with HMAC-SHA-256. */
export const pbkdf2Algorithm = (iterations: Uint8Array, ...rest: Uint8Array[]): Uint8Array =>
  der.sequence([
    der.oid('1.2.840.113549.1.5.12'),
    der.sequence([der.octetString(SALT), iterations, ...(rest.length > 0 ? rest : [SHA_256])]),
  ])

/** AlgorithmIdentifier of scrypt. */
export const scryptAlgorithm = (...numbers: (number | bigint)[]): Uint8Array =>
  der.sequence([
    der.oid('1.3.6.1.4.1.11591.4.11'),
    der.sequence([der.octetString(SALT), ...numbers.map((number) => der.integer(number))]),
  ])

const aes256 = (iv: Uint8Array): Uint8Array => der.sequence([der.oid(AES_256), der.octetString(iv)])

export const keyByPbkdf2 = (iterations: number): Uint8Array =>
  pbkdf2Sync('test', SALT, iterations, 32, 'sha256')
export const keyByScrypt = (N: number, r: number, p: number): Uint8Array =>
  scryptSync('test', SALT, 32, { N, r, p, maxmem: 2 ** 30 })

/** EncryptedPrivateKeyInfo of any bytes. */
export function encryptKey(plain: Uint8Array, options: Encrypted = {}): Uint8Array {
  const { kdf = pbkdf2Algorithm(der.integer(1)), key = keyByPbkdf2(1), iv = IV } = options
  const cipher = createCipheriv('aes-256-cbc', key, iv)
  const data = Buffer.concat([cipher.update(plain), cipher.final()])
  const pbes2 = der.sequence([kdf, options.scheme ?? aes256(iv)])
  return der.sequence([der.sequence([der.oid('1.2.840.113549.1.5.13'), pbes2]), der.octetString(data)])
}

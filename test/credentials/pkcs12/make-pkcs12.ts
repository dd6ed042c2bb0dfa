/** PKCS#12 files built field by field with node:crypto, to be read: right ones, and ones that no program writes. */
import {
  createCipheriv,
  createHash,
  createHmac,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  pbkdf2Sync,
} from 'node:crypto'
import { contextTag, der, encode, Tag } from '../../../src/asn1/index.ts'
import { Certificate } from '../../../src/x509/index.ts'
import { commonName, certificate as makeCertificate } from '../../x509/build.ts'

type Bytes = Uint8Array

export const DATA = '1.2.840.113549.1.7.1'
const ENCRYPTED_DATA = '1.2.840.113549.1.7.6'
const BAG = '1.2.840.113549.1.12.10.1'
export const SALT = Buffer.from('0102030405060708', 'hex')

/** A key with a certificate for it, issued by nobody. */
export interface Pair {
  readonly key: KeyObject
  readonly pkcs8: Bytes
  readonly spki: Bytes
  readonly certificate: Certificate
}

const CURVES = { ed25519: undefined, p256: 'P-256', secp256k1: 'secp256k1' } as const

export function makePair(
  kind: keyof typeof CURVES = 'ed25519',
  subject = 'subject',
  issuer = 'issuer',
): Pair {
  const namedCurve = CURVES[kind]
  const pair = namedCurve ? generateKeyPairSync('ec', { namedCurve }) : generateKeyPairSync('ed25519')
  const spki = bytes(createPublicKey(pair.privateKey).export({ format: 'der', type: 'spki' }))
  const parts = { spki, subject: commonName(subject), issuer: commonName(issuer) }
  return {
    key: pair.privateKey,
    pkcs8: bytes(pair.privateKey.export({ format: 'der', type: 'pkcs8' })),
    spki,
    certificate: Certificate.parse(makeCertificate(parts)),
  }
}

const bytes = (buffer: Buffer): Bytes => new Uint8Array(buffer)

/** BMPString content. */
const bmp = (text: string): Bytes => bytes(Buffer.from(text, 'utf16le').swap16())
const bmpString = (text: string): Bytes => encode(Tag.BMP_STRING, [bmp(text)])

export const attribute = (oid: string, ...values: Bytes[]): Bytes =>
  der.sequence([der.oid(oid), der.setOf(values)])
export const friendlyName = (text: string): Bytes => attribute('1.2.840.113549.1.9.20', bmpString(text))
export const localKeyId = (id: string): Bytes =>
  attribute('1.2.840.113549.1.9.21', der.octetString(Buffer.from(id)))
export const trusted = attribute('2.16.840.1.113894.746875.1.1', der.oid('2.5.29.37.0'))

export function bag(type: number | string, value: Bytes, attributes: readonly Bytes[] = []): Bytes {
  const oid = der.oid(typeof type === 'number' ? `${BAG}.${type}` : type)
  const set = attributes.length > 0 ? [der.setOf(attributes)] : []
  return der.sequence([oid, der.explicit(0, value), ...set])
}

export const keyBag = ({ pkcs8 }: Pick<Pair, 'pkcs8'>, ...attributes: Bytes[]): Bytes =>
  bag(1, pkcs8, attributes)

export const certBag = ({ certificate }: { certificate: { der: Bytes } }, ...attributes: Bytes[]): Bytes =>
  bag(3, typedValue('1.2.840.113549.1.9.22.1', der.octetString(certificate.der)), attributes)

export const typedValue = (oid: string, value: Bytes): Bytes =>
  der.sequence([der.oid(oid), der.explicit(0, value)])

export const shroudedBag = (pair: Pick<Pair, 'pkcs8'>, password: string, ...attributes: Bytes[]): Bytes => {
  const { algorithm, encrypted } = encrypt(pair.pkcs8, password)
  return bag(2, der.sequence([algorithm, der.octetString(encrypted)]), attributes)
}

/** PBES2 with AES-256 and PBKDF2 of few iterations. */
export function encrypt(
  plain: Bytes,
  password: string | Bytes,
  iterations = 2,
): { algorithm: Bytes; encrypted: Bytes } {
  const key = pbkdf2Sync(password, SALT, iterations, 32, 'sha256')
  const iv = Buffer.alloc(16, 7)
  const cipher = createCipheriv('aes-256-cbc', key, iv)
  const prf = der.sequence([der.oid('1.2.840.113549.2.9'), der.null()])
  const kdf = der.sequence([
    der.oid('1.2.840.113549.1.5.12'),
    der.sequence([der.octetString(SALT), der.integer(iterations), prf]),
  ])
  const scheme = der.sequence([der.oid('2.16.840.1.101.3.4.1.42'), der.octetString(iv)])
  return {
    algorithm: der.sequence([der.oid('1.2.840.113549.1.5.13'), der.sequence([kdf, scheme])]),
    encrypted: bytes(Buffer.concat([cipher.update(plain), cipher.final()])),
  }
}

export const contentInfo = (type: string, content?: Bytes): Bytes =>
  der.sequence([der.oid(type), ...(content === undefined ? [] : [der.explicit(0, content)])])

export const plainSafe = (...bags: Bytes[]): Bytes => contentInfo(DATA, der.octetString(der.sequence(bags)))

export const encryptedSafe = (password: string | Bytes, ...bags: Bytes[]): Bytes =>
  encryptedBytes(encrypt(der.sequence(bags), password))

export function encryptedBytes({ algorithm, encrypted }: ReturnType<typeof encrypt>): Bytes {
  const content = encode(contextTag(0, false), [encrypted])
  const info = der.sequence([der.oid(DATA), algorithm, content])
  return contentInfo(ENCRYPTED_DATA, der.sequence([der.integer(0), info]))
}

/** How the MAC is made; `password` undefined is the null password. */
export interface MacOptions {
  readonly password?: string | undefined
  readonly hash?: 'md5' | 'sha1' | 'sha224' | 'sha256' | 'sha384' | 'sha512'
  readonly iterations?: number
}

const DIGESTS = {
  md5: '1.2.840.113549.2.5',
  sha1: '1.3.14.3.2.26',
  sha224: '2.16.840.1.101.3.4.2.4',
  sha256: '2.16.840.1.101.3.4.2.1',
  sha384: '2.16.840.1.101.3.4.2.2',
  sha512: '2.16.840.1.101.3.4.2.3',
}

export function macData(content: Bytes, options: MacOptions): Bytes {
  const { password, hash = 'sha256', iterations = 1 } = options
  const text = password === undefined ? new Uint8Array() : bmp(`${password}\0`)
  const mac = createHmac(hash, macKey(hash, text, iterations))
    .update(content)
    .digest()
  return macFields(der.sequence([der.oid(DIGESTS[hash]), der.null()]), mac, der.integer(iterations))
}

export const macFields = (algorithm: Bytes, mac: Bytes, ...rest: Bytes[]): Bytes =>
  der.sequence([der.sequence([algorithm, der.octetString(mac)]), der.octetString(SALT), ...rest])

/** RFC 7292 B.2 for one block, which is what a MAC's key is. */
function macKey(hash: string, password: Bytes, iterations: number): Buffer {
  const block = hash === 'sha384' || hash === 'sha512' ? 128 : 64
  const repeat = (part: Bytes): Buffer => Buffer.alloc(Math.ceil(part.length / block) * block, part)
  const start = [
    Buffer.alloc(block, 3),
    repeat(SALT),
    password.length > 0 ? repeat(password) : Buffer.alloc(0),
  ]
  let key = createHash(hash).update(Buffer.concat(start)).digest()
  for (let i = 1; i < iterations; i++) key = createHash(hash).update(key).digest()
  return key
}

export const authenticatedSafe = (...safes: Bytes[]): Bytes => der.sequence(safes)

/** A PFX of safes; the MAC is with the password "test" unless said otherwise, or left out. */
export function makePfx(safes: readonly Bytes[], mac: MacOptions | null = { password: 'test' }): Bytes {
  const content = authenticatedSafe(...safes)
  return pfxOf(content, ...(mac === null ? [] : [macData(content, mac)]))
}

export const pfxOf = (content: Bytes, ...rest: Bytes[]): Bytes =>
  der.sequence([der.integer(3), contentInfo(DATA, der.octetString(content)), ...rest])

/** What most files look like: an encrypted certificate and a shrouded key with one localKeyId. */
export const usualSafes = (pair: Pair, password = 'test'): Bytes[] => [
  encryptedSafe(password, certBag(pair, localKeyId('1'), friendlyName('leaf'))),
  plainSafe(shroudedBag(pair, password, localKeyId('1'), friendlyName('my key'))),
]

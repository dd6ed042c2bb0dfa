/** What the writing matrix asks of every reader of PKCS#12 files. */
import { createHash, createPrivateKey, createPublicKey } from 'node:crypto'
import { readTree } from '../../support/derTree.ts'
import type { LeafName } from './pki.ts'

export const profiles = ['modern', 'java', 'legacy'] as const
export type Profile = (typeof profiles)[number]

export const keyTypes = [
  'rsa2048',
  'rsapss',
  'p256',
  'p384',
  'p521',
  'ed25519',
  'ed448',
] as const satisfies readonly LeafName[]
export type KeyType = (typeof keyTypes)[number]

/** The kinds of passwords, each with the one that is used. A line of a file, in UTF-8. */
export const passwords = { ASCII: 'correct horse 1!', 'UTF-8': 'пароль ñ€ 密码', empty: '' } as const
export type PasswordKind = keyof typeof passwords

/** One file of the matrix. */
export interface Sample {
  readonly profile: Profile
  readonly keyType: KeyType
  readonly passwordKind: PasswordKind
}

/** What a reader found, to be compared. */
export interface Found {
  /** SHA-256 of the public key's numbers; undefined where the reader gives out no key. */
  readonly key: string | undefined
  /** SHA-256 of each certificate, sorted. */
  readonly certificates: readonly string[]
}

export interface P12Reader extends Partial<AsyncDisposable> {
  readonly name: string
  /** How many certificates it gives out, from the leaf on. Default all. */
  readonly sees?: number
  /** Why it does not open such a file; undefined where it does. */
  cannot(sample: Sample): string | undefined
  /** Opens a file. Rejects where it cannot. */
  open(file: Uint8Array, password: string): Promise<Found>
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** @param key PEM of any kind, plain or with the empty password, or DER of PKCS#8 */
export function found(key: string | Uint8Array | undefined, certificates: readonly Uint8Array[]): Found {
  return {
    key: key === undefined ? undefined : idOf(key),
    certificates: certificates.map(sha256).sort(),
  }
}

function idOf(key: string | Uint8Array): string {
  const privateKey =
    typeof key === 'string'
      ? createPrivateKey({ key, passphrase: '' })
      : createPrivateKey({ key: Buffer.from(key), format: 'der', type: 'pkcs8' })
  return publicKeyId(createPublicKey(privateKey).export({ format: 'pem', type: 'spki' }) as string)
}

/** SHA-256 of a public key: of its numbers, since NSS and forge call an RSASSA-PSS key an RSA key. */
export function publicKeyId(pem: string): string {
  const spki = createPublicKey(pem).export({ format: 'der', type: 'spki' })
  const subjectPublicKey = readTree(spki).children[1]
  if (subjectPublicKey === undefined) throw new Error('no public key')
  return sha256(spki.subarray(subjectPublicKey.contentStart, subjectPublicKey.contentEnd))
}

/** The PEM blocks of a kind in a program's output. */
export function pemBlocks(text: string, label: RegExp): string[] {
  const blocks = text.match(/-----BEGIN ([^-]+)-----[^-]+-----END \1-----/g) ?? []
  return blocks.filter((block) => label.test(/BEGIN ([^-]+)/.exec(block)?.[1] ?? ''))
}

/** The bytes of a block. */
export function pemBytes(block: string): Uint8Array {
  return new Uint8Array(Buffer.from(block.replace(/-----[^-]+-----/g, ''), 'base64'))
}

/** The indexes of PKCS#12 files: the project's own and the shared one, which have the same fields. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root, shared } from '../../../support/tools.ts'

export interface Entry {
  /** Path from the index's folder */
  readonly file: string
  /** The program that wrote it */
  readonly writer: string
  /** `null`: none; an empty one is something else */
  readonly password: string | null
  /** First 16 hex digits of SHA-256 of the SubjectPublicKeyInfo */
  readonly keys: readonly string[]
  /** The same of the certificates */
  readonly certs: readonly string[]
  readonly expect: string
}

/** An entry of vectors/pkcs12/index.json, written by vectors/make-pkcs12.sh. */
export interface OwnEntry extends Entry {
  readonly expect: 'ok' | 'refuse'
  readonly class: string
  /** Of the error, for `refuse` */
  readonly code?: string
  readonly macPassword?: string
  readonly keyPassword?: string
  readonly noMac?: true
  readonly weak?: true
  /** A private key lies there unencrypted */
  readonly plain?: true
  readonly friendlyName?: string
  readonly crls?: number
  readonly skipped?: number
  readonly trusted?: number
  readonly mismatch?: true
}

/** An entry of the shared index; its README says what the fields mean. */
export interface SharedEntry extends Entry {
  readonly note: string
  readonly mac_password?: string
  readonly key_password?: string
  /** What other readers made of a file that is good: reader -> Y, r, p, m, e, n */
  readonly reads?: Readonly<Record<string, string>>
}

export const ownFile = (name: string): string => join(root, 'vectors', 'pkcs12', name)
export const sharedFile = (name: string): string => shared('vectors', 'pkcs12', name)

export const ownEntries = read<OwnEntry>(ownFile('index.json'))
/** Empty where ../shared is not beside the project. */
export const sharedEntries = existsSync(sharedFile('index.json'))
  ? read<SharedEntry>(sharedFile('index.json'))
  : []

function read<T>(file: string): readonly T[] {
  return JSON.parse(readFileSync(file, 'utf8')) as T[]
}

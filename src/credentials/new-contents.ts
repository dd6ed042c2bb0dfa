import type { KeyObject } from 'node:crypto'
import { equalBytes } from '../asn1/index.ts'
import { CredentialError } from '../errors.ts'
import { Certificate } from '../x509/index.ts'
import { PrivateKey } from './key/private-key.ts'
import { samePublicKeyInfo } from './public-key-identity.ts'

/** What is to be written: also what `readPkcs12` and `readCredentials` give, as it is. */
export interface NewCredentials {
  readonly keys?: readonly NewKey[] | undefined
  /** Certificates beside those of the keys. One that is a key's, or in its chain, is written once. */
  readonly certificates?: readonly NewCertificate[] | undefined
  /** Certificate revocation lists in DER. */
  readonly crls?: readonly Uint8Array[] | undefined
}

/** A private key to be written, with what belongs to it. */
export interface NewKey {
  /** Not changed, and not disposed of. */
  readonly key: PrivateKey | KeyObject
  /** The certificate of the key. Java and browsers see no key without it. */
  readonly certificate?: Certificate | undefined
  /** The certificate's issuers, nearest first: see `orderChain`. */
  readonly chain?: readonly Certificate[] | undefined
  /** A name for people, and Java's alias. Default: the certificate's common name. */
  readonly friendlyName?: string | undefined
}

/** A certificate to be written. */
export interface NewCertificate {
  readonly certificate: Certificate
  readonly friendlyName?: string | undefined
  /** Writes Java's mark of a trusted certificate (trustedCertEntry). Default false. */
  readonly trusted?: boolean | undefined
}

/** A key to be written, checked. */
export interface CheckedKey extends NewKey {
  readonly key: PrivateKey
  readonly chain: readonly Certificate[]
  /** The key was made for the writing, and is to be disposed of. */
  readonly own: boolean
}

/**
 * Checks types, and that each key is its certificate's.
 *
 * @returns keys that the caller disposes of where they are `own`
 * @throws TypeError; CredentialError `ERR_CREDENTIAL_KEY_MISMATCH`
 */
export async function checkKeys(keys: readonly NewKey[] = []): Promise<CheckedKey[]> {
  const checked: CheckedKey[] = []
  try {
    for (const entry of keys) {
      const key = await privateKey(entry.key)
      checked.push({ ...entry, key, own: key !== entry.key, chain: entry.chain ?? [] })
      for (const each of [entry.certificate ?? [], entry.chain ?? []].flat()) mustBeCertificate(each)
      mustMatch(key, entry.certificate)
    }
    return checked
  } catch (error) {
    disposeOwn(checked)
    throw error
  }
}

/** Overwrites the copies that were made of the caller's keys. */
export function disposeOwn(keys: readonly CheckedKey[]): void {
  for (const { key, own } of keys) if (own) key[Symbol.dispose]()
}

/** @throws TypeError where it is none */
export function mustBeCertificate(certificate: Certificate): void {
  if (!(certificate instanceof Certificate)) throw new TypeError('a certificate must be a Certificate')
}

/** @throws TypeError where it is no DER */
export function mustBeCrl(crl: Uint8Array): void {
  if (!(crl instanceof Uint8Array) || crl[0] !== 0x30)
    throw new TypeError('a CRL must be DER, as a Uint8Array')
}

/** The same certificate twice, once: the first. */
export function withoutDuplicates<T>(entries: readonly T[], certificateOf: (entry: T) => Certificate): T[] {
  const found: T[] = []
  for (const entry of entries) {
    const { der } = certificateOf(entry)
    if (!found.some((each) => equalBytes(certificateOf(each).der, der))) found.push(entry)
  }
  return found
}

async function privateKey(key: PrivateKey | KeyObject): Promise<PrivateKey> {
  if (key instanceof PrivateKey) return key
  if ((key as KeyObject | undefined)?.type === 'private') return await PrivateKey.fromKeyObject(key)
  throw new TypeError('key must be a PrivateKey or a private KeyObject')
}

function mustMatch(
  { subjectPublicKeyInfo: spki, name }: PrivateKey,
  certificate: Certificate | undefined,
): void {
  // A kind of key whose public side cannot be computed is not judged.
  if (certificate === undefined || spki === undefined) return
  if (samePublicKeyInfo(spki, certificate.subjectPublicKeyInfo)) return
  const hint = 'give the certificate that was issued for this key, or the key that its request was made with'
  const message = `the private key (${name}) is not the key of the certificate ${certificate.subject}`
  throw new CredentialError('ERR_CREDENTIAL_KEY_MISMATCH', message, { hint })
}

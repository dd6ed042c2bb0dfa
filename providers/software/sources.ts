import { KeyObject } from 'node:crypto'
import { GostPrivateKey } from '../../src/algorithms/gost/private-key.ts'
import { encodeGostPublicKey } from '../../src/algorithms/gost/public-key.ts'
import { importPublicKey, type PublicKey } from '../../src/algorithms/index.ts'
import {
  chooseKey,
  type KeyChoice,
  PrivateKey,
  publicKeyOf,
  readCredentials,
} from '../../src/credentials/index.ts'
import { samePublicKeyInfo } from '../../src/credentials/public-key-identity.ts'
import { inputOf, type ReadingOptions, type Source } from '../../src/credentials/source.ts'
import { CredentialError } from '../../src/errors.ts'
import type { Certificate } from '../../src/x509/index.ts'

/** What the source of a key holds. */
export interface KeySource {
  readonly key: KeyObject | GostPrivateKey
  /** Certificates beside the key. */
  readonly certificates: readonly Certificate[]
  readonly warnings: readonly string[]
}

/** @param certificates of several keys one that these are for is meant */
export async function readKeySource(
  source: Source | KeyObject | PrivateKey,
  certificates: readonly Certificate[] | undefined,
  options: ReadingOptions & { choose?: KeyChoice | undefined },
): Promise<KeySource> {
  if (source instanceof KeyObject) return { key: source, certificates: [], warnings: [] }
  if (source instanceof PrivateKey) return { key: await signingKey(source), certificates: [], warnings: [] }
  const { input, warnings, close } = await inputOf(source, 'key', options)
  try {
    const { keys, notes, ...found } = await readCredentials(input, options)
    try {
      if (keys.length === 0) throw noKey(found.certificates.length)
      const certified = keys.filter(({ key }) => certificates?.some((each) => isFor(each, key)))
      const { key } = chooseKey(keys.length > 1 && certified.length > 0 ? certified : keys, options.choose)
      const beside = found.certificates.map(({ certificate }) => certificate)
      return { key: await signingKey(key), certificates: beside, warnings: [...warnings, ...notes] }
    } finally {
      for (const { key } of keys) key[Symbol.dispose]()
    }
  } finally {
    close()
  }
}

/** The public key of a private one, checked. */
export function publicKeyFor(key: KeySource['key']): PublicKey {
  return key instanceof GostPrivateKey
    ? importPublicKey(encodeGostPublicKey(key.publicKey))
    : publicKeyOf(key)
}

async function signingKey(key: PrivateKey): Promise<KeySource['key']> {
  return key.isGost ? key.toGostKey() : await key.toKeyObject()
}

function noKey(certificates: number): CredentialError {
  const found =
    certificates === 1 ? 'a certificate' : certificates > 1 ? `${certificates} certificates` : 'none'
  const hint = 'give the file with the private key that belongs to the certificate'
  return new CredentialError('ERR_CREDENTIAL_NO_KEY', `no private key: the file holds ${found}`, { hint })
}

function isFor({ subjectPublicKeyInfo }: Certificate, { subjectPublicKeyInfo: spki }: PrivateKey): boolean {
  return spki !== undefined && samePublicKeyInfo(spki, subjectPublicKeyInfo)
}

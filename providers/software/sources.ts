import { KeyObject } from 'node:crypto'
import {
  type CredentialLimits,
  chooseKey,
  type KeyChoice,
  type Password,
  type PrivateKey,
  readCertificates,
  readCredentialFile,
  readCredentials,
} from '../../src/credentials/index.ts'
import { isContent } from '../../src/credentials/input.ts'
import { samePublicKeyInfo } from '../../src/credentials/public-key-identity.ts'
import { recognise } from '../../src/credentials/recognise.ts'
import { CredentialError } from '../../src/errors.ts'
import { Certificate } from '../../src/x509/index.ts'

/** Where a key or certificates are: name of a file or `file:` URL, PEM text, or the bytes of a file. */
export type Source = string | URL | Uint8Array

/** How sources are read. */
export interface ReadingOptions {
  password?: Password | undefined
  allowMissingMac?: boolean | undefined
  limits?: CredentialLimits | undefined
  signal?: AbortSignal | undefined
}

/** What the source of a key holds. */
export interface KeySource {
  readonly key: KeyObject
  /** Certificates beside the key. */
  readonly certificates: readonly Certificate[]
  readonly warnings: readonly string[]
}

/** @param certificates of several keys one that these are for is meant */
export async function readKeySource(
  source: Source | KeyObject,
  certificates: readonly Certificate[] | undefined,
  options: ReadingOptions & { choose?: KeyChoice | undefined },
): Promise<KeySource> {
  if (source instanceof KeyObject) return { key: source, certificates: [], warnings: [] }
  const { input, warnings, close } = await inputOf(source, 'key', options)
  try {
    const { keys, notes, ...found } = await readCredentials(input, options)
    try {
      if (keys.length === 0) throw noKey(found.certificates.length)
      const certified = keys.filter(({ key }) => certificates?.some((each) => isFor(each, key)))
      const { key } = chooseKey(keys.length > 1 && certified.length > 0 ? certified : keys, options.choose)
      const beside = found.certificates.map(({ certificate }) => certificate)
      return { key: await key.toKeyObject(), certificates: beside, warnings: [...warnings, ...notes] }
    } finally {
      for (const { key } of keys) key[Symbol.dispose]()
    }
  } finally {
    close()
  }
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

/** Certificates of an option; several sources are not told apart. */
export async function readCertificateSource(
  source: Source | Certificate | readonly Certificate[],
  name: string,
  options: ReadingOptions,
): Promise<Certificate[]> {
  if (source instanceof Certificate) return [source]
  if (Array.isArray(source)) {
    if (source.every((each) => each instanceof Certificate)) return [...source]
    throw new TypeError(`${name} must be a list of Certificate objects, or a file`)
  }
  const { input } = await inputOf(source as Source, name, options)
  if (typeof input === 'string' || recognise(input) !== 'pkcs12') {
    return readCertificates(input, { limits: options.limits })
  }
  const { keys, certificates } = await readCredentials(input, options)
  for (const { key } of keys) key[Symbol.dispose]()
  return certificates.map(({ certificate }) => certificate)
}

interface Input {
  readonly input: string | Uint8Array
  readonly warnings: readonly string[]
  close(): void
}

async function inputOf(source: Source, name: string, { limits, signal }: ReadingOptions): Promise<Input> {
  if (source instanceof Uint8Array || (typeof source === 'string' && isContent(source))) {
    return { input: source, warnings: [], close: () => undefined }
  }
  if (typeof source !== 'string' && !(source instanceof URL)) {
    throw new TypeError(`${name} must be the name of a file, PEM text or a Uint8Array`)
  }
  const { bytes, warnings } = await readCredentialFile(source, { limits, signal, secret: name === 'key' })
  return { input: bytes, warnings, close: () => bytes.fill(0) }
}

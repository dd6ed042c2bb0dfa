import { Certificate } from '../x509/index.ts'
import { readCertificates } from './certificates.ts'
import { readCredentialFile } from './files.ts'
import { isContent } from './input.ts'
import type { CredentialLimits } from './limits.ts'
import type { Password } from './password.ts'
import { readCredentials } from './pem/read-credentials.ts'
import { recognise } from './recognise.ts'

/** Where a key or certificates are: name of a file or `file:` URL, PEM text, or the bytes of a file. */
export type Source = string | URL | Uint8Array

/** How sources are read. */
export interface ReadingOptions {
  password?: Password | undefined
  allowMissingMac?: boolean | undefined
  limits?: CredentialLimits | undefined
  signal?: AbortSignal | undefined
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

/** The bytes or the text of a source. */
interface Input {
  readonly input: string | Uint8Array
  readonly warnings: readonly string[]
  close(): void
}

/** Reads a source; `close` overwrites what was read from a file. */
export async function inputOf(
  source: Source,
  name: string,
  { limits, signal }: ReadingOptions,
): Promise<Input> {
  if (source instanceof Uint8Array || (typeof source === 'string' && isContent(source))) {
    return { input: source, warnings: [], close: () => undefined }
  }
  if (typeof source !== 'string' && !(source instanceof URL)) {
    throw new TypeError(`${name} must be the name of a file, PEM text or a Uint8Array`)
  }
  const { bytes, warnings } = await readCredentialFile(source, { limits, signal, secret: name === 'key' })
  return { input: bytes, warnings, close: () => bytes.fill(0) }
}

import { KeyObject } from 'node:crypto'
import {
  type CredentialLimits,
  type Password,
  readCertificates,
  readCredentialFile,
  readPrivateKey,
} from '../../src/credentials/index.ts'
import { isContent } from '../../src/credentials/input.ts'
import { Certificate } from '../../src/x509/index.ts'

/** Where a key or certificates are: name of a file or `file:` URL, PEM text, or the bytes of a file. */
export type Source = string | URL | Uint8Array

/** How sources are read. */
export interface ReadingOptions {
  password?: Password | undefined
  limits?: CredentialLimits | undefined
  signal?: AbortSignal | undefined
}

/** What the source of a key holds. */
export interface KeySource {
  readonly key: KeyObject
  /** Certificates beside the key; read when they are asked for. */
  certificates(): Certificate[]
  readonly warnings: readonly string[]
  /** Overwrites what was read, where it was read here. */
  close(): void
}

export async function readKeySource(source: Source | KeyObject, options: ReadingOptions): Promise<KeySource> {
  if (source instanceof KeyObject) {
    return { key: source, certificates: () => [], warnings: [], close: () => undefined }
  }
  const { input, warnings, close } = await inputOf(source, 'key', options)
  try {
    const key = await readPrivateKey(input, options)
    const { limits } = options
    return { key, warnings, close, certificates: () => readCertificates(input, { limits, mayBeEmpty: true }) }
  } catch (error) {
    close()
    throw error
  }
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
  return readCertificates(input, { limits: options.limits })
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

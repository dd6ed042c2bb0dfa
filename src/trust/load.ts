import { stat } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { type CredentialLimits, type Password, readCredentialFile } from '../credentials/index.ts'
import { PathError } from '../errors.ts'
import { CertificatePool, TrustStore } from '../path/index.ts'
import type { Certificate } from '../x509/index.ts'
import { type Bundle, type ReadBundleOptions, readBundle } from './bundle.ts'
import { readFolder } from './folder.ts'
import { nodeRoots, systemBundle, systemRoots } from './known-stores.ts'
import { sortBundle } from './sort-bundle.ts'

/**
 * Where trusted authorities come from: the name of a file or folder, or a `file:` URL; the bytes of a file;
 * certificates; `system` for the operating system's roots, `node` for Node's own. A file that is called like one of
 * these two is `./system`.
 */
export type TrustSource = string | URL | Uint8Array | readonly Certificate[]

/** Options of {@link loadTrustStore}. */
export interface LoadTrustOptions {
  /** Of PKCS#12 truststores. */
  password?: Password | undefined
  /** Bounds on each file. Default: 16 MiB; else those of `readCredentials`. */
  limits?: CredentialLimits | undefined
  /** Ends the loading with its reason. */
  signal?: AbortSignal | undefined
}

/** What {@link loadTrustStore} gives: `{ trust: store, untrusted: intermediates }` for `validatePath`. */
export interface LoadedTrust {
  /** The roots, and CAs whose issuer is in none of the sources: here paths end. */
  readonly store: TrustStore
  /** The other CAs of the sources, to build paths with. They are validated like any. */
  readonly intermediates: CertificatePool
  /** Sentences for the user: what could not be read, and what was left out. May hold any character. */
  readonly notes: readonly string[]
}

/**
 * Loads the authorities that are to be trusted: PEM bundles, DER, PKCS#7 bags (`.p7b`), PKCS#12 truststores, folders
 * such as `/etc/ssl/certs`, the system's roots, Node's own. What a file is, its content says. Load once, for any number
 * of validations.
 *
 * Of a truststore only what it marks as trusted counts, where it marks any. A certificate that is neither a CA nor
 * self-signed is left out: it could vouch for nothing.
 *
 * @throws PathError `ERR_PATH_TRUST_STORE` for a source without any authority
 * @throws CredentialError for a file that cannot be read or opened; TypeError for what is no source; the signal's reason
 * @example
 * ```ts
 * import { loadTrustStore } from 'sealkit/trust'
 * const { store, intermediates, notes } = await loadTrustStore(['server-cert-cacerts.pem', 'system'])
 * for (const note of notes) console.error(note)
 * console.log(`${store.size} roots, ${intermediates.size} intermediates`)
 * ```
 */
export async function loadTrustStore(
  sources: readonly TrustSource[],
  options: LoadTrustOptions = {},
): Promise<LoadedTrust> {
  if (!Array.isArray(sources)) throw new TypeError('sources must be an array')
  const all = new CertificatePool()
  const notes: string[] = []
  for (const [i, source] of sources.entries()) {
    options.signal?.throwIfAborted()
    const name = nameOf(source, i)
    const bundle = await read(source, options)
    const { others } = sortBundle(bundle.certificates)
    notes.push(...bundle.notes.map((note) => `${name}: ${note}`))
    notes.push(...others.map(({ subject }) => `${name}: left out, being no CA: ${subject}`))
    const authorities = bundle.certificates.filter((each) => !others.includes(each))
    if (authorities.length === 0) throw empty(name, bundle, others.length)
    for (const certificate of authorities) all.add(certificate)
  }
  const { anchors, intermediates } = sortBundle(all)
  const orphans = anchors.filter(({ selfIssued }) => !selfIssued)
  notes.push(...orphans.map(({ subject }) => `trusted without its root, which no source has: ${subject}`))
  return { store: new TrustStore(anchors), intermediates: new CertificatePool(intermediates), notes }
}

function nameOf(source: TrustSource, index: number): string {
  if (typeof source === 'string') return source
  return source instanceof URL ? source.pathname : `source ${index + 1}`
}

async function read(source: TrustSource, options: LoadTrustOptions): Promise<Bundle> {
  const reading: ReadBundleOptions = {
    password: options.password,
    limits: { maxBytes: 16 * 1024 * 1024, ...options.limits },
  }
  if (source instanceof Uint8Array) return await readBundle(source, reading)
  if (Array.isArray(source)) return { certificates: source, notes: [] }
  if (source === 'node') return await nodeRoots()
  if (source === 'system') {
    const bundle = await systemBundle()
    return bundle === undefined ? await systemRoots() : await readNamed(bundle, reading, options.signal)
  }
  if (typeof source === 'string') return await readNamed(source, reading, options.signal)
  if (source instanceof URL) return await readNamed(fileURLToPath(source), reading, options.signal)
  throw new TypeError('a source must be the name of a file or folder, a file: URL, bytes or certificates')
}

async function readNamed(path: string, reading: ReadBundleOptions, signal: AbortSignal | undefined) {
  const status = await stat(path).catch(() => undefined)
  if (status?.isDirectory()) return await readFolder(path, reading)
  const { bytes } = await readCredentialFile(path, { limits: reading.limits, signal })
  return await readBundle(bytes, reading)
}

function empty(name: string, { notes }: Bundle, others: number): PathError {
  const what = others > 0 ? 'no CA among its certificates' : 'no certificate'
  const why = notes.length === 0 ? '' : ` (${notes[0]})`
  const hint =
    others > 0
      ? "give the certificates of the issuers: a server's or user's own cannot be trusted in their place"
      : 'give a CA bundle: PEM, DER, .p7b, a PKCS#12 truststore, or a folder of them'
  return new PathError('ERR_PATH_TRUST_STORE', `${name}: ${what}${why}`, { hint })
}

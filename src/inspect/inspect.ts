import { RSA_ENCRYPTION_DER } from '../algorithms/index.ts'
import { der } from '../asn1/index.ts'
import type { Credentials } from '../credentials/contents.ts'
import {
  CertificateRequest,
  type CredentialLimits,
  type Password,
  readCredentials,
} from '../credentials/index.ts'
import { type Part, takeApart } from '../credentials/input.ts'
import type { Kind } from '../credentials/kinds.ts'
import { withDefaults } from '../credentials/limits.ts'
import { wipe } from '../credentials/wipe.ts'
import { CredentialError } from '../errors.ts'
import { type Found, foundIn, nothingFound } from './found.ts'
import type { Inspection } from './inspection.ts'
import { lockedContents } from './locked.ts'
import { inspectMessage } from './message.ts'
import { inspectPublicKey } from './public-key.ts'
import { inspectRequest } from './request.ts'
import { summarise } from './summarise.ts'

/** Options of {@link inspect}. */
export interface InspectOptions {
  /** Asked for only where something is encrypted. Without one, what can be seen without it is shown. */
  password?: Password | undefined
  /** Of the MAC of a PKCS#12 file, where it is another one. Default: `password`. */
  macPassword?: Password | undefined
  /** Of the keys in a PKCS#12 file, where it is another one. Default: `password`. */
  keyPassword?: Password | undefined
  /** The time that validity is counted from. Default: now. */
  now?: Date | undefined
  /** Bounds on the work that the file may ask for. */
  limits?: CredentialLimits | undefined
}

/** Kinds that hold keys, certificates or revocation lists: `readCredentials` reads them. */
const CREDENTIALS: ReadonlySet<Kind | undefined> = new Set<Kind>([
  ...(['pkcs8', 'encrypted-pkcs8', 'pkcs1', 'sec1', 'dsa', 'openssh', 'putty', 'jks'] as const),
  ...(['certificate', 'pkcs7', 'pkcs12', 'crl'] as const),
])

/**
 * Tells what a file holds: PKCS#12, PEM of any kind, certificates, requests, revocation lists, PKCS#7 bags, CMS
 * messages, keys, public keys. What it is, its content says. Works in Node and in a browser.
 *
 * Where there is something encrypted and no password, `locked` is true, and what can be seen without one is there:
 * what protects the file, and what lies open in it. A PKCS#12 file without MAC is shown, with a note.
 *
 * Nothing is verified but what says so (`selfSigned`, `signatureValid`), and no secret is in the result.
 *
 * @param input the bytes of a file, or its text; not changed
 * @throws CredentialError `ERR_CREDENTIAL_PASSWORD_WRONG`, `ERR_CREDENTIAL_MAC_WRONG`; `ERR_CREDENTIAL_FORMAT` where
 *   it is damaged or nothing that is known; `ERR_CREDENTIAL_UNSUPPORTED`, `ERR_CREDENTIAL_LIMIT`
 * @throws Asn1Error, CmsError for a damaged message; TypeError for wrong arguments; what a password callback throws
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs'
 * import { inspect } from 'sealkit/inspect'
 * const { certificates, locked } = await inspect(readFileSync('cert.pem'))
 * for (const { subject, daysLeft } of certificates) console.log(subject, daysLeft, locked)
 * ```
 */
export async function inspect(input: Uint8Array | string, options: InspectOptions = {}): Promise<Inspection> {
  const { now = new Date(), limits } = options
  if (!(now instanceof Date) || Number.isNaN(now.getTime())) throw new TypeError('now must be a date')
  const bounds = withDefaults(limits)
  const parts = takeApart(input, 'the file', bounds)
  try {
    const others = await openParts(parts)
    const needed = parts.some(({ kind }) => CREDENTIALS.has(kind))
    if (!needed && !isEmpty(others)) return await summarise(formOf(parts), others, now)
    const read = await credentialsOf(input, options)
    try {
      const found = read === undefined ? lockedContents(parts, bounds) : foundIn(read)
      return await summarise(read?.form ?? formOf(parts), merged(found, others), now)
    } finally {
      for (const { key } of read?.keys ?? []) key[Symbol.dispose]()
    }
  } finally {
    for (const { owned, bytes, kind } of parts) if (owned && kind !== 'certificate') wipe(bytes)
  }
}

/** undefined where a password is needed and there is none. */
async function credentialsOf(
  input: Uint8Array | string,
  { password, macPassword, keyPassword, limits }: InspectOptions,
): Promise<Credentials | undefined> {
  try {
    return await readCredentials(input, { password, macPassword, keyPassword, limits, allowMissingMac: true })
  } catch (error) {
    const needed = error instanceof CredentialError && error.code === 'ERR_CREDENTIAL_PASSWORD_REQUIRED'
    if (!needed) throw error
    return undefined
  }
}

/** What needs no password: requests, public keys, messages. */
async function openParts(parts: readonly Part[]): Promise<Found> {
  const found = nothingFound()
  for (const { kind, bytes } of parts) {
    if (kind === 'csr') found.requests.push(await inspectRequest(CertificateRequest.parse(bytes)))
    if (kind === 'public-key') found.publicKeys.push(await inspectPublicKey(bytes))
    if (kind === 'rsa-public-key') {
      const spki = der.sequence([RSA_ENCRYPTION_DER, der.bitString(bytes)])
      found.publicKeys.push(await inspectPublicKey(spki))
    }
    if (kind === 'cms') {
      const read = await inspectMessage(bytes)
      found.messages.push(read.message)
      found.certificates.push(
        ...read.certificates.map((certificate) => ({ certificate, friendlyName: undefined, trusted: false })),
      )
      found.crls.push(...read.crls)
      found.notes.push(...read.notes)
    }
  }
  return found
}

function isEmpty({ requests, publicKeys, messages }: Found): boolean {
  return requests.length + publicKeys.length + messages.length === 0
}

function merged(a: Found, b: Found): Found {
  return {
    ...a,
    certificates: [...a.certificates, ...b.certificates],
    requests: b.requests,
    publicKeys: b.publicKeys,
    messages: b.messages,
    crls: [...a.crls, ...b.crls],
    notes: [...a.notes, ...b.notes],
  }
}

function formOf(parts: readonly Part[]): Inspection['form'] {
  const [first] = parts
  if (first?.kind === 'pkcs12') return 'PKCS#12'
  if (first?.kind === 'cms') return 'CMS'
  if (first?.label !== '') return 'PEM'
  return first.kind === 'pkcs7' ? 'PKCS#7' : 'DER'
}

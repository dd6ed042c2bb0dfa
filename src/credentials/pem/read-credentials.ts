import { CredentialError } from '../../errors.ts'
import { certificatesOfPart, noCertificate } from '../certificates.ts'
import type {
  CertificateEntry,
  CredentialForm,
  Credentials,
  ProtectionLayer,
  SkippedEntry,
} from '../contents.ts'
import { type LockedKey, unlock } from '../encryption/encrypted-key.ts'
import { overLimit } from '../errors.ts'
import { type Part, takeApart } from '../input.ts'
import { PrivateKey } from '../key/private-key.ts'
import { isKeyPart, keyPartName, lockedKeyOf, readPlainPart } from '../key-part.ts'
import { describeKind } from '../kinds.ts'
import { type Bounds, withDefaults } from '../limits.ts'
import { type LoneKey, pairKeys } from '../pair.ts'
import { askedOnce, type Password } from '../password.ts'
import { protectionNotes } from '../pkcs12/notes.ts'
import { type ReadPkcs12Options, readPkcs12 } from '../pkcs12/read-pkcs12.ts'
import { recognise } from '../recognise.ts'
import { wipe } from '../wipe.ts'
import { bagAttributes } from './bag-attributes.ts'

/** Options of {@link readCredentials}: the same for all forms; what a form does not have is not looked at. */
export type ReadCredentialsOptions = ReadPkcs12Options

/**
 * Reads keys and certificates of whatever form: PEM with any number of blocks, DER, PKCS#7 certificate bags, PKCS#12,
 * or the base64 of one of them without marks. What it is, the content says. Works in Node and in a browser.
 *
 * @param input text, or the bytes of a file; not changed
 * @returns every key with its certificate and chain, every certificate, in the order of the input
 * @throws CredentialError `ERR_CREDENTIAL_FORMAT` for what is damaged or in none of these forms;
 *   `ERR_CREDENTIAL_UNSUPPORTED` for JKS, OpenSSH, PuTTY and unknown encryption, with the way to convert it;
 *   `ERR_CREDENTIAL_PASSWORD_REQUIRED`, `ERR_CREDENTIAL_PASSWORD_WRONG`, `ERR_CREDENTIAL_LIMIT`; for PKCS#12 those of
 *   `readPkcs12`
 * @throws what a password callback throws
 * @example
 * ```ts
 * import { readCredentialFile, readCredentials } from 'sealkit/credentials'
 * const { bytes } = await readCredentialFile('ocapi-12345-ssl.pem', { secret: true })
 * const { keys, notes } = await readCredentials(bytes)
 * for (const { key, certificate } of keys) console.log(key.name, `${certificate?.subject}`)
 * for (const note of notes) console.warn(note)
 * ```
 */
export async function readCredentials(
  input: Uint8Array | string,
  options: ReadCredentialsOptions = {},
): Promise<Credentials> {
  const bounds = withDefaults(options.limits)
  const parts = takeApart(input, 'credentials', bounds)
  try {
    const container = parts.find(({ kind }) => kind === 'pkcs12')
    if (container !== undefined) {
      const credentials = await readPkcs12(container.bytes, options)
      const beside = parts.filter((part) => part !== container).map(named)
      return { ...credentials, skipped: [...credentials.skipped, ...beside] }
    }
    return await readParts(input, parts, options.keyPassword ?? options.password, bounds)
  } finally {
    for (const { owned, bytes, kind } of parts) {
      if (owned && kind !== 'certificate' && kind !== 'pkcs7' && kind !== 'crl') wipe(bytes)
    }
  }
}

async function readParts(
  input: Uint8Array | string,
  parts: readonly Part[],
  password: Password | undefined,
  bounds: Bounds,
): Promise<Credentials> {
  const texts = bagAttributes(input, parts)
  const labels = (part: Part): Pick<LoneKey, 'friendlyName' | 'localKeyId'> =>
    texts.get(part) ?? { friendlyName: undefined, localKeyId: undefined }
  const certificates: CertificateEntry[] = parts.flatMap((part, i) =>
    certificatesOfPart(part, i, bounds).map((certificate) => ({
      certificate,
      ...labels(part),
      trusted: false,
    })),
  )
  const crls = parts.filter(({ kind }) => kind === 'crl').map(({ bytes }) => new Uint8Array(bytes))
  const skipped = parts.flatMap(skippedEntry)
  const { keys, encryption, plainKeys } = await readKeys(parts, labels, password, bounds)
  if (keys.length === 0 && certificates.length === 0 && crls.length === 0) throw nothing(parts)
  const protection = { mac: undefined, encryption, plainKeys }
  // A MAC is a matter of PKCS#12, and a plain key is what most PEM files are for.
  const notes = protectionNotes({ encryption, mac: NO_MATTER, plainKeys: false })
  return {
    form: formOf(parts),
    keys: pairKeys(keys, certificates, notes),
    certificates,
    crls,
    skipped,
    protection,
    notes: [...new Set(notes)],
  }
}

const NO_MATTER: ProtectionLayer = { algorithm: '', keyDerivation: '', iterations: 0, weak: false }

interface Keys {
  readonly keys: readonly LoneKey[]
  readonly encryption: readonly ProtectionLayer[]
  readonly plainKeys: boolean
}

async function readKeys(
  parts: readonly Part[],
  labels: (part: Part) => Pick<LoneKey, 'friendlyName' | 'localKeyId'>,
  password: Password | undefined,
  bounds: Bounds,
): Promise<Keys> {
  const found = parts.filter(isKeyPart).map((part) => {
    const what = keyPartName(part)
    return { part, what, locked: lockedKeyOf(part, bounds, what) }
  })
  spend(
    found.flatMap(({ locked }) => locked ?? []),
    bounds,
  )
  // Several keys of a file have one password.
  const once = askedOnce(password)
  const keys: LoneKey[] = []
  try {
    for (const { part, what, locked } of found) {
      const key = await readKey(part, locked, parts, once, what)
      keys.push({ key, ...labels(part) })
    }
  } catch (error) {
    for (const { key } of keys) key[Symbol.dispose]()
    throw error
  }
  const layers = found.flatMap(({ locked }) => locked?.lock.layer ?? [])
  return { keys, encryption: distinct(layers), plainKeys: found.some(({ locked }) => locked === undefined) }
}

async function readKey(
  part: Part,
  locked: LockedKey | undefined,
  parts: readonly Part[],
  password: Password | undefined,
  what: string,
): Promise<PrivateKey> {
  const opened = locked && (await unlock(locked, password, what))
  try {
    const plain = opened === undefined ? part : { ...part, bytes: opened, kind: recognise(opened) }
    if (plain.kind === 'pkcs8') return await PrivateKey.fromPkcs8(plain.bytes, what)
    return await PrivateKey.fromPlainKey(readPlainPart(plain, parts, what), what)
  } finally {
    wipe(opened)
  }
}

/** The sum over a file is bounded before any key is derived. */
function spend(locked: readonly LockedKey[], { maxTotalIterations }: Bounds): void {
  const cost = locked.reduce((sum, { lock }) => sum + lock.cost, 0)
  if (cost <= maxTotalIterations) return
  const message = `the key derivations of the file add up to more than ${maxTotalIterations} iterations`
  throw overLimit(message, 'maxTotalIterations')
}

function distinct(layers: readonly ProtectionLayer[]): ProtectionLayer[] {
  return [...new Map(layers.map((layer) => [JSON.stringify(layer), layer])).values()]
}

function formOf(parts: readonly Part[]): CredentialForm {
  if (parts.some(({ label }) => label !== '')) return 'PEM'
  return parts[0]?.kind === 'pkcs7' ? 'PKCS#7' : 'DER'
}

/** What is neither key nor certificate nor list. */
function skippedEntry(part: Part): SkippedEntry[] {
  const read = isKeyPart(part) || ['certificate', 'pkcs7', 'crl', 'ec-parameters'].includes(part.kind ?? '')
  if (read) return []
  return [named(part)]
}

function named({ kind, line }: Part): SkippedEntry {
  const what = kind === undefined ? 'block of an unknown kind' : describeKind(kind).name
  return { what, why: line === undefined ? undefined : `line ${line}` }
}

function nothing(parts: readonly Part[]): CredentialError {
  const error = noCertificate(parts)
  if (error.code !== 'ERR_CREDENTIAL_NO_CERTIFICATE') return error
  const hint = 'give the file with the key or the certificate'
  const message = error.message.replace('no certificate', 'neither a private key nor a certificate')
  return new CredentialError('ERR_CREDENTIAL_NO_KEY', message, { hint })
}

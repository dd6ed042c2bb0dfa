import type { CertificateEntry, KeyEntry } from '../../../src/credentials/index.ts'
import { withoutDuplicates } from '../../../src/credentials/new-contents.ts'
import { pairKeys } from '../../../src/credentials/pair.ts'
import { CredentialError, type CredentialErrorCode } from '../../../src/errors.ts'
import { keySha256 } from './describe.ts'
import { nameOf, type ReadFile } from './read.ts'

/** What is to be written, out of one or several files. */
export interface Gathered {
  readonly keys: readonly KeyEntry[]
  readonly certificates: readonly CertificateEntry[]
  readonly crls: readonly Uint8Array[]
  /** A key was encrypted where it comes from. */
  readonly encrypted: boolean
  /** The names of the files, for messages. */
  readonly from: string
}

/**
 * Puts the contents of files together: each key with its certificate, from whichever file.
 *
 * @param choose what `--choose` says
 */
export function gather(files: readonly ReadFile[], choose: string | undefined): Gathered {
  const all = files.flatMap(({ credentials }) => credentials.certificates)
  const certificates = withoutDuplicates(all, ({ certificate }) => certificate)
  const lone = files.flatMap(({ credentials }) => credentials.keys)
  const [only] = files
  // Of one file, its own pairing says more: it knows keys whose public side cannot be computed.
  const keys =
    files.length === 1 && only !== undefined ? only.credentials.keys : pairKeys(lone, certificates, [])
  const from = files.map(({ path }) => nameOf(path)).join(', ')
  // Programs see the first key of a PEM file and say nothing of the second: nobody is to do so here.
  const crowded = files.find(({ credentials: { form, keys: own } }) => form !== 'PKCS#12' && own.length > 1)
  if (crowded !== undefined && choose === undefined) throw severalKeys(nameOf(crowded.path), keys)
  return {
    keys: choose === undefined ? keys : [chosen(keys, choose, from)],
    certificates,
    crls: files.flatMap(({ credentials }) => credentials.crls),
    encrypted: files.some(
      ({ credentials: { keys: own, protection } }) => own.length > 0 && !protection.plainKeys,
    ),
    from,
  }
}

/** @throws CredentialError where there is no such key */
function chosen(keys: readonly KeyEntry[], choose: string, from: string): KeyEntry {
  const number = /^\d{1,4}$/.test(choose) ? Number(choose) : 0
  const found =
    keys[number - 1] ??
    keys.find(({ friendlyName }) => friendlyName === choose) ??
    keys.find(
      (entry) => /^[0-9a-f]{6,64}$/i.test(choose) && keySha256(entry.key)?.startsWith(choose.toLowerCase()),
    )
  if (found !== undefined) return found
  throw failure(
    'ERR_CREDENTIAL_NO_KEY',
    `${from}: there is no key that --choose could mean`,
    `sealkit cred inspect shows numbers and names; there are ${keys.length} keys`,
  )
}

/**
 * Checks that there are keys, each with its certificate.
 *
 * @throws CredentialError `_NO_KEY`, `_NO_CERTIFICATE`, `_KEY_MISMATCH`
 */
export function requireIdentities({ keys, certificates, from }: Gathered): void {
  if (keys.length === 0) {
    const hint =
      'give the file with the key too: sealkit cred to-p12 --key KEY --cert CERT; for certificates that Java is to trust there is sealkit cred truststore'
    throw failure('ERR_CREDENTIAL_NO_KEY', `${from}: certificates and no private key`, hint)
  }
  for (const { key, certificate } of keys) {
    if (certificate !== undefined) continue
    if (certificates.length === 0) {
      const hint = 'give the certificate that was issued for the key too: --cert FILE, or as a further FILE'
      throw failure('ERR_CREDENTIAL_NO_CERTIFICATE', `${from}: a private key and no certificate`, hint)
    }
    const hint = 'give the certificate that was issued for this key; sealkit cred match FILE FILE compares'
    const [first] = certificates
    const others =
      certificates.length === 1
        ? `${first?.certificate.subject}`
        : `any of ${certificates.length} certificates`
    throw failure(
      'ERR_CREDENTIAL_KEY_MISMATCH',
      `${from}: the private key (${key.name}) is not the key of ${others}`,
      hint,
    )
  }
}

/** The only key. @throws CredentialError where there is none, or several and none chosen */
export function onlyKey({ keys, from }: Gathered): KeyEntry {
  const [key, ...more] = keys
  if (key === undefined) {
    throw failure('ERR_CREDENTIAL_NO_KEY', `${from}: no private key`, 'give the file with the private key')
  }
  if (more.length === 0) return key
  throw severalKeys(from, keys)
}

function severalKeys(from: string, keys: readonly KeyEntry[]): CredentialError {
  const names = keys.map(({ key, friendlyName }, i) => `${i + 1} (${friendlyName ?? key.name})`).join(', ')
  const message = `${from}: ${keys.length} private keys where one is needed`
  return failure('ERR_CREDENTIAL_AMBIGUOUS', message, `choose one by --choose: ${names}`)
}

function failure(code: CredentialErrorCode, message: string, hint: string): CredentialError {
  return new CredentialError(code, message, { hint })
}

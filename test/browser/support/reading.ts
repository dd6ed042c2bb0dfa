import { decodeBase64, toHex } from '../../../src/asn1/index.ts'
import { type Credentials, readCredentials, readPkcs12 } from '../../../src/credentials/index.ts'
import { formatInspection, inspect } from '../../../src/inspect/index.ts'

export interface Passwords {
  /** null: none */
  readonly password: string | null
  readonly keyPassword?: string | undefined
  readonly macPassword?: string | undefined
  readonly allowMissingMac?: boolean
}

/** What a file holds, in a form that can be compared. */
export interface Held {
  readonly keys: readonly {
    readonly name: string
    /** First 16 hexadecimal digits of SHA-256 of SubjectPublicKeyInfo, as in the indexes of the vectors. */
    readonly fingerprint: string | null
    /** Of the whole PrivateKeyInfo. */
    readonly secret: string
    readonly certificate: string | null
    /** Fingerprint of the public key in the certificate. */
    readonly ofCertificate: string | null
    readonly chain: readonly string[]
    readonly friendlyName: string | null
  }[]
  readonly certificates: readonly string[]
  readonly rest: object
}

export async function openPkcs12(file: string, passwords: Passwords): Promise<Held> {
  return await held(await readPkcs12(bytesOf(file), options(passwords)))
}

/** Any form of file. */
export async function open(file: string, passwords: Passwords): Promise<Held> {
  return await held(await readCredentials(bytesOf(file), options(passwords)))
}

/** What inspection tells people. */
export async function look(file: string, password: string): Promise<string> {
  return formatInspection(await inspect(bytesOf(file), { password }))
}

async function held({
  form,
  keys,
  certificates,
  crls,
  skipped,
  protection,
  notes,
}: Credentials): Promise<Held> {
  return {
    keys: await Promise.all(
      keys.map(async ({ key, certificate, chain, friendlyName }) => ({
        name: key.name,
        fingerprint: await fingerprint(key.subjectPublicKeyInfo),
        secret: await fingerprint(key.pkcs8()),
        certificate: await fingerprint(certificate?.der),
        ofCertificate: await fingerprint(certificate?.subjectPublicKeyInfo),
        chain: await Promise.all(chain.map(({ der }) => fingerprint(der))),
        friendlyName: friendlyName ?? null,
      })),
    ),
    certificates: await Promise.all(certificates.map(({ certificate }) => fingerprint(certificate.der))),
    rest: { form, crls: crls.length, skipped, protection, notes },
  }
}

function bytesOf(base64: string): Uint8Array {
  return decodeBase64(base64) ?? new Uint8Array()
}

function options({ password, ...others }: Passwords) {
  return { ...others, password: password ?? undefined }
}

export async function fingerprint(bytes: Uint8Array): Promise<string>
export async function fingerprint(bytes: Uint8Array | undefined): Promise<string | null>
export async function fingerprint(bytes: Uint8Array | undefined): Promise<string | null> {
  if (bytes === undefined) return null
  const digest = await crypto.subtle.digest('SHA-256', new Uint8Array(bytes))
  return toHex(new Uint8Array(digest)).slice(0, 16)
}

/** What reading a file came to: its contents, or the code of the error. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Credentials } from '../../../../src/credentials/contents.ts'
import { readPkcs12 } from '../../../../src/credentials/pkcs12/read-pkcs12.ts'
import { CredentialError } from '../../../../src/errors.ts'

type Options = NonNullable<Parameters<typeof readPkcs12>[1]>

export type Outcome =
  | { readonly opened: Credentials }
  | { readonly refused: string; readonly message: string }

/** An error that is not a `CredentialError` goes on to fail the test. */
export async function outcomeOf(path: string, options: Options): Promise<Outcome> {
  const bytes = new Uint8Array(readFileSync(path))
  try {
    return { opened: await readPkcs12(bytes, options) }
  } catch (error) {
    if (!(error instanceof CredentialError)) throw error
    return { refused: error.code, message: error.message }
  }
}

/** For comparing with what is expected: fingerprints, or the error's code. */
export function summary(outcome: Outcome): { keys: string[]; certs: string[] } | string {
  return 'opened' in outcome ? fingerprints(outcome.opened) : `${outcome.refused}: ${outcome.message}`
}

const short = (der: Uint8Array): string => createHash('sha256').update(der).digest('hex').slice(0, 16)

/** Fingerprints, each once and in order: some files have a certificate twice, and indexes name it once. */
export function distinct(fingerprints: readonly string[]): string[] {
  return [...new Set(fingerprints)].sort()
}

/** Where the platform cannot compute a public key (ML-KEM), the certificate that localKeyId gives stands for it. */
function fingerprints({ keys, certificates }: Credentials): { keys: string[]; certs: string[] } {
  const publicKeys = keys.map(({ key, certificate }) => {
    const spki = key.subjectPublicKeyInfo ?? certificate?.subjectPublicKeyInfo
    return spki === undefined ? `${key.name} without a public key` : short(spki)
  })
  return {
    keys: distinct(publicKeys),
    certs: distinct(certificates.map(({ certificate }) => short(certificate.der))),
  }
}

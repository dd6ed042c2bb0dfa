import { readCertificates, readCredentialFile } from '../../src/credentials/index.ts'
import { CredentialError } from '../../src/errors.ts'
import type { Certificate } from '../../src/x509/index.ts'

/** The certificates of a file: PEM, DER or PKCS#7; errors name the file. */
export async function certificatesOf(path: string, signal: AbortSignal): Promise<Certificate[]> {
  const { bytes } = await readCredentialFile(path, { signal })
  try {
    return readCertificates(bytes)
  } catch (cause) {
    if (!(cause instanceof CredentialError)) throw cause
    throw new CredentialError(cause.code, `${path}: ${cause.message}`, { cause, hint: cause.hint })
  }
}

/** A time in UTC, to the second: certificates and signing times know no more. */
export function utc(date: Date): string {
  return date
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, ' UTC')
}

/** What will make others refuse signatures of this certificate. */
export function validityNotes({ notBefore, notAfter }: Certificate, now = new Date()): string[] {
  if (now > notAfter) return [`the certificate expired on ${utc(notAfter)}: others will refuse the signature`]
  if (now < notBefore) return [`the certificate is not valid before ${utc(notBefore)}`]
  return []
}

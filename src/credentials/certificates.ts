import { CredentialError } from '../errors.ts'
import { Certificate } from '../x509/index.ts'
import { damaged, overLimit, reading, unsupported } from './errors.ts'
import { type Part, takeApart } from './input.ts'
import { describeKind } from './kinds.ts'
import { type Bounds, type CredentialLimits, withDefaults } from './limits.ts'
import { readCertificateBag } from './pkcs7.ts'
import { wipe } from './wipe.ts'

/** Options of {@link readCertificates}. */
export interface ReadCertificatesOptions {
  /** Bounds on the size of the input and the number of its PEM blocks or certificates. */
  limits?: CredentialLimits | undefined
  /** Returns no certificates, in place of an error, where there are none: for a file that may hold a key alone. */
  mayBeEmpty?: boolean | undefined
}

/**
 * Reads the certificates of a PEM text, a DER file or a PKCS#7 certificate bag (`.p7b`), in the order of the
 * file. What it is, the content says; private keys and anything else beside them are passed over.
 *
 * @param input PEM text, or the bytes of a file; not changed
 * @returns as they stand: not sorted, not validated, the same one twice where it stands twice
 * @throws CredentialError `ERR_CREDENTIAL_NO_CERTIFICATE` where there are none; `ERR_CREDENTIAL_FORMAT` for a
 *   damaged one, with its line; `ERR_CREDENTIAL_UNSUPPORTED` for OpenSSL's `TRUSTED CERTIFICATE`, JKS, and
 *   PKCS#12, whose certificates are encrypted: `readCredentials` opens it; `ERR_CREDENTIAL_LIMIT`
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs'
 * import { readCertificates } from 'sealkit/credentials'
 * for (const certificate of readCertificates(readFileSync('chain.pem'))) console.log(`${certificate.subject}`)
 * ```
 */
export function readCertificates(
  input: Uint8Array | string,
  options: ReadCertificatesOptions = {},
): Certificate[] {
  const bounds = withDefaults(options.limits)
  const parts = takeApart(input, 'certificate', bounds)
  const found = parts.flatMap((part, i) => certificatesOfPart(part, i, bounds))
  // What a certificate came from is kept, as its DER; the rest may be keys.
  for (const { kind, bytes, owned } of parts)
    if (owned && kind !== 'certificate' && kind !== 'pkcs7') wipe(bytes)
  if (found.length === 0 && options.mayBeEmpty !== true) throw noCertificate(parts)
  return found
}

/** The certificates of one part of an input: none, one, or those of a PKCS#7 bag. */
export function certificatesOfPart(part: Part, index: number, bounds: Bounds): Certificate[] {
  const what = part.line === undefined ? 'the certificate' : `the certificate in line ${part.line}`
  const asCertificate = /^(X509 )?CERTIFICATE$/.test(part.label)
  if (part.label === 'TRUSTED CERTIFICATE') {
    const hint = 'write it without its trust settings: openssl x509 -in OLD.pem -out NEW.pem'
    throw unsupported(`${what} has OpenSSL's trust settings behind it (TRUSTED CERTIFICATE)`, hint)
  }
  if (part.kind === 'certificate') return [reading(what, () => Certificate.parse(part.bytes))]
  if (asCertificate) throw damaged(`${what} is not one: it holds ${describeKind(part.kind ?? 'cms').name}`)
  if (part.kind !== 'pkcs7') return []
  const bag = reading(part.line === undefined ? 'PKCS#7' : `PKCS#7 in line ${part.line}`, () =>
    readCertificateBag(part.bytes),
  )
  if (bag.length > bounds.maxBlocks) {
    throw overLimit(
      `${bag.length} certificates in a bag where at most ${bounds.maxBlocks} are read`,
      'maxBlocks',
    )
  }
  return bag.map((der, i) =>
    reading(`certificate ${index + i + 1} of the PKCS#7 bag`, () => Certificate.parse(der)),
  )
}

/** Why there is no certificate in an input, with the way out. */
export function noCertificate(parts: readonly Part[]): CredentialError {
  const kinds = parts.map(({ kind }) => kind).filter((kind) => kind !== undefined)
  const [found] = kinds
  if (found === undefined) {
    const [first] = parts
    if (first?.bytes[0] === 0x30) reading('certificate', () => Certificate.parse(first.bytes))
    const hint = 'a PEM file has lines like -----BEGIN CERTIFICATE-----'
    return new CredentialError('ERR_CREDENTIAL_FORMAT', 'certificate: neither PEM nor DER', { hint })
  }
  const { name, hint } = describeKind(found)
  if (found === 'jks') return unsupported(`certificate: this is ${name}`, hint ?? '')
  if (found === 'pkcs12') {
    return unsupported(
      `certificates: this is ${name}, which takes a password`,
      'read it with readCredentials',
    )
  }
  const names = [...new Set(kinds)].map((kind) => describeKind(kind).name).join(' and ')
  const way = 'give the file with the certificate: it begins with -----BEGIN CERTIFICATE-----'
  return new CredentialError('ERR_CREDENTIAL_NO_CERTIFICATE', `no certificate: this is ${names}`, {
    hint: way,
  })
}

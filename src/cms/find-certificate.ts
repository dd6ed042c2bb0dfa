import { equalBytes, Tag, toHex } from '../asn1/index.ts'
import { SealkitError } from '../errors.ts'
import type { Certificate } from '../x509/index.ts'
import { knownCertificates } from './known.ts'
import type { SignedData, SignerIdentifier } from './signed-data.ts'

/** More certificates of one name and number than this are an attempt to keep the verifier busy. */
const MAX_CANDIDATES = 4

/** Certificates to choose from: the caller's first, then the message's. */
export interface CertificatePool {
  readonly certificates: readonly Certificate[]
  /** How many of the message's certificates could not be read. */
  readonly unreadable: number
  /** Bytes of all of them, which looking for one may have to compare. */
  readonly size: number
}

/** Parses the X.509 certificates of a message. What cannot be read is counted, not fatal: it may be nobody's. */
export function poolOf(signedData: SignedData, given: readonly Certificate[]): CertificatePool {
  const certificates = [...given]
  let unreadable = 0
  for (const { tag, bytes } of signedData.certificates) {
    if (tag !== Tag.SEQUENCE) continue
    try {
      certificates.push(knownCertificates.parse(bytes))
    } catch (error) {
      if (!(error instanceof SealkitError)) throw error
      unreadable++
    }
  }
  return { certificates, unreadable, size: certificates.reduce((sum, { der }) => sum + der.length, 0) }
}

/** The certificates that a SignerIdentifier names. */
export function candidates(sid: SignerIdentifier, pool: CertificatePool): Certificate[] {
  const found: Certificate[] = []
  for (const certificate of pool.certificates) {
    if (!names(sid, certificate) || found.some((other) => other.equals(certificate))) continue
    found.push(certificate)
    if (found.length === MAX_CANDIDATES) break
  }
  return found
}

function names(sid: SignerIdentifier, certificate: Certificate): boolean {
  if ('subjectKeyIdentifier' in sid) {
    const keyIdentifier = keyIdentifierOf(certificate)
    return keyIdentifier !== undefined && equalBytes(keyIdentifier, sid.subjectKeyIdentifier)
  }
  return equalBytes(sid.serial, certificate.serial) && sid.issuer.equals(certificate.issuer)
}

/** Parsed once for each certificate, not once for each signer: a message may bring thousands of both. */
const keyIdentifiers = new WeakMap<Certificate, Uint8Array | undefined>()

function keyIdentifierOf(certificate: Certificate): Uint8Array | undefined {
  if (!keyIdentifiers.has(certificate)) keyIdentifiers.set(certificate, readKeyIdentifier(certificate))
  return keyIdentifiers.get(certificate)
}

function readKeyIdentifier(certificate: Certificate): Uint8Array | undefined {
  try {
    return certificate.subjectKeyIdentifier
  } catch (error) {
    if (error instanceof SealkitError) return undefined
    throw error
  }
}

/** A SignerIdentifier for people. */
export function describeIdentifier(sid: SignerIdentifier): string {
  return 'subjectKeyIdentifier' in sid
    ? `subjectKeyIdentifier ${toHex(sid.subjectKeyIdentifier)}`
    : `serial ${toHex(sid.serial)}, issued by ${sid.issuer}`
}

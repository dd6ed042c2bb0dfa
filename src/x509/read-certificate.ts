import { contextTag, type DerReader, equalBytes, readDer } from '../asn1/index.ts'
import { CertificateError } from '../errors.ts'
import { type Extension, readExtensions } from './extensions.ts'
import { Name } from './name.ts'

/** The fields of a certificate (RFC 5280 section 4.1) as they are read in one go; bytes are views. */
export interface CertificateFields {
  der: Uint8Array
  /** TBSCertificate, tag and length included. */
  tbs: Uint8Array
  version: 1 | 2 | 3
  /** Content octets of the INTEGER. */
  serial: Uint8Array
  signatureAlgorithmDer: Uint8Array
  issuer: Name
  notBefore: Date
  notAfter: Date
  subject: Name
  subjectPublicKeyInfo: Uint8Array
  extensions: readonly Extension[]
  signature: Uint8Array
}

/** Reads one Certificate that fills `bytes`. */
export function readCertificate(bytes: Uint8Array): CertificateFields {
  return readDer(bytes, 'Certificate', (reader) =>
    reader.sequence('', (certificate) => {
      const tbs = certificate.nextBytes
      const fields = certificate.sequence('tbsCertificate', readTbsCertificate)
      // RFC 5280 4.1.1.2: both places must name the same algorithm, else one of them is not what was signed.
      if (!equalBytes(readAlgorithm(certificate, 'signatureAlgorithm'), fields.signatureAlgorithmDer)) {
        throw malformed('signatureAlgorithm differs from tbsCertificate.signature')
      }
      return { ...fields, der: bytes, tbs, signature: certificate.bitStringBytes('signatureValue') }
    }),
  )
}

function readTbsCertificate(r: DerReader): Omit<CertificateFields, 'der' | 'tbs' | 'signature'> {
  const version = r.optional(contextTag(0, true), 'version', (v) => v.smallInteger('', 1, 2)) ?? 0
  const serial = r.integerBytes('serialNumber')
  const signatureAlgorithmDer = readAlgorithm(r, 'signature')
  const issuer = Name.read(r, 'issuer')
  const validity = r.sequence('validity', (v) => ({
    notBefore: v.time('notBefore'),
    notAfter: v.time('notAfter'),
  }))
  const subject = Name.read(r, 'subject')
  const subjectPublicKeyInfo = readPublicKeyInfo(r)
  readUniqueIdentifiers(r, version)
  const extensions = r.optional(contextTag(3, true), 'extensions', (e) => readExtensions(e, '')) ?? []
  // RFC 5280 4.1.2.1
  if (extensions.length > 0 && version !== 2) throw malformed(`extensions in a v${version + 1} certificate`)
  return {
    version: (version + 1) as 1 | 2 | 3,
    serial,
    signatureAlgorithmDer,
    issuer,
    ...validity,
    subject,
    subjectPublicKeyInfo,
    extensions,
  }
}

/** AlgorithmIdentifier (RFC 5280 4.1.1.2): its shape here, its meaning when it is used. */
export function readAlgorithm(r: DerReader, field: string): Uint8Array {
  const bytes = r.nextBytes
  r.sequence(field, (s) => {
    s.oid('algorithm')
    if (!s.done) s.element('parameters')
  })
  return bytes
}

/** SubjectPublicKeyInfo: likewise. */
export function readPublicKeyInfo(r: DerReader): Uint8Array {
  const bytes = r.nextBytes
  r.sequence('subjectPublicKeyInfo', (s) => {
    readAlgorithm(s, 'algorithm')
    s.bitString('subjectPublicKey')
  })
  return bytes
}

/** RFC 5280 4.1.2.8: not made any more, and read over. */
function readUniqueIdentifiers(r: DerReader, version: number): void {
  for (const [number, field] of [
    [1, 'issuerUniqueID'],
    [2, 'subjectUniqueID'],
  ] as const) {
    if (r.nextTag !== contextTag(number, false)) continue
    if (version === 0) throw malformed('unique identifiers in a v1 certificate')
    r.bitString(field, contextTag(number, false))
  }
}

function malformed(message: string): CertificateError {
  return new CertificateError('ERR_CERTIFICATE_MALFORMED', message)
}

import { contextTag, type DerReader, readDer, Tag } from '../asn1/index.ts'
import { CertificateError } from '../errors.ts'

/** One extension of a certificate or CRL (RFC 5280 4.1.2.9). */
export interface Extension {
  /** Dotted OID. */
  readonly oid: string
  /** Whoever does not know a critical extension must not use the certificate (RFC 5280 section 4.2). */
  readonly critical: boolean
  /** Content of extnValue: the DER of the extension. */
  readonly value: Uint8Array
}

/** OIDs of extensions (RFC 5280 sections 4.2, 5.2 and 5.3). */
export const ExtensionOid = {
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  cRLNumber: '2.5.29.20',
  reasonCode: '2.5.29.21',
  invalidityDate: '2.5.29.24',
  deltaCRLIndicator: '2.5.29.27',
  issuingDistributionPoint: '2.5.29.28',
  certificateIssuer: '2.5.29.29',
  nameConstraints: '2.5.29.30',
  cRLDistributionPoints: '2.5.29.31',
  certificatePolicies: '2.5.29.32',
  policyMappings: '2.5.29.33',
  authorityKeyIdentifier: '2.5.29.35',
  policyConstraints: '2.5.29.36',
  extendedKeyUsage: '2.5.29.37',
  freshestCRL: '2.5.29.46',
  inhibitAnyPolicy: '2.5.29.54',
  authorityInfoAccess: '1.3.6.1.5.5.7.1.1',
} as const

/** A bit of keyUsage (RFC 5280 4.2.1.3); X.509 now calls `nonRepudiation` contentCommitment. */
export type KeyUsage =
  | 'digitalSignature'
  | 'nonRepudiation'
  | 'keyEncipherment'
  | 'dataEncipherment'
  | 'keyAgreement'
  | 'keyCertSign'
  | 'cRLSign'
  | 'encipherOnly'
  | 'decipherOnly'

/** In the order of the bits. */
export const KEY_USAGES: readonly KeyUsage[] = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
]

/** basicConstraints (RFC 5280 4.2.1.9). */
export interface BasicConstraints {
  /** The key may sign certificates. */
  readonly ca: boolean
  /** Most intermediate certificates that may follow; undefined: no limit. */
  readonly pathLenConstraint: number | undefined
}

/**
 * Reads Extensions (RFC 5280 section 4.2): not empty, one of each OID at most. `critical FALSE` is taken,
 * although DER leaves it out: CAs of the field write it, and it cannot be read two ways.
 */
export function readExtensions(reader: DerReader, field: string): Extension[] {
  const seen = new Set<string>()
  const extensions = reader.sequenceOf(field, (list, name) =>
    list.sequence(name, (r) => {
      const oid = r.oid('extnID')
      const critical = r.nextTag === Tag.BOOLEAN && r.boolean('critical')
      if (seen.has(oid)) throw refused(`extension ${oid} stands twice`)
      seen.add(oid)
      return { oid, critical, value: r.octetString('extnValue') }
    }),
  )
  if (extensions.length === 0) throw refused('extensions are present but empty')
  return extensions
}

/** Parses Extensions that stand alone, as in a certificate request (RFC 2985 5.4.2). */
export function parseExtensions(value: Uint8Array, field: string): Extension[] {
  return readDer(value, field, (r) => readExtensions(r, ''))
}

/** Parses keyUsage: at least one bit is set (RFC 5280 4.2.1.3). */
export function parseKeyUsage(value: Uint8Array): ReadonlySet<KeyUsage> {
  const { bytes } = readDer(value, 'keyUsage', (r) => r.bitString(''))
  const set = new Set(KEY_USAGES.filter((_, i) => (((bytes[i >> 3] ?? 0) << (i & 7)) & 0x80) !== 0))
  if (set.size === 0) throw refused('keyUsage has no bit set')
  return set
}

/** Parses extendedKeyUsage into its purposes' OIDs: at least one (RFC 5280 4.2.1.12). */
export function parseExtendedKeyUsage(value: Uint8Array): readonly string[] {
  const purposes = readDer(value, 'extKeyUsage', (r) => r.sequenceOf('', (s, name) => s.oid(name)))
  if (purposes.length === 0) throw refused('extKeyUsage is empty')
  return purposes
}

/** Parses basicConstraints (RFC 5280 4.2.1.9). `cA FALSE` is taken like `critical FALSE`. */
export function parseBasicConstraints(value: Uint8Array): BasicConstraints {
  return readDer(value, 'basicConstraints', (r) =>
    r.sequence('', (s) => {
      const ca = s.nextTag === Tag.BOOLEAN && s.boolean('cA')
      const pathLenConstraint = s.done ? undefined : s.smallInteger('pathLenConstraint', 0, 0x7fffffff)
      return { ca, pathLenConstraint }
    }),
  )
}

/** Parses subjectKeyIdentifier (RFC 5280 4.2.1.2). */
export function parseSubjectKeyIdentifier(value: Uint8Array): Uint8Array {
  return readDer(value, 'subjectKeyIdentifier', (r) => r.octetString(''))
}

/** Parses authorityKeyIdentifier for its keyIdentifier (RFC 5280 4.2.1.1). */
export function parseAuthorityKeyIdentifier(value: Uint8Array): Uint8Array | undefined {
  return readDer(value, 'authorityKeyIdentifier', (r) =>
    r.sequence('', (s) => {
      const keyIdentifier =
        s.nextTag === contextTag(0, false) ? s.octetString('keyIdentifier', contextTag(0, false)) : undefined
      // Issuer and serial number stand together or not at all.
      if (!s.done) {
        s.element('authorityCertIssuer', contextTag(1, true))
        s.integerBytes('authorityCertSerialNumber', contextTag(2, false))
      }
      return keyIdentifier
    }),
  )
}

function refused(message: string): CertificateError {
  return new CertificateError('ERR_CERTIFICATE_EXTENSION', message)
}

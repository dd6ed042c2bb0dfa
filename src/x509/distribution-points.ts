import { contextTag, type DerReader, readDer } from '../asn1/index.ts'
import { CertificateError } from '../errors.ts'
import { type GeneralName, readGeneralNames } from './general-name.ts'

/** Why certificates are revoked, as a distribution point divides its lists (RFC 5280 4.2.1.13). */
export type RevocationReasonFlag =
  | 'keyCompromise'
  | 'cACompromise'
  | 'affiliationChanged'
  | 'superseded'
  | 'cessationOfOperation'
  | 'certificateHold'
  | 'privilegeWithdrawn'
  | 'aACompromise'

/** In the order of the bits; bit 0 is unused. */
const REASON_FLAGS: readonly RevocationReasonFlag[] = [
  'keyCompromise',
  'cACompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'certificateHold',
  'privilegeWithdrawn',
  'aACompromise',
]

/** DistributionPointName (RFC 5280 4.2.1.13). */
export interface DistributionPointName {
  readonly fullName: readonly GeneralName[] | undefined
  /** The RDN to be put behind the issuer's name: DER of its SET, tagged [1]. */
  readonly nameRelativeToCRLIssuer: Uint8Array | undefined
}

/** DistributionPoint of cRLDistributionPoints and freshestCRL (RFC 5280 4.2.1.13, 4.2.1.15). */
export interface DistributionPoint {
  readonly distributionPoint: DistributionPointName | undefined
  /** Undefined: all reasons. */
  readonly reasons: ReadonlySet<RevocationReasonFlag> | undefined
  /** Who signs the list, where it is not the certificate's issuer. */
  readonly cRLIssuer: readonly GeneralName[] | undefined
}

/** issuingDistributionPoint of a CRL (RFC 5280 5.2.5). */
export interface IssuingDistributionPoint {
  readonly distributionPoint: DistributionPointName | undefined
  readonly onlyContainsUserCerts: boolean
  readonly onlyContainsCACerts: boolean
  readonly onlySomeReasons: ReadonlySet<RevocationReasonFlag> | undefined
  readonly indirectCRL: boolean
  readonly onlyContainsAttributeCerts: boolean
}

/** Parses cRLDistributionPoints or freshestCRL: one point at least (RFC 5280 4.2.1.13). */
export function parseCrlDistributionPoints(value: Uint8Array): readonly DistributionPoint[] {
  const points = readDer(value, 'cRLDistributionPoints', (r) =>
    r.sequenceOf('', (list, name) => list.sequence(name, readDistributionPoint)),
  )
  if (points.length === 0) throw refused('cRLDistributionPoints is empty')
  return points
}

function readDistributionPoint(r: DerReader): DistributionPoint {
  const distributionPoint = r.optional(contextTag(0, true), 'distributionPoint', readPointName)
  const reasons = readReasons(r, 1, 'reasons')
  const cRLIssuer =
    r.nextTag === contextTag(2, true) ? readGeneralNames(r, 'cRLIssuer', contextTag(2, true)) : undefined
  if (distributionPoint === undefined && cRLIssuer === undefined) {
    throw refused('a distribution point with neither a name nor an issuer')
  }
  return { distributionPoint, reasons, cRLIssuer }
}

function readPointName(r: DerReader): DistributionPointName {
  if (r.nextTag === contextTag(0, true)) {
    return {
      fullName: readGeneralNames(r, 'fullName', contextTag(0, true)),
      nameRelativeToCRLIssuer: undefined,
    }
  }
  const { bytes } = r.element('nameRelativeToCRLIssuer', contextTag(1, true))
  return { fullName: undefined, nameRelativeToCRLIssuer: bytes }
}

function readReasons(
  r: DerReader,
  number: number,
  field: string,
): ReadonlySet<RevocationReasonFlag> | undefined {
  if (r.nextTag !== contextTag(number, false)) return undefined
  const { bytes } = r.bitString(field, contextTag(number, false))
  return new Set(REASON_FLAGS.filter((_, i) => (((bytes[(i + 1) >> 3] ?? 0) << ((i + 1) & 7)) & 0x80) !== 0))
}

/** Parses issuingDistributionPoint: not empty, one kind of certificates at most (RFC 5280 5.2.5). */
export function parseIssuingDistributionPoint(value: Uint8Array): IssuingDistributionPoint {
  return readDer(value, 'issuingDistributionPoint', (r) =>
    r.sequence('', (s) => {
      if (s.done) throw refused('issuingDistributionPoint is empty')
      const flag = (number: number, field: string): boolean =>
        s.nextTag === contextTag(number, false) && s.boolean(field, contextTag(number, false))
      const point = {
        distributionPoint: s.optional(contextTag(0, true), 'distributionPoint', readPointName),
        onlyContainsUserCerts: flag(1, 'onlyContainsUserCerts'),
        onlyContainsCACerts: flag(2, 'onlyContainsCACerts'),
        onlySomeReasons: readReasons(s, 3, 'onlySomeReasons'),
        indirectCRL: flag(4, 'indirectCRL'),
        onlyContainsAttributeCerts: flag(5, 'onlyContainsAttributeCerts'),
      }
      const kinds = [point.onlyContainsUserCerts, point.onlyContainsCACerts, point.onlyContainsAttributeCerts]
      if (kinds.filter(Boolean).length > 1) throw refused('issuingDistributionPoint for two kinds at once')
      return point
    }),
  )
}

/**
 * The URIs in the full names of distribution points, in their order.
 *
 * @example
 * ```ts
 * import { Certificate, distributionPointUris } from 'sealkit/x509'
 * declare const certificate: Certificate
 * distributionPointUris(certificate.crlDistributionPoints ?? []) // ['http://crl.bank.example/ca.crl']
 * ```
 */
export function distributionPointUris(points: readonly DistributionPoint[]): string[] {
  return points
    .flatMap(({ distributionPoint }) => distributionPoint?.fullName ?? [])
    .flatMap((name) => (name.type === 'uniformResourceIdentifier' ? [name.value] : []))
}

function refused(message: string): CertificateError {
  return new CertificateError('ERR_CERTIFICATE_EXTENSION', message)
}

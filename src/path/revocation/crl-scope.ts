import { der, equalBytes } from '../../asn1/index.ts'
import type {
  DistributionPoint,
  DistributionPointName,
  IssuingDistributionPoint,
} from '../../x509/distribution-points.ts'
import type { Certificate, CertificateRevocationList, GeneralName } from '../../x509/index.ts'
import { Name } from '../../x509/index.ts'
import { factsOf } from '../facts.ts'

/** Where a certificate's status is to be found: a distribution point, or (no point) any list of its issuer. */
export type Point = DistributionPoint | undefined

/** The points of a certificate; last, as RFC 5280 6.3.3 ends, any list of its issuer. */
export function pointsOf(certificate: Certificate): readonly Point[] {
  return [...(certificate.crlDistributionPoints ?? []), undefined]
}

/** Names of the issuer of the list that a point asks for. */
export function listIssuers(certificate: Certificate, point: Point): readonly Name[] {
  const named = point?.cRLIssuer?.flatMap((name) => (name.type === 'directoryName' ? [name.value] : []))
  return named ?? [certificate.issuer]
}

const scopes = new WeakMap<CertificateRevocationList, IssuingDistributionPoint>()

/** issuingDistributionPoint of a list, read once: a certificate may have thousands of points to compare it with. */
export function scopeOf(crl: CertificateRevocationList): IssuingDistributionPoint | undefined {
  const scope = scopes.get(crl) ?? crl.issuingDistributionPoint
  if (scope !== undefined) scopes.set(crl, scope)
  return scope
}

/** Whether a list covers a certificate at a distribution point: RFC 5280 6.3.3 (b). */
export function covers(
  crl: CertificateRevocationList,
  certificate: Certificate,
  point: Point,
  spend: (comparisons: number) => void,
): boolean {
  spend(1)
  if (!listIssuers(certificate, point).some((issuer) => issuer.equals(crl.issuer))) return false
  const scope = scopeOf(crl)
  if (point?.cRLIssuer !== undefined && scope?.indirectCRL !== true) return false
  if (scope === undefined) return true
  const isCa = factsOf(certificate).basicConstraints?.ca === true
  if (scope.onlyContainsAttributeCerts || (scope.onlyContainsUserCerts && isCa)) return false
  if (scope.onlyContainsCACerts && !isCa) return false
  return (
    scope.distributionPoint === undefined ||
    pointFits(scope.distributionPoint, certificate, point, crl.issuer, spend)
  )
}

/** 6.3.3 (b) (2) (i): one name of the list's point is one of the certificate's. */
function pointFits(
  listed: DistributionPointName,
  certificate: Certificate,
  point: Point,
  listIssuer: Name,
  spend: (comparisons: number) => void,
): boolean {
  const wanted =
    point === undefined
      ? [directoryName(certificate.issuer)]
      : point.distributionPoint === undefined
        ? (point.cRLIssuer ?? [])
        : fullNames(point.distributionPoint, listIssuers(certificate, point)[0] ?? certificate.issuer)
  const names = fullNames(listed, listIssuer)
  spend(names.length * wanted.length)
  return names.some((name) => wanted.some((other) => isSameName(name, other)))
}

const directoryName = (value: Name): GeneralName => ({ type: 'directoryName', value })

function fullNames(
  { fullName, nameRelativeToCRLIssuer }: DistributionPointName,
  issuer: Name,
): readonly GeneralName[] {
  if (fullName !== undefined) return fullName
  // A SET behind the issuer's RDNs (RFC 5280 4.2.1.13).
  const rdn = Uint8Array.from(nameRelativeToCRLIssuer as Uint8Array)
  rdn[0] = 0x31
  const rdns = Name.parse(issuer.der).rdns.length === 0 ? [] : [contentOf(issuer.der)]
  return [directoryName(Name.parse(der.sequence([...rdns, rdn])))]
}

/** Content octets of a SEQUENCE. */
function contentOf(sequence: Uint8Array): Uint8Array {
  const octets = (sequence[1] as number) < 0x80 ? 0 : (sequence[1] as number) & 0x7f
  return sequence.subarray(2 + octets)
}

function isSameName(a: GeneralName, b: GeneralName): boolean {
  if (a.type !== b.type) return false
  if (a.type === 'directoryName') return a.value.equals(b.value as Name)
  if (a.value instanceof Uint8Array) return equalBytes(a.value, b.value as Uint8Array)
  return a.value === b.value
}

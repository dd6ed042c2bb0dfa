import { verifySignature } from '../../algorithms/index.ts'
import { equalBytes } from '../../asn1/index.ts'
import { PathError, SealkitError } from '../../errors.ts'
import { type Certificate, type CertificateRevocationList, ExtensionOid } from '../../x509/index.ts'
import { covers, listIssuers, type Point, pointsOf, scopeOf } from './crl-scope.ts'
import { holdsAt, type Revocation, type Status } from './standing.ts'

/** What checking lists needs from the validation it is part of. */
export interface CrlChecking {
  readonly crls: readonly CertificateRevocationList[]
  /** When the lists must be current. */
  readonly time: Date
  /** The moment the path is validated for. */
  readonly at: Date
  readonly minRsaBits: number
  /** Certificates of the list's issuer that are good for signing it: with a path to the same anchor. */
  signersOf(crl: CertificateRevocationList): Iterable<Certificate>
  /** Counts a signature. */
  spend(): void
  /** Counts comparisons. */
  compare(comparisons: number): void
}

const REASONS = [
  ...['keyCompromise', 'cACompromise', 'affiliationChanged', 'superseded', 'cessationOfOperation'],
  ...['certificateHold', 'privilegeWithdrawn', 'aACompromise'],
]

/** Whether any of the lists is about a certificate, usable or not. */
export function concerns(crl: CertificateRevocationList, certificate: Certificate): boolean {
  return pointsOf(certificate).some((point) =>
    listIssuers(certificate, point).some((issuer) => issuer.equals(crl.issuer)),
  )
}

/**
 * The status of a certificate by revocation lists: RFC 5280 6.3.3. Where several are given for the same, the newest
 * counts; and revoked by one of them is revoked, even where others cover all reasons.
 */
export function crlStatus(certificate: Certificate, checking: CrlChecking): Status {
  const seen = new Set<string>()
  let until = Number.POSITIVE_INFINITY
  let why = 'no revocation list covers it'
  const lists = checking.crls.toSorted((a, b) => +b.thisUpdate - +a.thisUpdate)
  for (const point of pointsOf(certificate)) {
    const used: CertificateRevocationList[] = []
    for (const crl of lists) {
      const found = standingBy(crl, used, certificate, point, checking)
      if (found === undefined) continue
      if (typeof found === 'string') {
        why = `the revocation list of ${crl.issuer} cannot be used: ${found}`
        continue
      }
      if (found.entry !== undefined) return { status: 'revoked', by: 'crl', revocation: found.entry }
      used.push(crl)
      if (found.reasons.every((reason) => seen.has(reason))) continue
      for (const reason of found.reasons) seen.add(reason)
      until = Math.min(until, +found.until)
    }
  }
  if (seen.size === REASONS.length) return { status: 'good', by: 'crl', until: new Date(until) }
  return { status: 'unknown', why: seen.size === 0 ? why : 'the revocation lists do not cover all reasons' }
}

interface Standing {
  readonly reasons: readonly string[]
  readonly until: Date
  /** Set where it is revoked. */
  readonly entry: Revocation | undefined
}

/**
 * What one list says at a distribution point.
 *
 * @param used newer lists that were used there
 * @returns undefined where it is not about the certificate; why it cannot be used
 */
function standingBy(
  crl: CertificateRevocationList,
  used: readonly CertificateRevocationList[],
  certificate: Certificate,
  point: Point,
  checking: CrlChecking,
): Standing | string | undefined {
  try {
    if (isDelta(crl) || !covers(crl, certificate, point, checking.compare)) return undefined
    if (used.some((newer) => isSameScope(newer, crl))) return undefined
    const unusable = formRefusal(crl, checking.time) ?? signatureRefusal(crl, checking)
    if (unusable !== undefined) return unusable
    const delta = deltaOf(crl, certificate, point, checking)
    const entry = entryOf(certificate, crl, delta)
    const said = (delta ?? crl).thisUpdate
    return {
      reasons: reasonsOf(crl, point),
      until: (delta ?? crl).nextUpdate as Date,
      entry: entry !== undefined && holdsAt(entry, said, checking.at) ? entry : undefined,
    }
  } catch (error) {
    return messageOf(error)
  }
}

/** Two lists of the same issuer, key and distribution point: the newer one takes the other's place. */
function isSameScope(a: CertificateRevocationList, b: CertificateRevocationList): boolean {
  const scope = (crl: CertificateRevocationList) =>
    [ExtensionOid.issuingDistributionPoint, ExtensionOid.authorityKeyIdentifier].map(
      (oid) => crl.extension(oid)?.value ?? new Uint8Array(),
    ) as [Uint8Array, Uint8Array]
  const [[point, key], [otherPoint, otherKey]] = [scope(a), scope(b)]
  return equalBytes(point, otherPoint) && equalBytes(key, otherKey) && a.issuer.equals(b.issuer)
}

/** What is wrong with what was given, as a text; anything else goes on. */
function messageOf(error: unknown): string {
  if (error instanceof SealkitError && !(error instanceof PathError)) return error.message
  throw error
}

function isDelta(crl: CertificateRevocationList): boolean {
  return crl.extension(ExtensionOid.deltaCRLIndicator) !== undefined
}

/** 6.3.3 (d): the reasons that list and point have in common. */
function reasonsOf(crl: CertificateRevocationList, point: Point): string[] {
  const some = scopeOf(crl)?.onlySomeReasons as ReadonlySet<string> | undefined
  const wanted = point?.reasons as ReadonlySet<string> | undefined
  return REASONS.filter((reason) => (some?.has(reason) ?? true) && (wanted?.has(reason) ?? true))
}

/** An entry in the delta replaces that in the list: 6.3.3 (i) to (k). */
function entryOf(
  certificate: Certificate,
  crl: CertificateRevocationList,
  delta: CertificateRevocationList | undefined,
): Revocation | undefined {
  const entry = delta?.find(certificate) ?? crl.find(certificate)
  if (entry === undefined || entry.reason === 'removeFromCRL') return undefined
  return { date: entry.revocationDate, reason: entry.reason, invalidityDate: entry.invalidityDate }
}

/** 6.3.3 (c): the newest delta list that completes a list. */
function deltaOf(
  crl: CertificateRevocationList,
  certificate: Certificate,
  point: Point,
  checking: CrlChecking,
): CertificateRevocationList | undefined {
  const scope = crl.extension(ExtensionOid.issuingDistributionPoint)?.value ?? new Uint8Array()
  return checking.crls
    .filter((delta) => {
      if (!isDelta(delta) || !covers(delta, certificate, point, checking.compare)) return false
      const own = delta.extension(ExtensionOid.issuingDistributionPoint)?.value ?? new Uint8Array()
      return equalBytes(scope, own) && completes(delta, crl) && refusal(delta, checking) === undefined
    })
    .sort((a, b) => +b.thisUpdate - +a.thisUpdate)[0]
}

/** 5.2.4: of the same key, made over this list or an older one, newer than it. */
function completes(delta: CertificateRevocationList, crl: CertificateRevocationList): boolean {
  const number = (hex: string | undefined): bigint => BigInt(`0x${hex || '0'}`)
  const [a, b] = [delta.authorityKeyIdentifier, crl.authorityKeyIdentifier]
  const sameKey = a === undefined || b === undefined ? a === b : equalBytes(a, b)
  return (
    sameKey &&
    crl.crlNumber !== undefined &&
    number(delta.deltaCRLIndicator) <= number(crl.crlNumber) &&
    number(crl.crlNumber) <= number(delta.crlNumber)
  )
}

/** Why a delta list is no ground for a decision; undefined where it is one. */
function refusal(crl: CertificateRevocationList, checking: CrlChecking): string | undefined {
  try {
    return formRefusal(crl, checking.time) ?? signatureRefusal(crl, checking)
  } catch (error) {
    return messageOf(error)
  }
}

const PROCESSED: ReadonlySet<string> = new Set([
  ExtensionOid.issuingDistributionPoint,
  ExtensionOid.deltaCRLIndicator,
  ExtensionOid.authorityKeyIdentifier,
])
const PROCESSED_ENTRY: ReadonlySet<string> = new Set([
  ExtensionOid.reasonCode,
  ExtensionOid.invalidityDate,
  ExtensionOid.certificateIssuer,
])

function formRefusal(crl: CertificateRevocationList, time: Date): string | undefined {
  // Malformed: refused here.
  crl.authorityKeyIdentifier
  if (time < crl.thisUpdate) return `it is from ${crl.thisUpdate.toISOString()}`
  if (crl.nextUpdate === undefined) return 'it does not say until when it holds'
  if (time > crl.nextUpdate) return `it was to be replaced by ${crl.nextUpdate.toISOString()}`
  // RFC 5280 5.2.3; lists of version 1, which section 5 wants processed too, have no number.
  if (crl.version === 2 && crl.crlNumber === undefined) return 'it has no number'
  const critical = crl.extensions.find((extension) => extension.critical && !PROCESSED.has(extension.oid))
  if (critical !== undefined) return `its critical extension ${critical.oid} is not known`
  const unknown = [...crl.criticalEntryExtensions].find((oid) => !PROCESSED_ENTRY.has(oid))
  return unknown && `the critical extension ${unknown} of an entry is not known`
}

function signatureRefusal(crl: CertificateRevocationList, checking: CrlChecking): string | undefined {
  let why = 'there is no certificate of its issuer that may sign it'
  for (const signer of checking.signersOf(crl)) {
    checking.spend()
    const { signatureAlgorithm, tbs, signature } = crl
    if (verifySignature(signatureAlgorithm, signer.publicKey, tbs, signature, checking)) return undefined
    why = 'its signature is not right'
  }
  return why
}

import { equalBytes } from '../asn1/index.ts'
import type { Certificate } from '../x509/index.ts'
import { certificateProblem, intermediates, issuerProblem, type Rules, signatureProblem } from './checks.ts'
import { factsOf } from './facts.ts'
import { type CertificatePool, isSameAuthority, keyIdentifiersAgree } from './pool.ts'
import { type PathProblem, problem } from './problem.ts'

/** What a path is built with. */
export interface Building extends Rules {
  readonly anchors: CertificatePool
  readonly untrusted: CertificatePool
  readonly maxDepth: number
  /** Further checks of a CA: purpose, profile. */
  readonly asIssuer: (issuer: Certificate, isAnchor: boolean) => PathProblem | undefined
  /** Told of each way that ended. */
  readonly refused: (problem: PathProblem, path: readonly Certificate[], complete: boolean) => void
}

/**
 * All paths from a target to an anchor whose checks so far hold, the likeliest first: target, intermediates, anchor.
 * Whatever can be told while a path grows is told then, so that hostile graphs are cut early: signatures, CAs, lengths,
 * validity, name constraints. A CA, name and key, stands once in a path, which ends cycles.
 */
export function* paths(target: Certificate, building: Building): Generator<readonly Certificate[]> {
  yield* extend([target], building, new Map())
}

/** Signatures that were verified, by certificate: an issuer's key counts, which several certificates of it may have. */
type Verified = Map<Certificate, { readonly key: Uint8Array; readonly found: PathProblem | undefined }[]>

function* extend(
  path: readonly Certificate[],
  building: Building,
  verified: Verified,
): Generator<readonly Certificate[]> {
  const last = path.at(-1) as Certificate
  const all = candidates(last, building)
  const issuers = all.filter(({ issuer }) => !path.some((each) => isSameAuthority(each, issuer)))
  if (issuers.length === 0) {
    const found = all.length === 0 ? missingIssuer(last, building) : circle(last, building)
    building.refused(found, path, false)
  }
  for (const { issuer, isAnchor } of issuers) {
    const found = refusal(issuer, path, isAnchor, building) ?? signature(last, issuer, building, verified)
    const longer = [...path, issuer]
    if (found !== undefined) building.refused(found, longer, isAnchor)
    else if (isAnchor) yield longer
    else yield* extend(longer, building, verified)
  }
}

interface Candidate {
  readonly issuer: Certificate
  readonly isAnchor: boolean
}

/** Anchors first, so that short paths are; then those whose key identifier fits, the valid, the newest. */
function candidates(certificate: Certificate, { anchors, untrusted, budget, time }: Building): Candidate[] {
  const trusted = anchors.withSubject(certificate.issuer)
  const named = untrusted.withSubject(certificate.issuer)
  budget.candidates(trusted.length + named.length)
  const others = named.filter((each) => !anchors.has(each))
  const all = [
    ...trusted.map((issuer) => ({ issuer, isAnchor: true })),
    ...others.map((issuer) => ({ issuer, isAnchor: false })),
  ]
  if (all.length < 2) return all
  const ranked = all.map((candidate) => ({ candidate, rank: rank(certificate, candidate, time) }))
  ranked.sort((a, b) => b.rank - a.rank || +b.candidate.issuer.notBefore - +a.candidate.issuer.notBefore)
  return ranked.map(({ candidate }) => candidate)
}

function rank(certificate: Certificate, { issuer, isAnchor }: Candidate, time: Date): number {
  const agree = keyIdentifiersAgree(certificate, issuer)
  const valid = issuer.notBefore <= time && time <= issuer.notAfter
  return (agree === false ? 0 : agree === undefined ? 4 : 8) + (valid ? 2 : 0) + (isAnchor ? 1 : 0)
}

function refusal(
  issuer: Certificate,
  path: readonly Certificate[],
  isAnchor: boolean,
  building: Building,
): PathProblem | undefined {
  const longer = intermediates(path) + (isAnchor || factsOf(issuer).selfIssued ? 0 : 1)
  if (longer > building.maxDepth) {
    const detail = `a path with more than ${building.maxDepth} intermediate certificates`
    return problem('path-too-long', issuer, detail, 'if such paths are wanted, raise limits.maxDepth')
  }
  return (
    certificateProblem(issuer, building) ??
    issuerProblem(issuer, path, isAnchor, building) ??
    building.asIssuer(issuer, isAnchor)
  )
}

function signature(
  certificate: Certificate,
  issuer: Certificate,
  building: Building,
  verified: Verified,
): PathProblem | undefined {
  const before = verified.get(certificate) ?? []
  verified.set(certificate, before)
  const known = before.find(({ key }) => equalBytes(key, issuer.subjectPublicKeyInfo))
  if (known !== undefined) return known.found
  const found = signatureProblem(certificate, issuer, building)
  before.push({ key: issuer.subjectPublicKeyInfo, found })
  return found
}

function missingIssuer(certificate: Certificate, { anchors }: Building): PathProblem {
  if (factsOf(certificate).selfIssued) {
    const detail = `it is a root certificate that is not among the ${anchors.size} trusted ones`
    return problem(
      'issuer-not-trusted',
      certificate,
      detail,
      'if it is to be trusted, add it to the CA bundle',
    )
  }
  const detail = `the certificate of its issuer is missing: ${certificate.issuer}`
  const hint = 'add the intermediate certificates that came with it, or the root to the CA bundle'
  return problem('issuer-missing', certificate, detail, hint)
}

/** All issuers that are there stand in the path already. */
function circle(certificate: Certificate, building: Building): PathProblem {
  if (factsOf(certificate).selfIssued) return missingIssuer(certificate, building)
  const detail = `its issuer leads back to the path, and to no trusted root: ${certificate.issuer}`
  return problem('issuer-not-trusted', certificate, detail, 'add the root to the CA bundle')
}

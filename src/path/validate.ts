import type { Certificate, CertificateRevocationList } from '../x509/index.ts'
import { Budget, type PathLimits } from './budget.ts'
import { type Building, paths } from './build.ts'
import { certificateProblem, type Rules, signatureProblem } from './checks.ts'
import { factsOf } from './facts.ts'
import { matchesDnsName, parseReference, type Reference } from './host-name.ts'
import { equalBytes } from '../asn1/index.ts'
import { ANY_POLICY, PolicyGraph, type PolicyInput } from './policies.ts'
import { CertificatePool } from './pool.ts'
import { type PathProblem, problem } from './problem.ts'
import { type Profile, profileProblem, type Role } from './profiles.ts'
import { type RevocationMode, revocationOf } from './revocation/status.ts'
import { caPurposeProblem, type Purpose, purposeProblem, wantedKeyPurposes } from './purposes.ts'

/** Options of {@link validatePath}. */
export interface ValidatePathOptions {
  readonly anchors: CertificatePool
  readonly untrusted?: Iterable<Certificate> | undefined
  readonly purpose: Purpose
  /** Server's name for `tls-server`: DNS name or IP address. */
  readonly host?: string | undefined
  readonly time?: Date | undefined
  readonly profile?: Profile | undefined
  readonly extendedKeyUsage?: readonly string[] | 'any' | undefined
  readonly policies?: PolicyInput | undefined
  readonly minRsaBits?: number | undefined
  readonly limits?: PathLimits | undefined
  readonly revocation?: RevocationMode | undefined
  readonly crls?: readonly CertificateRevocationList[] | undefined
}

/** A certificate of a path. */
export interface PathCertificate {
  readonly certificate: Certificate
  readonly role: Role
}

/** How a validation ended. */
export interface PathResult {
  readonly verdict: 'valid' | 'invalid'
  /** From the target to the anchor; where it is invalid, the way that went furthest. */
  readonly path: readonly PathCertificate[]
  /** user-constrained-policy-set: policies the path is good for. */
  readonly policies: readonly string[]
  /** The first moment at which a certificate of the path expires. */
  readonly validUntil: Date | undefined
  readonly problem: PathProblem | undefined
}

export function validatePath(target: Certificate, options: ValidatePathOptions): PathResult {
  const { purpose, anchors, profile = 'default', limits = {} } = options
  const rules: Rules = {
    time: options.time ?? new Date(),
    minRsaBits: options.minRsaBits ?? 2048,
    budget: new Budget(limits),
  }
  const wanted = wantedKeyPurposes(purpose, options.extendedKeyUsage)
  const own =
    certificateProblem(target, rules) ??
    purposeProblem(target, factsOf(target), purpose, wanted) ??
    profileProblem(target, 'target', profile) ??
    hostProblem(target, options.host)
  if (own !== undefined) return invalid([target], own)

  let furthest: { problem: PathProblem; path: readonly Certificate[]; rank: number } | undefined
  const refused = (problem: PathProblem, path: readonly Certificate[], complete = false): void => {
    const rank = path.length * 2 + (problem.reason === 'issuer-missing' ? 0 : 1) + (complete ? 1000 : 0)
    if (furthest === undefined || rank > furthest.rank) furthest = { problem, path, rank }
  }
  if (isTrustedItself(target, anchors, rules)) return valid([target], [ANY_POLICY])
  const building: Building = {
    ...rules,
    anchors,
    untrusted: new CertificatePool(options.untrusted),
    maxDepth: limits.maxDepth ?? 10,
    asIssuer: (issuer: Certificate, _path: readonly Certificate[], isAnchor: boolean) =>
      caPurposeProblem(issuer, factsOf(issuer), purpose, wanted) ??
      profileProblem(issuer, isAnchor ? 'anchor' : 'intermediate', profile),
    refused,
  }
  for (const path of paths(target, building)) {
    const policies = policiesOf(path, options.policies ?? {})
    const found = 'reason' in policies ? policies : revocationProblem(path, building, options)
    if (found === undefined && 'found' in policies) return valid(path, policies.found)
    if (found !== undefined) refused(found, path, true)
  }
  if (furthest === undefined) throw new Error('a path that ended without reason')
  return invalid(furthest.path, furthest.problem)
}

function revocationProblem(
  path: readonly Certificate[],
  building: Building,
  { revocation = 'if-given', crls = [] }: ValidatePathOptions,
): PathProblem | undefined {
  const results = revocationOf(path, { mode: revocation, crls, building })
  for (const result of results) {
    if (result.status === 'revoked') {
      const { revocationDate, reason } = result.entry
      const detail = `it was revoked at ${revocationDate.toISOString()}${reason === undefined ? '' : ` (${reason})`}`
      return problem('revoked', result.certificate, detail, 'a new certificate is needed')
    }
    if (result.status === 'unknown') {
      return problem('revocation-unknown', result.certificate, result.why, 'give a current revocation list of its issuer')
    }
  }
  return undefined
}

/** A self-signed certificate that is itself in the trust store. */
function isTrustedItself(target: Certificate, anchors: CertificatePool, rules: Rules): boolean {
  return target.selfIssued && anchors.has(target) && signatureProblem(target, target, rules) === undefined
}

function policiesOf(
  path: readonly Certificate[],
  input: PolicyInput,
): { found: readonly string[] } | PathProblem {
  const certificates = path.slice(0, -1).reverse()
  const graph = new PolicyGraph(certificates.length, input)
  for (const [i, certificate] of certificates.entries()) {
    const { policy, selfIssued } = factsOf(certificate)
    const last = i === certificates.length - 1
    if (!graph.add(policy, selfIssued && !last)) return noPolicy(certificate)
    if (last) {
      const found = graph.finish(policy)
      return found === undefined ? noPolicy(certificate) : { found }
    }
    if (!graph.map(policy)) return problem('policy', certificate, 'its policy mappings name anyPolicy')
    graph.count(policy, selfIssued)
  }
  return { found: [] }
}

function noPolicy(certificate: Certificate): PathProblem {
  return problem('policy', certificate, 'no certificate policy is valid for the whole path where one is asked for')
}

function hostProblem(target: Certificate, host: string | undefined): PathProblem | undefined {
  if (host === undefined) return undefined
  const reference = parseReference(host)
  const { subjectAltName = [] } = factsOf(target)
  if (subjectAltName.some((name) => isFor(name, reference))) return undefined
  return problem('name-mismatch', target, `it is not for ${host}`, 'check the name of the server')
}

function isFor(name: { type: string; value: unknown }, reference: Reference): boolean {
  if (name.type !== reference.type) return false
  return reference.type === 'dNSName'
    ? matchesDnsName(name.value as string, reference.value)
    : equalBytes(name.value as Uint8Array, reference.value)
}

function withRoles(path: readonly Certificate[], complete: boolean): PathCertificate[] {
  return path.map((certificate, i) => ({
    certificate,
    role: i === 0 ? 'target' : complete && i === path.length - 1 ? 'anchor' : 'intermediate',
  }))
}

function valid(path: readonly Certificate[], policies: readonly string[]): PathResult {
  const validUntil = new Date(Math.min(...path.map(({ notAfter }) => +notAfter)))
  return { verdict: 'valid', path: withRoles(path, true), policies, validUntil, problem: undefined }
}

function invalid(path: readonly Certificate[], found: PathProblem): PathResult {
  return { verdict: 'invalid', path: withRoles(path, false), policies: [], validUntil: undefined, problem: found }
}

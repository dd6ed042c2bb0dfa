import type { Certificate } from '../x509/index.ts'
import { Budget, bound } from './budget.ts'
import { type Building, paths } from './build.ts'
import { checkOptions } from './check-options.ts'
import { signatureProblem } from './checks.ts'
import { factsOf } from './facts.ts'
import { parseMailbox, parseReference } from './host-name.ts'
import type { ValidatePathOptions } from './options.ts'
import { ANY_POLICY, PolicyGraph, type PolicyInput } from './policies.ts'
import { CertificatePool } from './pool.ts'
import { type PathProblem, problem } from './problem.ts'
import { profileProblem } from './profiles.ts'
import { caPurposeProblem, wantedKeyPurposes } from './purposes.ts'
import { invalid, type PathResult, valid } from './result.ts'
import { revocationAlong } from './revocation/along.ts'
import { type TargetRules, targetProblem } from './target.ts'

/**
 * Finds a path from a certificate to a trusted root and validates it: RFC 5280 section 6, with backtracking, so that a
 * good path is found wherever there is one.
 *
 * @param target the certificate that is to be relied on
 * @returns the path, or the problem of the way that went furthest: what the certificates hold never throws
 * @throws PathError `ERR_PATH_BUDGET` where the search costs more than `limits` allow: certificates that are made so
 * @throws TypeError for an option that is of another type; the signal's reason; what `fetchOcsp` throws
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs'
 * import { TrustStore, validatePath } from 'sealkit/path'
 * import { Certificate } from 'sealkit/x509'
 * const trust = TrustStore.fromPem(readFileSync('server-cert-cacerts.pem'))
 * const server = Certificate.fromPem(readFileSync('server.pem'))
 * const result = await validatePath(server, { trust, purpose: 'tls-server', host: 'api.clearstream.com' })
 * if (result.verdict !== 'valid') console.error(result.problem?.detail, result.problem?.hint)
 * ```
 */
export async function validatePath(target: Certificate, options: ValidatePathOptions): Promise<PathResult> {
  const rules = rulesOf(options)
  const own = targetProblem(target, rules)
  if (own !== undefined) return invalid([target], rules.time, own, false)
  const { trust } = options
  if (isTrustedItself(target, options, rules)) return valid([target], rules.time, [ANY_POLICY], [])

  let furthest = { rank: -1, result: undefined as PathResult | undefined }
  const note = (rank: number, result: () => PathResult): void => {
    if (rank > furthest.rank) furthest = { rank, result: result() }
  }
  const building: Building = {
    ...rules,
    anchors: trust.pool,
    untrusted:
      options.untrusted instanceof CertificatePool
        ? options.untrusted
        : new CertificatePool(options.untrusted),
    maxDepth: bound('maxDepth', options.limits?.maxDepth, 10),
    asIssuer: (issuer, isAnchor) =>
      caPurposeProblem(issuer, factsOf(issuer), rules.purpose, rules.wanted) ??
      profileProblem(issuer, isAnchor ? 'anchor' : 'intermediate', rules.profile),
    refused: (found, path, complete) => {
      // Of ways of the same length, one that was refused says more than one that ended.
      const rank = path.length * 2 + (found.reason === 'issuer-missing' ? 0 : 1)
      note(rank, () => invalid(path, rules.time, found, complete))
    },
  }
  for (const path of paths(target, building)) {
    const policies = policiesOf(path, options.policies ?? {}, rules)
    if (!Array.isArray(policies)) {
      note(COMPLETE, () => invalid(path, rules.time, policies as PathProblem, true))
      continue
    }
    const revocation = await revocationAlong(path, building, options)
    const { problem: refused, statuses } = revocation
    if (refused === undefined) return valid(path, rules.time, policies, statuses)
    note(COMPLETE + 1, () => invalid(path, rules.time, refused, true, statuses))
  }
  return furthest.result as PathResult
}

/** Ranks above every path that is not complete. */
const COMPLETE = 1_000_000

function rulesOf(options: ValidatePathOptions): TargetRules {
  checkOptions(options)
  const { purpose, time = new Date(), minRsaBits = 2048, profile = 'default' } = options
  return {
    time,
    purpose,
    profile,
    minRsaBits,
    budget: new Budget(options.limits),
    wanted: wantedKeyPurposes(purpose, options.extendedKeyUsage),
    references: [
      ...(options.host === undefined ? [] : [parseReference(options.host)]),
      ...(options.email === undefined ? [] : [parseMailbox(options.email)]),
    ],
  }
}

/** A self-signed certificate that is itself in the trust store. */
function isTrustedItself(target: Certificate, { trust }: ValidatePathOptions, rules: TargetRules): boolean {
  return target.selfIssued && trust.has(target) && signatureProblem(target, target, rules) === undefined
}

/** RFC 5280 6.1.3 (d) to 6.1.5 (g), from the certificate below the anchor to the target. */
function policiesOf(
  path: readonly Certificate[],
  input: PolicyInput,
  { budget }: TargetRules,
): readonly string[] | PathProblem {
  const certificates = path.slice(0, -1).reverse()
  const graph = new PolicyGraph(certificates.length, input)
  for (const [i, certificate] of certificates.entries()) {
    const { policy, selfIssued } = factsOf(certificate)
    const last = i === certificates.length - 1
    budget.comparisons((policy.policies?.length ?? 0) + (policy.mappings?.length ?? 0))
    if (!graph.add(policy, selfIssued && !last)) return noPolicy(certificate)
    if (last) return graph.finish(policy) ?? noPolicy(certificate)
    if (!graph.map(policy)) return problem('policy', certificate, 'its policy mappings name anyPolicy')
    graph.count(policy, selfIssued)
  }
  return []
}

function noPolicy(certificate: Certificate): PathProblem {
  const detail = 'no certificate policy is valid along the whole path, and one is asked for'
  return problem('policy', certificate, detail, 'a certificate issued under an accepted policy is needed')
}

import type { Certificate } from '../x509/index.ts'
import type { PathProblem } from './problem.ts'
import type { Role } from './profiles.ts'
import type { CertificateRevocation } from './revocation/status.ts'

/** A certificate of a path, and what it is in it. */
export interface PathCertificate {
  readonly certificate: Certificate
  /** `anchor` is in the trust store; of an invalid path the last certificate may be an `intermediate`. */
  readonly role: Role
  /** What is known of its revocation; undefined for the anchor, and where the path was refused before. */
  readonly revocation: CertificateRevocation | undefined
}

/** How a validation ended. */
export interface PathResult {
  readonly verdict: 'valid' | 'invalid'
  /** The path from the target to the anchor; where it is invalid, the way that went furthest. */
  readonly path: readonly PathCertificate[]
  /**
   * The certificate policies that the path is good for (user-constrained-policy-set, RFC 5280 6.1.6); `2.5.29.32.0` stands
   * for any.
   */
  readonly policies: readonly string[]
  /** Until when the result holds: the first expiry in the path, or of a list or response that was used. */
  readonly validUntil: Date | undefined
  /** The moment the path was validated for. */
  readonly time: Date
  /** Set where it is invalid. */
  readonly problem: PathProblem | undefined
}

/** The result for a path that is good. */
export function valid(
  path: readonly Certificate[],
  time: Date,
  policies: readonly string[],
  revocation: readonly CertificateRevocation[],
): PathResult {
  const ends = [
    ...path.map(({ notAfter }) => +notAfter),
    ...revocation.flatMap((each) => (each.status === 'good' ? [+each.until] : [])),
  ]
  const validUntil = new Date(Math.min(...ends))
  return {
    verdict: 'valid',
    path: withRoles(path, true, revocation),
    policies,
    validUntil,
    time,
    problem: undefined,
  }
}

/** The result for a path that is not. */
export function invalid(
  path: readonly Certificate[],
  time: Date,
  problem: PathProblem,
  complete: boolean,
  revocation: readonly CertificateRevocation[] = [],
): PathResult {
  return {
    verdict: 'invalid',
    path: withRoles(path, complete, revocation),
    policies: [],
    validUntil: undefined,
    time,
    problem,
  }
}

function withRoles(
  path: readonly Certificate[],
  complete: boolean,
  revocation: readonly CertificateRevocation[],
): PathCertificate[] {
  return path.map((certificate, i) => ({
    certificate,
    role: complete && i === path.length - 1 ? 'anchor' : i === 0 ? 'target' : 'intermediate',
    revocation: revocation.find((each) => each.certificate === certificate),
  }))
}

import type { Certificate } from '../x509/index.ts'

/** Why a path is refused. Stable, for programs. */
export type PathReason =
  | 'issuer-missing'
  | 'issuer-not-trusted'
  | 'path-too-long'
  | 'extension-malformed'
  | 'extension-unknown-critical'
  | 'key-invalid'
  | 'key-weak'
  | 'signature-algorithm'
  | 'signature-mismatch'
  | 'not-yet-valid'
  | 'expired'
  | 'not-a-ca'
  | 'path-length'
  | 'key-usage'
  | 'extended-key-usage'
  | 'name-constraints'
  | 'policy'
  | 'name-mismatch'
  | 'profile'
  | 'revoked'
  | 'revocation-unknown'

/** What is wrong with a certificate in a path. */
export interface PathProblem {
  readonly reason: PathReason
  /** The certificate that is refused, or whose issuer is missing. */
  readonly certificate: Certificate
  /** What exactly, for people; names are printable. */
  readonly detail: string
  /** The way out. */
  readonly hint: string | undefined
}

/** Makes a problem. */
export function problem(
  reason: PathReason,
  certificate: Certificate,
  detail: string,
  hint?: string,
): PathProblem {
  return { reason, certificate, detail, hint }
}

import type { PathProblem, PathReason } from '../path/index.ts'

/**
 * A sentence for each {@link PathReason}.
 *
 * @example
 * ```ts
 * import { PATH_REASONS } from 'sealkit/trust'
 * PATH_REASONS.expired // 'a certificate has expired'
 * ```
 */
export const PATH_REASONS: Readonly<Record<PathReason, string>> = {
  'issuer-missing': 'the certificate of an issuer is missing',
  'issuer-not-trusted': 'the path ends at a root that is not trusted',
  'path-too-long': 'there are too many intermediate certificates',
  'extension-malformed': 'an extension cannot be read',
  'extension-unknown-critical': 'a critical extension is not known',
  'key-invalid': 'a public key is malformed or of an unsupported kind',
  'key-weak': 'a key is too short',
  'signature-algorithm': 'a signature algorithm is not known or no longer safe',
  'signature-mismatch': 'a signature is not that of the issuer',
  'not-yet-valid': 'a certificate is not valid yet',
  expired: 'a certificate has expired',
  'not-a-ca': 'an issuer is no CA',
  'path-length': 'a CA has more CAs below it than it may have',
  'key-usage': 'the key usage does not allow it',
  'extended-key-usage': 'the extended key usage does not allow it',
  'name-constraints': 'a CA may not issue certificates for such a name',
  policy: 'no accepted certificate policy is valid along the path',
  'name-mismatch': 'the certificate is for another name',
  profile: 'a certificate breaks the rules of the profile',
  revoked: 'a certificate was revoked',
  'revocation-unknown': 'it is not known whether a certificate was revoked',
}

/** A problem in one sentence: which certificate, what is wrong, the way out. */
export function problemSentence({ certificate, detail, hint }: PathProblem): string {
  const who = certificate.subject.toString() || `serial ${certificate.serialNumber}`
  return `${who}: ${detail}${hint === undefined ? '' : `; ${hint}`}`
}

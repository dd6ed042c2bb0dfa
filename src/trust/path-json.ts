import type { CertificateRevocation, PathCertificate, PathResult } from '../path/index.ts'
import { keyName } from './key-name.ts'
import { PATH_REASONS } from './reasons.ts'

/**
 * A path for programs: `verdict`, `reason`, `reasonText`, `detail`, `hint`, `certificate` (sha256 of the one that is
 * refused), `time`, `validUntil`, `policies`, and `path`: for each certificate `role`, `key`, `revocation`, `subject`,
 * `issuer`, `serialNumber`, `notBefore`, `notAfter`, `sha256`. What is unknown is null.
 *
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs'
 * import { TrustStore, validatePath } from 'sealkit/path'
 * import { pathJson } from 'sealkit/trust'
 * import { Certificate } from 'sealkit/x509'
 * const trust = TrustStore.fromPem(readFileSync('ca.pem'))
 * const result = await validatePath(Certificate.fromPem(readFileSync('cert.pem')), { trust, purpose: 'any' })
 * console.log(JSON.stringify(pathJson(result)))
 * ```
 */
export function pathJson(result: PathResult): Record<string, unknown> {
  const { problem } = result
  return {
    verdict: result.verdict,
    reason: problem?.reason ?? null,
    reasonText: problem === undefined ? null : PATH_REASONS[problem.reason],
    detail: problem?.detail ?? null,
    hint: problem?.hint ?? null,
    certificate: problem?.certificate.fingerprint() ?? null,
    time: result.time.toISOString(),
    validUntil: result.validUntil?.toISOString() ?? null,
    policies: result.policies,
    path: result.path.map(certificateJson),
  }
}

function certificateJson({ certificate, role, revocation }: PathCertificate): Record<string, unknown> {
  return {
    role,
    key: keyName(certificate),
    revocation: revocation === undefined ? null : revocationJson(revocation),
    ...certificate.toJSON(),
  }
}

function revocationJson(revocation: CertificateRevocation): Record<string, unknown> {
  const { certificate: _, ...known } = revocation
  return { ...known }
}

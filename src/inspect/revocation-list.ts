import type { CertificateRevocationList } from '../x509/index.ts'
import { signatureAlgorithmName } from './algorithm-name.ts'
import { attempt } from './attempt.ts'
import type { InspectedRevocationList } from './inspection.ts'
import { fingerprint } from './public-key.ts'

/** Describes a certificate revocation list. */
export async function inspectRevocationList(
  crl: CertificateRevocationList,
  now: Date,
): Promise<InspectedRevocationList> {
  const problems: string[] = []
  return {
    issuer: crl.issuer.toString(),
    number: attempt(problems, () => crl.crlNumber) ?? null,
    delta: attempt(problems, () => crl.deltaCRLIndicator) !== undefined,
    signatureAlgorithm: attempt(problems, () => signatureAlgorithmName(crl.signatureAlgorithm)) ?? 'unknown',
    thisUpdate: crl.thisUpdate.toISOString(),
    nextUpdate: crl.nextUpdate?.toISOString() ?? null,
    outdated: crl.nextUpdate !== undefined && crl.nextUpdate < now,
    entryCount: crl.entryCount,
    sha256: await fingerprint('SHA-256', crl.der),
    problems,
  }
}

import type { CertificateRequest } from '../credentials/request/certificate-request.ts'
import { signatureAlgorithmName } from './algorithm-name.ts'
import { attempt, attemptAsync } from './attempt.ts'
import { usages } from './certificate.ts'
import type { InspectedRequest } from './inspection.ts'
import { inspectPublicKey } from './public-key.ts'

/** Describes a certificate request, and says whether it is signed by its own key. */
export async function inspectRequest(request: CertificateRequest): Promise<InspectedRequest> {
  const problems: string[] = []
  return {
    subject: request.subject.toString(),
    ...usages(request, problems),
    publicKey: await inspectPublicKey(request.subjectPublicKeyInfo),
    signatureAlgorithm:
      attempt(problems, () => signatureAlgorithmName(request.signatureAlgorithm)) ?? 'unknown',
    signatureValid: (await attemptAsync(problems, () => request.verify({ allowWeakHashes: true }))) ?? null,
    problems: [...new Set(problems)],
  }
}

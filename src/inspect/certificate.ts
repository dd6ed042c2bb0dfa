import type { CertificateEntry } from '../credentials/contents.ts'
import { verifyWithKey } from '../credentials/request/verify-with-key.ts'
import { SealkitError } from '../errors.ts'
import { type Certificate, generalNameToString, KeyPurpose } from '../x509/index.ts'
import { signatureAlgorithmName } from './algorithm-name.ts'
import { attempt } from './attempt.ts'
import type { InspectedCertificate } from './inspection.ts'
import { fingerprint, inspectPublicKey } from './public-key.ts'

const DAY = 86_400_000

/** Describes a certificate. What in it is damaged is said, and the rest shown. */
export async function inspectCertificate(
  { certificate, friendlyName, trusted }: Pick<CertificateEntry, 'certificate' | 'friendlyName' | 'trusted'>,
  now: Date,
): Promise<InspectedCertificate> {
  const problems: string[] = []
  const { notBefore, notAfter } = certificate
  const constraints = attempt(problems, () => certificate.basicConstraints)
  return {
    subject: certificate.subject.toString(),
    issuer: certificate.issuer.toString(),
    serialNumber: certificate.serialNumber,
    version: certificate.version,
    ...usages(certificate, problems),
    publicKey: await inspectPublicKey(certificate.subjectPublicKeyInfo),
    signatureAlgorithm:
      attempt(problems, () => signatureAlgorithmName(certificate.signatureAlgorithm)) ?? 'unknown',
    sha256: await fingerprint('SHA-256', certificate.der),
    sha1: await fingerprint('SHA-1', certificate.der),
    notBefore: notBefore.toISOString(),
    notAfter: notAfter.toISOString(),
    validity: now > notAfter ? 'expired' : now < notBefore ? 'not-yet-valid' : 'valid',
    daysLeft: daysBetween(now, notAfter),
    ca: constraints?.ca ?? false,
    pathLength: constraints?.pathLenConstraint ?? null,
    selfSigned: await isSelfSigned(certificate),
    friendlyName: friendlyName ?? null,
    trusted,
    problems,
  }
}

/** Whole days from one moment to another, negative where it lies before. */
export function daysBetween(from: Date, to: Date): number {
  return Math.floor((to.getTime() - from.getTime()) / DAY)
}

/** What a certificate, or a request, says of its names and uses. */
export function usages(
  source: UsageSource,
  problems: string[],
): Pick<InspectedCertificate, 'subjectAltNames' | 'keyUsage' | 'extendedKeyUsage'> {
  const names = attempt(problems, () => source.subjectAltName)
  const keyUsage = attempt(problems, () => source.keyUsage)
  const purposes = attempt(problems, () => source.extendedKeyUsage)
  return {
    subjectAltNames: (names ?? []).map(generalNameToString),
    keyUsage: keyUsage === undefined ? null : [...keyUsage],
    extendedKeyUsage: purposes?.map(purposeName) ?? null,
  }
}

type UsageSource = Pick<Certificate, 'subjectAltName' | 'keyUsage' | 'extendedKeyUsage'>

const PURPOSES = new Map<string, string>(Object.entries(KeyPurpose).map(([name, oid]) => [oid, name]))

function purposeName(oid: string): string {
  return PURPOSES.get(oid) ?? oid
}

async function isSelfSigned(certificate: Certificate): Promise<boolean> {
  if (!certificate.selfIssued) return false
  const { signature, subjectPublicKeyInfo: spki, tbs } = certificate
  // Old roots are signed with SHA-1 and short keys: only whether the signature is their own is asked.
  const policy = { allowWeakHashes: true, minRsaBits: 0 }
  try {
    return await verifyWithKey(certificate.signatureAlgorithm, spki, tbs, signature, policy)
  } catch (error) {
    // A signature that cannot be verified here (MD5 in a browser, DSA): the names have to do.
    if (error instanceof SealkitError) return true
    throw error
  }
}

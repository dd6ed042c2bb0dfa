import { verifySignature } from '../algorithms/index.ts'
import { AlgorithmError, Asn1Error } from '../errors.ts'
import type { Certificate } from '../x509/index.ts'
import type { Budget } from './budget.ts'
import { factsOf } from './facts.ts'
import { violation } from './name-constraints.ts'
import { type PathProblem, problem } from './problem.ts'

/** What all the checks of one validation share. */
export interface Rules {
  readonly time: Date
  readonly minRsaBits: number
  readonly budget: Budget
}

const POISON = '1.3.6.1.4.1.11129.2.4.3'

/** What every certificate of a path must fulfil, whatever its place: RFC 5280 6.1.3 (a) (2), section 4.2, its key. */
export function certificateProblem(certificate: Certificate, rules: Rules): PathProblem | undefined {
  const { malformed, unknownCritical } = factsOf(certificate)
  if (malformed !== undefined) return problem('extension-malformed', certificate, malformed.message)
  if (unknownCritical === POISON) {
    const hint = 'take the certificate that was issued for it'
    return problem('extension-unknown-critical', certificate, 'it is a precertificate (RFC 6962)', hint)
  }
  if (unknownCritical !== undefined) {
    return problem(
      'extension-unknown-critical',
      certificate,
      `the critical extension ${unknownCritical} is not known`,
    )
  }
  return validityProblem(certificate, rules.time) ?? keyProblem(certificate, rules.minRsaBits)
}

function validityProblem(certificate: Certificate, time: Date): PathProblem | undefined {
  const { notBefore, notAfter } = certificate
  if (time < notBefore) {
    const detail = `it is valid from ${notBefore.toISOString()} on, not at ${time.toISOString()}`
    return problem('not-yet-valid', certificate, detail, 'check the clock of this machine')
  }
  // RFC 5280 4.1.2.5: both ends belong to the period, which counts whole seconds.
  if (Math.floor(+time / 1000) <= Math.floor(+notAfter / 1000)) return undefined
  const detail = `it expired at ${notAfter.toISOString()}`
  return problem('expired', certificate, detail, 'a renewed certificate is needed')
}

function keyProblem(certificate: Certificate, minRsaBits: number): PathProblem | undefined {
  try {
    const { type, bits } = certificate.publicKey
    if (!type.startsWith('RSA') || bits >= minRsaBits) return undefined
    return problem('key-weak', certificate, `its RSA key has ${bits} bits where ${minRsaBits} are asked for`)
  } catch (error) {
    if (error instanceof AlgorithmError || error instanceof Asn1Error) {
      return problem('key-invalid', certificate, error.message, error.hint)
    }
    throw error
  }
}

/**
 * What an issuer must fulfil for the certificates below it: RFC 5280 6.1.4 (k) to (n), (g) with 6.1.3 (b), (c).
 *
 * @param path from the target up, without the issuer
 */
export function issuerProblem(
  issuer: Certificate,
  path: readonly Certificate[],
  isAnchor: boolean,
  { budget }: Rules,
): PathProblem | undefined {
  const { basicConstraints, keyUsage, nameConstraints, selfIssued } = factsOf(issuer)
  // A root is trusted as a CA by being one; only what it says itself restricts it. A user's certificate is none.
  const isRoot = isAnchor && (selfIssued || issuer.version < 3)
  if (basicConstraints?.ca !== true && !(isRoot && basicConstraints === undefined)) {
    return problem('not-a-ca', issuer, 'it is no CA: basicConstraints does not say so')
  }
  if (keyUsage !== undefined && !keyUsage.has('keyCertSign')) {
    return problem('key-usage', issuer, 'its key usage does not have keyCertSign')
  }
  const below = intermediates(path)
  const most = basicConstraints?.pathLenConstraint
  if (most !== undefined && below > most) {
    const detail = `it allows ${most} CAs below it (pathLenConstraint), and there are ${below}`
    return problem('path-length', issuer, detail)
  }
  if (nameConstraints === undefined) return undefined
  for (const [i, certificate] of path.entries()) {
    const { names, selfIssued } = factsOf(certificate)
    if (selfIssued && i > 0) continue
    const broken = violation(names, nameConstraints, (count) => budget.comparisons(count))
    if (broken !== undefined) {
      return problem('name-constraints', certificate, `${broken} of the CA ${issuer.subject}`)
    }
  }
  return undefined
}

/** Intermediate certificates that count for lengths: self-issued ones do not (RFC 5280 4.2.1.9). */
export function intermediates(path: readonly Certificate[]): number {
  return path.slice(1).filter((each) => !factsOf(each).selfIssued).length
}

/** Whether a certificate is signed by an issuer's key, with an algorithm that is strong enough. */
export function signatureProblem(
  certificate: Certificate,
  issuer: Certificate,
  { budget, minRsaBits }: Rules,
): PathProblem | undefined {
  budget.signature()
  try {
    const { signatureAlgorithm, tbs, signature } = certificate
    if (verifySignature(signatureAlgorithm, issuer.publicKey, tbs, signature, { minRsaBits }))
      return undefined
    return problem('signature-mismatch', certificate, `its signature is not that of ${issuer.subject}`)
  } catch (error) {
    if (error instanceof AlgorithmError || error instanceof Asn1Error) {
      return problem('signature-algorithm', certificate, error.message, error.hint)
    }
    throw error
  }
}

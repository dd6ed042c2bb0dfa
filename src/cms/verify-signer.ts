import { timingSafeEqual } from 'node:crypto'
import {
  type HashAlgorithm,
  readHashAlgorithm,
  readSignatureAlgorithm,
  type SignatureAlgorithm,
} from '../algorithms/index.ts'
import { readDer } from '../asn1/index.ts'
import type { Certificate } from '../x509/index.ts'
import { protectsAlgorithms } from './algorithm-protection.ts'
import { Checks, Refusal } from './checks.ts'
import { candidates } from './find-certificate.ts'
import { CmsOid } from './oids.ts'
import { SignedAttributeSet } from './signed-attributes.ts'
import type { SignerInfo } from './signed-data.ts'
import type { SignerContext } from './signer-context.ts'
import { digestFor } from './template.ts'
import { verifyWith } from './verify-with.ts'

/** What came out for one signer, before timestamps, countersignatures and trust are looked at. */
export interface SignerOutcome {
  readonly checks: Checks
  /** The certificate whose key fits; else the last that was tried. */
  readonly certificate: Certificate | undefined
  readonly algorithm: SignatureAlgorithm | undefined
  readonly signingTime: Date | undefined
  readonly notes: string[]
}

/**
 * Verifies one SignerInfo (RFC 5652 section 5.6): attributes, digest, certificate, algorithms, signature.
 * Nothing is thrown for what a message may hold: it is in the outcome.
 */
export function verifySigner(info: SignerInfo, context: SignerContext): SignerOutcome {
  const checks = new Checks()
  const notes: string[] = []
  const hash = checks.check('digest-algorithm', () => readDigestAlgorithm(info, context))
  const attributes = checks.check('signed-attributes', () => readAttributeSet(info, context, notes))
  if (attributes !== undefined) checkAttributes(attributes, hash, info, context, checks)
  const algorithm = hash && checks.check('signature-algorithm', () => readAlgorithm(info, hash, notes))
  const named = checks.check('certificate', () => findCertificates(info, context)) ?? []
  // Several certificates may go by one name and number; the one whose key fits is the signer's.
  let chosen: Certificate | undefined
  let attempt: Checks | undefined
  for (const certificate of named) {
    chosen = certificate
    attempt = new Checks()
    verifyWith(certificate, algorithm, attributes, info, context, attempt)
    if (attempt.failure === undefined) break
  }
  if (attempt !== undefined) checks.append(attempt)
  return { checks, certificate: chosen, algorithm, signingTime: attributes?.signingTime, notes }
}

function readDigestAlgorithm(info: SignerInfo, context: SignerContext): HashAlgorithm {
  const hash = readDer(info.digestAlgorithm, 'digestAlgorithm', (r) => readHashAlgorithm(r, ''))
  if (hash.weak && context.allowWeakHashes !== true) throw new Refusal('digest-algorithm-weak', hash.name)
  return hash
}

function readAttributeSet(
  { signedAttrs }: SignerInfo,
  context: SignerContext,
  notes: string[],
): SignedAttributeSet | undefined {
  if (signedAttrs === undefined) {
    if (context.direct === undefined) throw new Refusal('signed-attributes-missing')
    notes.push('signed without signed attributes: over the content alone')
    return undefined
  }
  const attributes = new SignedAttributeSet(signedAttrs.attributes)
  attributes.signingTime // malformed: refused here
  if (!signedAttrs.isDer) {
    if (!context.lenient) throw new Refusal('signed-attributes-not-der')
    notes.push(
      'the signed attributes are not in DER order (RFC 5652 5.3): strict verifiers refuse this signature',
    )
  }
  return attributes
}

function checkAttributes(
  attributes: SignedAttributeSet,
  hash: HashAlgorithm | undefined,
  info: SignerInfo,
  context: SignerContext,
  checks: Checks,
): void {
  checks.check('content-type', () => {
    const value = attributes.contentType
    if (context.contentType === undefined) {
      if (value !== undefined) throw new Refusal('content-type-unexpected')
    } else if (value === undefined) throw new Refusal('content-type-missing')
    else if (value !== context.contentType)
      throw new Refusal('content-type-mismatch', `${value}, not ${context.contentType}`)
  })
  checks.checkIf(hash, 'message-digest', (known) => {
    const value = attributes.messageDigest
    if (value === undefined) throw new Refusal('message-digest-missing')
    const computed = context.digests.get(known.name) as Uint8Array
    if (value.length !== computed.length || !timingSafeEqual(value, computed))
      throw new Refusal('message-digest-mismatch')
  })
  checks.checkIf(attributes.value(CmsOid.algorithmProtection), 'algorithm-protection', (value) => {
    if (!protectsAlgorithms(value, info.digestAlgorithm, info.signatureAlgorithm)) {
      throw new Refusal('algorithm-protection-mismatch')
    }
  })
}

function readAlgorithm(info: SignerInfo, hash: HashAlgorithm, notes: string[]): SignatureAlgorithm {
  const algorithm = readDer(info.signatureAlgorithm, 'signatureAlgorithm', (r) =>
    readSignatureAlgorithm(r, '', hash),
  )
  if (algorithm.hash !== undefined && algorithm.hash !== hash) {
    throw new Refusal('algorithm-mismatch', `${algorithm.hash.name} and ${hash.name}`)
  }
  if (digestFor(algorithm) !== hash) {
    notes.push(`RFC 8419 asks for ${digestFor(algorithm).name} with ${algorithm.scheme}, not ${hash.name}`)
  }
  return algorithm
}

function findCertificates(info: SignerInfo, context: SignerContext): Certificate[] {
  context.effort.spend(context.pool.size)
  const found = candidates(info.sid, context.pool)
  if (found.length > 0) return found
  const { unreadable } = context.pool
  if (unreadable === 0) throw new Refusal('certificate-not-found')
  throw new Refusal('certificate-malformed', `certificates that cannot be read: ${unreadable}`)
}

import { timingSafeEqual } from 'node:crypto'
import {
  type AlgorithmPolicy,
  checkKeyFits,
  checkStrength,
  type HashAlgorithm,
  type HashName,
  type PublicKey,
  readHashAlgorithm,
  readSignatureAlgorithm,
  type SignatureAlgorithm,
  verifySignature,
} from '../algorithms/index.ts'
import { der, readDer } from '../asn1/index.ts'
import { SealkitError } from '../errors.ts'
import type { Certificate } from '../x509/index.ts'
import { protectsAlgorithms } from './algorithm-protection.ts'
import { type Attribute, encodeAttribute } from './attributes.ts'
import { Checks, Refusal } from './checks.ts'
import type { Effort } from './effort.ts'
import { namesCertificate, parseSigningCertificate } from './ess.ts'
import { type CertificatePool, candidates } from './find-certificate.ts'
import { CmsOid } from './oids.ts'
import { SignedAttributeSet } from './signed-attributes.ts'
import type { SignerInfo } from './signed-data.ts'
import { digestFor } from './template.ts'

/** What verifying a signer depends on beside its SignerInfo. */
export interface SignerContext extends AlgorithmPolicy {
  readonly pool: CertificatePool
  /** The content's type, or undefined in a countersignature, which has no such attribute. */
  readonly contentType: string | undefined
  /** Digests of the content, by hash. */
  readonly digests: ReadonlyMap<HashName, Uint8Array>
  /** Takes signed attributes that are not in DER order, with a note. */
  readonly lenient: boolean
  /** Shared by all signatures of a message. */
  readonly effort: Effort
  /** Verifies a signature over the content itself; undefined where such signatures are not taken. */
  readonly direct: DirectVerifier | undefined
}

/** Verifies a signature without signed attributes over the content that has passed by. */
export type DirectVerifier = (info: SignerInfo, algorithm: SignatureAlgorithm, key: PublicKey) => boolean

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

function verifyWith(
  certificate: Certificate,
  algorithm: SignatureAlgorithm | undefined,
  attributes: SignedAttributeSet | undefined,
  info: SignerInfo,
  context: SignerContext,
  checks: Checks,
): void {
  for (const oid of [CmsOid.signingCertificate, CmsOid.signingCertificateV2]) {
    checks.checkIf(attributes?.value(oid), 'signing-certificate', (value) => {
      const id = parseSigningCertificate(oid, value)
      // The first version knows SHA-1 alone, and still stands in timestamps.
      const mayBeWeak = oid === CmsOid.signingCertificate || context.allowWeakHashes === true
      if (id.hash.weak && !mayBeWeak) throw new Refusal('digest-algorithm-weak', id.hash.name)
      if (!namesCertificate(id, certificate)) throw new Refusal('signing-certificate-mismatch')
    })
  }
  if (algorithm === undefined) return
  const key = checks.check('signature-algorithm', () => {
    const publicKey = readKey(certificate)
    checkKeyFits(algorithm, publicKey)
    checkStrength(algorithm, publicKey, context)
    return publicKey
  })
  const refused = info.signedAttrs === undefined ? context.direct === undefined : attributes === undefined
  if (key === undefined || refused) return
  checks.check('signature', () => {
    context.effort.spend()
    const fits = (signed: Uint8Array): boolean =>
      verifySignature(algorithm, key, signed, info.signature, context)
    const { signedAttrs } = info
    const good =
      signedAttrs === undefined
        ? context.direct?.(info, algorithm, key)
        : // Out of DER order (lenient), it may be the order sent or the DER order that was signed.
          fits(signedAttrs.der) || (!signedAttrs.isDer && fits(inDerOrder(signedAttrs.attributes)))
    if (good !== true) throw new Refusal('signature-mismatch')
  })
}

function readKey(certificate: Certificate): PublicKey {
  try {
    return certificate.publicKey
  } catch (error) {
    if (error instanceof SealkitError) throw new Refusal('key-invalid', error.message)
    throw error
  }
}

/** SET OF the attributes as it should have been sent, the values of each sorted too. */
function inDerOrder(attributes: readonly Attribute[]): Uint8Array {
  return der.setOf(
    attributes.map(({ oid, values }) =>
      encodeAttribute(
        oid,
        values.map(({ bytes }) => bytes),
      ),
    ),
  )
}

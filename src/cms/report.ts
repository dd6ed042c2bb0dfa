import type { Certificate } from '../x509/index.ts'

/** Why a signature is not good. Stable, for programs; {@link REASONS} has the sentences for people. */
export type ReasonCode = keyof typeof REASONS

/** A sentence for each {@link ReasonCode}. */
export const REASONS = {
  'no-signers': 'the message holds no signature',
  'certificate-not-found': "the signer's certificate is neither in the message nor among those given",
  'certificate-malformed': 'no certificate is the one the signer names, and some cannot be read',
  'certificate-not-trusted': "the signer's certificate was refused by the trust function",
  'digest-algorithm-unknown': 'the digest algorithm is not known',
  'digest-algorithm-weak': 'the digest algorithm is no longer safe',
  'signature-algorithm-unknown': 'the signature algorithm is not known',
  'signature-algorithm-weak': 'the signature algorithm is no longer safe',
  'signature-algorithm-parameters': 'the parameters of the signature algorithm are not allowed',
  'algorithm-mismatch': 'digest algorithm and signature algorithm name different hashes',
  'key-mismatch': "the signature algorithm does not fit the certificate's key",
  'key-weak': 'the key is too short',
  'key-invalid': "the certificate's public key is malformed or of an unsupported kind",
  'signed-attributes-missing': 'there are no signed attributes',
  'signed-attributes-not-der': 'the signed attributes are not in DER order',
  'content-looks-like-attributes':
    'the content is itself a set of signed attributes: one signature could mean both',
  'attribute-duplicate': 'an attribute stands twice',
  'attribute-not-single': 'an attribute that has one value has none or several',
  'attribute-malformed': 'an attribute cannot be read',
  'content-type-missing': 'the content-type attribute is missing',
  'content-type-mismatch': "the content-type attribute differs from the content's type",
  'content-type-unexpected': 'a countersignature must not have a content-type attribute',
  'message-digest-missing': 'the message-digest attribute is missing',
  'message-digest-mismatch': 'the content is not the one that was signed',
  'algorithm-protection-mismatch': 'the algorithms are not those that the signer protected',
  'signing-certificate-mismatch': 'the certificate is not the one that the signer named',
  'signature-mismatch': 'the signature does not fit the signed bytes and the key',
  'too-many-signatures': 'the message holds more signatures than are verified',
  'content-too-large': 'the content is too large to be verified without signed attributes',
  'timestamp-malformed': 'the timestamp cannot be read',
  'timestamp-mismatch': 'the timestamp is over other bytes',
  'timestamp-certificate': "the timestamp authority's certificate is not for timestamping alone",
  'timestamp-invalid': 'the signature of the timestamp is not good',
  'countersignature-invalid': 'a countersignature is not good',
} as const

/**
 * What is known of a signature, a signer or a message:
 *
 * - `valid`: every check passed, and the trust function accepted the certificate.
 * - `certificate-not-validated`: the mathematics is right, but nobody looked whether the certificate can be
 *   trusted: anyone can make such a signature under any name.
 * - `invalid`: a check failed.
 */
export type Verdict = 'valid' | 'certificate-not-validated' | 'invalid'

/** The checks of a signer in their order. */
export type CheckName =
  | 'digest-algorithm'
  | 'signed-attributes'
  | 'content-type'
  | 'message-digest'
  | 'algorithm-protection'
  | 'certificate'
  | 'signing-certificate'
  | 'signature-algorithm'
  | 'signature'
  | 'trust'
  | 'timestamp'
  | 'countersignature'

/** One check and how it ended. */
export interface Check {
  readonly check: CheckName
  /** `not-done`: nothing to check, or what it needs failed before it, or (trust) nobody to ask. */
  readonly outcome: 'passed' | 'failed' | 'not-done'
  /** Set where it failed. */
  readonly reason?: ReasonCode
  /** More about it, for people. */
  readonly detail?: string
}

/** What the trust function answers. */
export type TrustResult =
  | { readonly trusted: true; readonly detail?: string }
  | { readonly trusted: false; readonly detail: string }

/** What the trust function is told beside the certificate. */
export interface TrustContext {
  /** What the certificate is used for. */
  readonly purpose: 'cms-signer' | 'timestamping'
  /**
   * The time to validate at: of a valid timestamp where there is one; undefined means now. Never the
   * signing-time attribute, which the signer chooses. For `timestamping` it is the token's own time, which whoever
   * holds the authority's key chooses: accept an expired authority only where its revocation is looked at too.
   */
  readonly time: Date | undefined
  /** The other certificates of the message and of the caller: untrusted, to build a path with. */
  readonly certificates: readonly Certificate[]
  /** The call's signal. */
  readonly signal: AbortSignal | undefined
}

/** Decides whether a signer's certificate is trusted; path validation is one. */
export type TrustFunction = (
  certificate: Certificate,
  context: TrustContext,
) => TrustResult | Promise<TrustResult>

/** A timestamp over the signature (RFC 3161, CAdES-T). */
export interface TimestampReport {
  readonly verdict: Verdict
  /** The time that the authority vouches for. Undefined where the token cannot be read. */
  readonly time: Date | undefined
  /** OID of the authority's policy. */
  readonly policy: string | undefined
  readonly reason: ReasonCode | undefined
  readonly detail: string | undefined
  /** The authority's signature. */
  readonly signer: SignerReport | undefined
}

/** One signer: what was checked and what came out. */
export interface SignerReport {
  readonly verdict: Verdict
  /** First reason against it. */
  readonly reason: ReasonCode | undefined
  /** More about the reason, for people. */
  readonly detail: string | undefined
  readonly checks: readonly Check[]
  /** The certificate whose key fits; else the one that was tried last. */
  readonly certificate: Certificate | undefined
  /** How the signer named its certificate. */
  readonly signerIdentifier: string
  /** e.g. `ECDSA with SHA-256`. */
  readonly algorithm: string | undefined
  /** The signer's own word: an attribute that proves no time. */
  readonly signingTime: Date | undefined
  readonly timestamps: readonly TimestampReport[]
  readonly countersignatures: readonly SignerReport[]
  /** What the trust function answered, as it is; undefined where it was not asked, or threw. */
  readonly trust: TrustResult | undefined
  /** Things worth knowing that are no failure. */
  readonly notes: readonly string[]
}

/** The outcome of {@link verify}. There is deliberately no boolean in it. */
export interface VerifyResult {
  /** The worst of the signers. Only `valid` means that the message can be relied on. */
  readonly verdict: Verdict
  /** First reason against it. */
  readonly reason: ReasonCode | undefined
  /** Whether a trust function judged the certificates. Without one the verdict is never `valid`. */
  readonly certificateValidation: 'done' | 'not-done'
  /** The content's type as an OID; id-data unless the signer meant something else, which the caller should check. */
  readonly contentType: string
  /** The content, where it was in the message. Rely on it only where the verdict is `valid`. */
  readonly content: Uint8Array | undefined
  readonly detached: boolean
  readonly signers: readonly SignerReport[]
}

/** The worst of several verdicts. */
export function worst(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('invalid') || verdicts.length === 0) return 'invalid'
  return verdicts.includes('certificate-not-validated') ? 'certificate-not-validated' : 'valid'
}

/**
 * CMS SignedData: signing, two-phase signing, countersignatures, timestamps, verification (RFC 5652).
 * @module
 */
export { type AddSignerOptions, addSigner } from './add-signer.ts'
export type { Attribute, AttributeInput } from './attributes.ts'
export { CmsSignature } from './cms-signature.ts'
export type { Content } from './content.ts'
export { CmsOid } from './oids.ts'
export { complete, type PreparedSignature, type PrepareOptions, prepare } from './prepare.ts'
export {
  type Check,
  type CheckName,
  REASONS,
  type ReasonCode,
  type SignerReport,
  type TimestampReport,
  type TrustContext,
  type TrustFunction,
  type TrustResult,
  type Verdict,
  type VerifyResult,
} from './report.ts'
export {
  type CmsKey,
  contentSigner,
  type MessageOptions,
  type SignOptions,
  sign,
} from './sign.ts'
export {
  parseSignedData,
  type SignedAttributes,
  type SignedData,
  type SignerIdentifier,
  type SignerInfo,
} from './signed-data.ts'
export type { CertificateInclusion, SignerIdentity, SignerOptions } from './template.ts'
export { requestTimestamp, type TimestampSource } from './timestamp.ts'
export {
  type AddTimestampOptions,
  addTimestamp,
  type CountersignOptions,
  countersign,
  type SignerChoice,
} from './unsigned.ts'
export { requireValid, type VerifyOptions, verify } from './verify.ts'

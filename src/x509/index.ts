/**
 * Certificates, revocation lists, names and extensions (RFC 5280).
 * @module
 */
export { Certificate } from './certificate.ts'
export { CertificateRevocationList } from './crl.ts'
export {
  type DistributionPoint,
  type DistributionPointName,
  distributionPointUris,
  type IssuingDistributionPoint,
  type RevocationReasonFlag,
} from './distribution-points.ts'
export { type BasicConstraints, type Extension, ExtensionOid, type KeyUsage } from './extensions.ts'
export type { GeneralName } from './general-name.ts'
export { generalNameToString, parseGeneralName } from './general-name-text.ts'
export { type AccessDescription, AccessMethod } from './information-access.ts'
export { KeyPurpose, type KeyPurposeName, keyPurposeOid } from './key-purposes.ts'
export { Name } from './name.ts'
export type { NameAttribute } from './name-text.ts'
export type { RevocationReason, RevokedCertificate } from './revoked.ts'

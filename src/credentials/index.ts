/**
 * Private keys and certificates from files: PEM, DER, PKCS#7.
 * @module
 */
export { type ReadCertificatesOptions, readCertificates } from './certificates.ts'
export { orderChain } from './chain.ts'
export {
  type CredentialFileName,
  type CredentialPurpose,
  credentialFileName,
  parseCredentialFileName,
} from './file-name.ts'
export { type CredentialFile, type ReadCredentialFileOptions, readCredentialFile } from './files.ts'
export { type GeneratedKeyType, generateKey } from './generate-key.ts'
export { publicKeyOf } from './key/import-key.ts'
export type { CredentialLimits } from './limits.ts'
export { keyFingerprint, matchesKey, pickCertificate } from './match.ts'
export type { Password, PasswordCallback } from './password.ts'
export { type ReadPrivateKeyOptions, readPrivateKey } from './read-private-key.ts'
export { CertificateRequest } from './request/certificate-request.ts'
export { type CertificateRequestOptions, createCertificateRequest } from './request/create-request.ts'
export type { RequestAttribute } from './request/read-request.ts'
export type { ExternalKey, RequestKey } from './request/sign-with-key.ts'
export type { WantedExtensions } from './request/wanted-extensions.ts'
export { issueTestCertificate, type TestCertificateOptions } from './test-issuer.ts'

/**
 * Private keys and certificates from files: PEM, DER, PKCS#7.
 * @module
 */
export { type ReadCertificatesOptions, readCertificates } from './certificates.ts'
export { orderChain } from './chain.ts'
export { type CredentialFile, type ReadCredentialFileOptions, readCredentialFile } from './files.ts'
export { publicKeyOf } from './key/import-key.ts'
export type { CredentialLimits } from './limits.ts'
export { keyFingerprint, matchesKey, pickCertificate } from './match.ts'
export type { Password, PasswordCallback } from './password.ts'
export { type ReadPrivateKeyOptions, readPrivateKey } from './read-private-key.ts'

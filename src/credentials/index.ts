/**
 * Private keys, certificates and requests in files: PEM, DER, PKCS#7, PKCS#12. All but reading and writing files, and
 * what gives a `KeyObject`, works in a browser too.
 * @module
 */
export { type ReadCertificatesOptions, readCertificates } from './certificates.ts'
export { orderChain } from './chain.ts'
export { chooseKey, type KeyChoice } from './choose-key.ts'
export type {
  CertificateEntry,
  CredentialForm,
  Credentials,
  KeyEntry,
  Protection,
  ProtectionLayer,
  SkippedEntry,
} from './contents.ts'
export {
  type CredentialFileName,
  type CredentialPurpose,
  credentialFileName,
  parseCredentialFileName,
} from './file-name.ts'
export { type CredentialFile, type ReadCredentialFileOptions, readCredentialFile } from './files.ts'
export { type GeneratedGostType, type GeneratedKeyType, generateKey } from './generate-key.ts'
export { publicKeyOf } from './key/import-key.ts'
export { PrivateKey } from './key/private-key.ts'
export type { KeyDerivationOptions } from './key-derivation-options.ts'
export type { CredentialLimits } from './limits.ts'
export { keyFingerprint, matchesKey, pickCertificate } from './match.ts'
export type { NewCertificate, NewCredentials, NewKey } from './new-contents.ts'
export type { Password, PasswordCallback } from './password.ts'
export { type ReadCredentialsOptions, readCredentials } from './pem/read-credentials.ts'
export { type WritePemOptions, writePem } from './pem/write-pem.ts'
export { type ReadPkcs12Options, readPkcs12 } from './pkcs12/read-pkcs12.ts'
export type {
  Pkcs12Encryption,
  Pkcs12Mac,
  Pkcs12Profile,
  WritePkcs12Options,
} from './pkcs12/write-options.ts'
export { writePkcs12 } from './pkcs12/write-pkcs12.ts'
export { type WriteTruststoreOptions, writeTruststore } from './pkcs12/write-truststore.ts'
export { type ReadPrivateKeyOptions, readPrivateKey } from './read-private-key.ts'
export { CertificateRequest } from './request/certificate-request.ts'
export { type CertificateRequestOptions, createCertificateRequest } from './request/create-request.ts'
export type { RequestAttribute } from './request/read-request.ts'
export type { ExternalKey, RequestKey } from './request/sign-with-key.ts'
export type { WantedExtensions } from './request/wanted-extensions.ts'
export { issueTestCertificate, type TestCertificateOptions } from './test-issuer.ts'
export { type WriteCredentialFileOptions, writeCredentialFile } from './write-file.ts'

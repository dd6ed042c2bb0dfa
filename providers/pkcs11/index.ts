/**
 * Private keys in smart cards, USB tokens and HSMs, through their PKCS#11 modules and the package pkcs11js.
 * @module
 */

export { type DeleteObjectsOptions, deleteObjects } from './housekeeping/delete-objects.ts'
export {
  type GeneratedTokenKey,
  type GenerateTokenKeyOptions,
  generateTokenKey,
  type TokenKeyType,
} from './housekeeping/generate-key.ts'
export {
  type ImportCertificatesOptions,
  type ImportedCertificate,
  importCertificates,
} from './housekeeping/import-certificates.ts'
export {
  type ListedLibrary,
  type ListedModule,
  type ListedSlot,
  type ListedToken,
  listModules,
} from './housekeeping/list.ts'
export { type ListedObject, listObjects } from './housekeeping/list-objects.ts'
export type { Pkcs11Key } from './key/key.ts'
export type { TokenEvent, TokenListener, TokenNews } from './key/listeners.ts'
export { openPkcs11Key } from './key/open-pkcs11-key.ts'
export { openPkcs11RequestKey, type Pkcs11RequestKey } from './key/open-request-key.ts'
export type { ModuleChoice, Pkcs11KeyOptions } from './key/options.ts'
export type { ModuleCandidate } from './modules/index.ts'
export type { Pin, PinRequest, PinValue } from './token/pin.ts'
export type { TokenInfo } from './token/token.ts'
export type { TokenAccess } from './token/with-session.ts'
export { formatPkcs11Uri, type Pkcs11Uri, parsePkcs11Uri } from './uri/index.ts'
export type { SecretText } from './uri/secret-text.ts'
export type { ObjectType } from './uri/uri.ts'

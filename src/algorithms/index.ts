/**
 * What can be hashed, signed and verified, and public keys.
 * @module
 */
export { type SignatureAlgorithmChoice, signatureAlgorithmFor } from './choose.ts'
export type { CurveName } from './ec-key.ts'
export type { GostCurveValues } from './gost/curve-values.ts'
export { Gost341194 } from './gost/gost3411-94.ts'
export type { GostParameterSet } from './gost/parameter-sets.ts'
export type { GostPrivateKey, GostSignOptions } from './gost/private-key.ts'
export type { GostKeyType, GostPublicKey } from './gost/public-key.ts'
export { Streebog, streebog } from './gost/streebog.ts'
export {
  digest,
  type GostHashName,
  type HashAlgorithm,
  type HashName,
  hashAlgorithm,
  type RunningHash,
  readHashAlgorithm,
  startHash,
} from './hashes.ts'
export { encodePssParameters, type PssParameters, parsePssParameters } from './pss.ts'
export {
  importPublicKey,
  type KeyType,
  type PublicKey,
  type PublicKeyShape,
  readPublicKeyShape,
} from './public-key.ts'
export {
  cmsSignatureIdentifier,
  type KeyFamily,
  parseSignatureAlgorithm,
  RSA_ENCRYPTION_DER,
  readSignatureAlgorithm,
  type SignatureAlgorithm,
  type SignatureScheme,
} from './signature-algorithm.ts'
export { type AlgorithmPolicy, checkKeyFits, checkStrength } from './strength.ts'
export { nodeOptions, verifyInput, verifySignature } from './verify.ts'

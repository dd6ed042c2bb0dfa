/**
 * What can be hashed, signed and verified, and public keys.
 * @module
 */
export {
  digest,
  type HashAlgorithm,
  type HashName,
  hashAlgorithm,
  readHashAlgorithm,
  startHash,
} from './hashes.ts'
export { encodePssParameters, type PssParameters, parsePssParameters } from './pss.ts'
export { type CurveName, importPublicKey, type KeyType, type PublicKey } from './public-key.ts'
export {
  type KeyFamily,
  parseSignatureAlgorithm,
  RSA_ENCRYPTION_DER,
  readSignatureAlgorithm,
  type SignatureAlgorithm,
  type SignatureAlgorithmChoice,
  type SignatureScheme,
  signatureAlgorithmFor,
} from './signature-algorithm.ts'
export {
  type AlgorithmPolicy,
  checkKeyFits,
  checkStrength,
  nodeOptions,
  verifyInput,
  verifySignature,
} from './verify.ts'

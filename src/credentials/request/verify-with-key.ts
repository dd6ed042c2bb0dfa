import {
  type AlgorithmPolicy,
  checkKeyFits,
  checkStrength,
  importPublicKey,
  readPublicKeyShape,
  type SignatureAlgorithm,
  verifySignature,
} from '../../algorithms/index.ts'
import { nodeCrypto } from '../../algorithms/node-crypto.ts'
import { webVerify } from './web-crypto.ts'

/**
 * Verifies a signature in Node or in a browser.
 *
 * @param spki SubjectPublicKeyInfo in DER
 * @throws AlgorithmError as `verifySignature`; `ERR_ALGORITHM_UNAVAILABLE` where the browser lacks the algorithm
 */
export async function verifyWithKey(
  algorithm: SignatureAlgorithm,
  spki: Uint8Array,
  data: Uint8Array,
  signature: Uint8Array,
  policy: AlgorithmPolicy,
): Promise<boolean> {
  if (nodeCrypto !== undefined || algorithm.family === 'GOST') {
    return verifySignature(algorithm, importPublicKey(spki), data, signature, policy)
  }
  const shape = readPublicKeyShape(spki)
  checkKeyFits(algorithm, shape)
  checkStrength(algorithm, shape, policy)
  return webVerify(algorithm, shape, data, signature)
}

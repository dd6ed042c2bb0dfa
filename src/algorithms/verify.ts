import type { VerifyKeyObjectInput } from 'node:crypto'
import { AlgorithmError } from '../errors.ts'
import { verifyGost } from './gost/verify.ts'
import { digest, type HashAlgorithm } from './hashes.ts'
import { needNodeCrypto } from './node-crypto.ts'
import { encodePssParameters } from './pss.ts'
import type { PublicKey } from './public-key.ts'
import { rsaPssKeyObject } from './rsa-key.ts'
import type { SignatureAlgorithm } from './signature-algorithm.ts'
import { type AlgorithmPolicy, checkKeyFits, checkStrength, hasRightLength, pssHasRoom } from './strength.ts'

/**
 * Verifies a signature; of GOST keys in a browser too.
 *
 * @param algorithm how it was made
 * @param key the signer's public key
 * @param data the bytes that were signed
 * @param signature as CMS and X.509 carry it: ECDSA as DER SEQUENCE of r and s (RFC 5480 appendix A),
 *   GOST as s and r (RFC 9215 section 3)
 * @param policy key sizes and hashes that are taken
 * @returns whether the signature is right
 * @throws AlgorithmError `ERR_ALGORITHM_KEY_MISMATCH`, `ERR_ALGORITHM_WEAK`, `ERR_KEY_WEAK` before anything is
 *   computed; `ERR_ALGORITHM_UNKNOWN` where this build of node:crypto lacks the algorithm
 * @throws TypeError where data or signature is no Uint8Array
 * @see RFC 8017 8.1.2 and 8.2.2, FIPS 186-5 6.4.2, RFC 8032 5.1.7 and 5.2.7, RFC 7091 6.2
 * @example
 * ```ts
 * import { generateKeyPairSync, sign } from 'node:crypto'
 * import { importPublicKey, signatureAlgorithmFor, verifySignature } from 'sealkit/algorithms'
 * const pair = generateKeyPairSync('ed25519')
 * const key = importPublicKey(pair.publicKey.export({ format: 'der', type: 'spki' }))
 * const data = new TextEncoder().encode('hello')
 * verifySignature(signatureAlgorithmFor(key), key, data, sign(null, data, pair.privateKey)) // true
 * ```
 */
export function verifySignature(
  algorithm: SignatureAlgorithm,
  key: PublicKey,
  data: Uint8Array,
  signature: Uint8Array,
  policy: AlgorithmPolicy = {},
): boolean {
  if (!(data instanceof Uint8Array)) throw new TypeError('data must be a Uint8Array')
  if (!(signature instanceof Uint8Array)) throw new TypeError('signature must be a Uint8Array')
  checkKeyFits(algorithm, key)
  checkStrength(algorithm, key, policy)
  if (key.gost !== undefined) {
    return verifyGost(key.gost, digest(algorithm.hash as HashAlgorithm, data), signature)
  }
  if (!pssHasRoom(algorithm, key) || !hasRightLength(signature, key)) return false
  const input = verifyInput(algorithm, key)
  const node = needNodeCrypto('verifying a signature')
  try {
    return node.verify(algorithm.hash?.node ?? null, data, input, signature)
  } catch (cause) {
    // Never for the signature's sake, that is `false`: OpenSSL without the algorithm, or in FIPS mode.
    const message = `node:crypto cannot verify ${algorithm.scheme} with this key`
    throw new AlgorithmError('ERR_ALGORITHM_UNKNOWN', message, { cause })
  }
}

/**
 * What node:crypto's `verify` takes as its key for this algorithm, for a caller who streams the data.
 * {@link checkKeyFits} and {@link checkStrength} are the caller's.
 *
 * @throws AlgorithmError `ERR_KEY_INVALID` where node:crypto refuses the key, `ERR_ALGORITHM_UNAVAILABLE` for GOST,
 *   which it does not know
 * @example
 * ```ts
 * import { createVerify, generateKeyPairSync, sign } from 'node:crypto'
 * import { importPublicKey, signatureAlgorithmFor, verifyInput } from 'sealkit/algorithms'
 * const pair = generateKeyPairSync('rsa', { modulusLength: 2048 })
 * const key = importPublicKey(pair.publicKey.export({ format: 'der', type: 'spki' }))
 * const signature = sign('sha256', Buffer.from('one two'), pair.privateKey)
 * const verify = createVerify('sha256').update('one ').update('two')
 * verify.verify(verifyInput(signatureAlgorithmFor(key), key), signature) // true
 * ```
 */
export function verifyInput(algorithm: SignatureAlgorithm, key: PublicKey): VerifyKeyObjectInput {
  const { pss } = algorithm
  const { keyObject: known, type } = key
  if (known === undefined) {
    const hint = 'verify with verifySignature'
    throw new AlgorithmError('ERR_ALGORITHM_UNAVAILABLE', `node:crypto knows no ${type} keys`, { hint })
  }
  if (pss === undefined || pss.hash === pss.mgfHash) return { key: known, ...nodeOptions(algorithm) }
  // node:crypto takes the hash for MGF1 too, unless the key itself names another. Its least salt is 0 there, so
  // that a salt too long for the key makes a wrong signature, not an error.
  const keyObject = rsaPssKeyObject(known, encodePssParameters({ ...pss, saltLength: 0 }))
  return { key: keyObject, ...nodeOptions(algorithm) }
}

/**
 * Padding, salt length and signature encoding for node:crypto's `sign` and `verify`.
 *
 * @example
 * ```ts
 * import { generateKeyPairSync, sign } from 'node:crypto'
 * import { importPublicKey, nodeOptions, signatureAlgorithmFor } from 'sealkit/algorithms'
 * const pair = generateKeyPairSync('rsa', { modulusLength: 2048 })
 * const key = importPublicKey(pair.publicKey.export({ format: 'der', type: 'spki' }))
 * const algorithm = signatureAlgorithmFor(key, { pss: true })
 * sign('sha256', Buffer.from('data'), { key: pair.privateKey, ...nodeOptions(algorithm) })
 * ```
 */
export function nodeOptions(algorithm: SignatureAlgorithm): {
  padding?: number
  saltLength?: number
  dsaEncoding?: 'der'
} {
  const { constants } = needNodeCrypto('signing with a KeyObject')
  switch (algorithm.scheme) {
    case 'RSASSA-PKCS1-v1_5':
      return { padding: constants.RSA_PKCS1_PADDING }
    case 'RSASSA-PSS':
      return { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: algorithm.pss?.saltLength ?? 0 }
    case 'ECDSA':
      return { dsaEncoding: 'der' }
    default:
      return {}
  }
}

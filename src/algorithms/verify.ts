import { constants, verify as nodeVerify, type VerifyKeyObjectInput } from 'node:crypto'
import { AlgorithmError } from '../errors.ts'
import { encodePssParameters } from './pss.ts'
import { type PublicKey, rsaPssKeyObject } from './public-key.ts'
import type { SignatureAlgorithm } from './signature-algorithm.ts'

/** What keys and hashes are taken. */
export interface AlgorithmPolicy {
  /** Smallest RSA modulus in bits. Default 2048. */
  minRsaBits?: number | undefined
  /** Takes SHA-1 and MD5: only to look at old signatures, whose makers anyone may have imitated. Default false. */
  allowWeakHashes?: boolean | undefined
}

/**
 * Verifies a signature.
 *
 * @param algorithm how it was made
 * @param key the signer's public key
 * @param data the bytes that were signed
 * @param signature as CMS and X.509 carry it: ECDSA as DER SEQUENCE of r and s
 * @returns whether the signature is right
 * @throws AlgorithmError `ERR_ALGORITHM_KEY_MISMATCH`, `ERR_ALGORITHM_WEAK`, `ERR_KEY_WEAK` before anything is
 *   computed
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
  checkKeyFits(algorithm, key)
  checkStrength(algorithm, key, policy)
  return nodeVerify(algorithm.hash?.node ?? null, data, verifyInput(algorithm, key), signature)
}

/** What node:crypto's `verify` takes as its key for this algorithm. */
export function verifyInput(algorithm: SignatureAlgorithm, key: PublicKey): VerifyKeyObjectInput {
  if (algorithm.pss === undefined) return { key: key.keyObject, ...nodeOptions(algorithm) }
  const { hash, mgfHash } = algorithm.pss
  // node:crypto takes the hash for MGF1 too, unless the key itself names another.
  const keyObject =
    hash.name === mgfHash.name ? key.keyObject : rsaPssKeyObject(key, encodePssParameters(algorithm.pss))
  return { key: keyObject, ...nodeOptions(algorithm) }
}

/** Padding, salt length and signature encoding for node:crypto's `sign` and `verify`. */
export function nodeOptions(algorithm: SignatureAlgorithm): {
  padding?: number
  saltLength?: number
  dsaEncoding?: 'der'
} {
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

/**
 * Checks that a key is of the kind an algorithm needs, and keeps to what an RSA-PSS key allows
 * (RFC 4055 section 3.3: same hashes, at least its salt).
 *
 * @throws AlgorithmError `ERR_ALGORITHM_KEY_MISMATCH`
 */
export function checkKeyFits(algorithm: SignatureAlgorithm, key: PublicKey): void {
  const fits =
    algorithm.scheme === 'RSASSA-PSS'
      ? key.type === 'RSA' || (key.type === 'RSA-PSS' && withinPss(algorithm, key))
      : algorithm.scheme === 'RSASSA-PKCS1-v1_5'
        ? key.type === 'RSA'
        : algorithm.scheme === 'ECDSA'
          ? key.type === 'EC'
          : key.type === algorithm.scheme
  if (!fits) {
    throw new AlgorithmError('ERR_ALGORITHM_KEY_MISMATCH', `${algorithm.scheme} does not fit this ${key.type} key`)
  }
}

function withinPss(algorithm: SignatureAlgorithm, key: PublicKey): boolean {
  const { pss } = algorithm
  if (pss === undefined || key.pss === undefined) return pss !== undefined
  return (
    pss.hash.name === key.pss.hash.name &&
    pss.mgfHash.name === key.pss.mgfHash.name &&
    pss.saltLength >= key.pss.saltLength
  )
}

/**
 * Checks key size and hashes against the policy.
 *
 * @throws AlgorithmError `ERR_ALGORITHM_WEAK`, `ERR_KEY_WEAK`
 */
export function checkStrength(algorithm: SignatureAlgorithm, key: PublicKey, policy: AlgorithmPolicy): void {
  for (const hash of [algorithm.hash, algorithm.pss?.mgfHash]) {
    if (hash?.weak && policy.allowWeakHashes !== true) {
      const hint = 'it proves nothing about who signed; to look at an old signature all the same, allow weak hashes'
      throw new AlgorithmError('ERR_ALGORITHM_WEAK', `${hash.name} is no longer safe`, { hint })
    }
  }
  const least = policy.minRsaBits ?? 2048
  if (key.type.startsWith('RSA') && key.bits < least) {
    throw new AlgorithmError('ERR_KEY_WEAK', `RSA key of ${key.bits} bits where ${least} are asked for`)
  }
}

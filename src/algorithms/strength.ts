import { AlgorithmError } from '../errors.ts'
import type { PublicKeyShape } from './public-key.ts'
import type { SignatureAlgorithm } from './signature-algorithm.ts'

/** What keys and hashes are taken. */
export interface AlgorithmPolicy {
  /** Smallest RSA modulus in bits. Default 2048. */
  minRsaBits?: number | undefined
  /** Takes SHA-1, MD5 and GOST R 34.11-94: only to look at old signatures, whose makers anyone may have imitated. Default false. */
  allowWeakHashes?: boolean | undefined
}

/**
 * Checks that a key is of the kind an algorithm needs, and keeps to what an RSA-PSS key allows
 * (RFC 4055 section 3.3: same hashes, at least its salt).
 *
 * @throws AlgorithmError `ERR_ALGORITHM_KEY_MISMATCH`
 * @example
 * ```ts
 * import { generateKeyPairSync } from 'node:crypto'
 * import { checkKeyFits, importPublicKey, parseSignatureAlgorithm } from 'sealkit/algorithms'
 * const { publicKey } = generateKeyPairSync('ed25519')
 * const key = importPublicKey(publicKey.export({ format: 'der', type: 'spki' }))
 * const ed25519 = parseSignatureAlgorithm(Uint8Array.of(0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70))
 * checkKeyFits(ed25519, key) // fits: returns; throws for another kind of key
 * ```
 */
export function checkKeyFits(algorithm: SignatureAlgorithm, key: PublicKeyShape): void {
  if (KEY_TYPES[algorithm.scheme].includes(key.type)) {
    const { pss } = algorithm
    if (key.type !== 'RSA-PSS' || key.pss === undefined) return
    if (
      pss?.hash.name === key.pss.hash.name &&
      pss.mgfHash.name === key.pss.mgfHash.name &&
      pss.saltLength >= key.pss.saltLength
    ) {
      return
    }
    const { hash, mgfHash, saltLength } = key.pss
    const allowed = `${hash.name}, MGF1 with ${mgfHash.name} and at least ${saltLength} bytes of salt`
    throw new AlgorithmError('ERR_ALGORITHM_KEY_MISMATCH', `the RSA-PSS key is restricted to ${allowed}`)
  }
  const message = `${algorithm.scheme} does not fit ${key.type} keys`
  throw new AlgorithmError('ERR_ALGORITHM_KEY_MISMATCH', message)
}

const KEY_TYPES: Readonly<Record<SignatureAlgorithm['scheme'], readonly PublicKeyShape['type'][]>> = {
  'RSASSA-PKCS1-v1_5': ['RSA'],
  'RSASSA-PSS': ['RSA', 'RSA-PSS'],
  ECDSA: ['EC'],
  Ed25519: ['Ed25519'],
  Ed448: ['Ed448'],
  'GOST3410-2012-256': ['GOST3410-2012-256'],
  'GOST3410-2012-512': ['GOST3410-2012-512'],
  'GOST3410-2001': ['GOST3410-2001'],
}

/**
 * Whether a signature is as long as the modulus (RFC 8017 8.1.2 and 8.2.2, step 1); true for other keys. OpenSSL takes
 * one of RSASSA-PSS whose leading zeros are left out.
 */
export function hasRightLength(signature: Uint8Array, key: PublicKeyShape): boolean {
  return !key.type.startsWith('RSA') || signature.length === Math.ceil(key.bits / 8)
}

/** Whether hash and salt of RSASSA-PSS fit into the modulus (RFC 8017 9.1.1 step 3); true for other schemes. */
export function pssHasRoom({ pss }: SignatureAlgorithm, key: PublicKeyShape): boolean {
  return pss === undefined || Math.ceil((key.bits - 1) / 8) >= pss.hash.length + pss.saltLength + 2
}

/**
 * Checks key size and hashes against the policy.
 *
 * @throws AlgorithmError `ERR_ALGORITHM_WEAK` for SHA-1, MD5 and GOST R 34.11-94, `ERR_KEY_WEAK` for a small RSA modulus
 * @throws TypeError where `minRsaBits` is no number of bits
 * @example
 * ```ts
 * import { generateKeyPairSync } from 'node:crypto'
 * import { checkStrength, importPublicKey, signatureAlgorithmFor } from 'sealkit/algorithms'
 * const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
 * const key = importPublicKey(publicKey.export({ format: 'der', type: 'spki' }))
 * checkStrength(signatureAlgorithmFor(key), key, {}) // returns; with { minRsaBits: 3072 } it throws
 * ```
 */
export function checkStrength(
  algorithm: SignatureAlgorithm,
  key: PublicKeyShape,
  policy: AlgorithmPolicy,
): void {
  const least = policy.minRsaBits ?? 2048
  // NaN or text would let every key through.
  if (!Number.isInteger(least) || least < 0)
    throw new TypeError(`minRsaBits must be a number of bits, got ${least}`)
  for (const hash of [algorithm.hash, algorithm.pss?.mgfHash]) {
    if (hash?.weak && policy.allowWeakHashes !== true) {
      const hint =
        'it proves nothing about who signed; to look at an old signature all the same, allow weak hashes'
      throw new AlgorithmError('ERR_ALGORITHM_WEAK', `${hash.name} is no longer safe`, { hint })
    }
  }
  if (key.type.startsWith('RSA') && key.bits < least) {
    const hint = 'the owner of the key needs a new one; minRsaBits changes what is taken'
    throw new AlgorithmError('ERR_KEY_WEAK', `RSA key of ${key.bits} bits where ${least} are asked for`, {
      hint,
    })
  }
}

import { AlgorithmError } from '../../errors.ts'
import { sumOfMultiples } from './curve.ts'
import { fromBigEndian, fromLittleEndian } from './integers.ts'
import { invert } from './modular.ts'
import type { GostParameterSet } from './parameter-sets.ts'
import type { GostPublicKey } from './public-key.ts'

/**
 * Verifies a signature of GOST R 34.10-2012 or -2001 (RFC 7091 section 6.2, RFC 5832).
 *
 * @param key the signer's, from `importGostPublicKey`
 * @param digest of the data, as the hash gives it: 32 bytes for keys of 256 bits, 64 for those of 512
 * @param signature as X.509 and CMS carry it: s, then r, both big-endian and of the field's size
 * @returns whether it is right; false too for another length, and for r or s that are not from 1 to q - 1
 * @throws AlgorithmError `ERR_ALGORITHM_PARAMETERS` for a digest of another length
 */
export function verifyGost(key: GostPublicKey, digest: Uint8Array, signature: Uint8Array): boolean {
  const { curve, bytes } = key.parameterSet
  const { q } = curve
  const e = digestNumber(key.parameterSet, digest)
  if (signature.length !== 2 * bytes) return false
  const s = fromBigEndian(signature.subarray(0, bytes))
  const r = fromBigEndian(signature.subarray(bytes))
  if (r === 0n || r >= q || s === 0n || s >= q) return false
  const v = invert(e, q)
  const x = sumOfMultiples(curve, (s * v) % q, ((q - r) * v) % q, key)
  return x !== undefined && x % q === r
}

/**
 * e of RFC 7091 6.1: the digest as a number, the least significant byte first, modulo q, 0 replaced by 1.
 *
 * @throws AlgorithmError `ERR_ALGORITHM_PARAMETERS` for a digest that is not of the curve's size
 */
export function digestNumber({ q, bytes, name }: GostParameterSet, digest: Uint8Array): bigint {
  if (digest.length !== bytes) {
    const message = `${name} signs digests of ${bytes} bytes, not ${digest.length}`
    throw new AlgorithmError('ERR_ALGORITHM_PARAMETERS', message)
  }
  return fromLittleEndian(digest) % q || 1n
}

import { concatBytes } from '../../asn1/index.ts'
import { toBigEndian } from './integers.ts'
import type { GostParameterSet } from './parameter-sets.ts'
import { multiplyBase } from './secret-multiple.ts'

/**
 * The signature of GOST R 34.10-2012 (RFC 7091 section 6.1) with one k, or undefined where r or s comes out as 0
 * and another k is needed.
 *
 * @param d private key, 1 to q - 1
 * @param e the digest's number
 * @param k 1 to q - 1, secret, never used twice
 * @returns s, then r, both big-endian
 */
export function signWithNonce(
  parameterSet: GostParameterSet,
  d: bigint,
  e: bigint,
  k: bigint,
): Uint8Array<ArrayBuffer> | undefined {
  const { q, bytes, curve } = parameterSet
  const r = multiplyBase(curve, k).x % q
  const s = (r * d + k * e) % q
  return r === 0n || s === 0n ? undefined : concatBytes([toBigEndian(s, bytes), toBigEndian(r, bytes)])
}

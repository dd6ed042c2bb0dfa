import type { KeyObject } from 'node:crypto'
import { base64Url, fromJwk, invalidKey, toKeyObject } from './key-object.ts'
import { Oid } from './oids.ts'

/** The elliptic curves of NIST (RFC 5480 section 2.1.1.1). */
export type CurveName = 'P-256' | 'P-384' | 'P-521'

/** The curves by OID. */
export const CURVES: ReadonlyMap<string, CurveName> = new Map([
  [Oid.secp256r1, 'P-256'],
  [Oid.secp384r1, 'P-384'],
  [Oid.secp521r1, 'P-521'],
])

/** Bits of the curves' fields. */
export const CURVE_BITS: Readonly<Record<CurveName, number>> = { 'P-256': 256, 'P-384': 384, 'P-521': 521 }

/**
 * Imports an ECPoint (RFC 5480 section 2.2), uncompressed or compressed; OpenSSL checks that it lies on the
 * curve and that its coordinates are below the field's prime. The cofactor is 1: no other check is needed.
 */
export function importEcKey(
  curve: CurveName,
  point: Uint8Array,
  spki: Uint8Array,
): { bits: number; keyObject: KeyObject } {
  const bits = CURVE_BITS[curve]
  const length = Math.ceil(bits / 8)
  const form = point[0]
  const compressed = (form === 2 || form === 3) && point.length === 1 + length
  // The point at infinity (00) and the hybrid form (06, 07) are none of RFC 5480.
  if (!compressed && (form !== 4 || point.length !== 1 + 2 * length))
    throw invalidKey(`no valid point of ${curve}`)
  if (compressed || curve !== 'P-256') return { bits, keyObject: toKeyObject(spki, 'spki') }
  // For P-256, and only there, JWK imports faster than SubjectPublicKeyInfo: twice.
  const coordinate = (from: number): string => base64Url(point.subarray(from, from + length))
  return { bits, keyObject: fromJwk({ kty: 'EC', crv: curve, x: coordinate(1), y: coordinate(1 + length) }) }
}

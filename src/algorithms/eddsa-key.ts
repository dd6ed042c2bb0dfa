import type { KeyObject } from 'node:crypto'
import { equalBytes } from '../asn1/index.ts'
import { base64Url, fromJwk, invalidKey } from './key-object.ts'

/** Sizes and the points of small order of one Edwards curve. */
interface EdwardsCurve {
  /** Bytes of an encoded point: y little-endian, then the sign of x in the last bit (RFC 8032 5.1.2, 5.2.2). */
  length: number
  bits: number
  /** The field's prime, little-endian. */
  prime: Uint8Array
  /** y, without the sign bit, of the points whose order divides the cofactor (8 and 4). */
  smallOrder: readonly Uint8Array[]
}

const P25519 = 2n ** 255n - 19n
const P448 = 2n ** 448n - 2n ** 224n - 1n
// The four points of order 8: this y and its negative, each with both signs of x.
const ORDER_8 = 0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n

const CURVES: Readonly<Record<'Ed25519' | 'Ed448', EdwardsCurve>> = {
  Ed25519: {
    length: 32,
    bits: 256,
    prime: littleEndian(P25519, 32),
    smallOrder: [0n, 1n, P25519 - 1n, ORDER_8, P25519 - ORDER_8].map((y) => littleEndian(y, 32)),
  },
  Ed448: {
    length: 57,
    bits: 456,
    prime: littleEndian(P448, 57),
    smallOrder: [0n, 1n, P448 - 1n].map((y) => littleEndian(y, 57)),
  },
}

/**
 * Imports an Ed25519 or Ed448 public key (RFC 8410 section 4). Refused are a y not below the prime (RFC 8032
 * 5.1.3 and 5.2.3 fail there; OpenSSL would take it for another point) and points of small order, for which
 * there are signatures that fit any message. That the point lies on the curve is found out when it is used: a
 * key that decodes to no point verifies nothing.
 */
export function importEdwardsKey(
  type: 'Ed25519' | 'Ed448',
  key: Uint8Array,
): { bits: number; keyObject: KeyObject } {
  const { length, bits, prime, smallOrder } = CURVES[type]
  if (key.length !== length) throw invalidKey(`a ${type} public key has ${length} bytes, not ${key.length}`)
  const y = Uint8Array.from(key)
  y[length - 1] = (y[length - 1] as number) & 0x7f
  if (!isBelow(y, prime)) throw invalidKey(`${type} public key: y is not below the field's prime`)
  if (smallOrder.some((point) => equalBytes(point, y))) {
    throw invalidKey(
      `${type} public key: the point has small order, so that signatures for it fit any message`,
    )
  }
  // JWK imports ten times faster than SubjectPublicKeyInfo.
  return { bits, keyObject: fromJwk({ kty: 'OKP', crv: type, x: base64Url(key) }) }
}

function littleEndian(value: bigint, length: number): Uint8Array {
  const out = new Uint8Array(length)
  for (let i = 0; i < length; i++) out[i] = Number((value >> BigInt(8 * i)) & 0xffn)
  return out
}

function isBelow(a: Uint8Array, b: Uint8Array): boolean {
  for (let i = a.length - 1; i >= 0; i--) {
    if (a[i] !== b[i]) return (a[i] as number) < (b[i] as number)
  }
  return false
}

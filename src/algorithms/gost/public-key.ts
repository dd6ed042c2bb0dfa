import { concatBytes, der, readDer } from '../../asn1/index.ts'
import { invalidKey } from '../key-object.ts'
import { liesInSubgroup, liesOnCurve } from './curve.ts'
import { fromLittleEndian, toLittleEndian } from './integers.ts'
import { encodeGostKeyAlgorithm, type GostKeyShape, type GostKeyType } from './key-algorithm.ts'
import type { GostParameterSet } from './parameter-sets.ts'

export { type GostKeyShape, type GostKeyType, readGostKeyAlgorithm } from './key-algorithm.ts'

/** A GOST public key, checked: the point (x, y) lies on the curve, in the group of prime order. */
export interface GostPublicKey {
  readonly type: GostKeyType
  readonly parameterSet: GostParameterSet
  readonly x: bigint
  readonly y: bigint
}

/**
 * Imports the bits of a SubjectPublicKeyInfo of GOST: an OCTET STRING of x, then y, each little-endian (RFC 9215
 * section 4.3). The octets without the OCTET STRING are taken too: OneAsymmetricKey has them so in the examples of
 * TC26 for PKCS#12.
 *
 * @param shape what the AlgorithmIdentifier said
 * @param bits content of the BIT STRING
 * @throws Asn1Error `ERR_ASN1_*` where they are no OCTET STRING
 * @throws AlgorithmError `ERR_KEY_INVALID` for another length, a coordinate that is not below p, a point that is
 *   off the curve or outside the group of prime order
 */
export function importGostPublicKey(shape: GostKeyShape, bits: Uint8Array): GostPublicKey {
  const { type, parameterSet } = shape
  const { bytes } = parameterSet
  const octets = bits.length === 2 * bytes ? bits : readDer(bits, 'GostPublicKey', (r) => r.octetString(''))
  if (octets.length !== 2 * bytes) {
    throw invalidKey(`a public key of ${type} has ${2 * bytes} bytes, not ${octets.length}`)
  }
  const key = {
    type,
    parameterSet,
    x: fromLittleEndian(octets.subarray(0, bytes)),
    y: fromLittleEndian(octets.subarray(bytes)),
  }
  checkPoint(key)
  return key
}

function checkPoint({ type, parameterSet, x, y }: GostPublicKey): void {
  const { curve } = parameterSet
  if (x >= curve.p || y >= curve.p) throw invalidKey(`${type} public key: a coordinate is not below p`)
  if (!liesOnCurve(curve, { x, y })) throw invalidKey(`${type} public key: the point is off the curve`)
  // Beside the group of order q there are three more cosets: a key there could leak bits in key agreement, and one
  // of small order has signatures that fit any message.
  if (!liesInSubgroup(curve, { x, y })) {
    throw invalidKey(`${type} public key: the point is not in the group of prime order`)
  }
}

/**
 * Writes a SubjectPublicKeyInfo in DER as RFC 9215 has it, with the parameter set under the name the key has.
 *
 * @throws AlgorithmError `ERR_ALGORITHM_PARAMETERS` where the set is not of the size of the kind of key
 */
export function encodeGostPublicKey(key: GostPublicKey): Uint8Array {
  const { x, y, parameterSet } = key
  const point = concatBytes([toLittleEndian(x, parameterSet.bytes), toLittleEndian(y, parameterSet.bytes)])
  return der.sequence([encodeGostKeyAlgorithm(key), der.bitString(der.octetString(point))])
}

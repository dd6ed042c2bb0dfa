import { createPublicKey, type KeyObject } from 'node:crypto'
import { type DerReader, der, readDer } from '../asn1/index.ts'
import { AlgorithmError } from '../errors.ts'
import { Oid } from './oids.ts'
import { type PssParameters, readPssParameters } from './pss.ts'
import { hasSmallOrder } from './small-order.ts'

/** The kinds of keys that sealkit verifies with. `RSA-PSS` is a key restricted to PSS (RFC 4055 section 1.2). */
export type KeyType = 'RSA' | 'RSA-PSS' | 'EC' | 'Ed25519' | 'Ed448'

/** The elliptic curves of NIST (RFC 5480). */
export type CurveName = 'P-256' | 'P-384' | 'P-521'

/** A public key, checked and imported into node:crypto. */
export interface PublicKey {
  readonly type: KeyType
  /** Size in bits: of the RSA modulus or the curve's field. */
  readonly bits: number
  /** Set for `EC`. */
  readonly curve: CurveName | undefined
  /** Set for an `RSA-PSS` key that carries parameters: what it may be used with. */
  readonly pss: PssParameters | undefined
  /** SubjectPublicKeyInfo in DER, as it was given. */
  readonly spki: Uint8Array
  /** The key as node:crypto uses it. */
  readonly keyObject: KeyObject
}

interface Curve {
  name: CurveName
  bits: number
}
const CURVES = new Map<string, Curve>([
  [Oid.secp256r1, { name: 'P-256', bits: 256 }],
  [Oid.secp384r1, { name: 'P-384', bits: 384 }],
  [Oid.secp521r1, { name: 'P-521', bits: 521 }],
])

// Above it, one verification costs more than a hostile message should be able to ask for.
const MAX_RSA_BITS = 16_384

/**
 * Imports a SubjectPublicKeyInfo (RFC 5280 4.1.2.7) of RSA, RSA-PSS, EC on P-256/384/521, Ed25519 or Ed448.
 * The structure is checked here; only the bare key goes to node:crypto, in the form it imports fastest.
 *
 * @param spki DER bytes
 * @throws Asn1Error where the structure is malformed
 * @throws AlgorithmError `ERR_ALGORITHM_UNKNOWN` for another kind of key or curve, `ERR_KEY_INVALID` for values
 *   that make no key (a point off the curve, an even exponent, explicit curve parameters)
 * @example
 * ```ts
 * import { generateKeyPairSync } from 'node:crypto'
 * import { importPublicKey } from 'sealkit/algorithms'
 * const { publicKey } = generateKeyPairSync('ed25519')
 * importPublicKey(publicKey.export({ format: 'der', type: 'spki' })).type // 'Ed25519'
 * ```
 */
export function importPublicKey(spki: Uint8Array): PublicKey {
  return readDer(spki, 'SubjectPublicKeyInfo', (r) =>
    r.sequence('', (s) => {
      const shape = s.sequence('algorithm', readKeyAlgorithm)
      const key = s.bitStringBytes('subjectPublicKey')
      return { ...shape, ...importKey(shape, key, spki), spki }
    }),
  )
}

type Shape = Pick<PublicKey, 'type' | 'curve' | 'pss'>

function readKeyAlgorithm(r: DerReader): Shape {
  const oid = r.oid('algorithm')
  switch (oid) {
    case Oid.rsaEncryption:
      // RFC 3279 2.3.1 asks for NULL; some old CAs leave it out.
      if (!r.done) r.null('parameters')
      return { type: 'RSA', curve: undefined, pss: undefined }
    case Oid.rsassaPss:
      return { type: 'RSA-PSS', curve: undefined, pss: r.done ? undefined : readPssParameters(r, 'parameters') }
    case Oid.ecPublicKey: {
      if (r.nextTag === 0x30) throw new AlgorithmError('ERR_KEY_INVALID', 'explicit EC parameters are not allowed (RFC 5480 2.1.1)')
      const curve = r.oid('namedCurve')
      const found = CURVES.get(curve)
      if (found === undefined) throw unknownKey(`elliptic curve ${curve}`)
      return { type: 'EC', curve: found.name, pss: undefined }
    }
    case Oid.Ed25519:
      return { type: 'Ed25519', curve: undefined, pss: undefined }
    case Oid.Ed448:
      return { type: 'Ed448', curve: undefined, pss: undefined }
    default:
      // Parameters of whatever kind: the caller learns the OID, not a parse error.
      throw unknownKey(`public key algorithm ${oid}`)
  }
}

function unknownKey(what: string): AlgorithmError {
  const hint = 'RSA, RSA-PSS, EC on P-256, P-384, P-521, Ed25519 and Ed448 keys are supported'
  return new AlgorithmError('ERR_ALGORITHM_UNKNOWN', `unsupported ${what}`, { hint })
}

function importKey(shape: Shape, key: Uint8Array, spki: Uint8Array): Pick<PublicKey, 'bits' | 'keyObject'> {
  switch (shape.type) {
    case 'RSA':
    case 'RSA-PSS':
      // PKCS#1 imports 30 times faster than the same key as SubjectPublicKeyInfo, and PSS parameters are
      // enforced by the algorithm table.
      return { bits: checkRsaPublicKey(key), keyObject: toKeyObject(key, 'pkcs1') }
    case 'EC':
      return { bits: curveBits(shape.curve as CurveName), keyObject: importPoint(shape.curve as CurveName, key, spki) }
    default: {
      const length = shape.type === 'Ed25519' ? 32 : 57
      if (key.length !== length) throw invalid(`a ${shape.type} public key has ${length} bytes, not ${key.length}`)
      if (hasSmallOrder(key)) throw invalid('the point has small order: it makes signatures that fit any message')
      return { bits: shape.type === 'Ed25519' ? 256 : 456, keyObject: toKeyObject(spki, 'spki') }
    }
  }
}

function checkRsaPublicKey(key: Uint8Array): number {
  return readDer(key, 'RSAPublicKey', (r) =>
    r.sequence('', (s) => {
      const modulus = positive(s.integerBytes('modulus'), 'modulus')
      const exponent = positive(s.integerBytes('publicExponent'), 'publicExponent')
      const bits = bitLength(modulus)
      if (bits > MAX_RSA_BITS) throw invalid(`RSA modulus of ${bits} bits; at most ${MAX_RSA_BITS} are taken`)
      if (((modulus[modulus.length - 1] as number) & 1) === 0) throw invalid('RSA modulus is even')
      const exponentBits = bitLength(exponent)
      const odd = ((exponent[exponent.length - 1] as number) & 1) === 1
      if (!odd || exponentBits < 2 || exponentBits > 64) throw invalid('RSA exponent must be odd, 3 to 2^64')
      return bits
    }),
  )
}

function positive(integer: Uint8Array, name: string): Uint8Array {
  if ((integer[0] as number) >= 0x80) throw invalid(`RSA ${name} is negative`)
  return integer[0] === 0 ? integer.subarray(1) : integer
}

function bitLength(magnitude: Uint8Array): number {
  return magnitude.length === 0 ? 0 : magnitude.length * 8 - Math.clz32(magnitude[0] as number) + 24
}

function curveBits(curve: CurveName): number {
  return curve === 'P-256' ? 256 : curve === 'P-384' ? 384 : 521
}

function importPoint(curve: CurveName, point: Uint8Array, spki: Uint8Array): KeyObject {
  const length = Math.ceil(curveBits(curve) / 8)
  const form = point[0]
  if ((form === 2 || form === 3) && point.length === 1 + length) return toKeyObject(spki, 'spki')
  if (form !== 4 || point.length !== 1 + 2 * length) throw invalid(`no valid point of ${curve}`)
  // JWK imports twice as fast as SubjectPublicKeyInfo; either way the point is checked to lie on the curve.
  const coordinate = (from: number): string => Buffer.from(point.subarray(from, from + length)).toString('base64url')
  const jwk = { kty: 'EC', crv: curve, x: coordinate(1), y: coordinate(1 + length) }
  return attempt(() => createPublicKey({ key: jwk, format: 'jwk' }))
}

function toKeyObject(key: Uint8Array, type: 'pkcs1' | 'spki'): KeyObject {
  return attempt(() => createPublicKey({ key: Buffer.from(key), format: 'der', type }))
}

function attempt(make: () => KeyObject): KeyObject {
  try {
    return make()
  } catch (cause) {
    throw invalid('the values make no valid public key', cause)
  }
}

function invalid(message: string, cause?: unknown): AlgorithmError {
  return new AlgorithmError('ERR_KEY_INVALID', message, { cause })
}

/** SubjectPublicKeyInfo of an RSA key with other algorithm parameters; PSS with an MGF hash of its own needs it. */
export function rsaPssKeyObject(publicKey: PublicKey, parameters: Uint8Array): KeyObject {
  const pkcs1 = publicKey.keyObject.export({ format: 'der', type: 'pkcs1' })
  const algorithm = der.sequence([der.oid(Oid.rsassaPss), parameters])
  return toKeyObject(der.sequence([algorithm, der.bitString(pkcs1)]), 'spki')
}

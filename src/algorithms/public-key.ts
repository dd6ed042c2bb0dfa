import type { KeyObject } from 'node:crypto'
import { type DerReader, readDer, Tag } from '../asn1/index.ts'
import { AlgorithmError } from '../errors.ts'
import { CURVE_BITS, CURVES, type CurveName, importEcKey } from './ec-key.ts'
import { importEdwardsKey } from './eddsa-key.ts'
import type { GostParameterSet } from './gost/parameter-sets.ts'
import {
  type GostKeyShape,
  type GostKeyType,
  type GostPublicKey,
  importGostPublicKey,
  readGostKeyAlgorithm,
} from './gost/public-key.ts'
import { invalidKey } from './key-object.ts'
import { describeOid } from './known-names.ts'
import { Oid } from './oids.ts'
import { type PssParameters, readPssParameters } from './pss.ts'
import { checkRsaPublicKey, importRsaKey } from './rsa-key.ts'

/**
 * The kinds of keys that sealkit verifies with. `RSA-PSS` is a key restricted to PSS (RFC 4055 section 1.2);
 * `GOST3410-2001` verifies old certificates only.
 */
export type KeyType = 'RSA' | 'RSA-PSS' | 'EC' | 'Ed25519' | 'Ed448' | GostKeyType

/** What a public key is, without the means to verify with it. */
export interface PublicKeyShape {
  readonly type: KeyType
  /** Size in bits: of the RSA modulus, the field of EC or GOST, or the encoded point of EdDSA (256, 456). */
  readonly bits: number
  /** Set for `EC`. */
  readonly curve: CurveName | undefined
  /** Set for an `RSA-PSS` key that carries parameters: what it may be used with. */
  readonly pss: PssParameters | undefined
  /** Set for GOST keys: their curve, by the name that the key gives it. */
  readonly parameterSet: GostParameterSet | undefined
  /** SubjectPublicKeyInfo in DER: the bytes given, not a copy. */
  readonly spki: Uint8Array
}

/** A public key, checked, and imported into node:crypto if that knows its kind. */
export interface PublicKey extends PublicKeyShape {
  /** The key as node:crypto uses it; one of type `rsa` for `RSA-PSS` too. Undefined for GOST. */
  readonly keyObject: KeyObject | undefined
  /** Set for GOST keys, which are verified with here. */
  readonly gost: GostPublicKey | undefined
}

/**
 * Imports a SubjectPublicKeyInfo (RFC 5280 4.1.2.7) of RSA, RSA-PSS, EC on P-256/384/521, Ed25519, Ed448 or
 * GOST. The structure is checked here; only the bare key goes to node:crypto, in the form it imports fastest; GOST
 * keys are imported here, in a browser too.
 *
 * RSA keys of any size up to 16,384 bits are imported: whether one is large enough is asked by
 * `checkStrength`, when it is used.
 *
 * @param spki DER bytes
 * @throws Asn1Error `ERR_ASN1_*` where the structure is malformed
 * @throws AlgorithmError `ERR_ALGORITHM_UNKNOWN` for another kind of key or curve; `ERR_ALGORITHM_PARAMETERS`
 *   for parameters that the algorithm does not have; `ERR_KEY_INVALID` for values that make no key: a point
 *   off the curve, of small order or at infinity, an even modulus or exponent, explicit curve parameters
 * @see RFC 3279 2.3.1, RFC 4055 1.2, RFC 5480 section 2, RFC 8410 section 4, RFC 9215 section 4
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

/**
 * Tells what kind of key a SubjectPublicKeyInfo holds, in a browser too. Nothing is imported: whether a point lies
 * on its curve is not looked at.
 *
 * @param spki DER bytes
 * @throws Asn1Error, AlgorithmError as {@link importPublicKey}
 * @see RFC 5280 4.1.2.7
 * @example
 * ```ts
 * import { readPublicKeyShape } from 'sealkit/algorithms'
 * import { Certificate } from 'sealkit/x509'
 * declare const certificate: Certificate
 * readPublicKeyShape(certificate.subjectPublicKeyInfo).bits // 2048
 * ```
 */
export function readPublicKeyShape(spki: Uint8Array): PublicKeyShape {
  return readDer(spki, 'SubjectPublicKeyInfo', (r) =>
    r.sequence('', (s) => {
      const shape = s.sequence('algorithm', readKeyAlgorithm)
      const key = s.bitStringBytes('subjectPublicKey')
      return { ...shape, bits: keyBits(shape, key), spki }
    }),
  )
}

function keyBits({ type, curve, parameterSet }: Shape, key: Uint8Array): number {
  if (type === 'RSA' || type === 'RSA-PSS') return checkRsaPublicKey(key)
  if (curve !== undefined) return CURVE_BITS[curve]
  if (parameterSet !== undefined) return parameterSet.bytes * 8
  return type === 'Ed25519' ? 256 : 456
}

type Shape = Pick<PublicKey, 'type' | 'curve' | 'pss' | 'parameterSet'>

function readKeyAlgorithm(r: DerReader): Shape {
  const oid = r.oid('algorithm')
  const shape = { curve: undefined, pss: undefined, parameterSet: undefined }
  switch (oid) {
    case Oid.rsaEncryption:
      // RFC 3279 2.3.1 asks for NULL; some old CAs leave it out.
      if (!r.done) r.null('parameters')
      return { ...shape, type: 'RSA' }
    case Oid.rsassaPss:
      return { ...shape, type: 'RSA-PSS', pss: r.done ? undefined : readPssParameters(r, 'parameters') }
    case Oid.ecPublicKey:
      return { ...shape, type: 'EC', curve: readNamedCurve(r) }
    case Oid.Ed25519:
      return { ...shape, type: withoutParameters(r, 'Ed25519') }
    case Oid.Ed448:
      return { ...shape, type: withoutParameters(r, 'Ed448') }
    case Oid.gost256:
    case Oid.gost512:
    case Oid.gost2001: {
      const { type, parameterSet } = readGostKeyAlgorithm(r, oid)
      return { ...shape, type, parameterSet }
    }
    default:
      // Parameters of whatever kind: the caller learns the OID, not a parse error.
      throw unknownKey(`public key algorithm ${describeOid(oid)}`)
  }
}

function readNamedCurve(r: DerReader): CurveName {
  // RFC 5480 2.1.1: implicitCurve and specifiedCurve MUST NOT be used; the latter let an attacker choose the
  // generator (CVE-2020-0601).
  if (r.nextTag !== Tag.OBJECT_IDENTIFIER) throw invalidKey('an EC key must name its curve (RFC 5480 2.1.1)')
  const oid = r.oid('namedCurve')
  const curve = CURVES.get(oid)
  if (curve === undefined) throw unknownKey(`elliptic curve ${describeOid(oid)}`)
  return curve
}

function withoutParameters<T extends KeyType>(r: DerReader, type: T): T {
  // RFC 8410 section 3.
  if (r.done) return type
  throw new AlgorithmError('ERR_ALGORITHM_PARAMETERS', `${type} keys have no parameters`)
}

function unknownKey(what: string): AlgorithmError {
  const hint =
    'RSA, RSA-PSS, EC on P-256, P-384, P-521, Ed25519, Ed448 and GOST R 34.10-2012 keys are supported'
  return new AlgorithmError('ERR_ALGORITHM_UNKNOWN', `unsupported ${what}`, { hint })
}

type Imported = Pick<PublicKey, 'bits' | 'keyObject' | 'gost'>

function importKey(shape: Shape, key: Uint8Array, spki: Uint8Array): Imported {
  const gost = undefined
  switch (shape.type) {
    case 'RSA':
    case 'RSA-PSS':
      return { ...importRsaKey(key), gost }
    case 'EC':
      return { ...importEcKey(shape.curve as CurveName, key, spki), gost }
    case 'Ed25519':
    case 'Ed448':
      return { ...importEdwardsKey(shape.type, key), gost }
    default: {
      const known = { ...shape, digestParamSet: undefined } as GostKeyShape
      const bits = known.parameterSet.bytes * 8
      return { bits, keyObject: undefined, gost: importGostPublicKey(known, key) }
    }
  }
}

import { type GostKeyShape, readGostKeyAlgorithm } from '../../algorithms/gost/public-key.ts'
import { encodePssParameters, parsePssParameters } from '../../algorithms/index.ts'
import { describeOid } from '../../algorithms/known-names.ts'
import { Oid } from '../../algorithms/oids.ts'
import { contextTag, type DerReader, der, readDer, Tag } from '../../asn1/index.ts'
import { AlgorithmError } from '../../errors.ts'
import { bareEcPrivateKey, explicitParameters, readEcPrivateKey } from './ec-private-key.ts'
import { GOST_KEYS, ofGost } from './gost-key.ts'
import type { PlainKey } from './plain-key.ts'
import { checkRsaPrivateKey } from './rsa-private-key.ts'

/**
 * Parses OneAsymmetricKey (RFC 5958 section 2): PrivateKeyInfo, with the public key in version 2.
 * node:crypto of OpenSSL 3.0 reads version 1 only, so it never gets these bytes.
 *
 * @throws Asn1Error; AlgorithmError `ERR_ALGORITHM_UNKNOWN`, `ERR_ALGORITHM_PARAMETERS`, `ERR_KEY_INVALID`
 */
export function readPrivateKeyInfo(bytes: Uint8Array): PlainKey {
  return readDer(bytes, 'PrivateKeyInfo', (r) =>
    r.sequence('', (s) => {
      const version = s.smallInteger('version', 0, 1)
      const algorithm = s.nextBytes
      const kind = s.sequence('privateKeyAlgorithm', readAlgorithm)
      const octets = s.octetString('privateKey')
      if (s.nextTag === contextTag(0, true)) readAttributes(s)
      const publicKey = version === 1 ? readPublicKey(s, kind.gost !== undefined) : undefined
      if (kind.gost !== undefined) return ofGost(kind.gost, octets, publicKey)
      const key =
        kind.oid === Oid.ecPublicKey
          ? ofEc(kind.curve, octets)
          : ofBytes(kind, kind.inDer ?? algorithm, octets)
      return { ...key, publicKey: publicKey ?? key.publicKey }
    }),
  )
}

/** An RSAPrivateKey that stands alone (RFC 8017 A.1.2). */
export function readRsaPrivateKey(bytes: Uint8Array): PlainKey {
  return ofBytes({ oid: Oid.rsaEncryption }, RSA, bytes)
}

/**
 * An ECPrivateKey that stands alone.
 *
 * @param parameters curve of the `EC PARAMETERS` block before it, where there is one
 */
export function readSec1(bytes: Uint8Array, parameters: string | undefined): PlainKey {
  const curve = readEcPrivateKey(bytes).curve ?? parameters
  if (curve === undefined) throw new AlgorithmError('ERR_KEY_INVALID', 'the EC key does not name its curve')
  const key = ofEc(curve, bytes)
  if (parameters !== undefined && parameters !== curve) throw otherCurve()
  return key
}

interface KeyAlgorithm {
  readonly oid: string
  readonly curve?: string
  readonly gost?: GostKeyShape
}

const RSA = der.sequence([der.oid(Oid.rsaEncryption), der.null()])
/** OID of a curve, and the length of its order in bytes. */
const CURVES: ReadonlyMap<string, number> = new Map([
  [Oid.secp256r1, 32],
  [Oid.secp384r1, 48],
  [Oid.secp521r1, 66],
])
const SEED_BYTES: ReadonlyMap<string, number> = new Map([
  [Oid.Ed25519, 32],
  [Oid.Ed448, 57],
])

function readAlgorithm(r: DerReader): KeyAlgorithm & { curve: string; inDer?: Uint8Array } {
  const oid = r.oid('algorithm')
  if (oid === Oid.rsaEncryption && !r.done) r.null('parameters')
  else if (oid === Oid.rsassaPss && !r.done) {
    // GnuTLS leaves out NULL in the hashes: the one form, which certificates have, is what keys are compared by.
    const parameters = encodePssParameters(parsePssParameters(r.element('parameters').bytes))
    return { oid, curve: '', inDer: der.sequence([der.oid(oid), parameters]) }
  } else if (oid === Oid.ecPublicKey) {
    if (r.nextTag === Tag.SEQUENCE) throw explicitParameters()
    return { oid, curve: r.oid('namedCurve') }
  } else if (GOST_KEYS.has(oid)) {
    return { oid, curve: '', gost: readGostKeyAlgorithm(r, oid) }
  } else if (![Oid.rsaEncryption, Oid.rsassaPss].includes(oid as never) && !SEED_BYTES.has(oid)) {
    throw unknown(`private key of ${describeOid(oid)}`)
  }
  return { oid, curve: '' }
}

function ofBytes({ oid }: KeyAlgorithm, algorithm: Uint8Array, octets: Uint8Array): PlainKey {
  const seed = SEED_BYTES.get(oid)
  if (seed === undefined) checkRsaPrivateKey(octets)
  else if (readDer(octets, 'CurvePrivateKey', (r) => r.octetString('')).length !== seed) {
    throw new AlgorithmError('ERR_KEY_INVALID', `the private key must have ${seed} bytes`)
  }
  // RFC 3279 2.3.1 asks for NULL; a key that leaves it out gets it here.
  return {
    algorithm: oid === Oid.rsaEncryption ? RSA : algorithm,
    privateKey: octets,
    publicKey: undefined,
    copied: false,
  }
}

function ofEc(curve: string, octets: Uint8Array): PlainKey {
  const length = CURVES.get(curve)
  if (length === undefined) throw unknown(`private key on the elliptic curve ${describeOid(curve)}`)
  const inner = readEcPrivateKey(octets)
  if (inner.curve !== undefined && inner.curve !== curve) throw otherCurve()
  const privateKey = bareEcPrivateKey(inner.privateKey, length)
  if (privateKey === undefined)
    throw new AlgorithmError('ERR_KEY_INVALID', `the private key must have ${length} bytes`)
  const algorithm = der.sequence([der.oid(Oid.ecPublicKey), der.oid(curve)])
  return { algorithm, privateKey, publicKey: inner.publicKey, copied: true }
}

/** Attributes: SET OF, in any order; what they say is of no use to a signer. */
function readAttributes(r: DerReader): void {
  const anyOrder = { unsorted: () => undefined }
  r.setOf(
    'attributes',
    (set, name) =>
      set.sequence(name, (attribute) => {
        attribute.oid('type')
        attribute.setOf('values', (values, i) => values.element(i), anyOrder)
      }),
    { tag: contextTag(0, true), ...anyOrder },
  )
}

/** `[1]` IMPLICIT BIT STRING; Rust's ring writes it EXPLICIT, TC 26's example (RFC 9548 A.1) of one bit less. */
function readPublicKey(r: DerReader, isGost: boolean): Uint8Array | undefined {
  if (r.nextTag === contextTag(1, false)) {
    const tag = contextTag(1, false)
    return isGost ? r.bitString('publicKey', tag).bytes : r.bitStringBytes('publicKey', tag)
  }
  return r.optional(contextTag(1, true), 'publicKey', (p) => p.bitStringBytes(''))
}

function otherCurve(): AlgorithmError {
  return new AlgorithmError('ERR_KEY_INVALID', 'the EC key names two different curves')
}

function unknown(what: string): AlgorithmError {
  const hint =
    'RSA, RSA-PSS, EC on P-256, P-384, P-521, Ed25519, Ed448 and GOST R 34.10-2012 keys are supported'
  return new AlgorithmError('ERR_ALGORITHM_UNKNOWN', `unsupported ${what}`, { hint })
}

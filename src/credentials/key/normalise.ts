import { type PublicKeyShape, readPublicKeyShape } from '../../algorithms/index.ts'
import { publicKeyName } from '../../algorithms/key-name.ts'
import { describeOid } from '../../algorithms/known-names.ts'
import { nodeCrypto } from '../../algorithms/node-crypto.ts'
import { Oid } from '../../algorithms/oids.ts'
import { der, readDer } from '../../asn1/index.ts'
import { AlgorithmError, Asn1Error } from '../../errors.ts'
import { damaged, reading } from '../errors.ts'
import { samePublicKeyInfo } from '../public-key-identity.ts'
import { wipe } from '../wipe.ts'
import { readEcPrivateKey } from './ec-private-key.ts'
import { GOST_KEYS, gostPublicHalf } from './gost-key.ts'
import type { PlainKey } from './plain-key.ts'
import { readPrivateKeyInfo } from './private-key-info.ts'
import { computedPublicKey, ofRsaNumbers } from './public-half.ts'

/** A private key in the one form that is kept and written. */
export interface NormalKey {
  /** PrivateKeyInfo, version 0, without attributes. Secret. */
  readonly pkcs8: Uint8Array<ArrayBuffer>
  /** The public half; undefined where it is neither there nor computed. */
  readonly spki: Uint8Array | undefined
  /** Undefined for a kind that is not signed with. */
  readonly shape: PublicKeyShape | undefined
  /** For people. */
  readonly name: string
  readonly what: string
}

/** Makes a key the one form, whatever it was read from. */
export async function normalise(source: Uint8Array | PlainKey, what: string): Promise<NormalKey> {
  const plain = source instanceof Uint8Array ? read(source, what) : source
  if (plain === undefined) return await ofOtherKind(source as Uint8Array, what)
  try {
    const spki = await publicHalf(plain, what)
    const shape = spki && reading(what, () => readPublicKeyShape(spki))
    const pkcs8 = encoded(plain, shape)
    return {
      pkcs8,
      spki,
      shape,
      name: shape === undefined ? nameOf(plain.algorithm) : publicKeyName(shape),
      what,
    }
  } finally {
    if (plain.copied) wipe(plain.privateKey)
  }
}

/** Undefined for a kind of key that is not known: its structure was read as far as that. */
function read(pkcs8: Uint8Array, what: string): PlainKey | undefined {
  try {
    return readPrivateKeyInfo(pkcs8)
  } catch (error) {
    if (error instanceof AlgorithmError && error.code === 'ERR_ALGORITHM_UNKNOWN' && isConvertible(pkcs8)) {
      return undefined
    }
    return reading(what, () => {
      throw error
    })
  }
}

/** Whether it is the kind of key that is not known, not a form of a known one that is refused. */
function isConvertible(pkcs8: Uint8Array): boolean {
  const { oid, named } = algorithmOf(pkcs8)
  return oid !== Oid.rsaEncryption && oid !== Oid.rsassaPss && (oid !== Oid.ecPublicKey || named)
}

function algorithmOf(pkcs8: Uint8Array): { oid: string; named: boolean } {
  return readDer(pkcs8, 'PrivateKeyInfo', (r) =>
    r.sequence('', (s) => {
      s.smallInteger('version', 0, 1)
      const algorithm = s.sequence('privateKeyAlgorithm', (a) => {
        const oid = a.oid('algorithm')
        const named = !a.done && a.nextTag === 0x06
        while (!a.done) a.element('parameters')
        return { oid, named }
      })
      s.octetString('privateKey')
      while (!s.done) s.element('')
      return algorithm
    }),
  )
}

/** DSA, other curves, X25519 …: kept as it is, since nothing is known of its inside. */
async function ofOtherKind(source: Uint8Array, what: string): Promise<NormalKey> {
  const name = describeOid(reading(what, () => algorithmName(source)))
  const pkcs8 = new Uint8Array(source)
  return { pkcs8, spki: await computedPublicKey(pkcs8, undefined), shape: undefined, name, what }
}

/** OID of the algorithm, or of the curve where it has one. */
function algorithmName(pkcs8: Uint8Array): string {
  return readDer(pkcs8, 'PrivateKeyInfo', (r) =>
    r.sequence('', (s) => {
      s.integerBytes('version')
      const oid = s.sequence('privateKeyAlgorithm', (a) => {
        const algorithm = a.oid('algorithm')
        const curve = algorithm === Oid.ecPublicKey && a.nextTag === 0x06 ? a.oid('namedCurve') : undefined
        while (!a.done) a.element('parameters')
        return curve ?? algorithm
      })
      while (!s.done) s.element('')
      return oid
    }),
  )
}

async function publicHalf(plain: PlainKey, what: string): Promise<Uint8Array | undefined> {
  const { algorithm, privateKey, publicKey } = plain
  const oid = readDer(algorithm, 'privateKeyAlgorithm', (r) =>
    r.sequence('', (s) => {
      const found = s.oid('algorithm')
      while (!s.done) s.element('parameters')
      return found
    }),
  )
  const isRsa = oid === Oid.rsaEncryption || oid === Oid.rsassaPss
  const computed = isRsa
    ? reading(what, () => ofRsaNumbers(algorithm, privateKey))
    : GOST_KEYS.has(oid)
      ? gostPublicHalf(algorithm, privateKey)
      : await computedOf(algorithm, privateKey)
  if (computed === undefined && oid === Oid.ecPublicKey && nodeCrypto !== undefined) {
    // All builds of Node know these curves: the number is 0, or not below the order.
    throw damaged(`${what}: the values make no valid private key`)
  }
  const carried = publicKey && der.sequence([algorithm, der.bitString(publicKey)])
  if (computed === undefined || carried === undefined) return computed ?? carried
  if (reading(what, () => samePublicKeyInfo(computed, carried))) return computed
  throw damaged(`${what}: the file carries the public key of another private key`)
}

async function computedOf(algorithm: Uint8Array, privateKey: Uint8Array): Promise<Uint8Array | undefined> {
  const octets = der.octetString(privateKey)
  const bare = der.sequence([der.integer(0), algorithm, octets])
  try {
    return await computedPublicKey(bare, algorithm)
  } finally {
    wipe(octets, bare)
  }
}

/** PrivateKeyInfo; an EC key with its point, which NSS and others want. */
function encoded(
  { algorithm, privateKey }: PlainKey,
  shape: PublicKeyShape | undefined,
): Uint8Array<ArrayBuffer> {
  const inner = shape?.curve === undefined ? privateKey : withPoint(privateKey, shape.spki)
  const octets = der.octetString(inner)
  const pkcs8 = der.sequence([der.integer(0), algorithm, octets])
  wipe(octets, inner === privateKey ? undefined : inner)
  return pkcs8
}

function withPoint(ecPrivateKey: Uint8Array, spki: Uint8Array): Uint8Array {
  const { privateKey } = readEcPrivateKey(ecPrivateKey)
  const point = readDer(spki, 'SubjectPublicKeyInfo', (r) =>
    r.sequence('', (s) => {
      s.element('algorithm')
      return s.element('subjectPublicKey').bytes
    }),
  )
  const octets = der.octetString(privateKey)
  const whole = der.sequence([der.integer(1), octets, der.explicit(1, point)])
  wipe(octets)
  return whole
}

function nameOf(algorithm: Uint8Array): string {
  try {
    return readDer(algorithm, '', (r) => r.sequence('', (s) => describeOid(s.oid('algorithm'))))
  } catch (error) {
    if (error instanceof Asn1Error) return 'private key'
    throw error
  }
}

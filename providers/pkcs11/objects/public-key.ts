import { Oid } from '../../../src/algorithms/oids.ts'
import { der, readDer, Tag } from '../../../src/asn1/index.ts'
import { SealkitError } from '../../../src/errors.ts'
import { CKA, CKK, CKO } from '../cryptoki/constants.ts'
import type { Cryptoki, Handle } from '../cryptoki/interface.ts'
import { toNumber } from '../cryptoki/ulong.ts'
import { findObjects, readAttribute } from './objects.ts'

/** Keys of GOST R 34.10-2012 (RFC 9215 section 4). */
const GOST_2012_256 = '1.2.643.7.1.1.1.1'
const GOST_2012_512 = '1.2.643.7.1.1.1.2'

/**
 * SubjectPublicKeyInfo of a private key in a token, as far as the token tells: the attribute of version 2.40, the
 * numbers of an RSA key, the public key object of the same CKA_ID.
 *
 * @returns undefined where nothing tells, or what it tells is malformed
 */
export function publicKeyInfo(
  cryptoki: Cryptoki,
  session: Handle,
  privateKey: Handle,
  id: Uint8Array | undefined,
): Uint8Array | undefined {
  const own = infoOf(cryptoki, session, privateKey)
  if (own !== undefined || id === undefined) return own
  const template = [
    { type: CKA.CLASS, value: CKO.PUBLIC_KEY },
    { type: CKA.ID, value: Buffer.from(id) },
  ]
  for (const object of findObjects(cryptoki, session, template)) {
    const info = infoOf(cryptoki, session, object)
    if (info !== undefined) return info
  }
  return undefined
}

/** SubjectPublicKeyInfo of one object, a public or a private key. */
export function infoOf(cryptoki: Cryptoki, session: Handle, object: Handle): Uint8Array | undefined {
  const read = (type: number): Buffer | undefined => readAttribute(cryptoki, session, object, type)
  const whole = read(CKA.PUBLIC_KEY_INFO)
  if (whole !== undefined && isSequence(whole)) return new Uint8Array(whole)
  const type = read(CKA.KEY_TYPE)
  switch (type && toNumber(type)) {
    case CKK.RSA:
      return rsaInfo(read(CKA.MODULUS), read(CKA.PUBLIC_EXPONENT))
    case CKK.EC:
      return ecInfo(read(CKA.EC_PARAMS), read(CKA.EC_POINT))
    case CKK.EC_EDWARDS:
      return edwardsInfo(read(CKA.EC_PARAMS), read(CKA.EC_POINT))
    case CKK.GOSTR3410:
      return gostInfo(GOST_2012_256, read)
    case CKK.GOSTR3410_512:
      return gostInfo(GOST_2012_512, read)
    default:
      return undefined
  }
}

function rsaInfo(modulus: Buffer | undefined, exponent: Buffer | undefined): Uint8Array | undefined {
  if (modulus === undefined || exponent === undefined) return undefined
  const key = der.sequence([der.integer(new Uint8Array(modulus)), der.integer(new Uint8Array(exponent))])
  return der.sequence([der.sequence([der.oid(Oid.rsaEncryption), der.null()]), der.bitString(key)])
}

function ecInfo(parameters: Buffer | undefined, point: Buffer | undefined): Uint8Array | undefined {
  if (parameters === undefined || point === undefined) return undefined
  return der.sequence([
    der.sequence([der.oid(Oid.ecPublicKey), new Uint8Array(parameters)]),
    der.bitString(unwrapped(point)),
  ])
}

/** The curve is named by a string in version 3.0 of the standard, by an OID in many modules: its length tells. */
function edwardsInfo(parameters: Buffer | undefined, point: Buffer | undefined): Uint8Array | undefined {
  if (point === undefined) return undefined
  const key = unwrapped(point)
  const oid = key.length === 32 ? Oid.Ed25519 : key.length === 57 ? Oid.Ed448 : undefined
  if (oid === undefined || parameters === undefined) return undefined
  return der.sequence([der.sequence([der.oid(oid)]), der.bitString(key)])
}

/** CKA_VALUE holds little-endian x and y, CKA_GOSTR3410_PARAMS and CKA_GOSTR3411_PARAMS the OIDs of the sets. */
function gostInfo(algorithm: string, read: (type: number) => Buffer | undefined): Uint8Array | undefined {
  const [key, parameters] = [read(CKA.VALUE), read(CKA.GOSTR3410_PARAMS)]
  if (key === undefined || parameters === undefined) return undefined
  const sets = der.sequence([new Uint8Array(parameters)])
  return der.sequence([
    der.sequence([der.oid(algorithm), sets]),
    der.bitString(der.octetString(new Uint8Array(key))),
  ])
}

/** CKA_EC_POINT is an OCTET STRING in DER; of some modules it is the bare point. */
function unwrapped(point: Buffer): Uint8Array {
  const bytes = new Uint8Array(point)
  if (bytes[0] !== Tag.OCTET_STRING) return bytes
  try {
    return readDer(bytes, 'CKA_EC_POINT', (r) => r.octetString(''))
  } catch (error) {
    // A bare point in its uncompressed form begins with the same octet.
    if (error instanceof SealkitError) return bytes
    throw error
  }
}

function isSequence(bytes: Uint8Array): boolean {
  return bytes[0] === Tag.SEQUENCE
}

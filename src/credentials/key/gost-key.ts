import { encodeGostKeyAlgorithm } from '../../algorithms/gost/key-algorithm.ts'
import { type GostPrivateKey, readGostPrivateKey } from '../../algorithms/gost/private-key.ts'
import {
  encodeGostPublicKey,
  type GostKeyShape,
  readGostKeyAlgorithm,
} from '../../algorithms/gost/public-key.ts'
import { Oid } from '../../algorithms/oids.ts'
import { der, readDer } from '../../asn1/index.ts'
import { wipe } from '../wipe.ts'
import type { PlainKey } from './plain-key.ts'

/** OIDs of GOST keys. */
export const GOST_KEYS: ReadonlySet<string> = new Set([Oid.gost256, Oid.gost512, Oid.gost2001])

/** The key in the one form that is kept: not masked, with the parameters as RFC 9215 section 4 has them. */
export function ofGost(shape: GostKeyShape, octets: Uint8Array, publicKey: Uint8Array | undefined): PlainKey {
  const key = readGostPrivateKey(shape, octets)
  const number = key.privateKeyOctets()
  const privateKey = der.octetString(number)
  wipe(number)
  // TC 26's examples have the public key without its OCTET STRING.
  const isBare = publicKey?.length === 2 * shape.parameterSet.bytes
  const carried = isBare ? der.octetString(publicKey) : publicKey
  return { algorithm: encodeGostKeyAlgorithm(key), privateKey, publicKey: carried, copied: true }
}

/** The key of a PrivateKeyInfo's parts. The caller wipes it. */
export function gostPrivateKey(algorithm: Uint8Array, octets: Uint8Array): GostPrivateKey {
  const shape = readDer(algorithm, 'privateKeyAlgorithm', (r) =>
    r.sequence('', (s) => readGostKeyAlgorithm(s, s.oid('algorithm'))),
  )
  return readGostPrivateKey(shape, octets)
}

/** SubjectPublicKeyInfo of a PrivateKeyInfo's parts: computed. */
export function gostPublicHalf(algorithm: Uint8Array, octets: Uint8Array): Uint8Array {
  const key = gostPrivateKey(algorithm, octets)
  return encodeGostPublicKey(key.publicKey)
}

/** PrivateKeyInfo of a key. Secret. */
export function encodeGostPrivateKey(key: GostPrivateKey): Uint8Array<ArrayBuffer> {
  const number = key.privateKeyOctets()
  const inner = der.octetString(number)
  const octets = der.octetString(inner)
  const pkcs8 = der.sequence([der.integer(0), encodeGostKeyAlgorithm(key), octets])
  wipe(number, inner, octets)
  return pkcs8
}

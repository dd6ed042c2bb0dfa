import type { KeyObject } from 'node:crypto'
import { der, readDer } from '../asn1/index.ts'
import { invalidKey, toKeyObject } from './key-object.ts'
import { Oid } from './oids.ts'

// Above it, one verification costs more than a hostile message should be able to ask for.
const MAX_RSA_BITS = 16_384

/**
 * Checks and imports an RSAPublicKey (RFC 8017 A.1.1). PKCS#1 imports 30 times faster than the same key as
 * SubjectPublicKeyInfo; what an RSA-PSS key restricts is enforced by `checkKeyFits`.
 */
export function importRsaKey(key: Uint8Array): { bits: number; keyObject: KeyObject } {
  return { bits: checkRsaPublicKey(key), keyObject: toKeyObject(key, 'pkcs1') }
}

/** Checks an RSAPublicKey; gives the size of its modulus in bits. */
export function checkRsaPublicKey(key: Uint8Array): number {
  return readDer(key, 'RSAPublicKey', (r) =>
    r.sequence('', (s) => {
      const modulus = positive(s.integerBytes('modulus'), 'modulus')
      const exponent = positive(s.integerBytes('publicExponent'), 'publicExponent')
      const bits = bitLength(modulus)
      if (bits > MAX_RSA_BITS)
        throw invalidKey(`RSA modulus of ${bits} bits; at most ${MAX_RSA_BITS} are taken`)
      if (!isOdd(modulus)) throw invalidKey('RSA modulus is even')
      // 64 bits: what OpenSSL takes with large moduli. An exponent of 1 would make the message its own signature.
      const exponentBits = bitLength(exponent)
      if (!isOdd(exponent) || exponentBits < 2 || exponentBits > 64) {
        throw invalidKey('RSA exponent must be odd, from 3 to 2^64')
      }
      return bits
    }),
  )
}

function positive(integer: Uint8Array, name: string): Uint8Array {
  if ((integer[0] as number) >= 0x80) throw invalidKey(`RSA ${name} is negative`)
  return integer[0] === 0 ? integer.subarray(1) : integer
}

function isOdd(magnitude: Uint8Array): boolean {
  return ((magnitude[magnitude.length - 1] ?? 0) & 1) === 1
}

function bitLength(magnitude: Uint8Array): number {
  return magnitude.length === 0 ? 0 : magnitude.length * 8 - Math.clz32(magnitude[0] as number) + 24
}

/** The same RSA key under id-RSASSA-PSS with parameters: how node:crypto is told of an MGF hash of its own. */
export function rsaPssKeyObject(key: KeyObject, parameters: Uint8Array): KeyObject {
  const pkcs1 = key.export({ format: 'der', type: 'pkcs1' })
  const algorithm = der.sequence([der.oid(Oid.rsassaPss), parameters])
  return toKeyObject(der.sequence([algorithm, der.bitString(pkcs1)]), 'spki')
}

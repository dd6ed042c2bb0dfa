import { concatBytes } from '../../asn1/index.ts'
import type { GostPublicKey } from './public-key.ts'
import { verifyGost } from './verify.ts'

/**
 * Puts a raw signature of a token's in the order of X.509 and CMS: s, then r, both big-endian. Tokens and
 * CryptoPro differ in which half comes first and in the order of its bytes, so each order is tried and the one that
 * verifies is taken.
 *
 * @param raw two numbers of the field's size
 * @param key the public key that belongs to the token's
 * @param digest that was signed
 * @returns a new array; undefined where it verifies in no order
 * @throws AlgorithmError `ERR_ALGORITHM_PARAMETERS` for a digest that is not of the key's size
 */
export function orderGostSignature(
  raw: Uint8Array,
  key: GostPublicKey,
  digest: Uint8Array,
): Uint8Array | undefined {
  const half = raw.length / 2
  const first = raw.slice(0, half)
  const second = raw.slice(half)
  const reversed = (bytes: Uint8Array): Uint8Array => bytes.slice().reverse()
  const orders = [
    [first, second],
    [second, first],
    [reversed(second), reversed(first)],
    [reversed(first), reversed(second)],
  ]
  return orders.map(concatBytes).find((signature) => verifyGost(key, digest, signature))
}

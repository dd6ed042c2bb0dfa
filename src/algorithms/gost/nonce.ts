import { concatBytes } from '../../asn1/index.ts'
import { fromBigEndian, toBigEndian } from './integers.ts'
import type { GostParameterSet } from './parameter-sets.ts'
import { streebog } from './streebog.ts'

/**
 * The numbers k to try for one signature, from the key and the digest by RFC 6979 section 3.2 with HMAC-Streebog of
 * the key's size (RFC 7836 section 4.1). A signer without good random numbers still never repeats a k for another digest.
 * With `extra`, random bytes, k differs each time (RFC 6979 section 3.6): then a fault in the computer while the
 * same thing is signed twice does not give the key away.
 *
 * @param d the private key
 * @param e the digest's number
 */
export function* nonces(
  { q, bytes }: GostParameterSet,
  d: bigint,
  e: bigint,
  extra: Uint8Array,
): Generator<bigint> {
  const seed = concatBytes([toBigEndian(d, bytes), toBigEndian(e, bytes), extra])
  const surplus = BigInt(8 * bytes - q.toString(2).length)
  let v: Uint8Array = new Uint8Array(bytes).fill(1)
  let key: Uint8Array = new Uint8Array(bytes)
  const mix = (octet: number, data: Uint8Array): void => {
    key = hmac(bytes, key, concatBytes([v, Uint8Array.of(octet), data]))
    v = hmac(bytes, key, v)
  }
  mix(0, seed)
  mix(1, seed)
  seed.fill(0)
  for (;;) {
    v = hmac(bytes, key, v)
    const k = fromBigEndian(v) >> surplus
    if (k > 0n && k < q) yield k
    mix(0, new Uint8Array(0))
  }
}

/** HMAC (RFC 2104) with Streebog, for keys of at most a block. */
function hmac(length: 32 | 64, key: Uint8Array, data: Uint8Array): Uint8Array {
  const pad = (octet: number): Uint8Array => Uint8Array.from({ length: 64 }, (_, i) => (key[i] ?? 0) ^ octet)
  const inner = streebog(length, concatBytes([pad(0x36), data]))
  return streebog(length, concatBytes([pad(0x5c), inner]))
}

import { concatBytes } from '../../asn1/index.ts'
import { md5 } from '../encryption/md5.ts'
import { wipe } from '../wipe.ts'

const BLOCK = 64
export const MD5_LENGTH = 16
/** MD5 is called for each iteration: about as long as so many of the other hash functions. */
export const MD5_COST = 5

/** HMAC-MD5 with a key of PKCS#12's derivation (RFC 7292 appendix B), as OpenSSL writes it when told to. */
export async function macByMd5(
  content: Uint8Array,
  bmp: Uint8Array,
  salt: Uint8Array,
  iterations: number,
): Promise<Uint8Array> {
  const digest = await md5()
  const input = concatBytes([new Uint8Array(BLOCK).fill(3), repeated(salt), repeated(bmp)])
  let key = digest(input)
  wipe(input)
  for (let i = 1; i < iterations; i++) {
    const next = digest(key)
    wipe(key)
    key = next
  }
  const inner = digest(concatBytes([keyed(key, 0x36), content]))
  const mac = digest(concatBytes([keyed(key, 0x5c), inner]))
  wipe(key)
  return mac
}

/** Bytes over and over, to a whole number of blocks. */
function repeated(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(Math.ceil(bytes.length / BLOCK) * BLOCK)
  return out.map((_, i) => bytes[i % bytes.length] as number)
}

/** A block of HMAC's pad (RFC 2104) with the key. */
function keyed(key: Uint8Array, pad: number): Uint8Array {
  return new Uint8Array(BLOCK).map((_, i) => pad ^ (key[i] ?? 0))
}

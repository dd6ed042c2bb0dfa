import { readDer, Tag } from '../../asn1/index.ts'
import { invalidKey } from '../key-object.ts'
import { fromBigEndian, fromLittleEndian } from './integers.ts'
import type { GostKeyShape } from './key-algorithm.ts'

/**
 * The number in the privateKey octets of a GOST PKCS#8, in the forms that are about: the number itself,
 * little-endian; that in an OCTET STRING; an INTEGER; and, with either of the first two, masked, followed by the
 * masks (R 50.1.112-2016 section 5.1, RFC 9548). It is taken modulo q, since RFC 9215 has an example that is larger;
 * 0 may come out.
 *
 * @throws Asn1Error where it is none of them; AlgorithmError `ERR_KEY_INVALID` for another length
 */
export function readPrivateNumber({ type, parameterSet }: GostKeyShape, octets: Uint8Array): bigint {
  const { bytes, q } = parameterSet
  // Bare octets of the right length first: some begin like an OCTET STRING or INTEGER by chance.
  const bare = isWhole(octets, bytes) ? octets : undefined
  if (bare === undefined && octets[0] === Tag.INTEGER) {
    const content = readDer(octets, 'GostPrivateKey', (r) => r.integerBytes(''))
    if ((content[0] as number) >= 0x80) throw invalidKey(`${type} private key: the number is negative`)
    if (content.length > bytes + 1) throw invalidKey(`${type} private key: the number is too large`)
    return fromBigEndian(content) % q
  }
  const parts = bare ?? readDer(octets, 'GostPrivateKey', (r) => r.octetString(''))
  if (!isWhole(parts, bytes)) {
    throw invalidKey(`a private key of ${type} has ${bytes} bytes or, with masks, a multiple of that`)
  }
  return unmask(parts, bytes, q)
}

/** A key and seven masks: nobody has more than one, and each costs a multiplication. */
const MOST_PARTS = 8

function isWhole(octets: Uint8Array, bytes: number): boolean {
  return octets.length > 0 && octets.length % bytes === 0 && octets.length <= MOST_PARTS * bytes
}

/** The key times the masks modulo q (R 50.1.112-2016 section 5.1): what is stored was divided by them. */
function unmask(parts: Uint8Array, bytes: number, q: bigint): bigint {
  let value = fromLittleEndian(parts.subarray(0, bytes)) % q
  for (let at = bytes; at < parts.length; at += bytes) {
    value = (value * fromLittleEndian(parts.subarray(at, at + bytes))) % q
  }
  return value
}

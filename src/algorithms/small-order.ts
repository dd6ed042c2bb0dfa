import { equalBytes } from '../asn1/index.ts'

function bytes(length: number, fill: number, first: number, last: number): Uint8Array {
  const out = new Uint8Array(length).fill(fill)
  out[0] = first
  out[length - 1] = last
  return out
}

function hex(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}

// y coordinates, little-endian without the sign bit, of the points whose order divides the cofactor.
const ED25519 = [
  bytes(32, 0, 0, 0),
  bytes(32, 0, 1, 0),
  hex('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05'),
  hex('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a'),
  bytes(32, 0xff, 0xec, 0x7f),
  bytes(32, 0xff, 0xed, 0x7f),
  bytes(32, 0xff, 0xee, 0x7f),
]

const ED448_MINUS_ONE = bytes(57, 0xff, 0xfe, 0)
ED448_MINUS_ONE[28] = 0xfe
const ED448 = [bytes(57, 0, 0, 0), bytes(57, 0, 1, 0), ED448_MINUS_ONE]

/**
 * Whether an Ed25519 or Ed448 public key is a point of small order. Such a key verifies chosen signatures
 * over any message (RFC 8032 section 8.8 speaks of it), and no key pair has one.
 */
export function hasSmallOrder(key: Uint8Array): boolean {
  const y = Uint8Array.from(key)
  y[y.length - 1] = (y[y.length - 1] as number) & 0x7f
  return (key.length === 32 ? ED25519 : ED448).some((point) => equalBytes(point, y))
}

import { toHex } from '../../asn1/index.ts'

/** The number that bytes hold, the most significant first. */
export function fromBigEndian(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${toHex(bytes)}`)
}

/** The number that bytes hold, the least significant first. */
export function fromLittleEndian(bytes: Uint8Array): bigint {
  return fromBigEndian(Uint8Array.from(bytes).reverse())
}

/** A number in so many bytes, the most significant first. It must fit. */
export function toBigEndian(value: bigint, length: number): Uint8Array<ArrayBuffer> {
  const hex = value.toString(16).padStart(2 * length, '0')
  const out = new Uint8Array(length)
  for (let i = 0; i < length; i++) out[i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16)
  return out
}

/** A number in so many bytes, the least significant first. It must fit. */
export function toLittleEndian(value: bigint, length: number): Uint8Array<ArrayBuffer> {
  return toBigEndian(value, length).reverse()
}

import type { CurveName } from '../../algorithms/index.ts'
import { concatBytes, der, readDer } from '../../asn1/index.ts'

/** Bytes of one coordinate. */
const COORDINATE: Readonly<Record<CurveName, number>> = { 'P-256': 32, 'P-384': 48, 'P-521': 66 }

/** Ecdsa-Sig-Value in DER (RFC 5480 appendix A) from WebCrypto's r and s, one behind the other. */
export function derSignature(raw: Uint8Array): Uint8Array {
  const half = raw.length / 2
  return der.sequence([der.integer(raw.subarray(0, half)), der.integer(raw.subarray(half))])
}

/** The other way: undefined for what cannot be a signature of this curve. */
export function rawSignature(signature: Uint8Array, curve: CurveName): Uint8Array<ArrayBuffer> | undefined {
  const length = COORDINATE[curve]
  const [r, s] = readDer(signature, 'Ecdsa-Sig-Value', (reader) =>
    reader.sequence('', (q) => [q.integerBytes('r'), q.integerBytes('s')] as const),
  ).map((integer) => padded(integer, length))
  return r && s && concatBytes([r, s])
}

function padded(integer: Uint8Array, length: number): Uint8Array | undefined {
  const magnitude = integer[0] === 0 ? integer.subarray(1) : integer
  if ((integer[0] as number) >= 0x80 || magnitude.length > length) return undefined
  const out = new Uint8Array(length)
  out.set(magnitude, length - magnitude.length)
  return out
}

import { concatBytes } from './bytes.ts'
import { HIGH_TAG } from './tags.ts'

/** Identifier octets (X.690 8.1.2). */
export function identifier(tag: number): number[] {
  if (tag <= 0xff) return [tag]
  const octets = [tag % 128]
  for (let left = (tag % HIGH_TAG) >> 7; left > 0; left >>= 7) octets.unshift((left & 0x7f) | 0x80)
  return [Math.floor(tag / HIGH_TAG), ...octets]
}

/** Identifier and length octets in their shortest form (X.690 8.1.2, 10.1). */
function tagAndLength(tag: number, length: number): Uint8Array {
  const out = identifier(tag)
  if (length < 0x80) out.push(length)
  else {
    const octets: number[] = []
    for (let left = length; left > 0; left = Math.floor(left / 256)) octets.unshift(left % 256)
    out.push(0x80 | octets.length, ...octets)
  }
  return Uint8Array.from(out)
}

/**
 * One element from its tag and the parts of its content.
 *
 * @param tag identifier octet, see `Tag` and `contextTag`
 * @param parts bytes that make the content, in this order
 * @throws TypeError where a part is no Uint8Array
 * @example
 * ```ts
 * import { contextTag, encode } from 'sealkit/asn1'
 * encode(contextTag(1, false), [Uint8Array.of(7)]) // 81 01 07
 * ```
 */
export function encode(tag: number, parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  let length = 0
  for (const part of parts) {
    // A string here would be taken for an array of zeros.
    if (!(part instanceof Uint8Array)) throw new TypeError('DER is made of Uint8Arrays')
    length += part.length
  }
  return concatBytes([tagAndLength(tag, length), ...parts])
}

/**
 * Content octets of an INTEGER (X.690 8.3): two's complement, as short as can be.
 *
 * @param value a safe integer, a bigint, or the unsigned big-endian bytes of a magnitude
 * @throws TypeError for another number or type
 */
export function integerContent(value: number | bigint | Uint8Array): Uint8Array {
  if (value instanceof Uint8Array) return unsignedContent(value)
  if (typeof value !== 'bigint' && !Number.isSafeInteger(value)) {
    throw new TypeError(`not a safe integer: ${value}`)
  }
  const big = BigInt(value)
  // Bits of the magnitude (of -big - 1 where negative, X.690 8.3.3) and one for the sign.
  const bits = big === 0n || big === -1n ? 1 : (big < 0n ? ~big : big).toString(16).length * 4 + 1
  const octets = Math.ceil(bits / 8)
  const hex = BigInt.asUintN(octets * 8, big)
    .toString(16)
    .padStart(octets * 2, '0')
  return shortest(Uint8Array.from(Buffer.from(hex, 'hex')))
}

/** Without the leading octets that only repeat the sign bit. */
function shortest(content: Uint8Array): Uint8Array {
  let from = 0
  while (from < content.length - 1) {
    const top = ((content[from] as number) << 1) | ((content[from + 1] as number) >> 7)
    if (top !== 0 && top !== 0x1ff) break
    from++
  }
  return content.subarray(from)
}

function unsignedContent(magnitude: Uint8Array): Uint8Array {
  let from = 0
  while (from < magnitude.length && magnitude[from] === 0) from++
  const bytes = magnitude.subarray(from)
  if (bytes.length > 0 && (bytes[0] as number) < 0x80) return bytes
  return concatBytes([Uint8Array.of(0), bytes])
}

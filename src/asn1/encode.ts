import { compareBytes, concatBytes } from './bytes.ts'
import { HIGH_TAG } from './tags.ts'

/** Content of an element: bytes that are encoded already, or elements inside it that are written with it. */
export type Part = Uint8Array | Layout

/** An element that has been measured but not written: {@link encode} writes it right into its place. */
export interface Layout {
  readonly tag: number
  readonly parts: readonly Part[]
  /** Bytes of content. */
  readonly length: number
}

/**
 * Measures an element, for {@link encode} to write it within another one. Nothing is copied on the way, which
 * counts where large elements are nested.
 *
 * @param tag identifier octet, see `Tag` and `contextTag`
 * @param parts what makes the content, in this order
 * @throws TypeError where a part is neither a Uint8Array nor a layout
 */
export function layout(tag: number, parts: readonly Part[]): Layout {
  let length = 0
  for (const part of parts) {
    if (part instanceof Uint8Array) length += part.length
    // A string here would be taken for an array of zeros.
    else if (typeof part?.tag !== 'number') throw new TypeError('DER is made of Uint8Arrays')
    else length += tagSize(part.tag) + lengthSize(part.length) + part.length
  }
  return { tag, parts, length }
}

/**
 * One element from its tag and the parts of its content.
 *
 * @param tag identifier octet, see `Tag` and `contextTag`
 * @param parts bytes that make the content, or the {@link layout} of elements inside, in this order
 * @throws TypeError where a part is neither a Uint8Array nor a layout
 * @example
 * ```ts
 * import { contextTag, encode } from 'sealkit/asn1'
 * encode(contextTag(1, false), [Uint8Array.of(7)]) // 81 01 07
 * ```
 */
export function encode(tag: number, parts: readonly Part[]): Uint8Array<ArrayBuffer> {
  const element = layout(tag, parts)
  const out = new Uint8Array(tagSize(tag) + lengthSize(element.length) + element.length)
  write(element, out, 0)
  return out
}

/** The elements of a SET OF in their DER order (X.690 11.6). A single one can stay a layout. */
export function ascending(items: readonly Part[]): readonly Part[] {
  if (items.length < 2) return items
  return items
    .map((item) => (item instanceof Uint8Array ? item : encode(item.tag, item.parts)))
    .sort(compareBytes)
}

/** Gives where the next element goes. */
function write({ tag, parts, length }: Layout, out: Uint8Array, start: number): number {
  let at = writeLength(length, out, writeTag(tag, out, start))
  for (const part of parts) {
    if (part instanceof Uint8Array) {
      out.set(part, at)
      at += part.length
    } else at = write(part, out, at)
  }
  return at
}

/** Number of identifier octets (X.690 8.1.2). */
export function tagSize(tag: number): number {
  if (tag <= 0xff) return 1
  const number = tag % HIGH_TAG
  return number < 0x80 ? 2 : number < 0x4000 ? 3 : 4
}

function writeTag(tag: number, out: Uint8Array, start: number): number {
  const size = tagSize(tag)
  out[start] = size === 1 ? tag : Math.floor(tag / HIGH_TAG)
  for (let i = 1, left = tag % HIGH_TAG; i < size; i++, left >>= 7) {
    out[start + size - i] = (left & 0x7f) | (i === 1 ? 0 : 0x80)
  }
  return start + size
}

/** Identifier octets alone. */
export function identifier(tag: number): Uint8Array {
  const out = new Uint8Array(tagSize(tag))
  writeTag(tag, out, 0)
  return out
}

/** Number of length octets in the shortest form (X.690 10.1). */
export function lengthSize(length: number): number {
  if (length < 0x80) return 1
  return length < 0x100 ? 2 : length < 0x10000 ? 3 : length < 0x1000000 ? 4 : 5
}

/** Writes the length in its shortest form; gives where the content goes. */
export function writeLength(length: number, out: Uint8Array, start: number): number {
  const octets = lengthSize(length) - 1
  out[start] = octets === 0 ? length : 0x80 | octets
  // Division, since a shift would cut a length at 32 bits.
  for (let i = octets, left = length; i > 0; i--, left = Math.floor(left / 256)) out[start + i] = left % 256
  return start + 1 + octets
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
  return shortest(
    Uint8Array.from({ length: octets }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16)),
  )
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

import { compareBytes, concatBytes } from './bytes.ts'
import { encodeOid } from './oid.ts'
import { CONSTRUCTED, contextTag, HIGH_TAG, Tag } from './tags.ts'
import { encodeTime, isUtcTimeYear } from './time.ts'

/** Identifier and length octets in their shortest form. */
export function tagAndLength(tag: number, length: number): Uint8Array {
  const out = tag > 0xff ? highTag(tag) : [tag]
  if (length < 0x80) out.push(length)
  else {
    const octets: number[] = []
    for (let left = length; left > 0; left = Math.floor(left / 256)) octets.unshift(left % 256)
    out.push(0x80 | octets.length, ...octets)
  }
  return Uint8Array.from(out)
}

function highTag(tag: number): number[] {
  const octets = [tag % 128]
  for (let left = (tag % HIGH_TAG) >> 7; left > 0; left >>= 7) octets.unshift((left & 0x7f) | 0x80)
  return [Math.floor(tag / HIGH_TAG), ...octets]
}

/**
 * One element from its tag and the parts of its content.
 *
 * @param tag identifier octet, see {@link Tag} and {@link contextTag}
 */
export function encode(tag: number, parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  let length = 0
  for (const part of parts) length += part.length
  return concatBytes([tagAndLength(tag, length), ...parts])
}

/**
 * DER writing (X.690 section 10 and 11): each function gives one whole element.
 *
 * @example
 * ```ts
 * import { der } from 'sealkit/asn1'
 * der.sequence([der.oid('2.16.840.1.101.3.4.2.1'), der.null()])
 * ```
 */
export const der: {
  sequence(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer>
  set(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer>
  setOf(items: readonly Uint8Array[], tag?: number): Uint8Array<ArrayBuffer>
  explicit(number: number, element: Uint8Array): Uint8Array<ArrayBuffer>
  implicit(number: number, element: Uint8Array): Uint8Array<ArrayBuffer>
  boolean(value: boolean): Uint8Array<ArrayBuffer>
  integer(value: number | bigint | Uint8Array): Uint8Array<ArrayBuffer>
  null(): Uint8Array<ArrayBuffer>
  oid(dotted: string): Uint8Array<ArrayBuffer>
  octetString(bytes: Uint8Array): Uint8Array<ArrayBuffer>
  bitString(bytes: Uint8Array, unusedBits?: number): Uint8Array<ArrayBuffer>
  utf8String(text: string): Uint8Array<ArrayBuffer>
  printableString(text: string): Uint8Array<ArrayBuffer>
  ia5String(text: string): Uint8Array<ArrayBuffer>
  time(date: Date): Uint8Array<ArrayBuffer>
  generalizedTime(date: Date): Uint8Array<ArrayBuffer>
} = {
  sequence: (parts) => encode(Tag.SEQUENCE, parts),
  set: (parts) => encode(Tag.SET, parts),
  /** SET OF: the encodings ascend (X.690 11.6). */
  setOf: (items, tag = Tag.SET) => encode(tag, [...items].sort(compareBytes)),
  /** `[number]` EXPLICIT around an element. */
  explicit: (number, element) => encode(contextTag(number, true), [element]),
  /** `[number]` IMPLICIT: the element with another tag, its constructed bit kept. */
  implicit: (number, element) => {
    const out = new Uint8Array(element)
    out[0] = contextTag(number, ((element[0] as number) & CONSTRUCTED) !== 0)
    return out
  },
  boolean: (value) => encode(Tag.BOOLEAN, [Uint8Array.of(value ? 0xff : 0)]),
  /** INTEGER from a number, a bigint, or the unsigned big-endian bytes of a magnitude. */
  integer: (value) => encode(Tag.INTEGER, [integerContent(value)]),
  null: () => Uint8Array.of(Tag.NULL, 0),
  oid: (dotted) => encode(Tag.OBJECT_IDENTIFIER, [encodeOid(dotted)]),
  octetString: (bytes) => encode(Tag.OCTET_STRING, [bytes]),
  bitString: (bytes, unusedBits = 0) => encode(Tag.BIT_STRING, [Uint8Array.of(unusedBits), bytes]),
  utf8String: (text) => encode(Tag.UTF8_STRING, [utf8.encode(text)]),
  printableString: (text) => encode(Tag.PRINTABLE_STRING, [repertoire(text, /^[A-Za-z0-9 '()+,\-./:=?]*$/)]),
  ia5String: (text) => encode(Tag.IA5_STRING, [repertoire(text, /^\p{ASCII}*$/u)]),
  /** Time of RFC 5280 4.1.2.5: UTCTime from 1950 to 2049, else GeneralizedTime; whole seconds. */
  time: (date) => {
    const utc = isUtcTimeYear(date)
    return encode(utc ? Tag.UTC_TIME : Tag.GENERALIZED_TIME, [utf8.encode(encodeTime(date, utc))])
  },
  generalizedTime: (date) => encode(Tag.GENERALIZED_TIME, [utf8.encode(encodeTime(date, false))]),
}

const utf8 = new TextEncoder()

function repertoire(text: string, form: RegExp): Uint8Array {
  if (!form.test(text)) throw new TypeError(`characters outside the string type: ${JSON.stringify(text)}`)
  return utf8.encode(text)
}

function integerContent(value: number | bigint | Uint8Array): Uint8Array {
  if (value instanceof Uint8Array) return unsignedContent(value)
  if (typeof value === 'number' && !Number.isSafeInteger(value)) {
    throw new TypeError(`not a safe integer: ${value}`)
  }
  const octets: number[] = []
  let left = BigInt(value)
  do {
    octets.unshift(Number(left & 0xffn))
    left >>= 8n
  } while (left !== 0n && left !== -1n)
  const negative = left === -1n
  if (negative !== (octets[0] as number) >= 0x80) octets.unshift(negative ? 0xff : 0)
  return Uint8Array.from(octets)
}

function unsignedContent(magnitude: Uint8Array): Uint8Array {
  let from = 0
  while (from < magnitude.length - 1 && magnitude[from] === 0) from++
  const bytes = magnitude.subarray(from)
  if (bytes.length === 0) return Uint8Array.of(0)
  return (bytes[0] as number) >= 0x80 ? concatBytes([Uint8Array.of(0), bytes]) : bytes
}

import { concatBytes } from './bytes.ts'
import { ascending, encode, identifier, integerContent, type Part } from './encode.ts'
import { encodeOid } from './oid.ts'
import { CONSTRUCTED, contextTag, Tag } from './tags.ts'
import { encodeTime, isUtcTimeYear } from './time.ts'

/** The functions of {@link der}. Each gives one whole element in new bytes; a wrong argument is a TypeError. */
export interface DerWriter {
  /** SEQUENCE of the elements in this order. */
  sequence(parts: readonly Part[]): Uint8Array<ArrayBuffer>
  /** SET: the elements, each with a tag of its own of one octet, ordered by tag (X.690 10.3). */
  set(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer>
  /** SET OF: the encodings ascend (X.690 11.6). `tag` replaces SET, for IMPLICIT tagging. */
  setOf(items: readonly Part[], tag?: number): Uint8Array<ArrayBuffer>
  /** `[number]` EXPLICIT around an element. */
  explicit(number: number, element: Uint8Array): Uint8Array<ArrayBuffer>
  /** `[number]` IMPLICIT: the element with another tag, its constructed bit kept. */
  implicit(number: number, element: Uint8Array): Uint8Array<ArrayBuffer>
  /** BOOLEAN: TRUE is FF (X.690 11.1). */
  boolean(value: boolean): Uint8Array<ArrayBuffer>
  /** INTEGER from a safe integer, a bigint, or the unsigned big-endian bytes of a magnitude. */
  integer(value: number | bigint | Uint8Array): Uint8Array<ArrayBuffer>
  /** NULL. */
  null(): Uint8Array<ArrayBuffer>
  /** OBJECT IDENTIFIER from its dotted form. */
  oid(dotted: string): Uint8Array<ArrayBuffer>
  /** OCTET STRING. */
  octetString(bytes: Uint8Array): Uint8Array<ArrayBuffer>
  /** BIT STRING: the last `unusedBits` (0 to 7, default 0) of the bytes are not counted and must be zero. */
  bitString(bytes: Uint8Array, unusedBits?: number): Uint8Array<ArrayBuffer>
  /** UTF8String; lone surrogates are refused. */
  utf8String(text: string): Uint8Array<ArrayBuffer>
  /** PrintableString: letters, digits, space and `'()+,-./:=?`. */
  printableString(text: string): Uint8Array<ArrayBuffer>
  /** IA5String: ASCII. */
  ia5String(text: string): Uint8Array<ArrayBuffer>
  /** Time of RFC 5280 4.1.2.5: UTCTime from 1950 to 2049, else GeneralizedTime; whole seconds. */
  time(date: Date): Uint8Array<ArrayBuffer>
  /** GeneralizedTime in whole seconds, for types that are not a choice of both. */
  generalizedTime(date: Date): Uint8Array<ArrayBuffer>
}

/**
 * DER writing (X.690 sections 10 and 11).
 *
 * @example
 * ```ts
 * import { der } from 'sealkit/asn1'
 * der.sequence([der.oid('2.16.840.1.101.3.4.2.1'), der.null()])
 * ```
 */
export const der: DerWriter = {
  sequence: (parts) => encode(Tag.SEQUENCE, parts),
  set: (parts) => encode(Tag.SET, [...parts].sort(compareTags)),
  setOf: (items, tag = Tag.SET) => encode(tag, ascending(items)),
  explicit: (number, element) => encode(contextTag(number, true), [element]),
  implicit,
  boolean: (value) => encode(Tag.BOOLEAN, [Uint8Array.of(value ? 0xff : 0)]),
  integer: (value) => encode(Tag.INTEGER, [integerContent(value)]),
  null: () => Uint8Array.of(Tag.NULL, 0),
  oid: (dotted) => encode(Tag.OBJECT_IDENTIFIER, [encodeOid(dotted)]),
  octetString: (bytes) => encode(Tag.OCTET_STRING, [bytes]),
  bitString: (bytes, unusedBits = 0) => {
    const last = bytes[bytes.length - 1] ?? 0
    const fits = Number.isInteger(unusedBits) && unusedBits >= 0 && unusedBits <= (bytes.length > 0 ? 7 : 0)
    if (!fits || (last & ((1 << unusedBits) - 1)) !== 0) {
      throw new TypeError(`the last ${unusedBits} bits of the BIT STRING must be there and zero`)
    }
    return encode(Tag.BIT_STRING, [Uint8Array.of(unusedBits), bytes])
  },
  utf8String: (text) => encode(Tag.UTF8_STRING, [characters(text, /\p{Surrogate}/u)]),
  printableString: (text) => encode(Tag.PRINTABLE_STRING, [characters(text, /[^A-Za-z0-9 '()+,\-./:=?]/)]),
  ia5String: (text) => encode(Tag.IA5_STRING, [characters(text, /\P{ASCII}/u)]),
  time: (date) => {
    const utc = isUtcTimeYear(date)
    return encode(utc ? Tag.UTC_TIME : Tag.GENERALIZED_TIME, [utf8.encode(encodeTime(date, utc))])
  },
  generalizedTime: (date) => encode(Tag.GENERALIZED_TIME, [utf8.encode(encodeTime(date, false))]),
}

const utf8 = new TextEncoder()

function implicit(number: number, element: Uint8Array): Uint8Array<ArrayBuffer> {
  const first = element[0] ?? 0x1f
  const tag = contextTag(number, (first & CONSTRUCTED) !== 0)
  if ((first & 0x1f) === 0x1f) throw new TypeError('an element with a tag of one octet is wanted')
  return concatBytes([identifier(tag), element.subarray(1)])
}

/** Order of tags: class, then number; the constructed bit does not count (X.680 8.6). */
function compareTags(a: Uint8Array, b: Uint8Array): number {
  return ((a[0] ?? 0) & ~CONSTRUCTED) - ((b[0] ?? 0) & ~CONSTRUCTED)
}

function characters(text: string, wrong: RegExp): Uint8Array {
  if (typeof text !== 'string' || wrong.test(text)) {
    throw new TypeError(`characters outside the string type: ${JSON.stringify(text)}`)
  }
  return utf8.encode(text)
}

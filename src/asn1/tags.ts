/** Universal tags as identifier octets (X.690 8.1.2): SEQUENCE and SET with the constructed bit. */
export const Tag = {
  BOOLEAN: 0x01,
  INTEGER: 0x02,
  BIT_STRING: 0x03,
  OCTET_STRING: 0x04,
  NULL: 0x05,
  OBJECT_IDENTIFIER: 0x06,
  ENUMERATED: 0x0a,
  UTF8_STRING: 0x0c,
  SEQUENCE: 0x30,
  SET: 0x31,
  NUMERIC_STRING: 0x12,
  PRINTABLE_STRING: 0x13,
  TELETEX_STRING: 0x14,
  IA5_STRING: 0x16,
  UTC_TIME: 0x17,
  GENERALIZED_TIME: 0x18,
  VISIBLE_STRING: 0x1a,
  UNIVERSAL_STRING: 0x1c,
  BMP_STRING: 0x1e,
} as const

/** The constructed bit of an identifier octet. */
export const CONSTRUCTED = 0x20

/** Factor by which the first octet of a multi-octet tag is kept above its number. */
export const HIGH_TAG = 0x1000000

/** Tag numbers above 30 take octets of their own (X.690 8.1.2.4); three are read. */
const MAX_NUMBER = 2 ** 21 - 1

/**
 * Tag of `[number]`, context-specific (X.690 8.1.2).
 *
 * @param number tag number, 0 to 2^21 - 1; up to 30 the outcome is the identifier octet, above that the first
 *   octet * 2^24 + number, as readers give it too
 * @param constructed true for EXPLICIT tags and IMPLICIT constructed types
 * @throws TypeError for a number out of range
 * @example
 * ```ts
 * import { contextTag } from 'sealkit/asn1'
 * contextTag(0, true) // 0xa0
 * ```
 */
export function contextTag(number: number, constructed: boolean): number {
  const octet = constructed ? 0x80 | CONSTRUCTED : 0x80
  if (!(Number.isInteger(number) && number >= 0 && number <= MAX_NUMBER)) {
    throw new TypeError(`a tag number must be an integer from 0 to ${MAX_NUMBER}, not ${number}`)
  }
  return number < 31 ? octet | number : (octet | 0x1f) * HIGH_TAG + number
}

const NAMES = new Map<number, string>(Object.entries(Tag).map(([name, tag]) => [tag, name.replace('_', ' ')]))
const CLASSES = ['UNIVERSAL ', 'APPLICATION ', '', 'PRIVATE ']

/**
 * Names a tag for an error message: `SEQUENCE`, `constructed OCTET STRING`, `[0]`, `[0] primitive`,
 * `[APPLICATION 3]`.
 *
 * @param tag as {@link Tag}, {@link contextTag} and the readers give it
 */
export function tagName(tag: number): string {
  const octet = tag > 0xff ? Math.floor(tag / HIGH_TAG) : tag
  if (octet === tag && tag < 0x40) {
    const name = NAMES.get(tag)
    if (name !== undefined) return name
    const primitive = NAMES.get(tag & ~CONSTRUCTED)
    if (primitive !== undefined) return `constructed ${primitive}`
  }
  const number = octet === tag ? tag & 0x1f : tag % HIGH_TAG
  return `[${CLASSES[octet >> 6]}${number}]${octet & CONSTRUCTED ? '' : ' primitive'}`
}

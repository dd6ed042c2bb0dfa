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

/**
 * Identifier octet of a context-specific tag: `[n]`.
 *
 * @param number tag number, 0 to 30
 * @param constructed true for EXPLICIT tags and IMPLICIT constructed types
 * @example
 * ```ts
 * import { contextTag } from 'sealkit/asn1'
 * contextTag(0, true) // 0xa0
 * ```
 */
export function contextTag(number: number, constructed: boolean): number {
  return 0x80 | (constructed ? CONSTRUCTED : 0) | number
}

const NAMES = new Map<number, string>(Object.entries(Tag).map(([name, tag]) => [tag, name.replace('_', ' ')]))
const CLASSES = ['UNIVERSAL ', 'APPLICATION ', '', 'PRIVATE ']

/** Names a tag for an error message: `SEQUENCE`, `[0]`, `[APPLICATION 3]`. */
export function tagName(tag: number): string {
  const name = NAMES.get(tag) ?? NAMES.get(tag & ~CONSTRUCTED)
  if (name !== undefined && tag < 0x40) return NAMES.has(tag) ? name : `constructed ${name}`
  const octet = tag > 0xff ? Math.floor(tag / HIGH_TAG) : tag
  const number = tag > 0xff ? tag % HIGH_TAG : octet & 0x1f
  return `[${CLASSES[octet >> 6]}${number}]${octet & CONSTRUCTED ? '' : ' primitive'}`
}

/** Factor by which the first octet of a multi-octet tag is kept above its number. */
export const HIGH_TAG = 0x1000000

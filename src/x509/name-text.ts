import { decodeString, type Element, Tag, toHex } from '../asn1/index.ts'
import { attributeTypeOf } from './attribute-types.ts'

/** One attribute of a name: its type's OID and its value as it stands. */
export interface NameAttribute {
  /** Dotted OID, e.g. `2.5.4.3` for commonName. */
  readonly type: string
  /** The text, or undefined where the value is no character string. */
  readonly text: string | undefined
  /** The value in DER. */
  readonly value: Element
}

/**
 * The text of an attribute's value, or undefined where it is no character string. Certificates of the field
 * have PrintableStrings with `@`, `&`, `*` or `_`, which the type lacks: printable ASCII is taken there.
 */
export function attributeText({ tag, content }: Element): string | undefined {
  const text = decodeString(tag, content)
  if (text !== undefined || (tag !== Tag.PRINTABLE_STRING && tag !== Tag.NUMERIC_STRING)) return text
  return decodeString(Tag.VISIBLE_STRING, content)
}

/** RFC 4514: most specific RDN first, types without a short name as OIDs with their value in hexadecimal. */
export function nameToString(rdns: readonly (readonly NameAttribute[])[]): string {
  return rdns
    .map((rdn) => rdn.map(attributeToString).join('+'))
    .reverse()
    .join(',')
}

function attributeToString({ type, text, value }: NameAttribute): string {
  const name = attributeTypeOf(type)?.name
  if (name === undefined || text === undefined) return `${name ?? type}=#${toHex(value.bytes)}`
  return `${name}=${escapeText(text)}`
}

/**
 * RFC 4514 2.4. Control and format characters are escaped too, so that a name can inject nothing into a
 * terminal, a log or the reading direction.
 */
function escapeText(text: string): string {
  return text
    .replace(/[\\",+;<>]/g, '\\$&')
    .replace(/^[ #]| $/g, '\\$&')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (control) =>
      Array.from(utf8.encode(control), (octet) => `\\${toHex(Uint8Array.of(octet)).toUpperCase()}`).join(''),
    )
}

const utf8 = new TextEncoder()

/**
 * A form of an RDN that is the same for those that are the same by RFC 5280 7.1: the string type, case and runs of
 * spaces do not count, Unicode's compatibility forms are one, the order inside an RDN is none. What RFC 4518
 * would drop altogether (control characters, soft hyphens) counts: names that look alike stay apart.
 */
export function comparableRdn(rdn: readonly NameAttribute[]): string {
  return JSON.stringify(rdn.map(comparableAttribute).sort())
}

// Normalising puts the marks on one letter in order, in quadratic time. No text has more than 30 of them in a row
// (UAX #15 section 13); the two halfwidth ones become marks.
const MANY_MARKS = /[\p{M}\uff9e\uff9f]{31}/u

function comparableAttribute({ type, text, value }: NameAttribute): string {
  if (text === undefined || MANY_MARKS.test(text)) return `${type}#${toHex(value.bytes)}`
  return `${type}=${fold(text.normalize('NFKC')).normalize('NFKC').replace(/\s+/g, ' ').trim()}`
}

/** Case folding as RFC 3454 B.2 has it, where toLowerCase differs. */
function fold(text: string): string {
  return text.toLowerCase().replaceAll('ß', 'ss').replaceAll('ς', 'σ')
}

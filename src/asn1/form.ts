import type { Asn1ErrorCode } from '../errors.ts'
import type { Header } from './header.ts'
import { tagName } from './tags.ts'

// Universal types by number (X.680 8.4): those whose DER is primitive only (X.690 8.2 to 8.26, 10.2), and
// those that are constructed always. 0 is end-of-contents, 15 reserved.
const PRIMITIVE_ONLY = [
  1, 2, 3, 4, 5, 6, 7, 9, 10, 12, 13, 14, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 30,
]
const CONSTRUCTED_ONLY = [8, 11, 16, 17, 29]

const FITS = 0
const MUST_BE_PRIMITIVE = 1
const MUST_BE_CONSTRUCTED = 2
const RESERVED = 3

/** What is wrong with an identifier octet below 0x40. */
const FORM = new Uint8Array(0x40)
for (const number of PRIMITIVE_ONLY) FORM[number | 0x20] = MUST_BE_PRIMITIVE
for (const number of CONSTRUCTED_ONLY) FORM[number] = MUST_BE_CONSTRUCTED
for (const number of [0, 15]) FORM[number] = FORM[number | 0x20] = RESERVED

/** Types that BER may send in pieces: BIT STRING, OCTET STRING, the character strings and the times. */
const IN_PIECES = new Set([3, 4, 7, 12, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 30])

/** Whether a tag is that of a constructed string (X.690 8.6.4, 8.7.3, 8.23.6). */
export function isStringInPieces(tag: number): boolean {
  return tag >= 0x20 && tag < 0x40 && IN_PIECES.has(tag & 0x1f)
}

/** Says why a header cannot stand in DER (X.690 10.1, 10.2); undefined where it can. */
export function formFault(header: Header): { code: Asn1ErrorCode; message: string } | undefined {
  const { tag, minimal } = header
  const form = tag < 0x40 ? FORM[tag] : FITS
  if (minimal && form === FITS) return undefined
  if (!minimal) {
    const what = header.end < 0 ? 'indefinite length' : 'length not in its shortest form'
    return { code: 'ERR_ASN1_NOT_DER', message: what }
  }
  if (form === MUST_BE_PRIMITIVE) {
    return { code: 'ERR_ASN1_NOT_DER', message: `${tagName(tag)} must be primitive` }
  }
  if (form === MUST_BE_CONSTRUCTED) {
    return { code: 'ERR_ASN1_VALUE', message: `${tagName(tag)} must be constructed` }
  }
  const message = tag === 0 ? 'end-of-contents outside indefinite length' : `${tagName(tag)} is reserved`
  return { code: 'ERR_ASN1_VALUE', message }
}

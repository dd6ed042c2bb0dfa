import { DefiniteWriter } from './definite.ts'
import { formFault } from './form.ts'
import { emptyHeader, isConstructed, readHeader } from './header.ts'
import { type Limits, withDefaults } from './limits.ts'
import { Scan } from './scan.ts'

/**
 * Rewrites BER (X.690 section 8) with definite, shortest lengths and strings in one piece, as DER has them.
 * Nothing else changes: SET OF keeps its order, values keep their octets, and what a value may be is left to
 * the reader. Input that is so already is returned as it is, without a copy. Implicitly tagged strings in
 * pieces look like any constructed element and stay: the reader's `octetString` joins them.
 *
 * Read the outcome with `readDer(…, { rules: 'definite' })`.
 *
 * @param bytes one BER element, nothing before or after
 * @param limits bounds on what is read; the outcome is hardly longer than the input ever is (up to 3 bytes for an
 *   indefinite length around more than 64 KiB, 1 for a BIT STRING of no pieces)
 * @throws Asn1Error with the byte offset: `ERR_ASN1_TRUNCATED`, `ERR_ASN1_TRAILING_DATA`, `ERR_ASN1_LENGTH`,
 *   `ERR_ASN1_VALUE` (a piece of another type, a stray end-of-contents), `ERR_ASN1_LIMIT`
 * @example
 * ```ts
 * import { toDefinite } from 'sealkit/asn1'
 * const indefinite = Uint8Array.of(0x24, 0x80, 0x04, 0x01, 0x61, 0x04, 0x01, 0x62, 0x00, 0x00)
 * toDefinite(indefinite) // 04 02 61 62
 * ```
 */
export function toDefinite(bytes: Uint8Array, limits?: Limits): Uint8Array {
  return definiteForm(bytes, limits).bytes
}

/** What {@link toDefinite} gives, and what of it stood there as it is. */
export interface DefiniteForm {
  readonly bytes: Uint8Array
  /** Whether the element that spans these offsets is a copy, with all that is in it, of one that was read. */
  isVerbatim(start: number, end: number): boolean
}

/** As {@link toDefinite}, for those who ask what was rewritten. */
export function definiteForm(bytes: Uint8Array, limits?: Limits): DefiniteForm {
  if (!(bytes instanceof Uint8Array)) throw new TypeError('bytes must be a Uint8Array')
  const scan = new Scan(bytes, withDefaults(limits))
  if (isDefinite(bytes, scan.limits)) return { bytes, isVerbatim: () => true }
  const next = scan.element(0, bytes.length, 0)
  if (next !== bytes.length) {
    scan.fail('ERR_ASN1_TRAILING_DATA', `${bytes.length - next} bytes after the element`, next)
  }
  if (!scan.changed) return { bytes, isVerbatim: () => true }
  const writer = new DefiniteWriter(bytes, scan.sizes, scan.size)
  return { bytes: writer.run(), isVerbatim: (start, end) => writer.isVerbatim(start, end) }
}

/**
 * Whether nothing is to be rewritten, as in most messages: a look at the headers one after another, without
 * recursion. What is wrong or beyond the limits is left to the scan: false.
 */
function isDefinite(bytes: Uint8Array, limits: Required<Limits>): boolean {
  const header = emptyHeader()
  /** Ends of the elements around `at`; the innermost is `end`. */
  const outer: number[] = []
  let end = bytes.length
  let at = 0
  for (let elements = 0; elements < limits.maxElements; elements++) {
    if (readHeader(bytes, at, end, header) !== undefined || formFault(header) !== undefined) return false
    if (elements === 0 && header.end !== end) return false
    if (isConstructed(header.tag)) {
      if (outer.length >= limits.maxDepth) return false
      outer.push(end)
      end = header.end
      at = header.contentStart
    } else at = header.end
    while (at === end) {
      const around = outer.pop()
      if (around === undefined) return true
      end = around
    }
  }
  return false
}

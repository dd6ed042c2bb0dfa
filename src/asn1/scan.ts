import { Asn1Error, type Asn1ErrorCode } from '../errors.ts'
import { encodedSize, VERBATIM } from './definite.ts'
import { isStringInPieces } from './form.ts'
import { emptyHeader, type Header, isConstructed, readHeader } from './header.ts'
import type { Limits } from './limits.ts'
import { CONSTRUCTED, Tag, tagName } from './tags.ts'

/** First pass of `toDefinite` over what is BER: checks the form and sizes the outcome. */
export class Scan {
  readonly bytes: Uint8Array
  readonly limits: Required<Limits>
  readonly header: Header = emptyHeader()
  elements = 0
  /** Content size of each rewritten element in the order of their tags, or VERBATIM for all of one. */
  readonly sizes: number[] = []
  /** Of the element scanned last: its rewritten size with tag and length, and whether that differs. */
  size = 0
  changed = false
  /** Of the string in pieces being scanned: content so far, and unused bits of the last BIT STRING piece. */
  length = 0
  unusedBits = 0

  constructor(bytes: Uint8Array, limits: Required<Limits>) {
    this.bytes = bytes
    this.limits = limits
    if (bytes.length > limits.maxBytes) {
      this.fail('ERR_ASN1_LIMIT', `${bytes.length} bytes where at most ${limits.maxBytes} are read`, 0)
    }
  }

  fail(code: Asn1ErrorCode, message: string, offset: number): never {
    throw new Asn1Error(code, message, { offset, path: '' })
  }

  /** Scans the element at `at`, which ends before `limit`, inside `depth` others. Gives where the next starts. */
  element(at: number, limit: number, depth: number): number {
    const { tag, contentStart, end, minimal } = this.#read(at, limit, depth)
    const index = this.sizes.push(VERBATIM) - 1
    let size = end - contentStart
    let next = end
    let changed = !minimal
    if (isStringInPieces(tag)) {
      this.unusedBits = 0
      this.length = tag === (Tag.BIT_STRING | CONSTRUCTED) ? 1 : 0
      next = this.#pieces(tag, contentStart, end, limit, depth)
      size = this.length
      changed = true
    } else if (isConstructed(tag)) {
      size = 0
      let child = contentStart
      while (!this.#ended(child, end, limit)) {
        child = this.element(child, end < 0 ? limit : end, depth + 1)
        size += this.size
        changed ||= this.changed
      }
      next = end < 0 ? child + 2 : end
    }
    if (changed) this.sizes[index] = size
    else this.sizes.length = index + 1
    this.size = changed ? encodedSize(tag, size) : next - at
    this.changed = changed
    return next
  }

  /** The pieces of a string, which may be in pieces themselves (X.690 8.6.4, 8.7.3, 8.23.6). */
  #pieces(whole: number, contentStart: number, end: number, limit: number, depth: number): number {
    const type = whole === (Tag.BIT_STRING | CONSTRUCTED) ? Tag.BIT_STRING : Tag.OCTET_STRING
    let at = contentStart
    while (!this.#ended(at, end, limit)) {
      const piece = this.#read(at, end < 0 ? limit : end, depth + 1)
      if (piece.tag === (type | CONSTRUCTED)) {
        at = this.#pieces(piece.tag, piece.contentStart, piece.end, end < 0 ? limit : end, depth + 1)
        continue
      }
      if (piece.tag !== type) {
        this.fail('ERR_ASN1_VALUE', `${tagName(piece.tag)} as a piece of ${tagName(whole)}`, at)
      }
      if (type === Tag.BIT_STRING) this.#bitPiece(piece)
      else this.length += piece.end - piece.contentStart
      at = piece.end
    }
    return end < 0 ? at + 2 : end
  }

  /** Only the last piece of a BIT STRING may have unused bits (X.690 8.6.4). */
  #bitPiece({ start, contentStart, end }: Header): void {
    if (this.unusedBits > 0) this.fail('ERR_ASN1_VALUE', 'BIT STRING piece after unused bits', start)
    const unusedBits = contentStart < end ? (this.bytes[contentStart] as number) : 8
    if (unusedBits > 7 || (unusedBits > 0 && end === contentStart + 1)) {
      this.fail('ERR_ASN1_VALUE', 'malformed BIT STRING piece', start)
    }
    this.unusedBits = unusedBits
    this.length += end - contentStart - 1
  }

  /** Whether the content that reaches to `end` (-1: to end-of-contents) is over at `at`. */
  #ended(at: number, end: number, limit: number): boolean {
    if (end >= 0) return at >= end
    if (at + 2 > limit) this.fail('ERR_ASN1_TRUNCATED', 'the end-of-contents octets are missing', at)
    if (this.bytes[at] !== 0) return false
    if (this.bytes[at + 1] !== 0) this.fail('ERR_ASN1_LENGTH', 'end-of-contents with a length', at)
    return true
  }

  #read(at: number, limit: number, depth: number): Header {
    const { header, limits } = this
    const fault = readHeader(this.bytes, at, limit, header)
    if (fault !== undefined) this.fail(fault.code, fault.message, fault.offset)
    if (++this.elements > limits.maxElements) {
      this.fail('ERR_ASN1_LIMIT', `more than ${limits.maxElements} elements`, at)
    }
    if (depth >= limits.maxDepth && isConstructed(header.tag)) {
      this.fail('ERR_ASN1_LIMIT', `nested deeper than ${limits.maxDepth}`, at)
    }
    if (header.tag === 0) this.fail('ERR_ASN1_VALUE', 'end-of-contents outside indefinite length', at)
    return header
  }
}

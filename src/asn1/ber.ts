import { Asn1Error } from '../errors.ts'
import { emptyHeader, isConstructed, readHeader } from './header.ts'
import { type Limits, withDefaults } from './limits.ts'
import { CONSTRUCTED, Tag, tagName } from './tags.ts'
import { tagAndLength } from './writer.ts'

/**
 * Rewrites BER (X.690 section 8) with definite, shortest lengths and strings in one piece, as DER has them.
 * Nothing else changes: SET OF keeps its order, values keep their octets. Input that is so already is
 * returned as it is, without a copy.
 *
 * Read the outcome with `readDer(…, { rules: 'definite' })`.
 *
 * @param bytes one BER element, nothing before or after
 * @throws Asn1Error `ERR_ASN1_*` with the byte offset
 * @example
 * ```ts
 * import { toDefinite } from 'sealkit/asn1'
 * const indefinite = Uint8Array.of(0x24, 0x80, 0x04, 0x01, 0x61, 0x04, 0x01, 0x62, 0x00, 0x00)
 * toDefinite(indefinite) // 04 02 61 62
 * ```
 */
export function toDefinite(bytes: Uint8Array, limits?: Limits): Uint8Array {
  if (!(bytes instanceof Uint8Array)) throw new TypeError('bytes must be a Uint8Array')
  const scan = new Scan(bytes, withDefaults(limits))
  const root = scan.node(0, bytes.length, 0)
  if (root.next !== bytes.length) {
    scan.fail('ERR_ASN1_TRAILING_DATA', `${bytes.length - root.next} bytes after the element`, root.next)
  }
  if (!root.changed) return bytes
  const out = new Uint8Array(root.size)
  write(root, bytes, out, 0)
  return out
}

interface Node {
  start: number
  /** Where the next element starts, behind the end-of-contents octets if any. */
  next: number
  /** Bytes of the rewritten element. */
  size: number
  changed: boolean
  /** Identifier octets with the length in its shortest form; set where changed. */
  head: Uint8Array
  /** Rewritten children; for a string in pieces, its bare content spans. */
  children: Node[]
  spans: readonly (readonly [start: number, end: number])[] | undefined
  /** First content octet of a rewritten BIT STRING: its number of unused bits. */
  unusedBits: number
}

class Scan {
  readonly bytes: Uint8Array
  readonly limits: Required<Limits>
  elements = 0

  constructor(bytes: Uint8Array, limits: Required<Limits>) {
    this.bytes = bytes
    this.limits = limits
    if (bytes.length > limits.maxBytes) {
      this.fail('ERR_ASN1_LIMIT', `${bytes.length} bytes where at most ${limits.maxBytes} are read`, 0)
    }
  }

  fail(code: Asn1Error['code'], message: string, offset: number): never {
    throw new Asn1Error(code, message, { offset, path: '' })
  }

  node(at: number, limit: number, depth: number): Node {
    const header = emptyHeader()
    const fault = readHeader(this.bytes, at, limit, header)
    if (fault !== undefined) this.fail(fault.code, fault.message, fault.offset)
    if (++this.elements > this.limits.maxElements) {
      this.fail('ERR_ASN1_LIMIT', `more than ${this.limits.maxElements} elements`, at)
    }
    if (depth > this.limits.maxDepth) {
      this.fail('ERR_ASN1_LIMIT', `nested deeper than ${this.limits.maxDepth}`, at)
    }
    const { tag, contentStart, end, minimal } = header
    if (tag === 0) this.fail('ERR_ASN1_VALUE', 'end-of-contents outside indefinite length', at)
    const node: Node = {
      start: at,
      next: end,
      size: end - at,
      changed: !minimal,
      head: this.bytes.subarray(at, contentStart),
      children: [],
      spans: undefined,
      unusedBits: -1,
    }
    if (isConstructed(tag)) this.#children(node, tag, contentStart, end, limit, depth)
    else if (!minimal) {
      node.spans = [[contentStart, end]]
      this.#rewritten(node, tag, end - contentStart)
    }
    return node
  }

  #children(node: Node, tag: number, contentStart: number, end: number, limit: number, depth: number): void {
    const inside = end < 0 ? limit : end
    let at = contentStart
    let size = 0
    while (end < 0 ? !this.#endOfContents(at, inside) : at < end) {
      const child = this.node(at, inside, depth + 1)
      node.children.push(child)
      node.changed ||= child.changed
      size += child.size
      at = child.next
    }
    node.next = end < 0 ? at + 2 : end
    if (tag < 0x40 && STRING_TYPES.has(tag & 0x1f)) this.#joinPieces(node, tag)
    else if (node.changed) this.#rewritten(node, tag, size)
  }

  #endOfContents(at: number, limit: number): boolean {
    if (at + 2 > limit) this.fail('ERR_ASN1_TRUNCATED', 'the end-of-contents octets are missing', at)
    if (this.bytes[at] !== 0) return false
    if (this.bytes[at + 1] !== 0) this.fail('ERR_ASN1_LENGTH', 'end-of-contents with a length', at)
    return true
  }

  #rewritten(node: Node, tag: number, contentLength: number): void {
    node.changed = true
    node.head = tagAndLength(tag, contentLength)
    node.size = node.head.length + contentLength
  }

  /** A constructed string (X.690 8.6.4, 8.7.3, 8.23): its pieces, which may nest, make one primitive. */
  #joinPieces(node: Node, tag: number): void {
    const type = tag & 0x1f
    const spans: [number, number][] = []
    let length = 0
    node.unusedBits = type === Tag.BIT_STRING ? 0 : -1
    for (const piece of node.children) {
      const pieceType = (this.bytes[piece.start] as number) & 0x1f
      const universal = (this.bytes[piece.start] as number) < 0x40
      const fits = pieceType === type || (pieceType === Tag.OCTET_STRING && type !== Tag.BIT_STRING)
      if (!universal || !fits) {
        this.fail('ERR_ASN1_VALUE', `a piece of another type inside ${tagName(tag)}`, piece.start)
      }
      if (node.unusedBits > 0) this.fail('ERR_ASN1_VALUE', 'BIT STRING piece after unused bits', piece.start)
      for (const [start, end] of piece.spans ?? [[piece.start + piece.head.length, piece.next]]) {
        const skip = type === Tag.BIT_STRING && piece.unusedBits < 0 ? 1 : 0
        if (skip === 1) node.unusedBits = this.bytes[start] ?? 0
        else if (type === Tag.BIT_STRING) node.unusedBits = piece.unusedBits
        if (start + skip > end) this.fail('ERR_ASN1_VALUE', 'empty BIT STRING piece', piece.start)
        spans.push([start + skip, end])
        length += end - start - skip
      }
    }
    node.children = []
    node.spans = spans
    this.#rewritten(node, tag & ~CONSTRUCTED, length + (node.unusedBits >= 0 ? 1 : 0))
  }
}

// Types that BER may send in pieces: BIT STRING, OCTET STRING, the character strings and the times.
const STRING_TYPES = new Set([3, 4, 12, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 30])

function write(node: Node, from: Uint8Array, out: Uint8Array, at: number): number {
  if (!node.changed) {
    out.set(from.subarray(node.start, node.next), at)
    return at + node.size
  }
  out.set(node.head, at)
  at += node.head.length
  if (node.unusedBits >= 0) out[at++] = node.unusedBits
  for (const [start, end] of node.spans ?? []) {
    out.set(from.subarray(start, end), at)
    at += end - start
  }
  for (const child of node.children) at = write(child, from, out, at)
  return at
}

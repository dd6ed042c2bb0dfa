import { Asn1Error, type Asn1ErrorCode } from '../errors.ts'
import { compareBytes, concatBytes } from './bytes.ts'
import { emptyHeader, type Header, readHeader } from './header.ts'
import { type Limits, withDefaults } from './limits.ts'
import { decodeOid } from './oid.ts'
import { decodeString, latin1 } from './strings.ts'
import { CONSTRUCTED, Tag, tagName } from './tags.ts'
import { decodeTime } from './time.ts'

/** How strictly {@link readDer} reads: `der`, or `definite` for what `toDefinite` has made of BER. */
export interface ReadOptions extends Limits {
  /**
   * `der` (default) takes X.690 section 10 and 11 only. `definite` also takes what is left of BER once
   * `toDefinite` has run: SET OF in any order, any non-zero TRUE, implicitly tagged strings in pieces.
   */
  rules?: 'der' | 'definite'
}

/** One element as it stands in the input; the arrays are views, not copies. */
export interface Element {
  /** Identifier octet (or first octet * 2^24 + number for tag numbers above 30). */
  readonly tag: number
  /** Tag, length and content. */
  readonly bytes: Uint8Array
  /** Content octets alone. */
  readonly content: Uint8Array
  /** Where the element starts in the input. */
  readonly offset: number
}

interface Source {
  bytes: Uint8Array
  header: Header
  limits: Required<Limits>
  der: boolean
  elements: number
}

/**
 * Reads one DER element that must fill `bytes` exactly.
 *
 * @param bytes the encoding; what is returned may share its memory
 * @param field name of the outermost structure, for error paths
 * @param read takes the fields in their order; what it leaves unread is an error
 * @throws Asn1Error `ERR_ASN1_*` with byte offset and field path; a TypeError where bytes is no Uint8Array
 * @see X.690
 * @example
 * ```ts
 * import { readDer } from 'sealkit/asn1'
 * const algorithm = Uint8Array.of(0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70)
 * readDer(algorithm, 'AlgorithmIdentifier', (r) => r.sequence('', (s) => s.oid('algorithm'))) // '1.3.101.112'
 * ```
 */
export function readDer<T>(
  bytes: Uint8Array,
  field: string,
  read: (reader: DerReader) => T,
  options?: ReadOptions,
): T {
  if (!(bytes instanceof Uint8Array)) throw new TypeError(`${field}: bytes must be a Uint8Array`)
  const limits = withDefaults(options)
  const der = options?.rules !== 'definite'
  const reader = new DerReader({ bytes, header: emptyHeader(), limits, der, elements: 0 }, field)
  if (bytes.length > limits.maxBytes) {
    reader.fail('ERR_ASN1_LIMIT', `${bytes.length} bytes where at most ${limits.maxBytes} are read`)
  }
  const result = read(reader)
  reader.finish()
  return result
}

/**
 * A cursor over the elements inside one constructed element. Made by {@link readDer}; methods take the name
 * of the field that they read, and the elements in the order of the ASN.1 type.
 */
export class DerReader {
  readonly #source: Source
  readonly #field: string
  readonly #parent: DerReader | undefined
  readonly #depth: number
  readonly #start: number
  readonly #end: number
  #at: number

  /** @internal */
  constructor(source: Source, field: string, parent?: DerReader, start = 0, end = source.bytes.length) {
    this.#source = source
    this.#field = field
    this.#parent = parent
    this.#depth = parent === undefined ? 0 : parent.#depth + 1
    this.#start = start
    this.#at = start
    this.#end = end
    if (this.#depth > source.limits.maxDepth) {
      this.fail('ERR_ASN1_LIMIT', `nested deeper than ${source.limits.maxDepth}`)
    }
  }

  /** True once every element has been read. */
  get done(): boolean {
    return this.#at >= this.#end
  }

  /** Tag of the next element, or -1 at the end. */
  get nextTag(): number {
    if (this.#at >= this.#end) return -1
    this.#peek('')
    return this.#source.header.tag
  }

  /** The next element, tag to last byte, without moving on: to keep what was signed as it stands. */
  get nextBytes(): Uint8Array {
    const header = this.#peek('')
    if (header.end < 0) this.fail('ERR_ASN1_NOT_DER', 'indefinite length')
    return this.#source.bytes.subarray(header.start, header.end)
  }

  /** Every byte that this reader covers. */
  get content(): Uint8Array {
    return this.#source.bytes.subarray(this.#start, this.#end)
  }

  /** Ends the input with a typed error that carries this reader's place. */
  fail(code: Asn1ErrorCode, message: string, offset = this.#at, field = ''): never {
    throw new Asn1Error(code, message, { offset, path: this.#path(field) })
  }

  /** Reads a constructed element and hands its inside to `read`, which must take all of it. */
  constructed<T>(tag: number, field: string, read: (reader: DerReader) => T): T {
    const header = this.#take(tag, field)
    const inside = new DerReader(this.#source, field, this, header.contentStart, header.end)
    const result = read(inside)
    inside.finish()
    return result
  }

  sequence<T>(field: string, read: (reader: DerReader) => T): T {
    return this.constructed(Tag.SEQUENCE, field, read)
  }

  /** `[number]` EXPLICIT or constructed IMPLICIT, where present. */
  optional<T>(tag: number, field: string, read: (reader: DerReader) => T): T | undefined {
    return this.nextTag === tag ? this.constructed(tag, field, read) : undefined
  }

  /** SEQUENCE OF (or any constructed tag): each element goes to `read`. */
  sequenceOf<T>(field: string, read: (reader: DerReader, name: string) => T, tag: number = Tag.SEQUENCE): T[] {
    return this.constructed(tag, field, (inside) => {
      const items: T[] = []
      while (!inside.done) items.push(read(inside, `[${items.length}]`))
      return items
    })
  }

  /**
   * SET OF: each element goes to `read`. Under DER the encodings must ascend (X.690 11.6), unless `unsorted`
   * is given, which is then called instead of failing.
   */
  setOf<T>(
    field: string,
    read: (reader: DerReader, name: string) => T,
    options: { tag?: number; unsorted?: () => void } = {},
  ): T[] {
    return this.constructed(options.tag ?? Tag.SET, field, (inside) => {
      const items: T[] = []
      let previous: Uint8Array | undefined
      while (!inside.done) {
        const from = inside.#at
        items.push(read(inside, `[${items.length}]`))
        const encoding = inside.#source.bytes.subarray(from, inside.#at)
        if (previous !== undefined && compareBytes(previous, encoding) > 0) {
          if (options.unsorted !== undefined) options.unsorted()
          else if (this.#source.der) inside.fail('ERR_ASN1_NOT_DER', 'SET OF not in DER order', from)
        }
        previous = encoding
      }
      return items
    })
  }

  /** Any element, whole. With `tag`, that one only. */
  element(field: string, tag?: number): Element {
    const header = this.#take(tag, field)
    const { bytes } = this.#source
    return {
      tag: header.tag,
      offset: header.start,
      bytes: bytes.subarray(header.start, header.end),
      content: bytes.subarray(header.contentStart, header.end),
    }
  }

  /** Content octets of a primitive element with this tag: also for IMPLICIT types. */
  primitive(tag: number, field: string): Uint8Array {
    const header = this.#take(tag, field)
    return this.#source.bytes.subarray(header.contentStart, header.end)
  }

  oid(field: string, tag: number = Tag.OBJECT_IDENTIFIER): string {
    const at = this.#at
    const content = this.primitive(tag, field)
    const { maxOidBytes } = this.#source.limits
    if (content.length > maxOidBytes) {
      this.fail('ERR_ASN1_LIMIT', `OBJECT IDENTIFIER longer than ${maxOidBytes} bytes`, at, field)
    }
    return decodeOid(content) ?? this.fail('ERR_ASN1_VALUE', 'malformed OBJECT IDENTIFIER', at, field)
  }

  boolean(field: string, tag: number = Tag.BOOLEAN): boolean {
    const at = this.#at
    const content = this.primitive(tag, field)
    if (content.length !== 1) this.fail('ERR_ASN1_VALUE', 'BOOLEAN must be one byte', at, field)
    const value = content[0] as number
    if (this.#source.der && value !== 0 && value !== 0xff) {
      this.fail('ERR_ASN1_NOT_DER', 'BOOLEAN must be 00 or FF', at, field)
    }
    return value !== 0
  }

  /** INTEGER (or ENUMERATED) as its two's complement octets, checked to be minimal (X.690 8.3.2). */
  integerBytes(field: string, tag: number = Tag.INTEGER): Uint8Array {
    const at = this.#at
    const content = this.primitive(tag, field)
    if (content.length === 0) this.fail('ERR_ASN1_VALUE', 'empty INTEGER', at, field)
    if (content.length > 1) {
      const top = ((content[0] as number) << 1) | ((content[1] as number) >> 7)
      if (top === 0 || top === 0x1ff) this.fail('ERR_ASN1_VALUE', 'INTEGER not minimal', at, field)
    }
    return content
  }

  /** A small INTEGER; refused outside `min` to `max`. */
  smallInteger(field: string, min: number, max: number, tag: number = Tag.INTEGER): number {
    const at = this.#at
    const content = this.integerBytes(field, tag)
    if (content.length <= 6) {
      let value = (content[0] as number) >= 0x80 ? -1 : 0
      for (const octet of content) value = value * 256 + octet
      if (value >= min && value <= max) return value
    }
    return this.fail('ERR_ASN1_VALUE', `INTEGER outside ${min} to ${max}`, at, field)
  }

  null(field: string): void {
    const at = this.#at
    if (this.primitive(Tag.NULL, field).length !== 0) this.fail('ERR_ASN1_VALUE', 'NULL not empty', at, field)
  }

  /** OCTET STRING. Under `definite` rules an implicitly tagged one may come in pieces, which are joined. */
  octetString(field: string, tag: number = Tag.OCTET_STRING): Uint8Array {
    if (!this.#source.der && tag !== Tag.OCTET_STRING && this.nextTag === (tag | CONSTRUCTED)) {
      return concatBytes(this.sequenceOf(field, (r, name) => r.octetString(name), tag | CONSTRUCTED))
    }
    return this.primitive(tag, field)
  }

  /** BIT STRING: its bytes and the number of unused bits in the last, which must be zero (X.690 11.2.1). */
  bitString(field: string, tag: number = Tag.BIT_STRING): { bytes: Uint8Array; unusedBits: number } {
    const at = this.#at
    const content = this.primitive(tag, field)
    const unusedBits = content[0] ?? 8
    const bytes = content.subarray(1)
    if (unusedBits > 7 || (unusedBits > 0 && bytes.length === 0)) {
      this.fail('ERR_ASN1_VALUE', 'malformed BIT STRING', at, field)
    }
    if (unusedBits > 0 && ((bytes[bytes.length - 1] as number) & ((1 << unusedBits) - 1)) !== 0) {
      if (this.#source.der) this.fail('ERR_ASN1_NOT_DER', 'unused bits of BIT STRING not zero', at, field)
    }
    return { bytes, unusedBits }
  }

  /** BIT STRING of whole bytes, as keys and signatures are. */
  bitStringBytes(field: string, tag: number = Tag.BIT_STRING): Uint8Array {
    const at = this.#at
    const { bytes, unusedBits } = this.bitString(field, tag)
    if (unusedBits !== 0) this.fail('ERR_ASN1_VALUE', 'BIT STRING is not whole bytes', at, field)
    return bytes
  }

  /** A character string of any type, checked against its repertoire. */
  string(field: string): string {
    const { tag, content, offset } = this.element(field)
    return decodeString(tag, content) ?? this.fail('ERR_ASN1_VALUE', `no valid ${tagName(tag)}`, offset, field)
  }

  /** UTCTime or GeneralizedTime in the form of RFC 5280 4.1.2.5. */
  time(field: string, options: { fractions?: boolean } = {}): Date {
    const { tag, content, offset } = this.element(field)
    if (tag !== Tag.UTC_TIME && tag !== Tag.GENERALIZED_TIME) {
      this.fail('ERR_ASN1_UNEXPECTED_TAG', `a time expected, found ${tagName(tag)}`, offset, field)
    }
    const text = content.length > 32 ? '' : latin1(content)
    const date = decodeTime(text, tag === Tag.UTC_TIME, options.fractions)
    return date ?? this.fail('ERR_ASN1_VALUE', `no valid ${tagName(tag)}`, offset, field)
  }

  /** Fails where elements are left. */
  finish(): void {
    if (this.#at < this.#end) {
      this.fail('ERR_ASN1_TRAILING_DATA', `${this.#end - this.#at} bytes more than the structure has`)
    }
  }

  #peek(field: string): Header {
    const source = this.#source
    const fault = readHeader(source.bytes, this.#at, this.#end, source.header)
    if (fault !== undefined) this.fail(fault.code, fault.message, fault.offset, field)
    return source.header
  }

  #take(tag: number | undefined, field: string): Header {
    const header = this.#peek(field)
    if (tag !== undefined && header.tag !== tag) {
      const message = `${tagName(tag)} expected, found ${tagName(header.tag)}`
      this.fail('ERR_ASN1_UNEXPECTED_TAG', message, this.#at, field)
    }
    if (!header.minimal) {
      const what = header.end < 0 ? 'indefinite length' : 'length not in its shortest form'
      this.fail('ERR_ASN1_NOT_DER', what, this.#at, field)
    }
    if (header.tag === 0) this.fail('ERR_ASN1_VALUE', 'end-of-contents outside indefinite length', this.#at, field)
    if (header.tag < 0x40 && NEVER_CONSTRUCTED.has(header.tag)) {
      this.fail('ERR_ASN1_NOT_DER', `${tagName(header.tag)} must be primitive`, this.#at, field)
    }
    if (header.tag === 0x10 || header.tag === 0x11) {
      this.fail('ERR_ASN1_VALUE', 'SEQUENCE or SET must be constructed', this.#at, field)
    }
    this.#source.elements += 1
    if (this.#source.elements > this.#source.limits.maxElements) {
      this.fail('ERR_ASN1_LIMIT', `more than ${this.#source.limits.maxElements} elements`, this.#at, field)
    }
    this.#at = header.end
    return header
  }

  #path(field: string): string {
    const names = field === '' ? [] : [field]
    for (let reader: DerReader | undefined = this; reader !== undefined; reader = reader.#parent) {
      if (reader.#field !== '') names.unshift(reader.#field)
    }
    return names.join('.').replaceAll('.[', '[')
  }
}

// Universal types that DER has in primitive form only (X.690 8.2 to 8.19, 10.2).
const PRIMITIVE_TYPES = [1, 2, 3, 4, 5, 6, 9, 10, 12, 13, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 30]
const NEVER_CONSTRUCTED = new Set(PRIMITIVE_TYPES.map((number) => number | CONSTRUCTED))

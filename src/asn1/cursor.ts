import type { Asn1ErrorCode } from '../errors.ts'
import { compareBytes } from './bytes.ts'
import type { Header } from './header.ts'
import type { Source } from './source.ts'
import { Tag } from './tags.ts'

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

/** Options of {@link DerCursor.setOf}. */
export interface SetOfOptions {
  /** Instead of SET, for IMPLICIT tagging. */
  tag?: number
  /** Called, instead of failing, for each element that is out of DER order. */
  unsorted?: () => void
}

/**
 * The part of `DerReader` that moves over elements; what they hold is the reader's.
 *
 * Every method that takes a `field` reads the next element and moves on. `field` is its name in the ASN.1 type,
 * for the path of errors; '' where the element has no name of its own. All throw `Asn1Error`:
 * `ERR_ASN1_TRUNCATED` or `ERR_ASN1_LENGTH` where the element does not fit, `ERR_ASN1_UNEXPECTED_TAG` for
 * another one, `ERR_ASN1_NOT_DER`, `ERR_ASN1_VALUE` for what cannot be, `ERR_ASN1_LIMIT`.
 */
export abstract class DerCursor {
  /** @internal */
  protected readonly source: Source
  readonly #field: string
  readonly #parent: DerCursor | undefined
  readonly #depth: number
  readonly #start: number
  readonly #end: number
  #at: number

  /** @internal */
  constructor(source: Source, field: string, start: number, end: number, parent?: DerCursor) {
    this.source = source
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

  /** A cursor of the same kind over the inside of an element. @internal */
  protected abstract within(field: string, start: number, end: number): this

  /** True once every element has been read. */
  get done(): boolean {
    return this.#at >= this.#end
  }

  /** Offset of the next element in the input. */
  get offset(): number {
    return this.#at
  }

  /** Tag of the next element, or -1 at the end: to choose between alternatives. */
  get nextTag(): number {
    return this.#at >= this.#end ? -1 : this.source.peek(this.#at, this.#end, '', this).tag
  }

  /** The next element, tag to last byte, without moving on: to keep what was signed as it stands. */
  get nextBytes(): Uint8Array {
    const header = this.source.peek(this.#at, this.#end, '', this)
    if (header.end < 0) this.fail('ERR_ASN1_NOT_DER', 'indefinite length')
    return this.source.bytes.subarray(header.start, header.end)
  }

  /** Every byte that this reader covers: a view. */
  get content(): Uint8Array {
    return this.source.bytes.subarray(this.#start, this.#end)
  }

  /** Throws an `Asn1Error` with this reader's place: for rules of the structure that is being read. */
  fail(code: Asn1ErrorCode, message: string, offset = this.#at, field = ''): never {
    return this.source.fail(code, message, offset, field, this)
  }

  /** Fails with `ERR_ASN1_TRAILING_DATA` where elements are left. */
  finish(): void {
    if (this.#at < this.#end) {
      this.fail('ERR_ASN1_TRAILING_DATA', `${this.#end - this.#at} bytes more than the structure has`)
    }
  }

  /**
   * Reads a constructed element and hands its inside to `read`, which must take all of it.
   *
   * @param tag with the constructed bit: `Tag.SEQUENCE`, `contextTag(0, true)`
   */
  constructed<T>(tag: number, field: string, read: (reader: this) => T): T {
    const header = this.#take(tag, field)
    const inside = this.within(field, header.contentStart, header.end)
    const result = read(inside)
    inside.finish()
    return result
  }

  /** SEQUENCE: its inside goes to `read`, which must take all of it. */
  sequence<T>(field: string, read: (reader: this) => T): T {
    return this.constructed(Tag.SEQUENCE, field, read)
  }

  /** `[number]` EXPLICIT or constructed IMPLICIT, where it comes next; undefined where it does not. */
  optional<T>(tag: number, field: string, read: (reader: this) => T): T | undefined {
    return this.nextTag === tag ? this.constructed(tag, field, read) : undefined
  }

  /** SEQUENCE OF (or any constructed tag): each element goes to `read`, with its name for paths, `[0]`. */
  sequenceOf<T>(field: string, read: (reader: this, name: string) => T, tag: number = Tag.SEQUENCE): T[] {
    return this.constructed(tag, field, (inside) => {
      const items: T[] = []
      while (!inside.done) {
        const from = inside.#at
        items.push(read(inside, `[${items.length}]`))
        inside.#moved(from)
      }
      return items
    })
  }

  /**
   * SET OF: each element goes to `read`, with its name for paths. Under DER the encodings must ascend (X.690
   * 11.6), unless `unsorted` is given.
   */
  setOf<T>(field: string, read: (reader: this, name: string) => T, options: SetOfOptions = {}): T[] {
    return this.constructed(options.tag ?? Tag.SET, field, (inside) => {
      const items: T[] = []
      let previous: Uint8Array | undefined
      while (!inside.done) {
        const from = inside.#at
        items.push(read(inside, `[${items.length}]`))
        inside.#moved(from)
        const encoding = this.source.bytes.subarray(from, inside.#at)
        if (previous !== undefined && compareBytes(previous, encoding) > 0) {
          if (options.unsorted !== undefined) options.unsorted()
          else if (this.source.der) inside.fail('ERR_ASN1_NOT_DER', 'SET OF not in DER order', from)
        }
        previous = encoding
      }
      return items
    })
  }

  /** Any element, whole; with `tag`, that one only. What is inside a constructed one is not looked at. */
  element(field: string, tag?: number): Element {
    const header = this.#take(tag, field)
    const { bytes } = this.source
    return {
      tag: header.tag,
      offset: header.start,
      bytes: bytes.subarray(header.start, header.end),
      content: bytes.subarray(header.contentStart, header.end),
    }
  }

  /** Content octets of an element with this tag, a view: also for IMPLICIT types. */
  primitive(tag: number, field: string): Uint8Array {
    const header = this.#take(tag, field)
    return this.source.bytes.subarray(header.contentStart, header.end)
  }

  /** Field names from the outermost structure to `field` here: `ContentInfo.content.signerInfos[0].sid`. */
  path(field: string): string {
    const names = field === '' ? [] : [field]
    for (let cursor: DerCursor | undefined = this; cursor !== undefined; cursor = cursor.#parent) {
      if (cursor.#field !== '') names.push(cursor.#field)
    }
    return names.reverse().join('.').replaceAll('.[', '[')
  }

  #take(tag: number | undefined, field: string): Header {
    const header = this.source.take(tag, this.#at, this.#end, field, this)
    this.#at = header.end
    return header
  }

  /** A `read` that takes nothing would be called for ever. */
  #moved(from: number): void {
    if (this.#at === from) this.fail('ERR_ASN1_UNEXPECTED_TAG', 'none of the elements that may stand here')
  }
}

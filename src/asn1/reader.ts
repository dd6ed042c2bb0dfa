import { concatBytes } from './bytes.ts'
import { DerCursor } from './cursor.ts'
import { type Limits, withDefaults } from './limits.ts'
import { decodeOid } from './oid.ts'
import { Source } from './source.ts'
import { decodeString, isStringTag, latin1 } from './strings.ts'
import { CONSTRUCTED, Tag, tagName } from './tags.ts'
import { decodeTime } from './time.ts'

/** How strictly {@link readDer} reads, and its limits. */
export interface ReadOptions extends Limits {
  /**
   * `der` (default) takes X.690 section 10 and 11 only. `definite` also takes what is left of BER once
   * `toDefinite` has run: SET OF in any order, any non-zero TRUE, unused bits that are not zero, implicitly
   * tagged OCTET STRINGs in pieces.
   */
  rules?: 'der' | 'definite'
}

/**
 * Reads one DER element that must fill `bytes` exactly.
 *
 * @param bytes the encoding; what is returned may share its memory
 * @param field name of the outermost structure, for error paths
 * @param read takes the fields in their order; what it leaves unread is an error
 * @param options limits, and `rules: 'definite'` for the outcome of `toDefinite`
 * @returns what `read` returns
 * @throws Asn1Error `ERR_ASN1_*` with byte offset and field path; TypeError where bytes is no Uint8Array
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
  const source = new Source(bytes, withDefaults(options), options?.rules !== 'definite')
  const reader = new DerReader(source, field, 0, bytes.length)
  if (bytes.length > source.limits.maxBytes) {
    reader.fail('ERR_ASN1_LIMIT', `${bytes.length} bytes where at most ${source.limits.maxBytes} are read`)
  }
  const result = read(reader)
  reader.finish()
  return result
}

/**
 * A cursor over the elements inside one constructed element. Made by {@link readDer}; methods take the name
 * of the field that they read, and the elements in the order of the ASN.1 type. Where a method takes a `tag`,
 * it is for IMPLICIT tagging. A value that is not of its type is `ERR_ASN1_VALUE`, one that only BER allows
 * `ERR_ASN1_NOT_DER`, both at the offset of the element.
 */
export class DerReader extends DerCursor {
  /** @internal */
  protected override within(field: string, start: number, end: number): this {
    return new DerReader(this.source, field, start, end, this) as this
  }

  /** OBJECT IDENTIFIER in dotted form; arcs of any size are exact (X.690 8.19). */
  oid(field: string, tag: number = Tag.OBJECT_IDENTIFIER): string {
    const at = this.offset
    const content = this.primitive(tag, field)
    const { maxOidBytes } = this.source.limits
    if (content.length > maxOidBytes) {
      this.fail('ERR_ASN1_LIMIT', `OBJECT IDENTIFIER longer than ${maxOidBytes} bytes`, at, field)
    }
    return decodeOid(content) ?? this.fail('ERR_ASN1_VALUE', 'malformed OBJECT IDENTIFIER', at, field)
  }

  /** BOOLEAN: 00 or FF under DER (X.690 11.1). */
  boolean(field: string, tag: number = Tag.BOOLEAN): boolean {
    const at = this.offset
    const content = this.primitive(tag, field)
    if (content.length !== 1) this.fail('ERR_ASN1_VALUE', 'BOOLEAN must be one byte', at, field)
    const value = content[0] as number
    if (this.source.der && value !== 0 && value !== 0xff) {
      this.fail('ERR_ASN1_NOT_DER', 'BOOLEAN must be 00 or FF', at, field)
    }
    return value !== 0
  }

  /** INTEGER (or ENUMERATED) as its two's complement octets, checked to be minimal (X.690 8.3.2). */
  integerBytes(field: string, tag: number = Tag.INTEGER): Uint8Array {
    const at = this.offset
    const content = this.primitive(tag, field)
    if (content.length === 0) this.fail('ERR_ASN1_VALUE', 'empty INTEGER', at, field)
    if (content.length > 1) {
      const top = ((content[0] as number) << 1) | ((content[1] as number) >> 7)
      if (top === 0 || top === 0x1ff) this.fail('ERR_ASN1_VALUE', 'INTEGER not minimal', at, field)
    }
    return content
  }

  /**
   * A small INTEGER; refused outside `min` to `max`.
   *
   * @param min lowest value taken, a safe integer
   * @param max highest value taken, a safe integer
   */
  smallInteger(field: string, min: number, max: number, tag: number = Tag.INTEGER): number {
    const at = this.offset
    const content = this.integerBytes(field, tag)
    // Seven octets may exceed 2^53, but then they lie beyond max, rounded or not.
    if (content.length <= 7) {
      let value = (content[0] as number) >= 0x80 ? -1 : 0
      for (let i = 0; i < content.length; i++) value = value * 256 + (content[i] as number)
      if (value >= min && value <= max) return value
    }
    return this.fail('ERR_ASN1_VALUE', `INTEGER outside ${min} to ${max}`, at, field)
  }

  /** NULL. */
  null(field: string, tag: number = Tag.NULL): void {
    const at = this.offset
    if (this.primitive(tag, field).length !== 0) this.fail('ERR_ASN1_VALUE', 'NULL not empty', at, field)
  }

  /**
   * OCTET STRING: its octets, a view. Under `definite` rules an implicitly tagged one may come in pieces, which
   * are joined.
   *
   * @param tag primitive form of the tag
   */
  octetString(field: string, tag: number = Tag.OCTET_STRING): Uint8Array {
    if (!this.source.der && tag !== Tag.OCTET_STRING && this.nextTag === (tag | CONSTRUCTED)) {
      return concatBytes(this.sequenceOf(field, (r, name) => r.octetString(name), tag | CONSTRUCTED))
    }
    return this.primitive(tag, field)
  }

  /** BIT STRING: its bytes and the number of unused bits in the last, which under DER are zero (X.690 11.2.1). */
  bitString(field: string, tag: number = Tag.BIT_STRING): { bytes: Uint8Array; unusedBits: number } {
    const at = this.offset
    const content = this.primitive(tag, field)
    const unusedBits = content[0] ?? 8
    const bytes = content.subarray(1)
    if (unusedBits > 7 || (unusedBits > 0 && bytes.length === 0)) {
      this.fail('ERR_ASN1_VALUE', 'malformed BIT STRING', at, field)
    }
    const last = bytes[bytes.length - 1] ?? 0
    if (this.source.der && (last & ((1 << unusedBits) - 1)) !== 0) {
      this.fail('ERR_ASN1_NOT_DER', 'unused bits of BIT STRING not zero', at, field)
    }
    return { bytes, unusedBits }
  }

  /** BIT STRING of whole bytes, as keys and signatures are; unused bits are `ERR_ASN1_VALUE`. */
  bitStringBytes(field: string, tag: number = Tag.BIT_STRING): Uint8Array {
    const at = this.offset
    const { bytes, unusedBits } = this.bitString(field, tag)
    if (unusedBits !== 0) this.fail('ERR_ASN1_VALUE', 'BIT STRING is not whole bytes', at, field)
    return bytes
  }

  /** A character string of any universal type, checked against its repertoire. */
  string(field: string): string {
    const { tag, content, offset } = this.element(field)
    if (!isStringTag(tag)) {
      this.fail('ERR_ASN1_UNEXPECTED_TAG', `a string expected, found ${tagName(tag)}`, offset, field)
    }
    return (
      decodeString(tag, content) ?? this.fail('ERR_ASN1_VALUE', `no valid ${tagName(tag)}`, offset, field)
    )
  }

  /**
   * UTCTime or GeneralizedTime in the form of RFC 5280 4.1.2.5: UTC, with seconds.
   *
   * @param options `fractions`: GeneralizedTime may have fractions of a second (RFC 3161 2.4.2)
   */
  time(field: string, options: { fractions?: boolean } = {}): Date {
    const { tag, content, offset } = this.element(field)
    if (tag !== Tag.UTC_TIME && tag !== Tag.GENERALIZED_TIME) {
      this.fail('ERR_ASN1_UNEXPECTED_TAG', `a time expected, found ${tagName(tag)}`, offset, field)
    }
    const text = content.length > 32 ? '' : latin1(content)
    const date = decodeTime(text, tag === Tag.UTC_TIME, options.fractions)
    return date ?? this.fail('ERR_ASN1_VALUE', `no valid ${tagName(tag)}`, offset, field)
  }
}

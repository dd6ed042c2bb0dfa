import { Asn1Error, type Asn1ErrorCode } from '../errors.ts'
import { formFault } from './form.ts'
import { emptyHeader, type Header, readHeader } from './header.ts'
import type { Limits } from './limits.ts'
import { tagName } from './tags.ts'

/** Gives the field names from the outermost structure to `field`; asked for only when something fails. */
export type PathOf = { path(field: string): string }

/** The input shared by all cursors over it: reads the headers, keeps count. @internal */
export class Source {
  readonly bytes: Uint8Array
  readonly limits: Required<Limits>
  /** DER only, or also what `toDefinite` leaves of BER. */
  readonly der: boolean
  /** The header read last: one object for all, so that reading makes none. */
  readonly header: Header = emptyHeader()
  elements = 0

  constructor(bytes: Uint8Array, limits: Required<Limits>, der: boolean) {
    this.bytes = bytes
    this.limits = limits
    this.der = der
  }

  fail(code: Asn1ErrorCode, message: string, offset: number, field: string, at: PathOf): never {
    throw new Asn1Error(code, message, { offset, path: at.path(field) })
  }

  /** Reads the header at `offset` without a judgement about DER. */
  peek(offset: number, end: number, field: string, at: PathOf): Header {
    const fault = readHeader(this.bytes, offset, end, this.header)
    if (fault !== undefined) this.fail(fault.code, fault.message, fault.offset, field, at)
    return this.header
  }

  /** Reads and counts the element at `offset`: in DER's form, and with this tag if one is given. */
  take(tag: number | undefined, offset: number, end: number, field: string, at: PathOf): Header {
    const header = this.peek(offset, end, field, at)
    if (tag !== undefined && header.tag !== tag) {
      const message = `${tagName(tag)} expected, found ${tagName(header.tag)}`
      this.fail('ERR_ASN1_UNEXPECTED_TAG', message, offset, field, at)
    }
    const fault = formFault(header)
    if (fault !== undefined) this.fail(fault.code, fault.message, offset, field, at)
    this.elements += 1
    if (this.elements > this.limits.maxElements) {
      this.fail('ERR_ASN1_LIMIT', `more than ${this.limits.maxElements} elements`, offset, field, at)
    }
    return header
  }
}

import { type DerReader, equalBytes, readDer } from '../asn1/index.ts'
import { attributeText, comparableRdn, type NameAttribute, nameToString } from './name-text.ts'
import { encodeNameText } from './parse-name-text.ts'

/** Longer than any name of the field by far; its text can be many times as long. */
const MAX_BYTES = 65_536

/**
 * A distinguished name (RFC 5280 4.1.2.4).
 *
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs'
 * import { Certificate } from 'sealkit'
 * const { subject } = Certificate.fromPem(readFileSync('cert.pem', 'utf8'))
 * subject.toString() // 'CN=…,O=…,C=…', as RFC 4514 writes it
 * ```
 */
export class Name {
  /** The encoding, byte for byte. */
  readonly der: Uint8Array
  /** Relative distinguished names in the order of the encoding: the most general first. */
  readonly rdns: readonly (readonly NameAttribute[])[]
  #comparable: string | undefined
  #comparableRdns: readonly string[] | undefined
  #text: string | undefined

  /** @internal */
  constructor(bytes: Uint8Array, rdns: readonly (readonly NameAttribute[])[]) {
    this.der = bytes
    this.rdns = rdns
  }

  /**
   * Parses a Name that stands alone.
   *
   * @param bytes DER; the name keeps views of it
   * @throws Asn1Error `ERR_ASN1_*` with offset and field path
   * @example
   * ```ts
   * import { Certificate, Name } from 'sealkit/x509'
   * declare const certificate: Certificate
   * Name.parse(certificate.issuer.der).equals(certificate.issuer) // true
   * ```
   */
  static parse(bytes: Uint8Array): Name {
    return readDer(bytes, 'Name', (r) => Name.read(r, ''))
  }

  /**
   * Makes a Name from text: RFC 4514 (most specific first), or what OpenSSL's `-subj` takes (it begins with a
   * slash, most general first). Types by their short or long names in any case, or as dotted OIDs; country and
   * serialNumber become PrintableString, emailAddress and DC IA5String, the rest UTF8String. The bounds of RFC
   * 5280 appendix A are checked.
   *
   * @param text an empty one makes the empty name
   * @throws NameError `ERR_NAME_MALFORMED` with the position of what cannot be read
   * @throws TypeError where it is no string
   * @example
   * ```ts
   * import { Name } from 'sealkit/x509'
   * Name.fromText('CN=api,O=Bank\\, Inc.,C=LU').equals(Name.fromText('/C=LU/O=Bank, Inc./CN=api')) // true
   * ```
   */
  static fromText(text: string): Name {
    return Name.parse(encodeNameText(text))
  }

  /**
   * Reads a Name as a field of something larger. The attributes of one RDN are taken in any order: some CAs do
   * not sort them, and the bytes are kept as they are.
   *
   * @internal
   */
  static read(reader: DerReader, field: string): Name {
    const bytes = reader.nextBytes
    if (bytes.length > MAX_BYTES) {
      reader.fail('ERR_ASN1_LIMIT', `a name of more than ${MAX_BYTES} bytes`, undefined, field)
    }
    const rdns = reader.sequenceOf(field, (r, i) => {
      const rdn = r.setOf(i, readAttribute, { unsorted: () => {} })
      return rdn.length > 0 ? rdn : r.fail('ERR_ASN1_VALUE', 'an RDN without attributes', undefined, i)
    })
    return new Name(bytes, rdns)
  }

  /** First value of an attribute type as text: of the most specific RDN that has it. */
  attribute(type: string): string | undefined {
    for (const rdn of this.rdns.toReversed()) {
      const found = rdn.find((attribute) => attribute.type === type && attribute.text !== undefined)
      if (found !== undefined) return found.text
    }
    return undefined
  }

  /** commonName (2.5.4.3), where there is one. Any characters may stand in it: escape it where it is shown. */
  get commonName(): string | undefined {
    return this.attribute('2.5.4.3')
  }

  /** Same name by RFC 5280 7.1: case and runs of spaces do not count, nor does the string type. */
  equals(other: Name): boolean {
    return equalBytes(this.der, other.der) || this.#normal() === other.#normal()
  }

  /** The same for names that are the same by {@link equals}: a key to find names by. */
  get comparable(): string {
    return this.#normal()
  }

  /** Whether the other name's RDNs are the first of this one: whether this name lies in its subtree. */
  startsWith(other: Name): boolean {
    const own = this.#normalRdns()
    return other.#normalRdns().every((rdn, i) => rdn === own[i])
  }

  /** RFC 4514, most specific first, with control characters escaped: fit for a terminal or a log. */
  toString(): string {
    this.#text ??= nameToString(this.rdns)
    return this.#text
  }

  /** As {@link toString}. */
  toJSON(): string {
    return this.toString()
  }

  #normal(): string {
    this.#comparable ??= this.#normalRdns().join()
    return this.#comparable
  }

  /** Kept: a name may have to be compared with thousands of constraints. */
  #normalRdns(): readonly string[] {
    this.#comparableRdns ??= this.rdns.map(comparableRdn)
    return this.#comparableRdns
  }
}

function readAttribute(reader: DerReader, field: string): NameAttribute {
  return reader.sequence(field, (r) => {
    const type = r.oid('type')
    const value = r.element('value')
    return { type, value, text: attributeText(value) }
  })
}

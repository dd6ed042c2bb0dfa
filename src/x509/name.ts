import { type DerReader, decodeString, type Element, equalBytes, readDer, toHex } from '../asn1/index.ts'

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
  /** Relative distinguished names in the order of the encoding. */
  readonly rdns: readonly (readonly NameAttribute[])[]
  #comparable: string | undefined

  /** @internal */
  constructor(bytes: Uint8Array, rdns: NameAttribute[][]) {
    this.der = bytes
    this.rdns = rdns
  }

  /** Parses a Name that stands alone. @throws Asn1Error */
  static parse(bytes: Uint8Array): Name {
    return readDer(bytes, 'Name', (r) => Name.read(r, ''))
  }

  /** Reads a Name as a field of something larger. @internal */
  static read(reader: DerReader, field: string): Name {
    const bytes = reader.nextBytes
    const rdns = reader.sequenceOf(field, (r, i) =>
      r.setOf(i, (s, j) =>
        s.sequence(j, (attribute) => {
          const type = attribute.oid('type')
          const value = attribute.element('value')
          return { type, value, text: decodeString(value.tag, value.content) }
        }),
      ),
    )
    return new Name(bytes, rdns)
  }

  /** First value of an attribute type: of the most specific RDN that has it. */
  attribute(type: string): string | undefined {
    for (const rdn of this.rdns.toReversed()) {
      const found = rdn.find((attribute) => attribute.type === type)
      if (found?.text !== undefined) return found.text
    }
    return undefined
  }

  /** commonName of the subject, where there is one. */
  get commonName(): string | undefined {
    return this.attribute('2.5.4.3')
  }

  /** Same name by RFC 5280 7.1: case and runs of spaces do not count, nor does the string type. */
  equals(other: Name): boolean {
    return equalBytes(this.der, other.der) || this.#normal() === other.#normal()
  }

  /** RFC 4514: most specific first. */
  toString(): string {
    return this.rdns.map((rdn) => rdn.map(attributeToString).join('+')).reverse().join(',')
  }

  toJSON(): string {
    return this.toString()
  }

  #normal(): string {
    this.#comparable ??= JSON.stringify(this.rdns.map((rdn) => rdn.map(normalAttribute).sort()))
    return this.#comparable
  }
}

// Short names of RFC 4514 section 3, and those of RFC 4519 and PKCS#9 that certificates of the field carry.
const SHORT_NAMES = new Map([
  ['2.5.4.3', 'CN'],
  ['2.5.4.4', 'SN'],
  ['2.5.4.5', 'serialNumber'],
  ['2.5.4.6', 'C'],
  ['2.5.4.7', 'L'],
  ['2.5.4.8', 'ST'],
  ['2.5.4.9', 'street'],
  ['2.5.4.10', 'O'],
  ['2.5.4.11', 'OU'],
  ['2.5.4.12', 'title'],
  ['2.5.4.42', 'GN'],
  ['2.5.4.97', 'organizationIdentifier'],
  ['0.9.2342.19200300.100.1.1', 'UID'],
  ['0.9.2342.19200300.100.1.25', 'DC'],
  ['1.2.840.113549.1.9.1', 'emailAddress'],
])

function attributeToString({ type, text, value }: NameAttribute): string {
  const name = SHORT_NAMES.get(type)
  if (name === undefined || text === undefined) return `${name ?? type}=#${toHex(value.bytes)}`
  return `${name}=${escapeText(text)}`
}

/** RFC 4514 2.4; control characters too, so that a name can inject nothing into a terminal or a log. */
function escapeText(text: string): string {
  return text
    .replace(/[\\",+;<>]/g, '\\$&')
    .replace(/^[ #]| $/g, '\\$&')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (control) =>
      Array.from(utf8.encode(control), (octet) => `\\${toHex(Uint8Array.of(octet)).toUpperCase()}`).join(''),
    )
}

const utf8 = new TextEncoder()

function normalAttribute({ type, text, value }: NameAttribute): string {
  if (text === undefined) return `${type}=#${toHex(value.bytes)}`
  return `${type}=${text.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase()}`
}

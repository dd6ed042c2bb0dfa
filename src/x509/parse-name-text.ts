import { der, encode, readDer, Tag } from '../asn1/index.ts'
import { NameError, SealkitError } from '../errors.ts'
import { type AttributeType, attributeTypeNamed } from './attribute-types.ts'

/** Longer than any name of the field by far. */
const MAX_LENGTH = 65_536

/**
 * Writes the DER of a Name from its text: RFC 4514 (`CN=api,O=Bank\, Inc.,C=LU`, most specific first), or the
 * form of OpenSSL's `-subj` (`/C=LU/O=Bank, Inc./CN=api`, most general first). An empty text is the empty name.
 *
 * @throws NameError with the position
 */
export function encodeNameText(text: string): Uint8Array<ArrayBuffer> {
  if (typeof text !== 'string') throw new TypeError('the text of a name must be a string')
  if (text.length > MAX_LENGTH)
    throw new NameError(`a name of more than ${MAX_LENGTH} characters`, MAX_LENGTH)
  const slashes = text.startsWith('/')
  const rdns = new NameTextReader(text, slashes).rdns()
  return der.sequence((slashes ? rdns : rdns.reverse()).map((rdn) => der.setOf(rdn)))
}

class NameTextReader {
  readonly #text: string
  readonly #slashes: boolean
  #at = 0

  constructor(text: string, slashes: boolean) {
    this.#text = text
    this.#slashes = slashes
  }

  rdns(): Uint8Array[][] {
    if (this.#slashes) this.#at = 1
    const rdns: Uint8Array[][] = []
    if (this.#text.slice(this.#at).trim() === '') return rdns
    for (; ; this.#at++) {
      rdns.push(this.#rdn())
      if (this.#at >= this.#text.length) return rdns
    }
  }

  /** Attributes joined by `+`. */
  #rdn(): Uint8Array[] {
    const attributes: Uint8Array[] = []
    const types = new Set<string>()
    for (; ; this.#at++) {
      const start = this.#at
      const type = this.#type()
      if (types.has(type.oid)) throw new NameError(`${type.name} stands twice in one RDN`, start)
      types.add(type.oid)
      attributes.push(der.sequence([der.oid(type.oid), this.#value(type)]))
      if (this.#text[this.#at] !== '+') return attributes
    }
  }

  /** Up to the `=` and behind it. */
  #type(): AttributeType {
    const start = this.#at
    while (this.#at < this.#text.length && !this.#ends() && this.#text[this.#at] !== '=') this.#at++
    const name = this.#text.slice(start, this.#at).trim()
    if (this.#text[this.#at] !== '=') throw new NameError('TYPE=VALUE expected', start)
    const type = attributeTypeNamed(name)
    if (type === undefined) throw new NameError(`unknown attribute type ${JSON.stringify(name)}`, start)
    this.#at++
    return type
  }

  #value(type: AttributeType): Uint8Array {
    const start = this.#at
    while (this.#text[this.#at] === ' ') this.#at++
    if (this.#text[this.#at] === '#' && !this.#slashes) return this.#hexValue()
    const octets = this.#octets()
    try {
      return encodeValue(type, utf8.decode(octets))
    } catch (error) {
      if (error instanceof ValueFault) throw new NameError(error.message, start)
      throw new NameError('the value is no UTF-8', start)
    }
  }

  /** UTF-8 of the value; spaces at its end do not count unless they are escaped. */
  #octets(): Uint8Array {
    const octets: number[] = []
    let length = 0
    while (this.#at < this.#text.length && !this.#ends()) {
      const escaped = this.#text[this.#at] === '\\'
      octets.push(...(escaped ? this.#escaped() : this.#character()))
      if (escaped || octets[octets.length - 1] !== 0x20) length = octets.length
    }
    return Uint8Array.from(octets.slice(0, length))
  }

  #character(): Uint8Array {
    const character = String.fromCodePoint(this.#text.codePointAt(this.#at) as number)
    if (!this.#slashes && '";<>'.includes(character)) {
      throw new NameError(`${character} must be written as \\${character}`, this.#at)
    }
    if (/[\p{Surrogate}\p{Cc}]/u.test(character)) {
      throw new NameError('a control character or half a character', this.#at)
    }
    this.#at += character.length
    return encoder.encode(character)
  }

  /** Behind a backslash: two hexadecimal digits for an octet (RFC 4514 only), or a character for itself. */
  #escaped(): Uint8Array {
    const start = this.#at++
    const pair = this.#text.slice(this.#at, this.#at + 2)
    if (!this.#slashes && /^[0-9a-f]{2}$/i.test(pair)) {
      this.#at += 2
      return Uint8Array.of(Number.parseInt(pair, 16))
    }
    const character = pair.slice(0, 1)
    const known = this.#slashes ? /^[\x20-\x7e]$/ : /^[ "#+,;<=>\\]$/
    if (!known.test(character)) throw new NameError('nothing that a backslash can stand before', start)
    this.#at++
    return encoder.encode(character)
  }

  /** `#` and the DER of the value in hexadecimal. */
  #hexValue(): Uint8Array {
    const start = this.#at++
    const from = this.#at
    while (this.#at < this.#text.length && !this.#ends()) this.#at++
    const digits = this.#text.slice(from, this.#at).trim()
    if (!/^(?:[0-9a-f]{2})+$/i.test(digits)) throw new NameError('hexadecimal digits expected', start)
    const value = Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
    try {
      readDer(value, '', (r) => r.element(''))
    } catch (error) {
      if (error instanceof SealkitError) throw new NameError('the hexadecimal digits are no DER', start)
      throw error
    }
    return value
  }

  /** Whether an RDN or one of its attributes ends here. */
  #ends(): boolean {
    const character = this.#text[this.#at]
    return character === '+' || character === (this.#slashes ? '/' : ',')
  }
}

const encoder = new TextEncoder()
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

class ValueFault extends Error {}

function encodeValue({ name, string, length: [min, max] }: AttributeType, text: string): Uint8Array {
  const { length } = Array.from(text)
  if (length < min || length > max) {
    const wanted = min === max ? `${max} characters` : `${min} to ${max} characters`
    throw new ValueFault(`${name} must have ${wanted}, not ${length}`)
  }
  const { tag, wrong } = STRINGS[string]
  if (wrong.test(text)) throw new ValueFault(`${name} with characters that it cannot have`)
  return encode(tag, [encoder.encode(text)])
}

const STRINGS = {
  printable: { tag: Tag.PRINTABLE_STRING, wrong: /[^A-Za-z0-9 '()+,\-./:=?]/ },
  ia5: { tag: Tag.IA5_STRING, wrong: /\P{ASCII}/u },
  numeric: { tag: Tag.NUMERIC_STRING, wrong: /[^0-9]/ },
  utf8: { tag: Tag.UTF8_STRING, wrong: /\p{Surrogate}/u },
} as const

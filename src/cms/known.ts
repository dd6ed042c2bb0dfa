import { equalBytes } from '../asn1/index.ts'
import { Certificate, Name } from '../x509/index.ts'

const MAX_ENTRIES = 512
/** Bytes of all encodings together. What is made of a hostile one is 60 times as large. */
const MAX_TOTAL = 512 * 1024
/** Bytes of one encoding. */
const MAX_BYTES = 8192
/** Bytes of an encoding that serve as its key: a certificate ends in its signature. */
const KEY_BYTES = 48

/**
 * What was parsed lately, by its encoding: parsing a certificate and importing its key cost more than verifying
 * with it. Only public data is kept, and a bounded amount of it.
 */
export class Known<T extends { readonly der: Uint8Array }> {
  readonly #parse: (der: Uint8Array) => T
  readonly #values = new Map<string, T>()
  #total = 0

  constructor(parse: (der: Uint8Array) => T) {
    this.#parse = parse
  }

  /** What was parsed from the same bytes before. */
  find(der: Uint8Array): T | undefined {
    const value = this.#values.get(keyOf(der))
    return value !== undefined && equalBytes(value.der, der) ? value : undefined
  }

  /** Parses the bytes, unless that was done before. */
  parse(der: Uint8Array): T {
    const found = this.find(der)
    if (found !== undefined) return found
    // A copy, so that the whole message is not kept with it.
    const value = this.#parse(new Uint8Array(der))
    if (der.length > MAX_BYTES) return value
    this.#forget(keyOf(der))
    for (const oldest of this.#values.keys()) {
      if (this.#values.size < MAX_ENTRIES && this.#total + der.length <= MAX_TOTAL) break
      this.#forget(oldest)
    }
    this.#values.set(keyOf(der), value)
    this.#total += der.length
    return value
  }

  #forget(key: string): void {
    this.#total -= this.#values.get(key)?.der.length ?? 0
    this.#values.delete(key)
  }
}

function keyOf(der: Uint8Array): string {
  const from = Math.max(0, der.length - KEY_BYTES)
  return String.fromCharCode(...der.subarray(from))
}

/** Certificates of messages, with their imported keys. */
export const knownCertificates = new Known((der) => Certificate.parse(der))

/** Names of issuers, with their text. */
export const knownNames = new Known((der) => Name.parse(der))

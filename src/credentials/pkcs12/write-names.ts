import type { Certificate } from '../../x509/index.ts'

/** pkcs-9-ub-friendlyName (RFC 2985 appendix A), in UTF-16 units. */
const LONGEST = 255

/**
 * Friendly names of one file, no two the same: Java loses the second of two entries that have one alias, and takes
 * aliases in lower case.
 */
export class FriendlyNames {
  readonly #taken = new Set<string>()

  /** The name as it is, where it is free, else with a number behind it. Cut where it is too long. */
  take(name: string): string {
    for (let number = 1; ; number++) {
      const candidate = number === 1 ? cut(name, LONGEST) : numbered(name, number)
      const alias = candidate.toLowerCase()
      if (this.#taken.has(alias)) continue
      this.#taken.add(alias)
      return candidate
    }
  }
}

/**
 * A given name, or undefined for none.
 *
 * @throws TypeError for what is no text, or has a lone surrogate
 */
export function givenName(name: string | undefined): string | undefined {
  if (name === undefined) return undefined
  if (typeof name !== 'string' || /\p{Surrogate}/u.test(name)) {
    throw new TypeError('friendlyName must be a string without lone surrogates')
  }
  return name === '' ? undefined : name
}

/** What a certificate is called where nobody named it. */
export function nameOf(certificate: Certificate | undefined, otherwise: string): string {
  const name = certificate?.subject.commonName ?? ''
  return name === '' ? otherwise : name
}

/** BMPString: UTF-16, the most significant octet first. What is beyond the BMP takes two units, as readers expect. */
export function utf16(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length * 2)
  const view = new DataView(bytes.buffer)
  for (let i = 0; i < text.length; i++) view.setUint16(i * 2, text.charCodeAt(i))
  return bytes
}

function numbered(name: string, number: number): string {
  const suffix = `-${number}`
  return `${cut(name, LONGEST - suffix.length)}${suffix}`
}

/** Without half a character at the end. */
function cut(name: string, length: number): string {
  return name.length <= length ? name : name.slice(0, length).replace(/\p{Surrogate}$/u, '')
}

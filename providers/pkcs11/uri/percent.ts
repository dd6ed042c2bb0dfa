import { SignerError } from '../../../src/errors.ts'

/** What may stand as it is in a value: pk11-pchar and, in the query, `/` and `?` (RFC 7512 section 2.3). */
const ALLOWED = /^(?:[A-Za-z0-9._~:[\]@!$'()*+,=&/?|-]|%[0-9A-Fa-f]{2})*$/

/**
 * The bytes of a value. A plus sign is a plus sign: the URI is no form.
 *
 * @param name of the attribute, for errors; the value may be a PIN
 */
export function decodeBytes(value: string, name: string): Uint8Array {
  // Blanks and letters beyond ASCII are common in labels that people paste; they mean themselves.
  // A lone surrogate has no UTF-8: it stays, and is refused below.
  const encoded = name === 'id' ? value : value.replace(/[^\0-\x7f\ud800-\udfff]| /gu, encodeURIComponent)
  if (!ALLOWED.test(encoded)) {
    throw refused(name, 'has a character that must be written as %XX, or a % without two digits behind it')
  }
  const bytes: number[] = []
  for (let i = 0; i < encoded.length; i++) {
    if (encoded[i] === '%') {
      bytes.push(Number.parseInt(encoded.slice(i + 1, i + 3), 16))
      i += 2
    } else bytes.push(encoded.charCodeAt(i))
  }
  return Uint8Array.from(bytes)
}

/** The text of a value, which is UTF-8. */
export function decodeText(value: string, name: string): string {
  const bytes = decodeBytes(value, name)
  if (bytes.includes(0)) throw refused(name, 'holds a NUL')
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw refused(name, 'is not UTF-8')
  }
}

/** Bytes as %XX throughout. */
export function encodeBytes(bytes: Uint8Array): string {
  return Array.from(bytes, (octet) => `%${octet.toString(16).toUpperCase().padStart(2, '0')}`).join('')
}

/** Text with all but RFC 3986's unreserved characters as %XX. */
export function encodeText(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) =>
    encodeBytes(Uint8Array.of(char.charCodeAt(0))),
  )
}

function refused(name: string, what: string): SignerError {
  const hint = 'write a blank as %20, a semicolon as %3B, a percent sign as %25'
  return new SignerError('ERR_SIGNER_URI', `not a pkcs11: URI (RFC 7512): the value of ${name} ${what}`, {
    hint,
  })
}

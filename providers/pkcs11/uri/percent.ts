import { SignerError } from '../../../src/errors.ts'

/** Where a value stands: what it may hold as it is differs (RFC 7512 section 2.3, pk11-pchar and pk11-qchar). */
export type Place = 'path' | 'query'

const ALLOWED: Readonly<Record<Place, RegExp>> = {
  path: /^(?:[A-Za-z0-9._~:[\]@!$'()*+,=&-]|%[0-9A-Fa-f]{2})*$/,
  query: /^(?:[A-Za-z0-9._~:[\]@!$'()*+,=/?|-]|%[0-9A-Fa-f]{2})*$/,
}

/**
 * The bytes of a value. A plus sign is a plus sign: the URI is no form.
 *
 * @param name of the attribute, for errors; the value may be a PIN
 */
export function decodeBytes(encoded: string, name: string, place: Place): Uint8Array {
  if (!ALLOWED[place].test(encoded)) {
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
export function decodeText(value: string, name: string, place: Place): string {
  const bytes = decodeBytes(value, name, place)
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
  const hint =
    'write a blank as %20, a semicolon as %3B, a percent sign as %25, other letters as the bytes of their UTF-8'
  return new SignerError('ERR_SIGNER_URI', `not a pkcs11: URI (RFC 7512): the value of ${name} ${what}`, {
    hint,
  })
}

/** A password in the forms that key derivations take. */
export interface PasswordBytes {
  /** As PBES2, PBES1 and the traditional PEM take it. */
  readonly utf8: Uint8Array
  /** As PKCS#12's own derivation takes it: BMPString with a final NUL (RFC 7292 B.1); no bytes for no password. */
  readonly bmp: Uint8Array
}

/**
 * The forms of a password, in the order to try, in copies that the caller wipes. The empty password and none differ in
 * PKCS#12's derivation, and programs take the one for the other: both are tried.
 *
 * @param password bytes are taken as UTF-8, or where they are none as ISO 8859-1, as OpenSSL does
 */
export function passwordCandidates(password: string | Uint8Array): PasswordBytes[] {
  const utf8 = typeof password === 'string' ? new TextEncoder().encode(password) : new Uint8Array(password)
  const given = { utf8, bmp: bmpPassword(utf8) }
  return utf8.length > 0 ? [given] : [given, { utf8: new Uint8Array(), bmp: new Uint8Array() }]
}

/** UTF-16BE with two final zero bytes (RFC 7292 B.1), in bytes that the caller wipes. */
export function bmpPassword(utf8: Uint8Array): Uint8Array<ArrayBuffer> {
  const text = decoded(utf8)
  const bmp = new Uint8Array((text.length + 1) * 2)
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    bmp[2 * i] = unit >> 8
    bmp[2 * i + 1] = unit & 0xff
  }
  return bmp
}

function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return Array.from(bytes, (octet) => String.fromCharCode(octet)).join('')
  }
}

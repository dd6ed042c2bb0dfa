/** Standard base64 (RFC 4648 section 4) with padding and without line ends. */
export function encodeBase64(bytes: Uint8Array): string {
  let binary = ''
  for (let i = 0; i < bytes.length; i += 0x2000) {
    binary += String.fromCharCode(...bytes.subarray(i, i + 0x2000))
  }
  return btoa(binary)
}

/**
 * Decodes standard base64. White space is skipped; anything else outside the alphabet, wrong padding or
 * non-zero pad bits is refused.
 *
 * @returns the bytes, or undefined where the text is not base64
 */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  const compact = text.replace(/[\t\n\r ]+/g, '')
  if (compact.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(compact)) return undefined
  const binary = atob(compact)
  const bytes = new Uint8Array(binary.length)
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i)
  const tail = binary.slice(binary.length - (binary.length % 3))
  return btoa(tail) === (tail === '' ? '' : compact.slice(-4)) ? bytes : undefined
}

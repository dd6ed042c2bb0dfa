import { nodeBuffer } from './node-buffer.ts'

/**
 * Standard base64 (RFC 4648 section 4) with padding and without line ends.
 *
 * @example
 * ```ts
 * import { encodeBase64 } from 'sealkit/asn1'
 * encodeBase64(Uint8Array.of(1, 2)) // 'AQI='
 * ```
 */
export function encodeBase64(bytes: Uint8Array): string {
  if (nodeBuffer !== undefined) {
    return nodeBuffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64')
  }
  const pieces: string[] = []
  for (let at = 0; at < bytes.length; at += 8192) {
    pieces.push(String.fromCharCode(...bytes.subarray(at, at + 8192)))
  }
  return btoa(pieces.join(''))
}

/**
 * Decodes standard base64 (RFC 4648 section 4). White space (tab, LF, CR, space) is skipped; anything else
 * outside the alphabet, wrong padding or non-zero pad bits is refused.
 *
 * @returns the bytes, or undefined where the text is not base64
 * @example
 * ```ts
 * import { decodeBase64 } from 'sealkit/asn1'
 * decodeBase64('AQI=') // 01 02
 * decodeBase64('AQJ=') // undefined: the pad bits are not zero
 * ```
 */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  const compact = text.replace(/[\t\n\r ]+/g, '')
  const padding = compact.endsWith('==') ? 2 : compact.endsWith('=') ? 1 : 0
  // Buffer skips what it does not know, so the text is judged before and the last group after.
  if (compact.length % 4 !== 0) return undefined
  if (/[^A-Za-z0-9+/]/.test(padding === 0 ? compact : compact.slice(0, -padding))) return undefined
  // Written in place: what Buffer.from makes lies in a pool that is shared, and this may be a key.
  const bytes = new Uint8Array((compact.length / 4) * 3 - padding)
  if (nodeBuffer !== undefined) nodeBuffer.from(bytes.buffer).write(compact, 'base64')
  else fill(bytes, atob(compact))
  if (padding > 0 && encodeBase64(bytes.subarray(bytes.length - 3 + padding)) !== compact.slice(-4))
    return undefined
  return bytes
}

function fill(bytes: Uint8Array, octets: string): void {
  for (let i = 0; i < bytes.length; i++) bytes[i] = octets.charCodeAt(i)
}

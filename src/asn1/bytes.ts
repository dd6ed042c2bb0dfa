import { nodeBuffer } from './node-buffer.ts'

/** Joins byte arrays into a new one. */
export function concatBytes(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  let length = 0
  for (const part of parts) length += part.length
  const out = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}

/** True when both hold the same bytes. Not constant time: for public data only. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  if (nodeBuffer !== undefined) return nodeBuffer.compare(a, b) === 0
  return compareBytes(a, b) === 0
}

/** Order of encodings in a DER SET OF (X.690 11.6): octet by octet, the shorter first where it is a prefix. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length)
  for (let i = 0; i < shared; i++) {
    const difference = (a[i] as number) - (b[i] as number)
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

/** Lower-case hexadecimal, without separators unless one is given. */
export function toHex(bytes: Uint8Array, separator = ''): string {
  const hex =
    nodeBuffer?.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex') ??
    Array.from(bytes, (octet) => octet.toString(16).padStart(2, '0')).join('')
  return separator === '' ? hex : hex.replace(/..(?=.)/g, `$&${separator}`)
}

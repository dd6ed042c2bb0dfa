import { endianness } from 'node:os'

const isLittle = endianness() === 'LE'

/** The number in a CK_ULONG: of 8 bytes on most systems, of 4 on Windows. */
export function toNumber(bytes: Uint8Array): number {
  const ordered = isLittle ? bytes.toReversed() : bytes
  return ordered.reduce((number, octet) => number * 256 + octet, 0)
}

/** CK_BBOOL. */
export function toBoolean(bytes: Uint8Array): boolean {
  return bytes.some((octet) => octet !== 0)
}

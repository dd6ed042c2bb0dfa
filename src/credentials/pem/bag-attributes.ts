import { toText } from '../../asn1/index.ts'
import type { Part } from '../input.ts'

/** What `openssl pkcs12` writes before a PEM block: the attributes of the bag it came from. */
export interface BagText {
  readonly friendlyName: string | undefined
  readonly localKeyId: Uint8Array | undefined
}

const NOTHING: BagText = { friendlyName: undefined, localKeyId: undefined }

/** Reads the bag attributes that stand as text before PEM blocks; anyone can write such text, so nothing hangs on it. */
export function bagAttributes(
  input: Uint8Array | string,
  parts: readonly Part[],
): ReadonlyMap<Part, BagText> {
  const found = new Map<Part, BagText>()
  if (parts.every(({ line }) => line === undefined)) return found
  const lines = toText(input).split(/\r\n|\n|\r/)
  let from = 0
  for (const part of parts) {
    if (part.line === undefined) continue
    found.set(part, attributesIn(lines.slice(from, part.line - 1)))
    from = part.line
  }
  return found
}

function attributesIn(lines: readonly string[]): BagText {
  const end = lines.findLastIndex((line) => line.includes('-----END '))
  const own = lines.slice(end + 1)
  if (!own.some((line) => /^\s*Bag Attributes/.test(line))) return NOTHING
  const value = (name: string): string | undefined =>
    own
      .map((line) => line.trim())
      .find((line) => line.startsWith(`${name}: `))
      ?.slice(name.length + 2)
  const id = value('localKeyID')?.replaceAll(' ', '')
  return {
    friendlyName: value('friendlyName'),
    localKeyId: id !== undefined && /^([0-9a-f]{2})+$/i.test(id) ? fromHex(id) : undefined,
  }
}

function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (octet) => Number.parseInt(octet, 16))
}

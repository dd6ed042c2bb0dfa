import { nodeBuffer } from './node-buffer.ts'
import { Tag } from './tags.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

// V8's longest string is 2^29 - 24 characters; past it the decoders throw errors of their own.
const LONGEST = 2 ** 28

/** Octets as characters U+0000 to U+00FF. */
export function latin1(bytes: Uint8Array): string {
  if (bytes.length > 64 && nodeBuffer !== undefined) {
    return nodeBuffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
  }
  let text = ''
  for (let i = 0; i < bytes.length; i++) text += String.fromCharCode(bytes[i] as number)
  return text
}

/**
 * Decodes a character string by its tag (X.690 8.23, X.680 41), strictly within the type's repertoire.
 * TeletexString is read as ISO 8859-1 and BMPString as UTF-16, as everyone writes them.
 *
 * @param tag identifier octet of a universal string type, see {@link Tag}
 * @param content content octets
 * @returns the text (never with a lone surrogate), or undefined where the octets do not belong to the type or
 *   the tag is no string type
 * @example
 * ```ts
 * import { decodeString, Tag } from 'sealkit/asn1'
 * decodeString(Tag.PRINTABLE_STRING, Uint8Array.of(0x52, 0x55)) // 'RU'
 * ```
 */
export function decodeString(tag: number, content: Uint8Array): string | undefined {
  if (content.length > LONGEST) return undefined
  switch (tag) {
    case Tag.UTF8_STRING:
      return decodeUtf8(content)
    case Tag.PRINTABLE_STRING:
      return without(/[^A-Za-z0-9 '()+,\-./:=?]/, content)
    case Tag.NUMERIC_STRING:
      return without(/[^0-9 ]/, content)
    case Tag.IA5_STRING:
      return without(/[\x80-\xff]/, content)
    case Tag.VISIBLE_STRING:
      return without(/[^\x20-\x7e]/, content)
    case Tag.TELETEX_STRING:
      return latin1(content)
    case Tag.BMP_STRING:
      return decodeUtf16(content)
    case Tag.UNIVERSAL_STRING:
      return decodeUtf32(content)
    default:
      return undefined
  }
}

/** Whether the tag is that of a character string {@link decodeString} knows. */
export function isStringTag(tag: number): boolean {
  return STRING_TAGS.has(tag)
}

const STRING_TAGS: ReadonlySet<number> = new Set([
  ...[Tag.UTF8_STRING, Tag.PRINTABLE_STRING, Tag.NUMERIC_STRING, Tag.IA5_STRING, Tag.VISIBLE_STRING],
  ...[Tag.TELETEX_STRING, Tag.BMP_STRING, Tag.UNIVERSAL_STRING],
])

// A search for the first wrong character, since `^[…]*$` on megabytes can exhaust the expression's stack.
function without(wrong: RegExp, content: Uint8Array): string | undefined {
  const text = latin1(content)
  return wrong.test(text) ? undefined : text
}

function decodeUtf8(content: Uint8Array): string | undefined {
  try {
    return utf8.decode(content)
  } catch {
    return undefined
  }
}

function decodeUtf16(content: Uint8Array): string | undefined {
  if (content.length % 2 !== 0) return undefined
  const pieces: string[] = []
  for (let from = 0; from < content.length; from += 8192) {
    const units: number[] = []
    for (let at = from; at < Math.min(from + 8192, content.length); at += 2) {
      units.push(((content[at] as number) << 8) | (content[at + 1] as number))
    }
    pieces.push(String.fromCharCode(...units))
  }
  const text = pieces.join('')
  return /\p{Surrogate}/u.test(text) ? undefined : text
}

function decodeUtf32(content: Uint8Array): string | undefined {
  if (content.length % 4 !== 0) return undefined
  const octets = new DataView(content.buffer, content.byteOffset, content.length)
  const pieces: string[] = []
  for (let from = 0; from < content.length; from += 4096) {
    const characters: number[] = []
    for (let at = from; at < Math.min(from + 4096, content.length); at += 4) {
      const character = octets.getUint32(at)
      if (character > 0x10ffff || (character >= 0xd800 && character < 0xe000)) return undefined
      characters.push(character)
    }
    pieces.push(String.fromCodePoint(...characters))
  }
  return pieces.join('')
}

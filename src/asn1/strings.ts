import { Tag } from './tags.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Octets as characters U+0000 to U+00FF. */
export function latin1(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < bytes.length; i++) text += String.fromCharCode(bytes[i] as number)
  return text
}

/**
 * Decodes a character string by its tag (X.690 8.23, X.680 41), strictly within the type's repertoire.
 * TeletexString is read as ISO 8859-1, as everyone writes it.
 *
 * @returns the text, or undefined where the octets do not belong to the type or the tag is no string type
 */
export function decodeString(tag: number, content: Uint8Array): string | undefined {
  switch (tag) {
    case Tag.UTF8_STRING:
      return decodeUtf8(content)
    case Tag.PRINTABLE_STRING:
      return matching(/^[A-Za-z0-9 '()+,\-./:=?]*$/, content)
    case Tag.NUMERIC_STRING:
      return matching(/^[0-9 ]*$/, content)
    case Tag.IA5_STRING:
      return content.every((octet) => octet < 0x80) ? latin1(content) : undefined
    case Tag.VISIBLE_STRING:
      return matching(/^[\x20-\x7e]*$/, content)
    case Tag.TELETEX_STRING:
      return latin1(content)
    case Tag.BMP_STRING:
      return decodeWide(content, 2)
    case Tag.UNIVERSAL_STRING:
      return decodeWide(content, 4)
    default:
      return undefined
  }
}

function matching(form: RegExp, content: Uint8Array): string | undefined {
  const text = latin1(content)
  return form.test(text) ? text : undefined
}

function decodeUtf8(content: Uint8Array): string | undefined {
  try {
    return utf8.decode(content)
  } catch {
    return undefined
  }
}

function decodeWide(content: Uint8Array, width: 2 | 4): string | undefined {
  if (content.length % width !== 0) return undefined
  let text = ''
  for (let i = 0; i < content.length; i += width) {
    let unit = 0
    for (let j = 0; j < width; j++) unit = unit * 256 + (content[i + j] as number)
    if (unit > 0x10ffff || (width === 4 && unit >= 0xd800 && unit < 0xe000)) return undefined
    text += width === 2 ? String.fromCharCode(unit) : String.fromCodePoint(unit)
  }
  return text
}

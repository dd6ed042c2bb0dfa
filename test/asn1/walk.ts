import { type DerReader, der, encode, type ReadOptions, readDer, Tag } from '../../src/asn1/index.ts'

/** What a generic reading of DER saw. */
export interface Walk {
  elements: number
  /** Written anew from the values that were read: DER has one encoding for each. */
  again: Uint8Array
}

/** Reads any DER, each element as the type its tag says. */
export function walk(bytes: Uint8Array, options?: ReadOptions): Walk {
  let elements = 0
  const again = readDer(
    bytes,
    'Walk',
    function any(reader: DerReader, name = ''): Uint8Array {
      elements++
      return value(reader, name, any)
    },
    options,
  )
  return { elements, again }
}

function value(
  reader: DerReader,
  name: string,
  any: (reader: DerReader, name: string) => Uint8Array,
): Uint8Array {
  const tag = reader.nextTag
  switch (tag) {
    case Tag.BOOLEAN:
      return der.boolean(reader.boolean(name))
    case Tag.INTEGER:
      return encode(tag, [reader.integerBytes(name)])
    case Tag.BIT_STRING: {
      const { bytes, unusedBits } = reader.bitString(name)
      return encode(tag, [Uint8Array.of(unusedBits), bytes])
    }
    case Tag.OCTET_STRING:
      return der.octetString(reader.octetString(name))
    case Tag.NULL:
      reader.null(name)
      return der.null()
    case Tag.OBJECT_IDENTIFIER:
      return der.oid(reader.oid(name))
    case Tag.UTF8_STRING:
      return der.utf8String(reader.string(name))
    case Tag.PRINTABLE_STRING:
      return der.printableString(reader.string(name))
    case Tag.IA5_STRING:
      return der.ia5String(reader.string(name))
    case Tag.BMP_STRING:
      return encode(tag, [Buffer.from(reader.string(name), 'utf16le').swap16()])
    case Tag.UTC_TIME:
      return der.time(reader.time(name))
    case Tag.GENERALIZED_TIME:
      return der.generalizedTime(reader.time(name))
    case Tag.SET:
      // A SET, not SET OF, may be in another order: the encoding says nothing of which it is.
      return encode(tag, reader.setOf(name, any, { unsorted: () => undefined }))
  }
  const constructed = ((tag > 0xff ? Math.floor(tag / 2 ** 24) : tag) & 0x20) !== 0
  if (constructed && tag >= 0) return encode(tag, reader.sequenceOf(name, any, tag))
  return encode(tag, [reader.element(name).content])
}

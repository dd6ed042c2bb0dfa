import * as asn1js from 'asn1js'
import { type DerReader, readDer, Tag, tagName } from '../../src/asn1/index.ts'
import type { Value } from './model.ts'

const hexOf = (bytes: ArrayBuffer | Uint8Array): string => Buffer.from(bytes as Uint8Array).toString('hex')

/** The values in DER as our reader gives them. */
export function ourValues(bytes: Uint8Array): Value {
  return readDer(bytes, 'Tree', (r) => ours(r, ''))
}

function ours(r: DerReader, name: string): Value {
  const tag = r.nextTag
  const type = tagName(tag)
  switch (tag) {
    case Tag.BOOLEAN:
      return { type, text: String(r.boolean(name)) }
    case Tag.INTEGER: {
      const content = r.integerBytes(name)
      return { type, text: String(BigInt.asIntN(content.length * 8, BigInt(`0x${hexOf(content)}`))) }
    }
    case Tag.NULL:
      r.null(name)
      return { type, text: '' }
    case Tag.OBJECT_IDENTIFIER:
      return { type, text: r.oid(name) }
    case Tag.OCTET_STRING:
      return { type, text: hexOf(r.octetString(name)) }
    case Tag.BIT_STRING: {
      const { bytes, unusedBits } = r.bitString(name)
      return { type, text: `${hexOf(bytes)}/${unusedBits}` }
    }
    case Tag.UTC_TIME:
    case Tag.GENERALIZED_TIME:
      return { type, text: r.time(name).toISOString() }
    case Tag.SET:
      return { type, items: r.setOf(name, ours) }
    case Tag.UTF8_STRING:
    case Tag.PRINTABLE_STRING:
    case Tag.IA5_STRING:
    case Tag.BMP_STRING:
    case Tag.TELETEX_STRING:
    case Tag.VISIBLE_STRING:
    case Tag.NUMERIC_STRING:
      return { type, text: r.string(name) }
  }
  if (type.endsWith('primitive')) return { type, text: hexOf(r.primitive(tag, name)) }
  return { type, items: r.sequenceOf(name, ours, tag) }
}

/** The values in BER as asn1js gives them. */
export function asn1jsValues(bytes: Uint8Array): Value {
  const { offset, result } = asn1js.fromBER(bytes, { maxNodes: 1_000_000 })
  if (result.error !== '') throw new Error(`asn1js: ${result.error}`)
  if (offset !== bytes.length) throw new Error(`asn1js: read to ${offset} of ${bytes.length}`)
  return theirs(result)
}

function theirs(block: asn1js.BaseBlock): Value {
  if (block instanceof asn1js.Boolean) return { type: 'BOOLEAN', text: String(block.getValue()) }
  if (block instanceof asn1js.Integer) return { type: 'INTEGER', text: String(block.toBigInt()) }
  if (block instanceof asn1js.Null) return { type: 'NULL', text: '' }
  if (block instanceof asn1js.ObjectIdentifier) return { type: 'OBJECT IDENTIFIER', text: block.getValue() }
  if (block instanceof asn1js.OctetString) return { type: 'OCTET STRING', text: octetPieces(block) }
  if (block instanceof asn1js.BitString) return { type: 'BIT STRING', text: bitPieces(block) }
  // GeneralizedTime extends UTCTime there.
  if (block instanceof asn1js.GeneralizedTime)
    return { type: 'GENERALIZED TIME', text: block.toDate().toISOString() }
  if (block instanceof asn1js.UTCTime) return { type: 'UTC TIME', text: block.toDate().toISOString() }
  if (block instanceof asn1js.Utf8String) return { type: 'UTF8 STRING', text: block.getValue() }
  if (block instanceof asn1js.PrintableString) return { type: 'PRINTABLE STRING', text: block.getValue() }
  if (block instanceof asn1js.IA5String) return { type: 'IA5 STRING', text: block.getValue() }
  if (block instanceof asn1js.TeletexString) return { type: 'TELETEX STRING', text: block.getValue() }
  if (block instanceof asn1js.NumericString) return { type: 'NUMERIC STRING', text: block.getValue() }
  if (block instanceof asn1js.VisibleString) return { type: 'VISIBLE STRING', text: block.getValue() }
  if (block instanceof asn1js.BmpString) return { type: 'BMP STRING', text: block.getValue() }
  if (block instanceof asn1js.Sequence) return { type: 'SEQUENCE', items: block.valueBlock.value.map(theirs) }
  if (block instanceof asn1js.Set) return { type: 'SET', items: block.valueBlock.value.map(theirs) }
  const { tagNumber } = block.idBlock
  if (block instanceof asn1js.Constructed)
    return { type: `[${tagNumber}]`, items: block.valueBlock.value.map(theirs) }
  if (block instanceof asn1js.Primitive) {
    return { type: `[${tagNumber}] primitive`, text: hexOf(block.valueBlock.valueHexView) }
  }
  throw new Error(`asn1js: ${block.constructor.name}`)
}

// getValue() of asn1js leaves out pieces that are in pieces themselves; its tree has them.
function octetPieces(block: asn1js.OctetString): string {
  if (!block.idBlock.isConstructed) return hexOf(block.valueBlock.valueHexView)
  return (block.valueBlock.value as asn1js.OctetString[]).map(octetPieces).join('')
}

function bitPieces(block: asn1js.BitString): string {
  const pieces = leavesOf(block)
  const last = pieces.at(-1)
  return `${pieces.map((piece) => hexOf(piece.valueBlock.valueHexView)).join('')}/${last?.valueBlock.unusedBits ?? 0}`
}

function leavesOf(block: asn1js.BitString): asn1js.BitString[] {
  return block.idBlock.isConstructed
    ? (block.valueBlock.value as asn1js.BitString[]).flatMap(leavesOf)
    : [block]
}

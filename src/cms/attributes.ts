import { type DerReader, der, type Element, type Part } from '../asn1/index.ts'

/** An attribute as a caller gives it (RFC 5652 section 5.3). */
export interface AttributeInput {
  /** Dotted OID of the attribute type. */
  oid: string
  /** Its values, each one whole DER element. At least one. */
  values: readonly Uint8Array[]
}

/** An attribute as it stands in a message. */
export interface Attribute {
  /** Dotted OID of the attribute type. */
  readonly oid: string
  /** Its values as whole elements. */
  readonly values: readonly Element[]
}

/** Encodes an Attribute, its SET OF values in DER order. */
export function encodeAttribute(oid: string, values: readonly Part[]): Uint8Array {
  return der.sequence([der.oid(oid), der.setOf(values)])
}

/** Reads SignedAttributes or UnsignedAttributes under their implicit tag. */
export function readAttributes(
  reader: DerReader,
  field: string,
  tag: number,
): { attributes: Attribute[]; sorted: boolean } {
  let sorted = true
  const unsorted = (): void => {
    sorted = false
  }
  const attributes = reader.setOf(
    field,
    (list, name) =>
      list.sequence(name, (r) => ({
        oid: r.oid('attrType'),
        values: r.setOf('attrValues', (values, i) => values.element(i), { unsorted }),
      })),
    { tag, unsorted },
  )
  return { attributes, sorted }
}

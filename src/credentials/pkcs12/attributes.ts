import { type DerReader, decodeString, Tag, tagName } from '../../asn1/index.ts'
import { Pkcs12Oid } from './oids.ts'

/** The attributes of a bag (RFC 7292 4.2) that are of use. */
export interface BagAttributes {
  /** RFC 2985 5.5.1. */
  friendlyName: string | undefined
  /** RFC 2985 5.5.2. */
  localKeyId: Uint8Array | undefined
  /** Java's trustedKeyUsage is there. */
  trusted: boolean
  /** What was wrong with an attribute, and ignored. */
  notes: string[]
}

/**
 * Reads bagAttributes, where they are. Other attributes are passed over, and of several values the first is
 * taken: no attribute is worth losing a key for.
 */
export function readBagAttributes(r: DerReader): BagAttributes {
  const attributes: BagAttributes = {
    friendlyName: undefined,
    localKeyId: undefined,
    trusted: false,
    notes: [],
  }
  if (r.done) return attributes
  r.setOf('bagAttributes', (set, name) => set.sequence(name, (attribute) => readOne(attribute, attributes)))
  return attributes
}

function readOne(r: DerReader, attributes: BagAttributes): void {
  const type = r.oid('attrId')
  const [value] = r.setOf('attrValues', (values, name) => values.element(name))
  if (type === Pkcs12Oid.trustedKeyUsage) attributes.trusted = true
  if (value === undefined) return
  if (type === Pkcs12Oid.friendlyName) {
    const name = decodeString(value.tag, value.content)
    if (name === undefined) attributes.notes.push('A friendly name is no valid text and was ignored.')
    attributes.friendlyName ??= name
  }
  if (type === Pkcs12Oid.localKeyId) {
    if (value.tag === Tag.OCTET_STRING) attributes.localKeyId ??= new Uint8Array(value.content)
    else attributes.notes.push(`A localKeyId is a ${tagName(value.tag)}, no OCTET STRING, and was ignored.`)
  }
}

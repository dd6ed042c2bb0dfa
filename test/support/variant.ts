/**
 * What was done to the input. A suite decides by kind what its parser may accept:
 *
 * - `truncated`, `trailing`, `length`, `depth`, `tiny`: no parser may accept any, unless the damage lies
 *   inside a string that it does not open (`neverValid` in malformed.ts).
 * - `ber`: the same value in BER that is not DER. A DER parser refuses, one that calls `toDefinite` accepts.
 * - `tag`, `content`, `removed`, `duplicated`, `swapped`, `added`: well-formed DER with another value; some
 *   are a valid other message (an optional field removed), most are not.
 * - `noncanonical`: well-formed, a primitive that breaks X.690 (BOOLEAN 01, padded INTEGER or OID).
 */
export type VariantKind =
  | 'truncated'
  | 'trailing'
  | 'length'
  | 'depth'
  | 'tiny'
  | 'ber'
  | 'tag'
  | 'content'
  | 'removed'
  | 'duplicated'
  | 'swapped'
  | 'added'
  | 'noncanonical'

export interface Variant {
  kind: VariantKind
  /** Says what was done and where: `root.0.2 (at 17): length +1`. */
  name: string
  bytes: Uint8Array
  /** Inside an OCTET or BIT STRING that holds DER (an extension, a key), which a parser may leave unread. */
  encapsulated: boolean
}

export function variant(kind: VariantKind, name: string, bytes: Uint8Array, encapsulated = false): Variant {
  return { kind, name, bytes, encapsulated }
}

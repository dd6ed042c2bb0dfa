import { contextTag, der, equalBytes, readDer, Tag } from '../asn1/index.ts'

/** Value of CMSAlgorithmProtection (RFC 6211 section 2) from the two AlgorithmIdentifiers. */
export function encodeAlgorithmProtection(
  digestAlgorithm: Uint8Array,
  signatureAlgorithm: Uint8Array,
): Uint8Array {
  return der.sequence([digestAlgorithm, der.implicit(1, signatureAlgorithm)])
}

/** Whether the attribute names the algorithms that stand in the SignerInfo (RFC 6211 section 2). */
export function protectsAlgorithms(
  value: Uint8Array,
  digestAlgorithm: Uint8Array,
  signatureAlgorithm: Uint8Array,
): boolean {
  return readDer(value, 'CMSAlgorithmProtection', (r) =>
    r.sequence('', (s) => {
      const digest = s.element('digestAlgorithm', Tag.SEQUENCE).content
      const signature = s.element('signatureAlgorithm', contextTag(1, true)).content
      return (
        equalBytes(normal(der.sequence([digest])), normal(digestAlgorithm)) &&
        equalBytes(normal(der.sequence([signature])), normal(signatureAlgorithm))
      )
    }),
  )
}

/** OID and parameters; NULL counts as absent (RFC 5754 section 2). */
function normal(identifier: Uint8Array): Uint8Array {
  return readDer(identifier, 'AlgorithmIdentifier', (r) =>
    r.sequence('', (s) => {
      const oid = s.element('algorithm', Tag.OBJECT_IDENTIFIER).bytes
      const parameters = s.done ? undefined : s.element('parameters').bytes
      const empty = parameters === undefined || (parameters.length === 2 && parameters[0] === Tag.NULL)
      return empty ? oid : der.sequence([oid, parameters])
    }),
  )
}

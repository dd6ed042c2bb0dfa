import { contextTag, der, encode } from '../asn1/index.ts'
import { type Extension, ExtensionOid, KEY_USAGES, type KeyUsage } from './extensions.ts'
import { encodeGeneralName, type GeneralName } from './general-name.ts'

/** Extension in DER (RFC 5280 4.1.2.9). */
export function encodeExtension({ oid, critical, value }: Extension): Uint8Array<ArrayBuffer> {
  const marked = critical ? [der.boolean(true)] : []
  return der.sequence([der.oid(oid), ...marked, der.octetString(value)])
}

/** keyUsage, critical as RFC 5280 4.2.1.3 advises. */
export function keyUsageExtension(usages: Iterable<KeyUsage>): Extension {
  const bits = [...usages].map((usage) => KEY_USAGES.indexOf(usage))
  if (bits.length === 0 || bits.includes(-1))
    throw new TypeError(`keyUsage must be some of ${KEY_USAGES.join(', ')}`)
  const last = Math.max(...bits)
  const bytes = new Uint8Array((last >> 3) + 1)
  for (const bit of bits) bytes[bit >> 3] = (bytes[bit >> 3] as number) | (0x80 >> (bit & 7))
  // X.690 11.2.2: no zero bits at the end of a named list.
  return { oid: ExtensionOid.keyUsage, critical: true, value: der.bitString(bytes, 7 - (last & 7)) }
}

/** extendedKeyUsage from OIDs (RFC 5280 4.2.1.12). */
export function extendedKeyUsageExtension(purposes: readonly string[]): Extension {
  const value = der.sequence(purposes.map((oid) => der.oid(oid)))
  return { oid: ExtensionOid.extendedKeyUsage, critical: false, value }
}

/** subjectAltName; critical where the subject is empty (RFC 5280 4.2.1.6). */
export function subjectAltNameExtension(names: readonly GeneralName[], critical: boolean): Extension {
  return { oid: ExtensionOid.subjectAltName, critical, value: der.sequence(names.map(encodeGeneralName)) }
}

/** basicConstraints, critical (RFC 5280 4.2.1.9). */
export function basicConstraintsExtension(ca: boolean, pathLenConstraint?: number): Extension {
  const length = pathLenConstraint === undefined ? [] : [der.integer(pathLenConstraint)]
  const value = der.sequence(ca ? [der.boolean(true), ...length] : [])
  return { oid: ExtensionOid.basicConstraints, critical: true, value }
}

/** subjectKeyIdentifier (RFC 5280 4.2.1.2). */
export function subjectKeyIdentifierExtension(keyIdentifier: Uint8Array): Extension {
  return { oid: ExtensionOid.subjectKeyIdentifier, critical: false, value: der.octetString(keyIdentifier) }
}

/** authorityKeyIdentifier with its keyIdentifier alone (RFC 5280 4.2.1.1). */
export function authorityKeyIdentifierExtension(keyIdentifier: Uint8Array): Extension {
  const value = der.sequence([encode(contextTag(0, false), [keyIdentifier])])
  return { oid: ExtensionOid.authorityKeyIdentifier, critical: false, value }
}

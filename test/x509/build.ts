/** Certificates and names built field by field, signed by nobody: to be read, not trusted. */
import { der } from '../../src/asn1/index.ts'

export const cat = (...parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat(parts))

export const utf8 = (tag: number, text: string): Uint8Array =>
  cat(Uint8Array.of(tag, Buffer.byteLength(text)), Buffer.from(text))

/** AttributeTypeAndValue: the value is given as an element, or as text for a UTF8String. */
export const attribute = (oid: string, value: string | Uint8Array): Uint8Array =>
  der.sequence([der.oid(oid), typeof value === 'string' ? der.utf8String(value) : value])

/** Name from RDNs, each from its attributes, sorted or not. */
export const name = (...rdns: readonly (readonly Uint8Array[])[]): Uint8Array =>
  der.sequence(rdns.map((rdn) => der.set(rdn)))

export const commonName = (text: string | Uint8Array): Uint8Array => name([attribute('2.5.4.3', text)])

export const extension = (oid: string, value: Uint8Array, ...critical: readonly Uint8Array[]): Uint8Array =>
  der.sequence([der.oid(oid), ...critical, der.octetString(value)])

export const ED25519 = der.sequence([der.oid('1.3.101.112')])

export interface Parts {
  /** The element inside [0], or null to leave it out. */
  version?: Uint8Array | null
  serial?: Uint8Array
  signature?: Uint8Array
  issuer?: Uint8Array
  validity?: Uint8Array
  subject?: Uint8Array
  spki?: Uint8Array
  /** Elements between the key and the extensions. */
  uniqueIds?: readonly Uint8Array[]
  /** Extension elements; the field is left out where none are given. */
  extensions?: readonly Uint8Array[] | undefined
  /** Elements at the end of TBSCertificate. */
  behind?: readonly Uint8Array[]
  signatureAlgorithm?: Uint8Array
  signatureValue?: Uint8Array
}

export function certificate(parts: Parts = {}): Uint8Array {
  const version = parts.version === undefined ? der.integer(2) : parts.version
  const tbs = der.sequence([
    ...(version === null ? [] : [der.explicit(0, version)]),
    parts.serial ?? der.integer(4660),
    parts.signature ?? ED25519,
    parts.issuer ?? commonName('issuer'),
    parts.validity ?? validity('2020-01-01', '2030-01-01'),
    parts.subject ?? commonName('subject'),
    parts.spki ?? der.sequence([ED25519, der.bitString(new Uint8Array(32).fill(9))]),
    ...(parts.uniqueIds ?? []),
    ...(parts.extensions === undefined ? [] : [der.explicit(3, der.sequence(parts.extensions))]),
    ...(parts.behind ?? []),
  ])
  const outer = parts.signatureAlgorithm ?? parts.signature ?? ED25519
  return der.sequence([tbs, outer, parts.signatureValue ?? der.bitString(new Uint8Array(64))])
}

export function validity(from: string, to: string): Uint8Array {
  return der.sequence([der.time(new Date(from)), der.time(new Date(to))])
}

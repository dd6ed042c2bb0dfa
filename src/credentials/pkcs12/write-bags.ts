import { contextTag, der, encode, Tag } from '../../asn1/index.ts'
import { Pkcs12Oid } from './oids.ts'
import { utf16 } from './write-names.ts'

/** Attributes of a bag (RFC 7292 4.2). */
export interface BagLabels {
  readonly friendlyName?: string | undefined
  readonly localKeyId?: Uint8Array | undefined
  /** Java's mark of a trusted certificate. */
  readonly trusted?: boolean | undefined
}

const ANY_EXTENDED_KEY_USAGE = '2.5.29.37.0'

/** PKCS8ShroudedKeyBag (RFC 7292 4.2.2) with an EncryptedPrivateKeyInfo. */
export function shroudedKeyBag(algorithm: Uint8Array, ciphertext: Uint8Array, labels: BagLabels): Uint8Array {
  const encrypted = der.sequence([algorithm, der.octetString(ciphertext)])
  return bag(Pkcs12Oid.pkcs8ShroudedKeyBag, encrypted, labels)
}

/** CertBag (RFC 7292 4.2.3). */
export function certificateBag(certificate: Uint8Array, labels: BagLabels): Uint8Array {
  return bag(Pkcs12Oid.certBag, typedValue(Pkcs12Oid.x509Certificate, certificate), labels)
}

/** CRLBag (RFC 7292 4.2.4). */
export function crlBag(crl: Uint8Array): Uint8Array {
  return bag(Pkcs12Oid.crlBag, typedValue(Pkcs12Oid.x509Crl, crl), {})
}

function typedValue(type: string, value: Uint8Array): Uint8Array {
  return der.sequence([der.oid(type), der.explicit(0, der.octetString(value))])
}

function bag(type: string, value: Uint8Array, labels: BagLabels): Uint8Array {
  const attributes = attributesOf(labels)
  const set = attributes.length === 0 ? [] : [der.setOf(attributes)]
  return der.sequence([der.oid(type), der.explicit(0, value), ...set])
}

function attributesOf({ friendlyName, localKeyId, trusted }: BagLabels): Uint8Array[] {
  const attributes: Uint8Array[] = []
  if (friendlyName !== undefined) {
    attributes.push(attribute(Pkcs12Oid.friendlyName, encode(Tag.BMP_STRING, [utf16(friendlyName)])))
  }
  if (localKeyId !== undefined) attributes.push(attribute(Pkcs12Oid.localKeyId, der.octetString(localKeyId)))
  if (trusted === true) attributes.push(attribute(Pkcs12Oid.trustedKeyUsage, der.oid(ANY_EXTENDED_KEY_USAGE)))
  return attributes
}

function attribute(type: string, value: Uint8Array): Uint8Array {
  return der.sequence([der.oid(type), der.setOf([value])])
}

/** ContentInfo with plain SafeContents (RFC 7292 4.1). */
export function plainSafe(bags: readonly Uint8Array[]): Uint8Array {
  return dataContent(der.sequence(bags))
}

/** ContentInfo of type data. */
export function dataContent(content: Uint8Array): Uint8Array<ArrayBuffer> {
  return der.sequence([der.oid(Pkcs12Oid.data), der.explicit(0, der.octetString(content))])
}

/** ContentInfo with EncryptedData (RFC 5652 section 8), its ciphertext in one piece: Windows takes no pieces. */
export function encryptedSafe(algorithm: Uint8Array, ciphertext: Uint8Array): Uint8Array {
  const content = encode(contextTag(0, false), [ciphertext])
  const info = der.sequence([der.oid(Pkcs12Oid.data), algorithm, content])
  const encryptedData = der.sequence([der.integer(0), info])
  return der.sequence([der.oid(Pkcs12Oid.encryptedData), der.explicit(0, encryptedData)])
}

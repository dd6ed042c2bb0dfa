import { contextTag, type DerReader, readDer, Tag, toDefinite } from '../asn1/index.ts'

/**
 * The certificates of a PKCS#7 bag, a signedData without signers (RFC 5652 section 5.1, RFC 5751 3.2.2), in BER
 * or DER. Attribute certificates and others are passed over.
 *
 * @param bytes what `recognise` calls pkcs7
 * @returns DER of each, in the order of the message
 * @throws Asn1Error
 */
export function readCertificateBag(bytes: Uint8Array): Uint8Array[] {
  const read = (r: DerReader): Uint8Array[] =>
    r.sequence('', (contentInfo) => {
      contentInfo.oid('contentType')
      return contentInfo.constructed(contextTag(0, true), 'content', (c) => c.sequence('', readSignedData))
    })
  return readDer(toDefinite(bytes), 'ContentInfo', read, { rules: 'definite' })
}

function readSignedData(r: DerReader): Uint8Array[] {
  r.smallInteger('version', 0, 5)
  r.element('digestAlgorithms', Tag.SET)
  r.element('encapContentInfo', Tag.SEQUENCE)
  const certificates =
    r.nextTag === contextTag(0, true) ? r.sequenceOf('certificates', choice, contextTag(0, true)) : []
  if (r.nextTag === contextTag(1, true)) r.element('crls')
  r.element('signerInfos', Tag.SET)
  return certificates.filter((bytes) => bytes !== undefined)
}

/** CertificateChoices: a certificate, or a tagged alternative. */
function choice(r: DerReader, name: string): Uint8Array | undefined {
  const { tag, bytes } = r.element(name)
  return tag === Tag.SEQUENCE ? bytes : undefined
}

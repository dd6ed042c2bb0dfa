import { type DefiniteForm, definiteForm } from '../asn1/ber.ts'
import { contextTag, type DerReader, type Element, type Limits, readDer, Tag } from '../asn1/index.ts'
import { CmsError } from '../errors.ts'
import { Name } from '../x509/index.ts'
import { type Attribute, readAttributes } from './attributes.ts'
import { knownNames } from './known.ts'
import { CmsOid } from './oids.ts'

/** SignerIdentifier (RFC 5652 section 5.3): how a signer names its certificate. */
export type SignerIdentifier =
  | { readonly issuer: Name; readonly serial: Uint8Array }
  | { readonly subjectKeyIdentifier: Uint8Array }

/** SignedAttributes as they stand in the message. */
export interface SignedAttributes {
  /** The bytes that were signed: the attributes under the tag SET OF (RFC 5652 section 5.4). */
  readonly der: Uint8Array
  readonly attributes: readonly Attribute[]
  /** In DER order and encoding (X.690 11.6), as RFC 5652 5.3 asks. */
  readonly isDer: boolean
}

/** SignerInfo (RFC 5652 section 5.3). Algorithms are kept as they stand, to be judged by the verifier. */
export interface SignerInfo {
  /** The whole SignerInfo. */
  readonly der: Uint8Array
  readonly version: number
  readonly sid: SignerIdentifier
  /** The encoding of sid. */
  readonly sidDer: Uint8Array
  /** AlgorithmIdentifier in DER. */
  readonly digestAlgorithm: Uint8Array
  readonly signedAttrs: SignedAttributes | undefined
  /** AlgorithmIdentifier in DER. */
  readonly signatureAlgorithm: Uint8Array
  readonly signature: Uint8Array
  readonly unsignedAttrs: readonly Attribute[]
}

/** SignedData (RFC 5652 section 5.1). */
export interface SignedData {
  readonly version: number
  /** AlgorithmIdentifiers in DER. */
  readonly digestAlgorithms: readonly Uint8Array[]
  /** Dotted OID of the content's type. */
  readonly eContentType: string
  /** The content, where it is in the message; undefined where it is detached. */
  readonly eContent: Uint8Array | undefined
  /** CertificateChoices; an X.509 certificate has the tag SEQUENCE. */
  readonly certificates: readonly Element[]
  /** RevocationInfoChoices. */
  readonly crls: readonly Element[]
  readonly signerInfos: readonly SignerInfo[]
}

/**
 * Parses a ContentInfo that holds SignedData, in DER or BER. Says nothing about the signatures.
 *
 * @param bytes the message
 * @param limits bounds on what is read
 * @throws Asn1Error `ERR_ASN1_*`; CmsError `ERR_CMS_NOT_SIGNED_DATA`, `ERR_CMS_MALFORMED`
 * @see RFC 5652 sections 3 and 5.1
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs'
 * import { CmsSignature, parseSignedData } from 'sealkit/cms'
 * const { der } = CmsSignature.from(readFileSync('signature.p7s'))
 * parseSignedData(der).signerInfos.length // 1
 * ```
 */
export function parseSignedData(bytes: Uint8Array, limits?: Limits): SignedData {
  const { bytes: definite, isVerbatim } = definiteForm(bytes, limits)
  const read = (r: DerReader): SignedData =>
    r.sequence('', (info) => {
      const contentType = info.oid('contentType')
      if (contentType !== CmsOid.signedData) {
        const hint = 'a signature is SignedData (1.2.840.113549.1.7.2)'
        throw new CmsError('ERR_CMS_NOT_SIGNED_DATA', `ContentInfo holds ${contentType}`, { hint })
      }
      return info.constructed(contextTag(0, true), 'content', (c) =>
        c.sequence('', (s) => readSignedData(s, isVerbatim)),
      )
    })
  return readDer(definite, 'ContentInfo', read, { ...limits, rules: 'definite' })
}

/** Whether an element stood in the message as it is, before BER was made definite. */
type IsVerbatim = DefiniteForm['isVerbatim']

function readSignedData(r: DerReader, isVerbatim: IsVerbatim): SignedData {
  const version = r.smallInteger('version', 0, 5)
  const digestAlgorithms = r.setOf('digestAlgorithms', (s, i) => s.element(i, Tag.SEQUENCE).bytes)
  const { eContentType, eContent } = r.sequence('encapContentInfo', (e) => ({
    eContentType: e.oid('eContentType'),
    eContent: e.optional(contextTag(0, true), 'eContent', (c) => c.octetString('')),
  }))
  const choices = (field: string, number: number): Element[] =>
    r.nextTag === contextTag(number, true)
      ? r.setOf(field, (s, i) => s.element(i), { tag: contextTag(number, true) })
      : []
  const certificates = choices('certificates', 0)
  const crls = choices('crls', 1)
  const signerInfos = r.setOf('signerInfos', (s, i) => readSignerInfo(s, i, isVerbatim))
  return { version, digestAlgorithms, eContentType, eContent, certificates, crls, signerInfos }
}

function readSignerInfo(reader: DerReader, field: string, isVerbatim: IsVerbatim): SignerInfo {
  const bytes = reader.nextBytes
  return reader.sequence(field, (r) => {
    const version = r.smallInteger('version', 0, 5)
    const sidDer = r.nextBytes
    const sid = readSignerIdentifier(r)
    const digestAlgorithm = r.element('digestAlgorithm', Tag.SEQUENCE).bytes
    const signedAttrs = r.nextTag === contextTag(0, true) ? readSignedAttributes(r, isVerbatim) : undefined
    const signatureAlgorithm = r.element('signatureAlgorithm', Tag.SEQUENCE).bytes
    const signature = r.octetString('signature')
    const unsignedAttrs =
      r.nextTag === contextTag(1, true)
        ? readAttributes(r, 'unsignedAttrs', contextTag(1, true)).attributes
        : []
    return {
      der: bytes,
      version,
      sid,
      sidDer,
      digestAlgorithm,
      signedAttrs,
      signatureAlgorithm,
      signature,
      unsignedAttrs,
    }
  })
}

function readSignerIdentifier(r: DerReader): SignerIdentifier {
  if (r.nextTag === contextTag(0, false) || r.nextTag === contextTag(0, true)) {
    return { subjectKeyIdentifier: r.octetString('subjectKeyIdentifier', contextTag(0, false)) }
  }
  return r.sequence('issuerAndSerialNumber', (s) => ({
    issuer: readIssuer(s),
    serial: s.integerBytes('serialNumber'),
  }))
}

function readIssuer(s: DerReader): Name {
  const known = knownNames.find(s.nextBytes)
  if (known === undefined) return knownNames.parse(Name.read(s, 'issuer').der)
  s.element('issuer')
  return known
}

function readSignedAttributes(r: DerReader, isVerbatim: IsVerbatim): SignedAttributes {
  const element = r.nextBytes
  const start = r.offset
  const { attributes, sorted } = readAttributes(r, 'signedAttrs', contextTag(0, true))
  if (attributes.length === 0) throw new CmsError('ERR_CMS_MALFORMED', 'signedAttrs is present but empty')
  // In a BER message the attributes must be DER all the same (RFC 5652 5.3): then they stood there as they are.
  const isDer = sorted && isVerbatim(start, start + element.length)
  return { der: setOf(element), attributes, isDer }
}

/** The same bytes under the tag SET OF, over which the signature is made (RFC 5652 section 5.4). */
function setOf(element: Uint8Array): Uint8Array {
  const copy = new Uint8Array(element)
  copy[0] = Tag.SET
  return copy
}

/** Parses one SignerInfo that stands alone: the value of a countersignature attribute. */
export function parseSignerInfo(bytes: Uint8Array): SignerInfo {
  return readDer(bytes, 'SignerInfo', (r) => readSignerInfo(r, '', () => true), { rules: 'definite' })
}

import {
  ascending,
  compareBytes,
  concatBytes,
  contextTag,
  der,
  encode,
  equalBytes,
  type Layout,
  layout,
  type Part,
  Tag,
} from '../asn1/index.ts'
import { encodeAttribute } from './attributes.ts'
import { CmsOid } from './oids.ts'
import type { SignedData, SignerInfo } from './signed-data.ts'

/** The parts of a SignerInfo as encodings. */
export interface SignerInfoParts {
  /** SignerIdentifier. */
  sid: Uint8Array
  digestAlgorithm: Uint8Array
  /** SET OF Attribute, as it was signed. */
  signedAttrs: Uint8Array | undefined
  signatureAlgorithm: Uint8Array
  signature: Uint8Array
  /** Whole attributes. */
  unsignedAttrs?: readonly Uint8Array[] | undefined
}

/** The parts of a parsed SignerInfo, to be encoded again with an unsigned attribute added. */
export function signerInfoParts(info: SignerInfo): SignerInfoParts {
  return {
    sid: info.sidDer,
    digestAlgorithm: info.digestAlgorithm,
    signedAttrs: info.signedAttrs?.der,
    signatureAlgorithm: info.signatureAlgorithm,
    signature: info.signature,
    unsignedAttrs: info.unsignedAttrs.map(({ oid, values }) =>
      encodeAttribute(
        oid,
        values.map(({ bytes }) => bytes),
      ),
    ),
  }
}

const VERSION_1 = der.integer(1)
const VERSION_3 = der.integer(3)
const SIGNED_ATTRS_TAG = Uint8Array.of(contextTag(0, true))

/** Lays out a SignerInfo, to be written into its message. */
export function layOutSignerInfo(parts: SignerInfoParts): Layout {
  const { sid, signedAttrs, unsignedAttrs = [] } = parts
  const content: Part[] = [signerInfoVersion(sid) === 1 ? VERSION_1 : VERSION_3, sid, parts.digestAlgorithm]
  // [0] IMPLICIT: the bytes that were signed, behind another tag.
  if (signedAttrs !== undefined) content.push(SIGNED_ATTRS_TAG, signedAttrs.subarray(1))
  content.push(parts.signatureAlgorithm, layout(Tag.OCTET_STRING, [parts.signature]))
  if (unsignedAttrs.length > 0) content.push(layout(contextTag(1, true), ascending(unsignedAttrs)))
  return layout(Tag.SEQUENCE, content)
}

/** The version follows from sid: 1 with issuerAndSerialNumber, 3 with subjectKeyIdentifier (RFC 5652 5.3). */
export function signerInfoVersion(sid: Uint8Array): 1 | 3 {
  return sid[0] === Tag.SEQUENCE ? 1 : 3
}

/** What stands in a SignedData before its SignerInfos. */
export interface SignedDataHead {
  digestAlgorithms: readonly Uint8Array[]
  eContentType: string
  eContent: Uint8Array | undefined
  certificates: readonly Uint8Array[]
  crls?: readonly Uint8Array[] | undefined
  /** Versions of the SignerInfos to come. */
  signerInfoVersions: readonly number[]
}

/** The parts of a SignedData as encodings. */
export interface SignedDataParts extends SignedDataHead {
  signerInfos: readonly Part[]
}

const SIGNED_DATA = der.oid(CmsOid.signedData)

/** Encodes ContentInfo with SignedData; sets are made DER, versions follow from what is in them (5.1). */
export function encodeSignedData(parts: SignedDataParts): Uint8Array {
  return joinSignedData(encodeSignedDataHead(parts), parts.signerInfos)
}

/** ContentInfo with SignedData, from what {@link encodeSignedDataHead} gave and the SignerInfos. */
export function joinSignedData(head: Uint8Array, signerInfos: readonly Part[]): Uint8Array {
  const signedData = layout(Tag.SEQUENCE, [head, layout(Tag.SET, ascending(signerInfos))])
  return encode(Tag.SEQUENCE, [SIGNED_DATA, layout(contextTag(0, true), [signedData])])
}

/** Encodes what can be encoded once where only the SignerInfos differ from one message to the next. */
export function encodeSignedDataHead(parts: SignedDataHead): Uint8Array {
  const { certificates, crls = [] } = parts
  return concatBytes([
    der.integer(signedDataVersion(parts)),
    der.setOf(unique(parts.digestAlgorithms)),
    encapContentInfo(parts.eContentType, parts.eContent),
    ...(certificates.length > 0 ? [der.setOf(unique(certificates), contextTag(0, true))] : []),
    ...(crls.length > 0 ? [der.setOf(unique(crls), contextTag(1, true))] : []),
  ])
}

function encapContentInfo(eContentType: string, eContent: Uint8Array | undefined): Uint8Array {
  const content = eContent === undefined ? [] : [der.explicit(0, der.octetString(eContent))]
  return der.sequence([der.oid(eContentType), ...content])
}

function signedDataVersion(parts: SignedDataHead): number {
  const { certificates, crls = [], signerInfoVersions, eContentType } = parts
  const has = (items: readonly Uint8Array[], number: number): boolean =>
    items.some((item) => item[0] === contextTag(number, true))
  if (has(certificates, 3) || has(crls, 1)) return 5
  if (has(certificates, 2)) return 4
  const version3 = signerInfoVersions.includes(3)
  return has(certificates, 1) || version3 || eContentType !== CmsOid.data ? 3 : 1
}

function unique(items: readonly Uint8Array[]): readonly Uint8Array[] {
  if (items.length < 2) return items
  const sorted = [...items].sort(compareBytes)
  return sorted.filter((item, i) => i === 0 || !equalBytes(item, sorted[i - 1] as Uint8Array))
}

/** The parts of a parsed SignedData, to be encoded again with something added. */
export function signedDataParts(data: SignedData): SignedDataParts {
  return {
    digestAlgorithms: data.digestAlgorithms,
    eContentType: data.eContentType,
    eContent: data.eContent,
    certificates: data.certificates.map(({ bytes }) => bytes),
    crls: data.crls.map(({ bytes }) => bytes),
    signerInfoVersions: data.signerInfos.map(({ sidDer }) => signerInfoVersion(sidDer)),
    signerInfos: data.signerInfos.map((info) => info.der),
  }
}

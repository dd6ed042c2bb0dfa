import { compareBytes, contextTag, der, equalBytes, Tag } from '../asn1/index.ts'
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

/** Encodes a SignerInfo; the version follows from sid (RFC 5652 section 5.3). */
export function encodeSignerInfo(parts: SignerInfoParts): Uint8Array {
  const unsigned = parts.unsignedAttrs ?? []
  return der.sequence([
    parts.sid[0] === Tag.SEQUENCE ? VERSION_1 : VERSION_3,
    parts.sid,
    parts.digestAlgorithm,
    ...(parts.signedAttrs === undefined ? [] : [der.implicit(0, parts.signedAttrs)]),
    parts.signatureAlgorithm,
    der.octetString(parts.signature),
    ...(unsigned.length > 0 ? [der.setOf(unsigned, contextTag(1, true))] : []),
  ])
}

/** The parts of a SignedData as encodings. */
export interface SignedDataParts {
  digestAlgorithms: readonly Uint8Array[]
  eContentType: string
  eContent: Uint8Array | undefined
  certificates: readonly Uint8Array[]
  crls?: readonly Uint8Array[] | undefined
  signerInfos: readonly Uint8Array[]
}

const SIGNED_DATA = der.oid(CmsOid.signedData)
const DATA_DETACHED = der.sequence([der.oid(CmsOid.data)])

/** Encodes ContentInfo with SignedData; sets are made DER, versions follow from what is in them (5.1). */
export function encodeSignedData(parts: SignedDataParts): Uint8Array {
  const { crls = [] } = parts
  const signedData = der.sequence([
    der.integer(signedDataVersion(parts)),
    der.setOf(unique(parts.digestAlgorithms)),
    encapContentInfo(parts.eContentType, parts.eContent),
    ...(parts.certificates.length > 0 ? [der.setOf(unique(parts.certificates), contextTag(0, true))] : []),
    ...(crls.length > 0 ? [der.setOf(unique(crls), contextTag(1, true))] : []),
    der.setOf(parts.signerInfos),
  ])
  return der.sequence([SIGNED_DATA, der.explicit(0, signedData)])
}

function encapContentInfo(eContentType: string, eContent: Uint8Array | undefined): Uint8Array {
  if (eContent === undefined && eContentType === CmsOid.data) return DATA_DETACHED
  const content = eContent === undefined ? [] : [der.explicit(0, der.octetString(eContent))]
  return der.sequence([der.oid(eContentType), ...content])
}

function signedDataVersion({ certificates, crls = [], signerInfos, eContentType }: SignedDataParts): number {
  const has = (items: readonly Uint8Array[], number: number): boolean =>
    items.some((item) => item[0] === contextTag(number, true))
  if (has(certificates, 3) || has(crls, 1)) return 5
  if (has(certificates, 2)) return 4
  const version3 = signerInfos.some((info) => signerInfoVersion(info) === 3)
  return has(certificates, 1) || version3 || eContentType !== CmsOid.data ? 3 : 1
}

/** Version of an encoded SignerInfo: the first INTEGER, behind the SEQUENCE's header. */
function signerInfoVersion(info: Uint8Array): number | undefined {
  const length = info[1] as number
  return info[(length < 0x80 ? 2 : 2 + (length & 0x7f)) + 2]
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
    signerInfos: data.signerInfos.map((info) => info.der),
  }
}

import { readDer, Tag } from '../asn1/index.ts'
import { candidates, describeIdentifier, poolOf } from '../cms/find-certificate.ts'
import { CmsOid } from '../cms/oids.ts'
import { parseSignedData, type SignedData, type SignerInfo } from '../cms/signed-data.ts'
import { parseTstInfo } from '../cms/tst-info.ts'
import { SealkitError } from '../errors.ts'
import type { Certificate } from '../x509/index.ts'
import { hashName, messageAlgorithmName } from './algorithm-name.ts'
import type { InspectedMessage, InspectedSigner, InspectedTimestamp } from './inspection.ts'
import { fingerprint } from './public-key.ts'

/** More signers than that are not listed one by one. */
const MAX_SIGNERS = 100

/** A message and the certificates that came with it. */
export interface ReadMessage {
  readonly message: InspectedMessage
  readonly certificates: readonly Certificate[]
  /** DER. */
  readonly crls: readonly Uint8Array[]
  readonly notes: readonly string[]
}

/**
 * Describes a CMS SignedData. Nothing is verified.
 *
 * @throws Asn1Error, CmsError
 */
export async function inspectMessage(bytes: Uint8Array): Promise<ReadMessage> {
  const data = parseSignedData(bytes)
  const pool = poolOf(data, [])
  const signers: InspectedSigner[] = []
  for (const info of data.signerInfos.slice(0, MAX_SIGNERS)) {
    const [certificate] = candidates(info.sid, pool)
    signers.push(await inspectSigner(info, certificate))
  }
  return {
    message: { ...contentOf(data), signers },
    certificates: pool.certificates,
    crls: data.crls.filter(({ tag }) => tag === Tag.SEQUENCE).map((crl) => new Uint8Array(crl.bytes)),
    notes: notesOf(data, pool.unreadable),
  }
}

function contentOf(data: SignedData): Omit<InspectedMessage, 'signers'> {
  return {
    contentType: oidName(data.eContentType),
    detached: data.eContent === undefined,
    contentLength: data.eContent?.length ?? null,
    digestAlgorithms: data.digestAlgorithms.map(hashName),
  }
}

function notesOf(data: SignedData, unreadable: number): string[] {
  const notes: string[] = []
  if (data.signerInfos.length > 0)
    notes.push('The signatures have not been verified: sealkit verify does that.')
  if (data.signerInfos.length > MAX_SIGNERS) notes.push(`Only the first ${MAX_SIGNERS} signers are listed.`)
  if (unreadable > 0) notes.push(`${unreadable} certificates in the message cannot be read.`)
  return notes
}

async function inspectSigner(
  info: SignerInfo,
  certificate: Certificate | undefined,
): Promise<InspectedSigner> {
  const attributes = info.signedAttrs?.attributes ?? []
  return {
    identifier: describeIdentifier(info.sid),
    certificateSha256: certificate === undefined ? null : await fingerprint('SHA-256', certificate.der),
    digestAlgorithm: hashName(info.digestAlgorithm),
    signatureAlgorithm: messageAlgorithmName(info.signatureAlgorithm, info.digestAlgorithm),
    signingTime: signingTime(info),
    signedAttributes: attributes.map(({ oid }) => oidName(oid)),
    timestamps: unsigned(info, CmsOid.signatureTimeStampToken).map(inspectTimestamp),
    countersignatures: unsigned(info, CmsOid.countersignature).length,
  }
}

function unsigned(info: SignerInfo, oid: string): Uint8Array[] {
  return info.unsignedAttrs
    .filter((each) => each.oid === oid)
    .flatMap(({ values }) => values.map((v) => v.bytes))
}

function signingTime(info: SignerInfo): string | null {
  const attribute = info.signedAttrs?.attributes.find(({ oid }) => oid === CmsOid.signingTime)
  const value = attribute?.values[0]?.bytes
  return value === undefined ? null : orNull(() => readDer(value, '', (r) => r.time('')).toISOString())
}

function inspectTimestamp(token: Uint8Array): InspectedTimestamp {
  const info = orNull(() => parseTstInfo(parseSignedData(token).eContent ?? new Uint8Array()))
  return { time: info?.genTime.toISOString() ?? null, policy: info?.policy ?? null }
}

function orNull<T>(read: () => T): T | null {
  try {
    return read()
  } catch (error) {
    if (error instanceof SealkitError) return null
    throw error
  }
}

const NAMES = new Map<string, string>([
  ...Object.entries(CmsOid).map(([name, oid]) => [oid, name] as const),
  ['1.2.840.113549.1.9.16.2.4', 'contentHints'],
  ['1.2.840.113549.1.9.15', 'smimeCapabilities'],
])

function oidName(oid: string): string {
  return NAMES.get(oid) ?? oid
}

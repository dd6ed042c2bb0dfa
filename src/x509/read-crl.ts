import { contextTag, type DerReader, equalBytes, readDer, Tag } from '../asn1/index.ts'
import { CertificateError } from '../errors.ts'
import { type Extension, ExtensionOid, readExtensions } from './extensions.ts'
import { parseGeneralNames } from './general-name.ts'
import { Name } from './name.ts'
import { readAlgorithm } from './read-certificate.ts'

/** The fields of a CertificateList (RFC 5280 section 5.1) as they are read in one go; bytes are views. */
export interface CrlFields {
  readonly der: Uint8Array
  /** TBSCertList, tag and length included. */
  readonly tbs: Uint8Array
  readonly version: 1 | 2
  readonly signatureAlgorithmDer: Uint8Array
  readonly issuer: Name
  readonly thisUpdate: Date
  readonly nextUpdate: Date | undefined
  readonly entries: EntryPlaces
  readonly extensions: readonly Extension[]
  readonly signature: Uint8Array
}

/** Where the entries stand: not the entries themselves, of which a list can have a million. */
export interface EntryPlaces {
  /** Offsets in the DER: where each entry starts, and where the last one ends. Empty where there is none. */
  readonly bounds: readonly number[]
  /** In an indirect list: from which entry on another issuer's certificates follow (RFC 5280 5.3.3). */
  readonly issuers: readonly { readonly from: number; readonly issuer: Name }[]
  /** OIDs of the critical extensions that entries have. */
  readonly critical: ReadonlySet<string>
}

/** Reads one CertificateList that fills `bytes`. */
export function readCrl(bytes: Uint8Array): CrlFields {
  const read = (r: DerReader): CrlFields =>
    r.sequence('', (list) => {
      const tbs = list.nextBytes
      const fields = list.sequence('tbsCertList', readTbsCertList)
      // RFC 5280 5.1.1.2
      if (!equalBytes(readAlgorithm(list, 'signatureAlgorithm'), fields.signatureAlgorithmDer)) {
        throw malformed('signatureAlgorithm differs from tbsCertList.signature')
      }
      return { ...fields, der: bytes, tbs, signature: list.bitStringBytes('signatureValue') }
    })
  // An element takes two bytes at least, so that the size bounds their number.
  return readDer(bytes, 'CertificateList', read, { maxElements: Number.POSITIVE_INFINITY })
}

function readTbsCertList(r: DerReader): Omit<CrlFields, 'der' | 'tbs' | 'signature'> {
  // RFC 5280 5.1.2.1: v2 where the field is there.
  const version = r.nextTag === Tag.INTEGER ? ((r.smallInteger('version', 1, 1) + 1) as 2) : 1
  const signatureAlgorithmDer = readAlgorithm(r, 'signature')
  const issuer = Name.read(r, 'issuer')
  const thisUpdate = r.time('thisUpdate')
  const isTime = r.nextTag === Tag.UTC_TIME || r.nextTag === Tag.GENERALIZED_TIME
  const nextUpdate = isTime ? r.time('nextUpdate') : undefined
  const entries: EntryPlaces =
    r.nextTag === Tag.SEQUENCE ? readPlaces(r, version) : { bounds: [], issuers: [], critical: new Set() }
  const extensions = r.optional(contextTag(0, true), 'crlExtensions', (e) => readExtensions(e, '')) ?? []
  if (extensions.length > 0 && version === 1) throw malformed('extensions in a v1 list')
  return { version, signatureAlgorithmDer, issuer, thisUpdate, nextUpdate, entries, extensions }
}

/** Checks each entry, and keeps where it stands. An empty list is taken, though RFC 5280 5.1.2.6 leaves it out. */
function readPlaces(r: DerReader, version: 1 | 2): EntryPlaces {
  const issuers: { from: number; issuer: Name }[] = []
  const bounds: number[] = []
  const critical = new Set<string>()
  r.sequenceOf('revokedCertificates', (list, name) => {
    if (bounds.length === 0) bounds.push(list.offset)
    const { extensions } = readEntry(list, name)
    bounds.push(list.offset)
    if (extensions.length === 0) return
    if (version === 1) throw malformed('entry extensions in a v1 list')
    for (const extension of extensions) if (extension.critical) critical.add(extension.oid)
    const found = extensions.find(({ oid }) => oid === ExtensionOid.certificateIssuer)
    if (found !== undefined) issuers.push({ from: bounds.length - 2, issuer: certificateIssuer(found) })
  })
  return { bounds, issuers, critical }
}

/** An entry of revokedCertificates (RFC 5280 5.1.2.6) as it stands. */
export interface RawEntry {
  /** Content octets of the INTEGER. */
  readonly serial: Uint8Array
  readonly revocationDate: Date
  readonly extensions: readonly Extension[]
}

/** Reads one entry. */
export function readEntry(r: DerReader, field: string): RawEntry {
  return r.sequence(field, (s) => ({
    serial: s.integerBytes('userCertificate'),
    revocationDate: s.time('revocationDate'),
    extensions: s.done ? [] : readExtensions(s, 'crlEntryExtensions'),
  }))
}

/** certificateIssuer: critical, with the name as it stands in the certificates (RFC 5280 5.3.3). */
function certificateIssuer({ critical, value }: Extension): Name {
  if (!critical) throw refused('certificateIssuer must be critical')
  const names = parseGeneralNames(value, 'certificateIssuer')
  const found = names.find((name) => name.type === 'directoryName')
  if (found?.type !== 'directoryName') throw refused('certificateIssuer without a directory name')
  return found.value
}

function refused(message: string): CertificateError {
  return new CertificateError('ERR_CERTIFICATE_EXTENSION', message)
}

function malformed(message: string): CertificateError {
  return new CertificateError('ERR_CRL_MALFORMED', message)
}

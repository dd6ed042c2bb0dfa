import {
  type HashAlgorithm,
  parseSignatureAlgorithm,
  readHashAlgorithm,
  type SignatureAlgorithm,
} from '../algorithms/index.ts'
import { contextTag, type DerReader, readDer, Tag } from '../asn1/index.ts'
import { CertificateError } from '../errors.ts'
import { Certificate } from './certificate.ts'
import { type Extension, readExtensions } from './extensions.ts'
import { Name } from './name.ts'
import { readAlgorithm } from './read-certificate.ts'
import { type RevocationReason, revocationReason } from './revoked.ts'

/** CertID (RFC 6960 4.1.1): a certificate, by hashes of its issuer. */
export interface OcspCertId {
  readonly hash: HashAlgorithm
  readonly issuerNameHash: Uint8Array
  readonly issuerKeyHash: Uint8Array
  /** Content octets of the INTEGER. */
  readonly serial: Uint8Array
}

/** SingleResponse (RFC 6960 4.2.1). */
export interface OcspSingleResponse {
  readonly certId: OcspCertId
  readonly status: 'good' | 'revoked' | 'unknown'
  /** Set for `revoked`. */
  readonly revocationTime: Date | undefined
  readonly reason: RevocationReason | undefined
  readonly thisUpdate: Date
  readonly nextUpdate: Date | undefined
  readonly extensions: readonly Extension[]
}

/** A BasicOCSPResponse (RFC 6960 4.2.1). Reading verifies nothing. */
export interface OcspResponse {
  /** ResponseData: the bytes that were signed. */
  readonly tbs: Uint8Array
  /** The responder: its name, or the SHA-1 of its public key. */
  readonly responder: Name | Uint8Array
  readonly producedAt: Date
  readonly responses: readonly OcspSingleResponse[]
  readonly extensions: readonly Extension[]
  readonly signatureAlgorithm: SignatureAlgorithm
  readonly signature: Uint8Array
  readonly certificates: readonly Certificate[]
}

const BASIC = '1.3.6.1.5.5.7.48.1.1'
/** OCSPResponseStatus (RFC 6960 4.2.1) by number. */
const STATUSES = [
  'successful',
  'malformedRequest',
  'internalError',
  'tryLater',
  '',
  'sigRequired',
  'unauthorized',
]

/**
 * Parses an OCSPResponse.
 *
 * @param bytes DER
 * @throws Asn1Error; CertificateError `ERR_OCSP_RESPONSE` where the responder says that it cannot answer, or answers in
 *   another form than basic
 */
export function parseOcspResponse(bytes: Uint8Array): OcspResponse {
  return readDer(new Uint8Array(bytes), 'OCSPResponse', (r) =>
    r.sequence('', (s) => {
      const status = s.smallInteger('responseStatus', 0, STATUSES.length - 1, Tag.ENUMERATED)
      if (status !== 0) throw refused(`the responder answers ${STATUSES[status] || status}`)
      return s.constructed(contextTag(0, true), 'responseBytes', (b) =>
        b.sequence('', (f) => {
          const type = f.oid('responseType')
          if (type !== BASIC) throw refused(`an answer of type ${type}`)
          return readDer(f.octetString('response'), 'BasicOCSPResponse', (basic) =>
            basic.sequence('', readBasic),
          )
        }),
      )
    }),
  )
}

function readBasic(r: DerReader): OcspResponse {
  const tbs = r.nextBytes
  const data = r.sequence('tbsResponseData', readData)
  const signatureAlgorithm = parseSignatureAlgorithm(readAlgorithm(r, 'signatureAlgorithm'))
  const signature = r.bitStringBytes('signature')
  const certificates = r.optional(contextTag(0, true), 'certs', (c) =>
    c.sequenceOf('', (list, name) => Certificate.parse(list.element(name).bytes)),
  )
  return { tbs, ...data, signatureAlgorithm, signature, certificates: certificates ?? [] }
}

function readData(r: DerReader): Pick<OcspResponse, 'responder' | 'producedAt' | 'responses' | 'extensions'> {
  r.optional(contextTag(0, true), 'version', (v) => v.smallInteger('', 0, 0))
  const responder =
    r.nextTag === contextTag(1, true)
      ? r.constructed(contextTag(1, true), 'responderID', (n) => Name.read(n, 'byName'))
      : r.constructed(contextTag(2, true), 'responderID', (k) => k.octetString('byKey'))
  const producedAt = generalizedTime(r, 'producedAt')
  const responses = r.sequenceOf('responses', (list, name) => list.sequence(name, readSingle))
  return { responder, producedAt, responses, extensions: readOptionalExtensions(r, 1, 'responseExtensions') }
}

function readSingle(r: DerReader): OcspSingleResponse {
  const certId = r.sequence('certID', (c) => ({
    hash: readHashAlgorithm(c, 'hashAlgorithm'),
    issuerNameHash: c.octetString('issuerNameHash'),
    issuerKeyHash: c.octetString('issuerKeyHash'),
    serial: c.integerBytes('serialNumber'),
  }))
  const status = readStatus(r)
  const thisUpdate = generalizedTime(r, 'thisUpdate')
  const nextUpdate = r.optional(contextTag(0, true), 'nextUpdate', (n) => generalizedTime(n, ''))
  return {
    certId,
    ...status,
    thisUpdate,
    nextUpdate,
    extensions: readOptionalExtensions(r, 1, 'singleExtensions'),
  }
}

function readStatus(r: DerReader): Pick<OcspSingleResponse, 'status' | 'revocationTime' | 'reason'> {
  const none = { revocationTime: undefined, reason: undefined }
  if (r.nextTag === contextTag(1, true)) {
    return r.constructed(contextTag(1, true), 'revoked', (v) => ({
      status: 'revoked',
      revocationTime: generalizedTime(v, 'revocationTime'),
      reason: v.optional(contextTag(0, true), 'revocationReason', (c) =>
        revocationReason(c.smallInteger('', 0, 10, Tag.ENUMERATED)),
      ),
    }))
  }
  const good = r.nextTag === contextTag(0, false)
  const content = r.primitive(contextTag(good ? 0 : 2, false), 'certStatus')
  if (content.length > 0) r.fail('ERR_ASN1_VALUE', 'a NULL with content', undefined, 'certStatus')
  return { status: good ? 'good' : 'unknown', ...none }
}

function generalizedTime(r: DerReader, field: string): Date {
  if (r.nextTag !== Tag.GENERALIZED_TIME)
    r.fail('ERR_ASN1_UNEXPECTED_TAG', 'no GeneralizedTime', undefined, field)
  return r.time(field)
}

function readOptionalExtensions(r: DerReader, number: number, field: string): readonly Extension[] {
  return r.optional(contextTag(number, true), field, (e) => readExtensions(e, '')) ?? []
}

function refused(message: string): CertificateError {
  const hint = 'ask the responder again, or use a revocation list'
  return new CertificateError('ERR_OCSP_RESPONSE', message, { hint })
}

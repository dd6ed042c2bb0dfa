import { digest, hashAlgorithm, verifySignature } from '../../algorithms/index.ts'
import { der, encode, equalBytes, readDer, Tag } from '../../asn1/index.ts'
import { SealkitError } from '../../errors.ts'
import { type Certificate, Name } from '../../x509/index.ts'
import { type OcspResponse, type OcspSingleResponse, parseOcspResponse } from '../../x509/ocsp.ts'
import { certificateProblem, type Rules, signatureProblem } from '../checks.ts'
import { factsOf } from '../facts.ts'
import { holdsAt, type Revocation, type Status } from './standing.ts'

/** A response that was read, or why it could not be. */
export type GivenResponse = OcspResponse | { readonly unreadable: string }

const OCSP_SIGNING = '1.3.6.1.5.5.7.3.9'
/** A response without nextUpdate is one of the moment (RFC 6960 2.4). */
const MOMENT_MS = 24 * 3_600_000
/** A responder that answers at once, a little ahead of this clock, or after validation began. */
const CLOCK_SKEW_MS = 5 * 60_000

/** Reads responses; what is wrong with one is told where it would have counted. */
export function readResponses(responses: readonly Uint8Array[]): GivenResponse[] {
  return responses.map((bytes) => {
    try {
      return parseOcspResponse(bytes)
    } catch (error) {
      if (error instanceof SealkitError) return { unreadable: error.message }
      throw error
    }
  })
}

/** Whether a response is about a certificate. */
export function isAnswered(
  certificate: Certificate,
  issuer: Certificate,
  responses: readonly GivenResponse[],
): boolean {
  return answersFor(certificate, issuer, responses).length > 0
}

/** The answers about a certificate among the responses. */
function answersFor(
  certificate: Certificate,
  issuer: Certificate,
  responses: readonly GivenResponse[],
): { response: OcspResponse; single: OcspSingleResponse }[] {
  return responses.flatMap((response) => {
    if ('unreadable' in response) return []
    return response.responses.flatMap((single) =>
      isAbout(single, certificate, issuer) ? [{ response, single }] : [],
    )
  })
}

function isAbout({ certId }: OcspSingleResponse, certificate: Certificate, issuer: Certificate): boolean {
  return (
    equalBytes(certId.serial, certificate.serial) &&
    equalBytes(certId.issuerNameHash, digest(certId.hash, certificate.issuer.der)) &&
    equalBytes(certId.issuerKeyHash, digest(certId.hash, keyBits(issuer)))
  )
}

function keyBits({ subjectPublicKeyInfo }: Certificate): Uint8Array {
  return readDer(subjectPublicKeyInfo, 'SubjectPublicKeyInfo', (r) =>
    r.sequence('', (s) => {
      s.element('algorithm')
      return s.bitStringBytes('subjectPublicKey')
    }),
  )
}

/**
 * The status of a certificate by OCSP responses (RFC 6960 3.2); revoked by one of them is revoked.
 *
 * @param isRevokedResponder whether a responder's own certificate is known to be revoked (RFC 6960 4.2.2.2.1)
 * @returns undefined where none of them is about it
 */
export function ocspStatus(
  certificate: Certificate,
  issuer: Certificate,
  responses: readonly GivenResponse[],
  time: Date,
  rules: Rules,
  isRevokedResponder: (responder: Certificate) => boolean,
): Status | undefined {
  const answers = answersFor(certificate, issuer, responses)
  let why = ''
  let good: Status | undefined
  for (const { response, single } of answers) {
    const unusable =
      staleness(single, time) ?? refusal(response, issuer, { ...rules, time }, isRevokedResponder)
    if (unusable !== undefined) why = `the OCSP response cannot be used: ${unusable}`
    else if (single.status === 'revoked' && holdsAt(revocationOf(single), single.thisUpdate, rules.time)) {
      return { status: 'revoked', by: 'ocsp', revocation: revocationOf(single) }
    } else if (single.status !== 'unknown') good ??= { status: 'good', by: 'ocsp', until: untilOf(single) }
    else why = 'the OCSP responder does not know it'
  }
  return answers.length === 0 ? undefined : (good ?? { status: 'unknown', why })
}

function revocationOf({ revocationTime, reason, thisUpdate }: OcspSingleResponse): Revocation {
  return { date: revocationTime ?? thisUpdate, reason, invalidityDate: undefined }
}

function untilOf({ thisUpdate, nextUpdate }: OcspSingleResponse): Date {
  return nextUpdate ?? new Date(+thisUpdate + MOMENT_MS)
}

function staleness(single: OcspSingleResponse, time: Date): string | undefined {
  const critical = single.extensions.find((extension) => extension.critical)
  if (critical !== undefined) return `its critical extension ${critical.oid} is not known`
  if (+time + CLOCK_SKEW_MS < +single.thisUpdate) return `it is from ${single.thisUpdate.toISOString()}`
  return time > untilOf(single) ? `it held until ${untilOf(single).toISOString()}` : undefined
}

function refusal(
  response: OcspResponse,
  issuer: Certificate,
  rules: Rules,
  isRevokedResponder: (responder: Certificate) => boolean,
): string | undefined {
  const critical = response.extensions.find((extension) => extension.critical)
  if (critical !== undefined) return `its critical extension ${critical.oid} is not known`
  const responder = [issuer, ...response.certificates].find((each) => isNamed(each, response.responder))
  if (responder === undefined) return 'the certificate of its responder is missing'
  if (!responder.equals(issuer)) {
    const problem = delegationProblem(responder, issuer, rules)
    if (problem !== undefined) return problem
    if (isRevokedResponder(responder)) return 'the certificate of its responder is revoked'
  }
  rules.budget.signature()
  const { signatureAlgorithm, tbs, signature } = response
  try {
    const right = verifySignature(signatureAlgorithm, responder.publicKey, tbs, signature, rules)
    return right ? undefined : 'its signature is not right'
  } catch (error) {
    if (error instanceof SealkitError) return error.message
    throw error
  }
}

function isNamed(certificate: Certificate, responder: Name | Uint8Array): boolean {
  if (responder instanceof Name) return responder.equals(certificate.subject)
  return equalBytes(responder, digest(hashAlgorithm('SHA-1'), keyBits(certificate)))
}

/** RFC 6960 4.2.2.2: issued by the CA itself, for signing OCSP responses. */
function delegationProblem(responder: Certificate, issuer: Certificate, rules: Rules): string | undefined {
  const { extendedKeyUsage, keyUsage } = factsOf(responder)
  if (extendedKeyUsage?.includes(OCSP_SIGNING) !== true)
    return 'its responder is not for signing OCSP responses'
  if (keyUsage?.has('digitalSignature') === false) return 'the key of its responder is not for signatures'
  if (!responder.issuer.equals(issuer.subject)) return 'its responder is not certified by the CA'
  return (certificateProblem(responder, rules) ?? signatureProblem(responder, issuer, rules))?.detail
}

/**
 * An OCSPRequest for one certificate (RFC 6960 4.1.1), with SHA-1 in its CertID as RFC 5019 asks; there it is no
 * signature's hash.
 */
export function encodeOcspRequest(certificate: Certificate, issuer: Certificate): Uint8Array {
  const hash = hashAlgorithm('SHA-1')
  const certId = der.sequence([
    der.sequence([der.oid(hash.oid), der.null()]),
    der.octetString(digest(hash, certificate.issuer.der)),
    der.octetString(digest(hash, keyBits(issuer))),
    encode(Tag.INTEGER, [certificate.serial]),
  ])
  return der.sequence([der.sequence([der.sequence([der.sequence([certId])])])])
}

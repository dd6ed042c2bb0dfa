import type { Certificate } from '../../x509/index.ts'
import type { Building } from '../build.ts'
import type { RevocationOptions, ValidatePathOptions } from '../options.ts'
import { type PathProblem, problem } from '../problem.ts'
import { encodeOcspRequest, type GivenResponse, isAnswered, readResponses } from './ocsp.ts'
import { type CertificateRevocation, revocationOf } from './status.ts'

/** What revocation says of a path. */
export interface PathRevocation {
  readonly statuses: readonly CertificateRevocation[]
  readonly problem: PathProblem | undefined
}

/** Checks the revocation of a complete path, asking responders where the caller lets it. */
export async function revocationAlong(
  path: readonly Certificate[],
  building: Building,
  { revocation = {}, signal }: ValidatePathOptions,
): Promise<PathRevocation> {
  const { mode = 'if-given', crls = [] } = revocation
  const given = readResponses(revocation.ocspResponses ?? [])
  const fetched = mode === 'ignore' ? [] : await ask(path, given, revocation, signal)
  const time = revocation.time ?? building.time
  const checking = { mode, crls, responses: [...given, ...fetched], time, building }
  const statuses: CertificateRevocation[] = []
  for (const status of revocationOf(path, checking)) {
    statuses.push(status)
    const refused = problemOf(status)
    if (refused !== undefined) return { statuses, problem: refused }
  }
  const unreadable = mode === 'if-given' ? checking.responses.find((each) => 'unreadable' in each) : undefined
  if (unreadable !== undefined && 'unreadable' in unreadable) {
    const detail = `an OCSP response that was given cannot be used: ${unreadable.unreadable}`
    return { statuses, problem: problem('revocation-unknown', path[0] as Certificate, detail) }
  }
  return { statuses, problem: undefined }
}

async function ask(
  path: readonly Certificate[],
  given: readonly GivenResponse[],
  { fetchOcsp }: RevocationOptions,
  signal: AbortSignal | undefined,
): Promise<GivenResponse[]> {
  if (fetchOcsp === undefined) return []
  const fetched: GivenResponse[] = []
  for (let i = 0; i < path.length - 1; i++) {
    const [certificate, issuer] = [path[i] as Certificate, path[i + 1] as Certificate]
    if (isAnswered(certificate, issuer, given)) continue
    signal?.throwIfAborted()
    const request = encodeOcspRequest(certificate, issuer)
    const answer = await fetchOcsp({ request, urls: respondersOf(certificate), certificate, issuer, signal })
    if (answer !== undefined) fetched.push(aboutIt(answer, certificate, issuer))
  }
  return fetched
}

/** What a responder was asked is to be what it answers. */
function aboutIt(answer: Uint8Array, certificate: Certificate, issuer: Certificate): GivenResponse {
  const [response = { unreadable: 'nothing' }] = readResponses([answer])
  if ('unreadable' in response || isAnswered(certificate, issuer, [response])) return response
  return { unreadable: `it is not about the certificate that was asked for, ${certificate.subject}` }
}

const OCSP = '1.3.6.1.5.5.7.48.1'

function respondersOf(certificate: Certificate): string[] {
  return (certificate.authorityInfoAccess ?? []).flatMap(({ method, location }) =>
    method === OCSP && location.type === 'uniformResourceIdentifier' ? [location.value] : [],
  )
}

function problemOf(status: CertificateRevocation): PathProblem | undefined {
  if (status.status === 'revoked') {
    const { date, reason } = status.revocation
    const detail = `it was revoked at ${date.toISOString()}${reason === undefined ? '' : ` (${reason})`}`
    return problem('revoked', status.certificate, detail, 'a new certificate is needed')
  }
  if (status.status !== 'unknown') return undefined
  const hint = 'give a current revocation list or OCSP response of its issuer'
  return problem('revocation-unknown', status.certificate, status.why, hint)
}

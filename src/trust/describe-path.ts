import type { CertificateRevocation, PathCertificate, PathProblem, PathResult } from '../path/index.ts'
import { printable } from '../x509/printable.ts'
import { keyName } from './key-name.ts'
import { PATH_REASONS } from './reasons.ts'

/** Options of {@link describePath}. */
export interface DescribePathOptions {
  /** Colours for a terminal (SGR). Default false. */
  colour?: boolean | undefined
}

const STYLES = { bold: 1, red: 31, green: 32, yellow: 33 } as const
type Paint = (text: string, style: keyof typeof STYLES) => string

/**
 * A path for people: the verdict, and the certificates as a tree from the one that was judged to the root it leads to,
 * each with its role, key, validity and revocation; the one that is refused with the reason and the way out. Lines that
 * end in LF; control characters of certificates are shown as `\u{1b}`.
 *
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs'
 * import { validatePath } from 'sealkit/path'
 * import { describePath, loadTrustStore } from 'sealkit/trust'
 * import { Certificate } from 'sealkit/x509'
 * const { store, intermediates } = await loadTrustStore(['server-cert-cacerts.pem'])
 * const server = Certificate.fromPem(readFileSync('server.pem'))
 * const options = { trust: store, untrusted: intermediates, purpose: 'tls-server', host: 'api.clearstream.com' } as const
 * console.log(describePath(await validatePath(server, options)))
 * ```
 */
export function describePath(result: PathResult, { colour = false }: DescribePathOptions = {}): string {
  const paint: Paint = colour ? (text, style) => `\x1b[${STYLES[style]}m${text}\x1b[0m` : (text) => text
  const lines = [headline(result, paint), '']
  result.path.forEach((each, i) => {
    const indent = i === 0 ? '' : '   '.repeat(i - 1)
    const below = i === result.path.length - 1 ? '   ' : '│  '
    lines.push(`${indent}${i === 0 ? '' : '└─ '}${title(each, result, paint)}`)
    for (const line of details(each, result, paint)) {
      lines.push(`${i === 0 ? '' : `${indent}   `}${below}${line}`)
    }
  })
  lines.push(...offPath(result, paint))
  return `${lines.join('\n')}\n`
}

function headline({ verdict, time, validUntil, problem }: PathResult, paint: Paint): string {
  if (verdict === 'valid') {
    const until = validUntil === undefined ? '' : `; holds until ${utc(validUntil)}`
    return `${paint('VALID', 'green')} at ${utc(time)}${until}`
  }
  const why = problem === undefined ? '' : `: ${PATH_REASONS[problem.reason]} (${problem.reason})`
  return `${paint('NOT VALID', 'red')} at ${utc(time)}${why}`
}

function title({ certificate }: PathCertificate, { problem }: PathResult, paint: Paint): string {
  const refused = problem?.certificate === certificate
  const name = printable(certificate.subject.toString()) || `(no name, serial ${certificate.serialNumber})`
  return paint(refused ? `✗ ${name}` : name, refused ? 'red' : 'bold')
}

const ROLES = {
  target: 'the certificate',
  intermediate: 'intermediate CA',
  anchor: 'trusted',
} as const

function details(
  { certificate, role, revocation }: PathCertificate,
  result: PathResult,
  paint: Paint,
): string[] {
  const { notBefore, notAfter } = certificate
  const alone = result.path.length === 1 && role === 'anchor'
  return [
    `${alone ? 'the certificate itself, trusted' : ROLES[role]}; ${keyName(certificate)}`,
    `${utc(notBefore)} to ${utc(notAfter)}`,
    // What is not known is the problem then.
    ...(revocation === undefined || revocation.status === 'unknown' ? [] : [revocationWords(revocation)]),
    ...(result.problem?.certificate === certificate ? problemLines(result.problem, paint) : []),
  ]
}

function problemLines({ reason, detail, hint }: PathProblem, paint: Paint): string[] {
  return [
    paint(`${reason}: ${printable(detail)}`, 'red'),
    ...(hint === undefined ? [] : [`way out: ${printable(hint)}`]),
  ]
}

/** A problem of a certificate that is no part of the way that is shown. */
function offPath({ problem, path }: PathResult, paint: Paint): string[] {
  if (problem === undefined || path.some(({ certificate }) => certificate === problem.certificate)) return []
  const name = paint(`✗ ${printable(problem.certificate.subject.toString())}`, 'red')
  return [name, ...problemLines(problem, paint).map((line) => `   ${line}`)]
}

function revocationWords(revocation: Exclude<CertificateRevocation, { status: 'unknown' }>): string {
  if (revocation.status === 'not-checked') return 'revocation: not checked'
  const by = revocation.by === 'ocsp' ? 'OCSP response' : 'revocation list'
  if (revocation.status === 'good') return `revocation: good by ${by}, until ${utc(revocation.until)}`
  const { date, reason } = revocation.revocation
  return `revocation: REVOKED ${utc(date)} by ${by}${reason === undefined ? '' : ` (${reason})`}`
}

/** A time in UTC, to the second: certificates know no more. */
export function utc(date: Date): string {
  return date
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, ' UTC')
}

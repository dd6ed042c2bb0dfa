import { CertificatePool, type PathResult, TrustStore, validatePath } from '../path/index.ts'
import type { Certificate } from '../x509/index.ts'
import { utc } from './describe-path.ts'
import { problemSentence } from './reasons.ts'
import { sortBundle } from './sort-bundle.ts'

/** Options of {@link chainNeeds}. */
export interface ChainNeedsOptions {
  /** Certificates that come with the leaf, as the server sends them; the leaf may be among them. Default: none. */
  chain?: Iterable<Certificate> | undefined
  /** The moment to judge for. Default: now. */
  time?: Date | undefined
  /** Days ahead in which an end of validity is to be warned of. Default 30. */
  within?: number | undefined
}

/** A CA that a chain needs. */
export interface NeededAuthority {
  readonly certificate: Certificate
  readonly role: 'intermediate' | 'root'
  readonly inBundle: boolean
  /** It comes with the leaf, so that the bundle can do without it; a root must be in the bundle all the same. */
  readonly sent: boolean
  /** Whole days until notAfter; negative where it has passed. */
  readonly daysLeft: number
  readonly status: 'ok' | 'expiring' | 'expired' | 'not-yet-valid'
}

/** What {@link chainNeeds} finds. */
export interface ChainNeeds {
  /** The bundle has the root and what is not sent, the path is valid, and none of its CAs expires soon. */
  readonly good: boolean
  /** The CAs from the leaf's issuer up; where no path was found, as far as one is known. */
  readonly needed: readonly NeededAuthority[]
  /** Name of the CA that is neither in the bundle nor sent, or of the root that the bundle lacks. */
  readonly missing: string | undefined
  /** The validation at the moment, against the bundle. */
  readonly path: PathResult
  /** All of that in sentences. May hold any character. */
  readonly sentences: readonly string[]
}

const DAY = 86_400_000

/**
 * Tells which root and intermediates of a CA bundle a server's certificate needs, whether the bundle lacks one, and
 * whether one expires soon. For a leaf that is not valid at the moment the CAs are those of its own time.
 *
 * @param bundle the certificates of the bundle, such as a `TrustStore`, roots and intermediates
 * @throws TypeError where `within` is no number of days from 0 to 36,500; PathError `ERR_PATH_BUDGET`
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs'
 * import { TrustStore } from 'sealkit/path'
 * import { chainNeeds } from 'sealkit/trust'
 * import { Certificate } from 'sealkit/x509'
 * const bundle = TrustStore.fromPem(readFileSync('server-cert-cacerts.pem'))
 * const server = Certificate.fromPem(readFileSync('server.pem'))
 * const { good, sentences } = await chainNeeds(bundle, server, { within: 60 })
 * if (!good) console.error(sentences.join('\n'))
 * ```
 */
export async function chainNeeds(
  bundle: Iterable<Certificate>,
  leaf: Certificate,
  options: ChainNeedsOptions = {},
): Promise<ChainNeeds> {
  const { chain = [], time = new Date(), within = 30 } = options
  if (!(within >= 0 && within <= 36_500))
    throw new TypeError('within must be a number of days from 0 to 36500')
  const bundled = new CertificatePool(bundle)
  const sent = new CertificatePool(chain)
  const { anchors, intermediates } = sortBundle(bundled)
  const validation = {
    trust: new TrustStore(anchors),
    untrusted: new CertificatePool([...intermediates, ...sent]),
    purpose: 'any',
  } as const
  const path = await validatePath(leaf, { ...validation, time })
  const shown =
    path.verdict === 'valid' ? path : await validatePath(leaf, { ...validation, time: middle(leaf) })
  const best = shown.path.length > path.path.length || shown.verdict === 'valid' ? shown : path
  const needed = best.path.slice(1).map(({ certificate }) => ({
    certificate,
    role: certificate.selfIssued ? ('root' as const) : ('intermediate' as const),
    inBundle: bundled.has(certificate),
    sent: sent.has(certificate),
    ...expiry(certificate, time, within),
  }))
  const missing = missingIn(best)
  const good =
    path.verdict === 'valid' && missing === undefined && needed.every(({ status }) => status === 'ok')
  return { good, needed, missing, path, sentences: sentencesOf(path, needed, missing) }
}

function middle({ notBefore, notAfter }: Certificate): Date {
  return new Date((+notBefore + +notAfter) / 2)
}

/** Issuer of the last certificate that is there, where the way ends below a root. */
function missingIn({ path, problem }: PathResult): string | undefined {
  const last = path.at(-1)?.certificate
  if (last === undefined || last.selfIssued) return undefined
  const ends = problem === undefined || problem.reason === 'issuer-missing'
  return ends ? last.issuer.toString() : undefined
}

function expiry(
  { notBefore, notAfter }: Certificate,
  time: Date,
  within: number,
): Pick<NeededAuthority, 'daysLeft' | 'status'> {
  const left = +notAfter - +time
  const daysLeft = Math.floor(left / DAY)
  if (left < 0) return { daysLeft, status: 'expired' }
  if (left <= within * DAY) return { daysLeft, status: 'expiring' }
  return { daysLeft, status: notBefore > time ? 'not-yet-valid' : 'ok' }
}

function sentencesOf(
  path: PathResult,
  needed: readonly NeededAuthority[],
  missing: string | undefined,
): string[] {
  const sentences = needed.map(sentenceOf)
  if (missing !== undefined) {
    const last = needed.at(-1)?.certificate
    sentences.push(
      last === undefined
        ? `missing: ${missing}: neither the bundle nor the server's chain has the issuer`
        : `missing: ${missing}: the bundle lacks the issuer of ${last.subject}`,
    )
  }
  if (path.problem !== undefined) sentences.push(`not valid: ${problemSentence(path.problem)}`)
  return sentences
}

function sentenceOf({ certificate, role, inBundle, sent, daysLeft, status }: NeededAuthority): string {
  const where = inBundle ? 'in the bundle' : sent ? 'sent by the server, not in the bundle' : 'in neither'
  const days = `${Math.abs(daysLeft)} ${Math.abs(daysLeft) === 1 ? 'day' : 'days'}`
  const when = {
    ok: `valid until ${utc(certificate.notAfter)}`,
    expiring: `EXPIRES in ${days}, at ${utc(certificate.notAfter)}`,
    expired: `EXPIRED ${days} ago, at ${utc(certificate.notAfter)}`,
    'not-yet-valid': `not valid before ${utc(certificate.notBefore)}`,
  }[status]
  return `${role}: ${certificate.subject}: ${where}; ${when}`
}

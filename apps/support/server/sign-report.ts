import { encodeBase64 } from '../../../src/asn1/index.ts'
import { poolOf } from '../../../src/cms/find-certificate.ts'
import {
  type CmsSignature,
  REASONS,
  type ReasonCode,
  type SignerReport,
  type TimestampReport,
  type VerifyResult,
} from '../../../src/cms/index.ts'
import { orderChain } from '../../../src/credentials/index.ts'
import type { PathResult } from '../../../src/path/index.ts'
import { pathOf } from '../../../src/trust/index.ts'
import type { Certificate } from '../../../src/x509/index.ts'
import type { ChainLink, SignatureReport, SignerFacts, TimestampFacts } from '../sign-api.ts'

/** Longer ones are not sent to the page. */
const MAX_CONTENT = 256 * 1024

/** A verification as the page shows it. */
export function reportOf(
  message: CmsSignature,
  result: VerifyResult,
  { notes, authorities }: { readonly notes: readonly string[]; readonly authorities: readonly Certificate[] },
): SignatureReport {
  const { content } = result
  const { certificates } = poolOf(message.signedData, [])
  return {
    verdict: result.verdict,
    reason: result.reason && wordsOf(result.reason),
    detached: result.detached,
    content: content !== undefined && content.length <= MAX_CONTENT ? encodeBase64(content) : undefined,
    signers: result.signers.map((signer) => factsOf(signer, certificates, authorities)),
    notes,
  }
}

function factsOf(
  report: SignerReport,
  pool: readonly Certificate[],
  authorities: readonly Certificate[],
): SignerFacts {
  const path = pathOf(report)
  const { certificate, reason, detail } = report
  return {
    verdict: report.verdict,
    reason: reason && sentence(wordsOf(reason), detail),
    name: certificate?.subject.toString() || report.signerIdentifier,
    algorithm: report.algorithm,
    signingTime: report.signingTime?.toISOString(),
    checks: report.checks.map(({ check, outcome, reason: why, detail: more }) => ({
      check,
      outcome,
      detail: why === undefined ? more : sentence(wordsOf(why), more),
    })),
    timestamps: report.timestamps.map(stampOf),
    countersignatures: report.countersignatures.map((each) => factsOf(each, pool, authorities)),
    notes: report.notes,
    chain: path === undefined ? untrustedChain(certificate, pool) : chainOf(path, [...pool, ...authorities]),
    chainProblem: path?.problem && sentence(path.problem.detail, path.problem.hint),
  }
}

function stampOf({ verdict, time, reason, detail, signer }: TimestampReport): TimestampFacts {
  return {
    verdict,
    time: time?.toISOString(),
    authority: signer?.certificate?.subject.toString(),
    reason: reason && sentence(wordsOf(reason), detail),
  }
}

/** A path that is refused early is drawn as far as its issuers are known. */
function chainOf({ path, problem }: PathResult, known: readonly Certificate[]): ChainLink[] {
  const anchor = path.find(({ role }) => role === 'anchor')?.certificate
  const found = path.map(({ certificate }) => certificate)
  const [leaf] = found
  const drawn = leaf === undefined ? [] : [leaf, ...orderChain(leaf, known)]
  return (anchor === undefined && drawn.length > found.length ? drawn : found).map((certificate, i) => ({
    ...linkOf(certificate, i),
    trusted: anchor?.equals(certificate) === true,
    problem: problem?.certificate.equals(certificate) ? sentence(problem.detail, undefined) : undefined,
  }))
}

/** As far as the message's own certificates go: nobody has looked whether they can be trusted. */
function untrustedChain(leaf: Certificate | undefined, pool: readonly Certificate[]): ChainLink[] {
  if (leaf === undefined) return []
  return [leaf, ...orderChain(leaf, pool)].map((each, i) => ({ ...linkOf(each, i), trusted: false }))
}

function linkOf(certificate: Certificate, index: number): Omit<ChainLink, 'trusted'> {
  return {
    subject: certificate.subject.toString(),
    issuer: certificate.issuer.toString(),
    notBefore: certificate.notBefore.toISOString(),
    notAfter: certificate.notAfter.toISOString(),
    role: index === 0 ? 'leaf' : certificate.selfIssued ? 'root' : 'intermediate',
  }
}

/** Without words of the programming interface. */
function wordsOf(reason: ReasonCode): string {
  return reason === 'certificate-not-trusted' ? "the signer's certificate is not trusted" : REASONS[reason]
}

function sentence(words: string, detail: string | undefined): string {
  const all = detail === undefined ? words : `${words} (${detail})`
  return all.replaceAll('cms-signer', 'signing messages')
}

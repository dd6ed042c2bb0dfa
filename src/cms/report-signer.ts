import { digest } from '../algorithms/index.ts'
import { SealkitError } from '../errors.ts'
import type { Certificate } from '../x509/index.ts'
import type { Checks } from './checks.ts'
import { digestsFor } from './digests.ts'
import { type CertificatePool, describeIdentifier } from './find-certificate.ts'
import { CmsOid } from './oids.ts'
import type {
  SignerReport,
  TimestampReport,
  TrustContext,
  TrustFunction,
  TrustResult,
  Verdict,
} from './report.ts'
import { parseSignerInfo, type SignerInfo } from './signed-data.ts'
import type { SignerContext } from './signer-context.ts'
import { type SignerOutcome, verifySigner } from './verify-signer.ts'
import { verifyToken } from './verify-token.ts'

/** What a report needs beside the checks of one signer. */
export interface ReportContext extends SignerContext {
  readonly trust: TrustFunction | undefined
  readonly signal: AbortSignal | undefined
}

/** Countersignatures of countersignatures beyond this are not followed: the signer is reported as invalid. */
const MAX_NESTING = 4
/** Timestamps or countersignatures of one signer beyond this are an attempt to keep the verifier busy. */
const MAX_VALUES = 16

/** Verifies one signer with its timestamps and countersignatures, asks for trust, and reports. */
export async function reportSigner(
  info: SignerInfo,
  context: ReportContext,
  depth = 0,
): Promise<SignerReport> {
  const outcome = verifySigner(info, context)
  const { checks } = outcome
  const timestamps: TimestampReport[] = []
  for (const token of valuesOf(info, CmsOid.signatureTimeStampToken, checks)) {
    timestamps.push(await reportTimestamp(token, info, context))
  }
  const countersignatures: SignerReport[] = []
  for (const value of valuesOf(info, CmsOid.countersignature, checks)) {
    const report = await reportCountersignature(value, info, context, checks, depth)
    if (report !== undefined) countersignatures.push(report)
  }
  judgeTimestamps(timestamps, checks)
  judgeCountersignatures(countersignatures, checks)
  const { asked, answer } = await askTrust(outcome, 'cms-signer', trustedTime(timestamps), context)
  return describe(info, outcome, verdictOf(checks, asked, [...timestamps, ...countersignatures]), {
    timestamps,
    countersignatures,
    trust: answer,
  })
}

function valuesOf(info: SignerInfo, oid: string, checks: Checks): Uint8Array[] {
  const check = oid === CmsOid.countersignature ? 'countersignature' : 'timestamp'
  const values = info.unsignedAttrs
    .filter((a) => a.oid === oid)
    .flatMap((a) => a.values.map(({ bytes }) => bytes))
  if (values.length > MAX_VALUES) {
    checks.fail(check, 'attribute-not-single', `${values.length} values; at most ${MAX_VALUES} are verified`)
  }
  return values.slice(0, MAX_VALUES)
}

async function reportTimestamp(
  token: Uint8Array,
  info: SignerInfo,
  context: ReportContext,
): Promise<TimestampReport> {
  const outcome = verifyToken(token, info.signature, context.pool.certificates, context)
  const { signer, signerInfo, failure, pool } = outcome
  const time = outcome.info?.genTime
  if (failure !== undefined || signer === undefined || signerInfo === undefined) {
    const report = signer && signerInfo && describe(signerInfo, signer, 'invalid')
    const reason = failure?.reason ?? 'timestamp-malformed'
    return {
      verdict: 'invalid',
      time,
      policy: outcome.info?.policy,
      reason,
      detail: failure?.detail,
      signer: report,
    }
  }
  const asking = { ...context, pool: pool as CertificatePool }
  const { asked, answer } = await askTrust(signer, 'timestamping', time, asking)
  const verdict = verdictOf(signer.checks, asked, [])
  const report = describe(signerInfo, signer, verdict, { ...NO_PARTS, trust: answer })
  return {
    verdict,
    time,
    policy: outcome.info?.policy,
    reason: report.reason,
    detail: report.detail,
    signer: report,
  }
}

async function reportCountersignature(
  value: Uint8Array,
  info: SignerInfo,
  context: ReportContext,
  checks: Checks,
  depth: number,
): Promise<SignerReport | undefined> {
  if (depth >= MAX_NESTING) {
    checks.fail('countersignature', 'countersignature-invalid', `nested deeper than ${MAX_NESTING}`)
    return undefined
  }
  const parsed = checks.check('countersignature', () => parseSignerInfo(value))
  if (parsed === undefined) return undefined
  // RFC 5652 11.4: the content of a countersignature is the signature value, without a content type.
  const digests = digestsFor([parsed], (hash) => digest(hash, info.signature))
  return await reportSigner(
    parsed,
    { ...context, digests, contentType: undefined, direct: undefined },
    depth + 1,
  )
}

function judgeTimestamps(timestamps: readonly TimestampReport[], checks: Checks): void {
  for (const { verdict, reason, detail } of timestamps) {
    if (verdict === 'invalid') checks.fail('timestamp', reason ?? 'timestamp-invalid', detail)
    else checks.pass('timestamp')
  }
}

function judgeCountersignatures(countersignatures: readonly SignerReport[], checks: Checks): void {
  for (const { verdict, reason } of countersignatures) {
    if (verdict === 'invalid') checks.fail('countersignature', 'countersignature-invalid', reason)
    else checks.pass('countersignature')
  }
}

/** Earliest time vouched for by a valid timestamp. */
function trustedTime(timestamps: readonly TimestampReport[]): Date | undefined {
  const times = timestamps.filter(({ verdict }) => verdict === 'valid').map(({ time }) => time as Date)
  return times.sort((a, b) => a.getTime() - b.getTime())[0]
}

/** Whether the trust function was asked, and what it answered. */
interface Asked {
  readonly asked: boolean
  readonly answer: TrustResult | undefined
}

/** Asks the trust function about a signer whose signature is good. */
async function askTrust(
  { checks, certificate }: SignerOutcome,
  purpose: TrustContext['purpose'],
  time: Date | undefined,
  { trust, pool, signal }: ReportContext,
): Promise<Asked> {
  if (trust === undefined || certificate === undefined || checks.failure !== undefined) {
    return { asked: false, answer: undefined }
  }
  const certificates: Certificate[] = pool.certificates.filter((other) => !other.equals(certificate))
  try {
    const answer = await trust(certificate, { purpose, time, certificates, signal })
    if (answer?.trusted === true) checks.pass('trust')
    else checks.fail('trust', 'certificate-not-trusted', answer?.detail)
    return { asked: true, answer }
  } catch (error) {
    if (!(error instanceof SealkitError)) throw error
    checks.fail('trust', 'certificate-not-trusted', error.message)
    return { asked: true, answer: undefined }
  }
}

function verdictOf(checks: Checks, asked: boolean, parts: readonly { verdict: Verdict }[]): Verdict {
  if (checks.failure !== undefined) return 'invalid'
  const open = !asked || parts.some(({ verdict }) => verdict !== 'valid')
  return open ? 'certificate-not-validated' : 'valid'
}

const NO_PARTS = { timestamps: [], countersignatures: [], trust: undefined }

function describe(
  info: SignerInfo,
  { checks, certificate, algorithm, signingTime, notes }: SignerOutcome,
  verdict: Verdict,
  parts: Pick<SignerReport, 'timestamps' | 'countersignatures' | 'trust'> = NO_PARTS,
): SignerReport {
  const hash = algorithm?.hash?.name
  return {
    verdict,
    reason: checks.failure?.reason,
    detail: checks.failure?.detail,
    checks: checks.list(),
    certificate,
    signerIdentifier: describeIdentifier(info.sid),
    algorithm: algorithm && (hash === undefined ? algorithm.scheme : `${algorithm.scheme} with ${hash}`),
    signingTime,
    ...parts,
    notes,
  }
}

import {
  type Check,
  REASONS,
  type SignerReport,
  type TimestampReport,
  type Verdict,
  type VerifyResult,
} from '../../src/cms/index.ts'
import { describePath, pathOf } from '../../src/trust/index.ts'
import { utc } from './certificates.ts'
import type { Output } from './output.ts'
import { printable } from './printable.ts'

type Paint = Output['paint']

const VERDICTS = {
  valid: ['good', 'green'],
  'certificate-not-validated': ['good, certificate not validated', 'yellow'],
  invalid: ['NOT GOOD', 'red'],
} as const satisfies Record<Verdict, readonly [string, Parameters<Paint>[1]]>

/** The report for people: the verdict first, each signer, and at the end what was checked and what was not. */
export function textReport(result: VerifyResult, paint: Paint): string {
  const { signers, verdict, reason } = result
  const lines = [headline(result, paint)]
  if (signers.length === 0 && reason !== undefined) lines.push(`  ${REASONS[reason]}`)
  signers.forEach((signer, i) => {
    lines.push('', paint(`Signer ${i + 1} of ${signers.length}`, 'bold'), ...signerLines(signer, paint))
  })
  lines.push('', ...summary(verdict, result.certificateValidation))
  return `${lines.join('\n')}\n`
}

function headline({ verdict, signers }: VerifyResult, paint: Paint): string {
  const [words, style] = VERDICTS[verdict]
  const what = signers.length === 1 ? 'Signature' : `${signers.length} signatures`
  return `${what}: ${paint(words, style)}`
}

function signerLines(report: SignerReport, paint: Paint): string[] {
  const { certificate, reason, detail } = report
  const rows: (readonly [string, string])[] = [['verdict', verdictWords(report.verdict, paint)]]
  if (reason !== undefined) rows.push(['reason', paint(because(REASONS[reason], detail), 'red')])
  if (certificate === undefined) rows.push(['signer', `unknown: ${printable(report.signerIdentifier)}`])
  else {
    rows.push(
      ['signer', printable(certificate.subject.toString())],
      ['issuer', printable(certificate.issuer.toString())],
      ['serial', certificate.serialNumber],
      ['valid', `${utc(certificate.notBefore)} to ${utc(certificate.notAfter)}`],
      ['sha256', certificate.fingerprint()],
    )
  }
  rows.push(...pathRows(report, paint), ['algorithm', report.algorithm ?? 'unknown'])
  const { signingTime } = report
  rows.push([
    'signed at',
    signingTime === undefined ? 'not said' : `${utc(signingTime)}, by the signer's own word`,
  ])
  for (const timestamp of report.timestamps) rows.push(['timestamp', timestampWords(timestamp, paint)])
  for (const counter of report.countersignatures) rows.push(['countersigned', counterWords(counter, paint)])
  report.checks.forEach((check, i) => {
    rows.push([i === 0 ? 'checks' : '', checkWords(check, report, paint)])
  })
  for (const note of report.notes) rows.push(['note', printable(note)])
  return rows.map(([name, text]) => `  ${name.padEnd(14)}${text}`.trimEnd())
}

/** The path to a trusted authority, where one was looked for. */
function pathRows(report: SignerReport, paint: Paint): [string, string][] {
  const path = pathOf(report)
  if (path === undefined) return []
  const lines = describePath(path, { colour: paint('', 'bold') !== '' }).split('\n')
  return lines.filter((line) => line !== '').map((line, i) => [i === 0 ? 'path' : '', line])
}

function verdictWords(verdict: Verdict, paint: Paint): string {
  const [words, style] = VERDICTS[verdict]
  return paint(words, style)
}

function because(sentence: string, detail: string | undefined): string {
  return printable(detail === undefined ? sentence : `${sentence} (${detail})`)
}

function timestampWords({ verdict, time, reason, detail, signer }: TimestampReport, paint: Paint): string {
  const authority = signer?.certificate?.subject.toString() ?? 'an unknown authority'
  const words = `${time === undefined ? 'unreadable' : utc(time)} by ${printable(authority)}: `
  const why = reason === undefined ? '' : `: ${because(REASONS[reason], detail)}`
  return `${words}${verdictWords(verdict, paint)}${why}`
}

function counterWords(
  { verdict, certificate, signerIdentifier, reason, detail }: SignerReport,
  paint: Paint,
): string {
  const who = printable(certificate?.subject.toString() ?? signerIdentifier)
  const why = reason === undefined ? '' : `: ${because(REASONS[reason], detail)}`
  return `by ${who}: ${verdictWords(verdict, paint)}${why}`
}

/** What each check says where it passed, and where there was nothing to check. */
const CHECK_WORDS: Record<Check['check'], readonly [passed: string, absent: string]> = {
  'digest-algorithm': ['digest algorithm known and safe', ''],
  'signed-attributes': ['signed attributes well-formed', ''],
  'content-type': ['content type as signed', ''],
  'message-digest': ['content is the one that was signed', ''],
  'algorithm-protection': ['algorithms as the signer protected them', 'the signer protected no algorithms'],
  certificate: ["signer's certificate found", ''],
  'signing-certificate': [
    'certificate is the one the signer named',
    'the signer named no certificate by its hash',
  ],
  'signature-algorithm': ['signature algorithm fits the key, and both are strong', ''],
  signature: ["signature fits the certificate's key", ''],
  timestamp: ['timestamp over this signature', 'no timestamp'],
  countersignature: ['countersignatures', 'no countersignature'],
  trust: ['certificate trusted', 'certificate not validated'],
}

function checkWords(
  { check, outcome, reason, detail }: Check,
  { verdict }: SignerReport,
  paint: Paint,
): string {
  const [passed, absent] = CHECK_WORDS[check]
  if (outcome === 'passed') return `${paint('ok', 'green')}      ${passed}`
  if (outcome === 'failed') {
    return `${paint('FAILED', 'red')}  ${because(reason === undefined ? check : REASONS[reason], detail)}`
  }
  // Where something failed, what comes after it may not have been looked at, whatever the signer did.
  const known = verdict !== 'invalid' || ALWAYS_LOOKED_AT.has(check)
  return paint(`-       ${known && absent !== '' ? absent : `not checked: ${check}`}`, 'dim')
}

const ALWAYS_LOOKED_AT = new Set<Check['check']>(['timestamp', 'countersignature', 'trust'])

function summary(verdict: Verdict, validation: VerifyResult['certificateValidation']): string[] {
  const good =
    verdict === 'invalid'
      ? 'see the checks above'
      : 'the content is what was signed, with the key of the certificate shown'
  if (validation === 'done') {
    const judged = verdict === 'invalid' ? '' : '; a trusted authority vouches for the certificate'
    return [`Checked: ${good}${judged}.`]
  }
  return [
    `Checked:     ${good}.`,
    'NOT checked: whether the certificate can be trusted (--signature-only). Anyone can make one',
    '             under any name: compare the sha256 above with one that you know.',
  ]
}

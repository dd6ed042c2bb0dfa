import type { SignatureReport, SignerFacts, TimestampFacts } from '../../sign-api.ts'
import { text } from '../text/crypto.ts'
import { type Child, el } from '../ui/dom.ts'
import { details, facts, notice } from '../ui/notice.ts'
import { fromBase64 } from './base64.ts'
import { chainPicture } from './chain-picture.ts'

const KINDS = { valid: 'good', 'certificate-not-validated': 'warning', invalid: 'error' } as const

/** What was checked of a message, the verdict first. */
export function reportView(report: SignatureReport): HTMLElement {
  const { verdict, reason, signers, content, notes } = report
  return el(
    'div',
    { class: 'report' },
    notice(
      KINDS[verdict],
      text.report[verdict],
      verdict === 'certificate-not-validated' && el('p', {}, text.report.notJudged),
      reason !== undefined && el('p', {}, `${upper(reason)}.`),
    ),
    signers.map((signer, i) => [el('h3', {}, text.report.signer(i + 1, signers.length)), signerView(signer)]),
    content !== undefined && details(text.report.content, el('pre', { tabindex: 0 }, textOf(content))),
    notes.length > 0 &&
      details(
        text.report.notes,
        el(
          'ul',
          {},
          notes.map((note) => el('li', {}, note)),
        ),
      ),
  )
}

function signerView(signer: SignerFacts): Child {
  const rows: (readonly [string, Child])[] = [[text.report.name, signer.name]]
  if (signer.algorithm !== undefined) rows.push([text.report.algorithm, signer.algorithm])
  const { signingTime } = signer
  const time = signingTime === undefined ? text.report.notSaid : `${utc(signingTime)}, ${text.report.ownWord}`
  rows.push([text.report.time, time])
  rows.push(...signer.timestamps.map((stamp) => [text.report.stamp, stampWords(stamp)] as const))
  rows.push(...signer.countersignatures.map(({ name }) => [text.report.countersigned, name] as const))
  return [
    facts(rows),
    signer.chainProblem !== undefined && notice('error', `${upper(signer.chainProblem)}.`),
    signer.chain.length > 0 && chainPicture(signer.chain),
    checksTable(signer),
    signer.notes.map((note) => el('p', { class: 'note' }, note)),
  ]
}

function checksTable({ checks }: SignerFacts): HTMLElement {
  const kinds = { passed: 'good', failed: 'bad', 'not-done': '' } as const
  return el(
    'table',
    { class: 'checks' },
    el('caption', {}, text.report.checks),
    el(
      'thead',
      {},
      el(
        'tr',
        {},
        el('th', { scope: 'col' }, text.report.check),
        el('th', { scope: 'col' }, text.report.outcome),
      ),
    ),
    el(
      'tbody',
      {},
      checks.map(({ check, outcome, detail }) =>
        el(
          'tr',
          {},
          el('th', { scope: 'row' }, text.report.names[check] ?? check),
          el(
            'td',
            {},
            el('span', { class: `badge ${kinds[outcome]}` }, text.report[outcome]),
            detail !== undefined && ` ${detail}`,
          ),
        ),
      ),
    ),
  )
}

function stampWords({ verdict, time, authority, reason }: TimestampFacts): string {
  const by = authority === undefined ? '' : `, ${authority}`
  const against = reason === undefined ? '' : `: ${reason}`
  return `${time === undefined ? text.report.notSaid : utc(time)}${by}, ${text.report[verdict]}${against}`
}

function utc(iso: string): string {
  return `${iso.slice(0, 19).replace('T', ' ')} UTC`
}

function textOf(base64: string): string {
  return new TextDecoder().decode(fromBase64(base64))
}

function upper(sentence: string): string {
  return sentence.slice(0, 1).toUpperCase() + sentence.slice(1)
}

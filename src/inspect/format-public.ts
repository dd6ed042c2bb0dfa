import { printable } from '../x509/printable.ts'
import type { InspectedPublicKey, Inspection } from './inspection.ts'
import { type Paint, type Row, type Section, spaced, utc } from './layout.ts'

/** A public key, for people. */
export function publicKeyRows({ name, spkiSha256 }: InspectedPublicKey): Row[] {
  return [
    ['key', printable(name)],
    ['key sha256', spkiSha256 ?? 'unknown'],
  ]
}

/** A certificate request, for people. */
export function requestSection(
  request: Inspection['requests'][number],
  title: string,
  paint: Paint,
): Section {
  const { subject, subjectAltNames, keyUsage, extendedKeyUsage, publicKey, signatureAlgorithm } = request
  const signature = {
    true: 'good: its maker has the private key',
    false: paint('NOT GOOD', 'red'),
    null: 'not verified',
  }
  return {
    title: paint(title, 'bold'),
    rows: [
      ['subject', printable(subject) || '(none)'],
      ...subjectAltNames.map((name): Row => ['alt name', printable(name)]),
      ...(keyUsage === null ? [] : [['usage', keyUsage.join(', ')] as const]),
      ...(extendedKeyUsage === null ? [] : [['purposes', extendedKeyUsage.join(', ')] as const]),
      ...publicKeyRows(publicKey),
      ['signature', `${printable(signatureAlgorithm)}, ${signature[`${request.signatureValid}`]}`],
      ...request.problems.map((problem): Row => ['problem', paint(printable(problem), 'yellow')]),
    ],
  }
}

/** A revocation list, for people. */
export function revocationSection(
  list: Inspection['revocationLists'][number],
  title: string,
  paint: Paint,
): Section {
  const next = list.nextUpdate === null ? 'not said' : utc(list.nextUpdate)
  return {
    title: paint(title, 'bold'),
    rows: [
      ['issuer', printable(list.issuer)],
      ...(list.number === null ? [] : [['number', list.number] as const]),
      ...(list.delta ? [['kind', 'delta: completes another list'] as const] : []),
      ['made', utc(list.thisUpdate)],
      ['next', list.outdated ? `${next} ${paint('(outdated)', 'red')}` : next],
      ['entries', spaced(list.entryCount)],
      ['signature', printable(list.signatureAlgorithm)],
      ['sha256', list.sha256],
      ...list.problems.map((problem): Row => ['problem', paint(printable(problem), 'yellow')]),
    ],
  }
}

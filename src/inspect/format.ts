import { printable } from '../x509/printable.ts'
import { certificateSection } from './format-certificate.ts'
import { messageSection } from './format-message.ts'
import { publicKeyRows, requestSection, revocationSection } from './format-public.ts'
import type { InspectedKey, InspectedProtection, Inspection } from './inspection.ts'
import { counted, type Paint, paintWith, type Row, type Section, sectionLines, spaced } from './layout.ts'

/** Options of {@link formatInspection}. */
export interface FormatOptions {
  /** Colours for a terminal (SGR). Default false. */
  colour?: boolean | undefined
}

/**
 * An inspection as text for people: lines that end in LF. What came out of the file is made fit for a terminal:
 * control characters, those that turn text around, and line ends are shown as `\u{1b}`.
 *
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs'
 * import { formatInspection, inspect } from 'sealkit/inspect'
 * console.log(formatInspection(await inspect(readFileSync('cert.pem'))))
 * ```
 */
export function formatInspection(inspection: Inspection, { colour = false }: FormatOptions = {}): string {
  const paint = paintWith(colour)
  const sections = [
    { title: headline(inspection, paint), rows: protectionRows(inspection, paint) },
    ...inspection.keys.map((key, i) => keySection(key, i, inspection, paint)),
    ...inspection.certificates.map((each, i) =>
      certificateSection(each, place('Certificate', i, inspection.certificates.length), paint),
    ),
    ...inspection.requests.map((each, i) =>
      requestSection(each, place('Request', i, inspection.requests.length), paint),
    ),
    ...inspection.revocationLists.map((each, i) =>
      revocationSection(each, place('Revocation list', i, inspection.revocationLists.length), paint),
    ),
    ...inspection.publicKeys.map((each, i) => ({
      title: paint(place('Public key', i, inspection.publicKeys.length), 'bold'),
      rows: publicKeyRows(each),
    })),
    ...inspection.messages.map((each) => messageSection(each, inspection.certificates, paint)),
    ...listSection('Chain', inspection.certificates.length > 1 ? inspection.chains : [], paint),
    ...listSection('Left out', inspection.skipped.map(skippedText), paint),
    ...listSection('Notes', inspection.notes, paint, 'yellow'),
  ]
  return `${sections.map((section) => sectionLines(section).join('\n')).join('\n\n')}\n`
}

function headline(inspection: Inspection, paint: Paint): string {
  const { form, keys, certificates, requests, revocationLists, publicKeys, messages, locked } = inspection
  const parts = [
    counted(keys.length, 'private key'),
    counted(certificates.length, 'certificate'),
    counted(requests.length, 'certificate request'),
    counted(revocationLists.length, 'revocation list'),
    counted(publicKeys.length, 'public key'),
    counted(messages.length, 'signed message'),
  ].filter((part) => part !== undefined)
  const contents = parts.length === 0 && !locked ? ['nothing that is known'] : parts
  const state = locked ? [paint('locked: the password shows what is inside', 'yellow')] : []
  return `${paint(form, 'bold')}: ${[...contents, ...state].join(', ')}`
}

function protectionRows({ form, protection, keys, locked }: Inspection, paint: Paint): Row[] {
  const { mac, encryption, plainKeys } = protection
  const rows: Row[] = []
  if (mac !== null) rows.push(['integrity', layerText(mac, paint)])
  else if (form === 'PKCS#12') rows.push(['integrity', paint('none: no MAC', 'yellow')])
  for (const layer of encryption) rows.push(['encryption', layerText(layer, paint)])
  if (plainKeys) rows.push(['encryption', paint('none for a private key', 'yellow')])
  else if (encryption.length === 0 && keys.length === 0 && form === 'PKCS#12' && !locked)
    rows.push(['encryption', 'none'])
  return rows
}

function layerText(layer: InspectedProtection['encryption'][number], paint: Paint): string {
  const { algorithm, keyDerivation, iterations, weak } = layer
  const cost = keyDerivation === 'scrypt' ? `N = ${spaced(iterations)}` : `${spaced(iterations)} iterations`
  const text = printable(`${algorithm}, key from ${keyDerivation}, ${cost}`)
  return weak ? `${text} ${paint('(weak)', 'yellow')}` : text
}

function keySection(key: InspectedKey, i: number, inspection: Inspection, paint: Paint): Section {
  const title = paint(place('Private key', i, inspection.keys.length), 'bold')
  if (key.locked) return { title, rows: [...nameRow(key.friendlyName), ['key', 'locked']] }
  const certificate = inspection.certificates.find(({ sha256 }) => sha256 === key.certificateSha256)
  const number = certificate === undefined ? 0 : inspection.certificates.indexOf(certificate) + 1
  const belongs =
    certificate === undefined
      ? paint('not in the file', 'yellow')
      : `${number}: ${printable(certificate.subject)}`
  return { title, rows: [...nameRow(key.friendlyName), ...publicKeyRows(key), ['certificate', belongs]] }
}

function nameRow(name: string | null): Row[] {
  return name === null ? [] : [['name', printable(name)]]
}

function listSection(title: string, lines: readonly string[], paint: Paint, style?: 'yellow'): Section[] {
  if (lines.length === 0) return []
  const texts = lines.map((line) => (style === undefined ? printable(line) : paint(printable(line), style)))
  return [{ title: paint(title, 'bold'), rows: texts }]
}

function skippedText({ what, why }: Inspection['skipped'][number]): string {
  return why === null ? what : `${what}: ${why}`
}

function place(what: string, index: number, count: number): string {
  return count === 1 ? what : `${what} ${index + 1} of ${count}`
}

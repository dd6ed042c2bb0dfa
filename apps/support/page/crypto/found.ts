import { text } from '../text/crypto.ts'
import { el } from '../ui/dom.ts'
import { card, facts } from '../ui/notice.ts'
import { chainPicture } from './chain-picture.ts'
import { validity } from './dates.ts'
import type { FoundKey, Look } from './jobs/look.ts'

/** What the files hold together: each key, whether its certificate is there, and how long that holds. */
export function foundCard(look: Look): HTMLElement {
  const { keys, loneCertificates, chain } = look
  const several = keys.length > 1
  return card(
    text.found.title,
    keys.map((key, i) => [
      el('h3', {}, several ? text.found.keyNumber(i + 1) : text.found.key),
      facts(keyRows(key)),
      key.chain.length > 0 && chainPicture(key.chain),
    ]),
    loneCertificates.length > 0 && [
      el('h3', {}, text.found.lone),
      facts(loneCertificates.map((each) => [each.commonName ?? each.subject, validity(each)] as const)),
    ],
    chain.length > 0 && chainPicture(chain),
    keys.length + loneCertificates.length === 0 && el('p', {}, text.found.nothing),
  )
}

function keyRows({ name, friendlyName, fingerprint, certificate }: FoundKey) {
  const label = friendlyName === undefined ? name : `${name} (${friendlyName})`
  const rows: (readonly [string, Node | string])[] = [[text.found.key, label]]
  if (certificate === undefined) {
    const word = el('span', { class: 'badge bad' }, text.found.noMatch)
    rows.push([text.found.match, el('span', {}, word, ` ${text.found.noMatchWay}`)])
  } else {
    rows.push(
      [text.found.certificate, certificate.subject],
      [text.found.valid, validity(certificate)],
      [text.found.match, el('span', { class: 'badge good' }, text.found.matches)],
    )
  }
  if (fingerprint !== undefined) rows.push([text.found.publicKey, el('span', { class: 'mono' }, fingerprint)])
  return rows
}

import type { CertificateFacts } from '../../../api.ts'
import { text } from '../../text/tester.ts'
import { el } from '../../ui/dom.ts'
import { facts } from '../../ui/notice.ts'

const words = text.facts
const DAY = 86_400_000
const SOON = 30

/** A certificate in a few lines, with how long it is good for. */
export function certificateFacts(certificate: CertificateFacts): HTMLElement {
  const { subject, issuer, key, notBefore, notAfter, serialNumber } = certificate
  const span = words.until(notBefore.slice(0, 10), notAfter.slice(0, 10))
  return facts([
    [words.subject, subject],
    [words.issuer, issuer],
    [words.key, key],
    [words.valid, [`${span} `, expiryBadge(notBefore, notAfter)]],
    [words.serialNumber, el('span', { class: 'mono' }, serialNumber)],
  ])
}

function expiryBadge(notBefore: string, notAfter: string): HTMLElement {
  const now = Date.now()
  const days = Math.floor((Date.parse(notAfter) - now) / DAY)
  if (Date.parse(notAfter) < now) return el('span', { class: 'badge bad' }, words.expired)
  if (Date.parse(notBefore) > now) return el('span', { class: 'badge bad' }, words.notYet)
  return el('span', { class: days <= SOON ? 'badge warning' : 'badge good' }, words.days(days))
}

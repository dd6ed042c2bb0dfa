import { text } from '../text/crypto.ts'
import { el } from '../ui/dom.ts'
import type { Validity } from './jobs/look.ts'

/** A day as people everywhere read it the same: 2026-11-21. */
export function day(iso: string): string {
  return iso.slice(0, 10)
}

/** From when to when, and how long that still is, or that it is over. */
export function validity({ notBefore, notAfter, daysLeft }: Validity): HTMLElement {
  const { expired, notYet, range } = text.found
  const [kind, words] =
    daysLeft < 0
      ? ['bad', expired]
      : Date.parse(notBefore) > Date.now()
        ? ['bad', notYet]
        : [daysLeft < 30 ? 'warning' : 'good', text.found.daysLeft(daysLeft)]
  return el(
    'span',
    {},
    `${range(day(notBefore), day(notAfter))} `,
    el('span', { class: `badge ${kind}` }, words),
  )
}

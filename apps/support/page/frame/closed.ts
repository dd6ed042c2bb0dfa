import { text } from '../text/common.ts'
import { el } from '../ui/dom.ts'

/** What is shown where the page cannot be used. */
export function closedPage(why: string): HTMLElement {
  return el(
    'main',
    { class: 'closed' },
    el('h1', {}, text.closed.title),
    el('p', { role: 'alert' }, why),
    el('p', {}, text.closed.way),
    el('pre', { class: 'mono' }, 'sealkit support'),
  )
}

import { type Child, el } from './dom.ts'

/** A message in a box: `error` and `warning` are read out at once, `good` and `info` when there is time. */
export function notice(
  kind: 'error' | 'warning' | 'good' | 'info',
  title: string,
  ...body: readonly Child[]
): HTMLElement {
  const urgent = kind === 'error' || kind === 'warning'
  return el(
    'div',
    { class: `notice ${kind}`, role: urgent ? 'alert' : 'status' },
    el('p', { class: 'notice-title' }, title),
    body,
  )
}

/** Names with their values, as a list of descriptions. */
export function facts(rows: readonly (readonly [name: string, value: Child])[]): HTMLElement {
  return el(
    'dl',
    { class: 'facts' },
    rows.map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, value))),
  )
}

/** A part of a view, with its heading. */
export function card(title: string, ...children: readonly Child[]): HTMLElement {
  return el('section', { class: 'card', 'aria-label': title }, el('h2', {}, title), children)
}

/** What is opened by a click. */
export function details(summary: string, ...children: readonly Child[]): HTMLDetailsElement {
  return el('details', {}, el('summary', {}, summary), el('div', { class: 'details' }, children))
}

/** A line that tells how something is going on. */
export function statusLine(): HTMLElement & { textContent: string } {
  return el('p', { class: 'status', role: 'status' })
}

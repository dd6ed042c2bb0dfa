import { el } from './dom.ts'

const place = el('div', { class: 'visually-hidden', role: 'status' })

/** Has a screen reader say something, when it has time. */
export function announce(message: string): void {
  if (!place.isConnected) document.body.append(place)
  place.textContent = message
}

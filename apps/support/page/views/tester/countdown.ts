import { text } from '../../text/tester.ts'
import { el } from '../../ui/dom.ts'
import { duration, moment } from './duration.ts'

const words = text.token

/** A time that comes nearer, second by second. Disposing stops the clock. */
export function countdown(expiresAt: string, over: () => void): Disposable & { readonly root: HTMLElement } {
  const end = Date.parse(expiresAt)
  const left = el('span', { class: 'badge', role: 'timer' })
  let timer: ReturnType<typeof setInterval> | undefined
  const stop = (): void => clearInterval(timer)
  const show = (): void => {
    const milliseconds = end - Date.now()
    const isOver = milliseconds <= 0
    left.textContent = isOver ? words.over : words.left(duration(milliseconds))
    left.className = isOver ? 'badge bad' : milliseconds < 60_000 ? 'badge warning' : 'badge good'
    if (!isOver) return
    stop()
    over()
  }
  timer = setInterval(show, 1000)
  show()
  return { root: el('span', {}, `${moment(expiresAt)} `, left), [Symbol.dispose]: stop }
}

import { text } from '../text/common.ts'
import { el, on, setAttributes } from './dom.ts'

/** Options of {@link button}. */
export interface ButtonOptions {
  readonly label: string
  /** `main`: the one that the form is for. `plain`: others. `quiet`: beside something. */
  readonly kind?: 'main' | 'plain' | 'quiet'
  readonly type?: 'button' | 'submit'
  /** For screen readers, where the label alone does not say what it is about. */
  readonly describedAs?: string
  onClick?(): void
}

export function button(options: ButtonOptions): HTMLButtonElement {
  const { label, kind = 'plain', type = 'button', describedAs, onClick } = options
  const element = el('button', { type, class: `button ${kind}`, 'aria-label': describedAs }, label)
  return onClick === undefined ? element : on(element, { click: onClick })
}

/**
 * Shows that a button's work is going on, until it ends. The button keeps the focus; pressing it again does nothing.
 *
 * @returns what the work gives; undefined where it was going on already
 */
export async function busy<T>(element: HTMLButtonElement, work: () => Promise<T>): Promise<T | undefined> {
  if (element.getAttribute('aria-busy') === 'true') return undefined
  setAttributes(element, { 'aria-busy': 'true', 'aria-disabled': 'true' })
  try {
    return await work()
  } finally {
    setAttributes(element, { 'aria-busy': undefined, 'aria-disabled': undefined })
  }
}

/** Copies a text, and says so on the button for a moment. */
export function copyButton(what: string, textOf: () => string): HTMLButtonElement {
  const element = button({ label: text.copy, kind: 'quiet', describedAs: text.copyWhat(what) })
  const said = el('span', { class: 'visually-hidden', role: 'status' })
  element.append(said)
  return on(element, {
    click: () => {
      navigator.clipboard.writeText(textOf()).then(
        () => tell(element, text.copied),
        () => tell(element, text.notCopied),
      )
    },
  })
}

function tell(element: HTMLButtonElement, word: string): void {
  const [label] = element.childNodes
  if (!(label instanceof Text)) return
  label.data = word
  const status = element.querySelector('[role=status]')
  if (status !== null) status.textContent = word
  setTimeout(() => {
    label.data = text.copy
    if (status !== null) status.textContent = ''
  }, 1500)
}

import { text } from '../text/common.ts'
import { announce } from './announce.ts'
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
  const tell = (word: string): void => {
    announce(word)
    element.textContent = word
    element.removeAttribute('aria-label')
    setTimeout(() => {
      element.textContent = text.copy
      setAttributes(element, { 'aria-label': text.copyWhat(what) })
    }, 1500)
  }
  return on(element, {
    click: () => {
      navigator.clipboard.writeText(textOf()).then(
        () => tell(text.copied),
        () => tell(text.notCopied),
      )
    },
  })
}

/** A button that shows what is secret, and hides it again. */
export function showButton(what: string, show: (shown: boolean) => void): HTMLButtonElement {
  const element = button({ label: text.show, kind: 'quiet', describedAs: text.showSecret(what) })
  let isShown = false
  return on(element, {
    click: () => {
      isShown = !isShown
      show(isShown)
      element.textContent = isShown ? text.hide : text.show
      setAttributes(element, { 'aria-label': isShown ? text.hideSecret(what) : text.showSecret(what) })
    },
  })
}

import { text } from '../text/crypto.ts'
import { el, on, uniqueId } from '../ui/dom.ts'
import type { Mount } from '../view.ts'
import { signPart } from './sign-part.ts'
import { verifyPart } from './verify-part.ts'

/** Signs a text or a file, or verifies a signature. */
export const mount: Mount = (container, { api }) => {
  const parts = { sign: signPart(api), verify: verifyPart(api) } as const
  const name = uniqueId('do')
  const show = (chosen: keyof typeof parts): void => {
    parts.sign.hidden = chosen !== 'sign'
    parts.verify.hidden = chosen !== 'verify'
  }
  const choice = (what: keyof typeof parts): HTMLElement => {
    const input = el('input', { type: 'radio', name, value: what, checked: what === 'sign' })
    return el('label', {}, on(input, { change: () => show(what) }), text.sign[what])
  }
  const choices = el(
    'fieldset',
    { class: 'choice' },
    el('legend', { class: 'visually-hidden' }, text.sign.tabs),
    choice('sign'),
    choice('verify'),
  )
  show('sign')
  container.append(choices, parts.sign, parts.verify)
}

import type { SignAnswer } from '../../sign-api.ts'
import type { Api } from '../api.ts'
import { text } from '../text/crypto.ts'
import { busy, button, copyButton } from '../ui/button.ts'
import { el, on, replace } from '../ui/dom.ts'
import { card, statusLine } from '../ui/notice.ts'
import { fromBase64 } from './base64.ts'
import { contentField } from './content-field.ts'
import { problemIn, problemNotice } from './problem-words.ts'
import { reportView } from './report-view.ts'
import { save } from './save-made.ts'
import { signKey } from './sign-key.ts'

/** Signs a text or a file, with a key in the page or one that the server opens. */
export function signPart(api: Api): HTMLElement {
  const content = contentField({
    label: text.sign.text,
    hint: text.sign.textHint,
    file: text.sign.file,
    missing: text.sign.noContent,
  })
  const key = signKey(api)
  const result = el('div')
  const status = statusLine()
  const go = button({ label: text.sign.signButton, kind: 'main', type: 'submit' })
  const sign = async (): Promise<void> => {
    replace(result)
    const bytes = await content.base64(true)
    if (bytes === undefined) return
    status.textContent = text.sign.signing
    try {
      const answer = await key.sign(bytes)
      if (answer !== undefined) replace(result, signedCard(answer, content.name))
    } catch (error) {
      if (!key.refuse(problemIn(error))) replace(result, problemNotice(text.convert.failed, error))
    } finally {
      status.textContent = ''
    }
  }
  const form = el(
    'form',
    { novalidate: true },
    card(text.sign.content, content.root),
    card(text.sign.with, key.root, el('div', { class: 'actions' }, go, status)),
  )
  on(form, {
    submit: (event) => {
      event.preventDefault()
      void busy(go, sign)
    },
  })
  return el('div', {}, form, result)
}

function signedCard({ message, report }: SignAnswer, file: string | undefined): HTMLElement {
  const bytes = fromBase64(message) ?? new Uint8Array()
  const made = {
    name: `${file ?? 'text'}.p7s`,
    bytes,
    type: 'application/pkcs7-signature',
    isOpen: false,
  }
  return card(
    text.sign.signed,
    el(
      'div',
      { class: 'actions' },
      button({ label: text.sign.saveMessage, kind: 'main', onClick: () => save(made) }),
      copyButton(text.sign.copyWhat, () => message),
    ),
    el('pre', { class: 'wrap', tabindex: 0, 'aria-label': text.sign.base64 }, message),
    reportView(report),
  )
}

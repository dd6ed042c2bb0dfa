import { text } from '../text/crypto.ts'
import { busy, button, copyButton } from '../ui/button.ts'
import { el, on, replace } from '../ui/dom.ts'
import { card, facts, notice, statusLine } from '../ui/notice.ts'
import type { Mount } from '../view.ts'
import { csrForm } from './csr-form.ts'
import type { MadeKey } from './jobs/make-key.ts'
import { problemNotice } from './problem-words.ts'
import { save } from './save-made.ts'
import { cancelWork, run } from './worker.ts'

/** A key and a certificate signing request, made in this page. */
export const mount: Mount = (container) => {
  const form = csrForm()
  const result = el('div')
  const status = statusLine()
  const go = button({ label: text.csr.button, kind: 'main', type: 'submit' })
  const cancel = button({ label: text.convert.cancel, onClick: cancelWork })
  cancel.hidden = true
  const make = async (): Promise<void> => {
    const options = form.options()
    if (options === undefined) return
    replace(result)
    status.textContent = text.csr.working
    cancel.hidden = false
    try {
      const made = await run('makeKey', options)
      replace(result, madeCard(made))
      form.clear()
      result.querySelector<HTMLElement>('button')?.focus()
    } catch (error) {
      if (!form.refuse(error)) replace(result, problemNotice(text.convert.failed, error))
    } finally {
      status.textContent = ''
      cancel.hidden = true
    }
  }
  const element = el(
    'form',
    { novalidate: true },
    form.root,
    el('div', { class: 'actions' }, go, cancel, status),
  )
  on(element, {
    submit: (event) => {
      event.preventDefault()
      void busy(go, make)
    },
  })
  container.append(element, result)
}

function madeCard({ key, request, keyName, fingerprint, subject, requestText }: MadeKey): HTMLElement {
  return card(
    text.csr.done,
    notice('good', text.csr.keep),
    key.isOpen && notice('warning', text.csr.unencryptedWarning, el('p', {}, text.csr.unencryptedWay)),
    el(
      'div',
      { class: 'actions' },
      button({ label: text.csr.saveKey, kind: 'main', onClick: () => save(key) }),
      button({ label: text.csr.saveRequest, kind: 'main', onClick: () => save(request) }),
      copyButton(text.csr.request, () => requestText),
    ),
    facts([
      [text.csr.keyName, `${keyName}, ${key.isOpen ? text.csr.open : text.csr.encrypted}, ${key.name}`],
      [text.csr.request, request.name],
      [text.csr.subjectLine, subject],
      [text.csr.fingerprint, el('span', { class: 'mono' }, fingerprint)],
    ]),
    el('pre', { tabindex: 0, 'aria-label': text.csr.request }, requestText),
  )
}

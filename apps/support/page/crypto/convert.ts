import { text } from '../text/crypto.ts'
import { busy, button } from '../ui/button.ts'
import { el, on, replace } from '../ui/dom.ts'
import { card, statusLine } from '../ui/notice.ts'
import type { Mount } from '../view.ts'
import { convertForm } from './convert-form.ts'
import { type FileShelf, fileShelf } from './file-shelf.ts'
import { foundCard } from './found.ts'
import type { Look } from './jobs/look.ts'
import { problemIn, problemNotice } from './problem-words.ts'
import { saveMade } from './save-made.ts'
import { cancelWork, run } from './worker.ts'

/** PEM to P12 and back, truststores, a look into any file: all in this page. */
export const mount: Mount = (container) => {
  const found = el('div')
  const result = el('div')
  const form = convertForm()
  const making = makingCard(form, result, () => shelf.files())
  const shelf: FileShelf = fileShelf({
    label: text.files.label,
    hint: text.files.kinds,
    onLook: (look: Look) => {
      replace(result)
      replace(found, look.files.length > 0 && foundCard(look))
      form.show(look, shelf.files())
      making.hidden = shelf.files().length === 0
    },
  })
  container.append(card(text.files.title, el('p', {}, text.files.stay), shelf.root), found, making, result)
}

function makingCard(
  form: ReturnType<typeof convertForm>,
  result: HTMLElement,
  files: () => ReturnType<FileShelf['files']>,
): HTMLElement {
  const status = statusLine()
  const go = button({ label: text.convert.button, kind: 'main', type: 'submit' })
  const cancel = button({ label: text.convert.cancel, onClick: cancelWork })
  cancel.hidden = true
  const convert = async (): Promise<void> => {
    const options = form.options()
    if (options === undefined) return
    replace(result)
    status.textContent = text.convert.working
    cancel.hidden = false
    try {
      const made = await run('convert', files(), options)
      replace(result, saveMade(made))
      form.clear()
    } catch (error) {
      // About the password: beside its field.
      if (problemIn(error).code === 'ERR_CREDENTIAL_PASSWORD_UNSUITABLE') form.refusePassword(error)
      else replace(result, problemNotice(text.convert.failed, error))
    } finally {
      status.textContent = ''
      cancel.hidden = true
    }
  }
  const element = on(
    el('form', { novalidate: true }, form.root, el('div', { class: 'actions' }, go, cancel, status)),
    {
      submit: (event) => {
        event.preventDefault()
        void busy(go, convert)
      },
    },
  )
  const place = card(text.convert.title, element)
  place.hidden = true
  return place
}

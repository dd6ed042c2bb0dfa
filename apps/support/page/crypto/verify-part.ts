import type { Api } from '../api.ts'
import { text } from '../text/crypto.ts'
import { busy, button } from '../ui/button.ts'
import { el, on, replace } from '../ui/dom.ts'
import { checkField } from '../ui/field.ts'
import { card, statusLine } from '../ui/notice.ts'
import { toBase64 } from './base64.ts'
import { contentField } from './content-field.ts'
import { fileField } from './file-field.ts'
import { problemIn, problemNotice, wordsOf } from './problem-words.ts'
import { reportView } from './report-view.ts'

/** Verifies a signature, by the loopback server. */
export function verifyPart(api: Api): HTMLElement {
  const signature = contentField({
    label: text.sign.signatureText,
    hint: '',
    file: text.sign.signatureFile,
    missing: text.sign.noSignature,
  })
  const content = contentField({
    label: text.sign.signedContent,
    hint: text.sign.contentHint,
    file: text.sign.file,
    missing: text.sign.noContent,
  })
  const authorities = authoritiesField()
  const system = checkField({ label: text.sign.system })
  const anyUse = checkField({ label: text.sign.anyUse })
  const result = el('div')
  const status = statusLine()
  const go = button({ label: text.sign.verifyButton, kind: 'main', type: 'submit' })
  const verify = async (): Promise<void> => {
    replace(result)
    const message = await signature.base64(true)
    if (message === undefined) return
    status.textContent = text.sign.verifying
    try {
      const report = await api('verify', {
        signature: message,
        content: await content.base64(false),
        authorities: await authorities.values(),
        system: system.input.checked,
        anyUse: anyUse.input.checked,
      })
      replace(result, card(text.sign.verify, reportView(report)))
    } catch (error) {
      const problem = problemIn(error)
      if (/^ERR_CMS_CONTENT_/.test(problem.code)) content.setError(wordsOf(problem))
      else if (/^ERR_(CMS|ASN1|PEM)/.test(problem.code)) signature.setError(wordsOf(problem))
      else if (/^ERR_(PATH|CREDENTIAL)/.test(problem.code)) authorities.setError(wordsOf(problem))
      else replace(result, problemNotice(text.convert.failed, error))
    } finally {
      status.textContent = ''
    }
  }
  const form = el(
    'form',
    { novalidate: true },
    el(
      'div',
      { class: 'columns' },
      card(text.sign.signatureFile, signature.root),
      card(text.sign.signedContent, content.root),
    ),
    card(
      text.sign.authorities,
      authorities.root,
      [system.root, anyUse.root],
      el('p', { class: 'who' }, text.sign.whoVerifies),
      el('div', { class: 'actions' }, go, status),
    ),
  )
  on(form, {
    submit: (event) => {
      event.preventDefault()
      void busy(go, verify)
    },
  })
  return el('div', {}, form, result)
}

function authoritiesField() {
  const list = el('ul', { class: 'shelf' })
  let files: readonly File[] = []
  const set = (next: readonly File[]): void => {
    files = next
    replace(
      list,
      files.map((file) =>
        el(
          'li',
          {},
          el('strong', {}, file.name),
          ' ',
          button({
            label: text.files.remove,
            kind: 'quiet',
            describedAs: text.files.removeFile(file.name),
            onClick: () => set(files.filter((each) => each !== file)),
          }),
        ),
      ),
    )
  }
  const field = fileField({
    label: text.sign.authorities,
    hint: text.sign.authoritiesHint,
    multiple: true,
    onFiles: (added) => set([...files, ...added]),
  })
  return {
    root: el('div', {}, field.root, list),
    setError: field.setError,
    values: () => Promise.all(files.map(async (file) => toBase64(new Uint8Array(await file.arrayBuffer())))),
  }
}

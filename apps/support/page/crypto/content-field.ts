import { text } from '../text/crypto.ts'
import { button } from '../ui/button.ts'
import { el, replace } from '../ui/dom.ts'
import { areaField } from '../ui/field.ts'
import { textToBase64, toBase64 } from './base64.ts'
import { fileField } from './file-field.ts'

/** A text or a file. */
export interface ContentField {
  readonly root: HTMLElement
  /** In base64; undefined where neither is given. @param needed says so beside the field */
  base64(needed: boolean): Promise<string | undefined>
  setError(message: string): void
  /** What is typed, where no file is chosen. */
  readonly typed: string
  /** Of the chosen file. */
  readonly name: string | undefined
}

const MAX_BYTES = 4 * 1024 * 1024

/** @param words labels and hints; `missing` is said where neither is given */
export function contentField(words: {
  readonly label: string
  readonly hint: string
  readonly file: string
  readonly missing: string
}): ContentField {
  const area = areaField({ label: words.label, hint: words.hint, rows: 4, attributes: { class: 'mono' } })
  const chosen = el('div', { class: 'chosen' })
  let file: File | undefined
  const choose = (next: File | undefined): void => {
    file = next
    area.input.disabled = next !== undefined
    replace(chosen, next !== undefined && chosenLine(next, () => choose(undefined)))
  }
  const field = fileField({
    label: words.file,
    hint: '',
    multiple: false,
    onFiles: ([first]) => {
      area.setError()
      if (first !== undefined && first.size > MAX_BYTES) field.setError(text.sign.tooLarge)
      else choose(first)
    },
  })
  const wrong = (): undefined => {
    area.setError(words.missing)
    area.input.focus()
  }
  return {
    root: el('div', {}, area.root, field.root, chosen),
    async base64(needed) {
      if (file !== undefined) return toBase64(new Uint8Array(await file.arrayBuffer()))
      if (area.value === '') return needed ? wrong() : undefined
      return textToBase64(area.value)
    },
    setError: area.setError,
    get typed() {
      return file === undefined ? area.value : ''
    },
    get name() {
      return file?.name
    },
  }
}

function chosenLine(file: File, remove: () => void): HTMLElement {
  return el(
    'p',
    {},
    el('strong', {}, file.name),
    ` ${text.convert.bytes(file.size)} `,
    button({
      label: text.files.remove,
      kind: 'quiet',
      describedAs: text.files.removeFile(file.name),
      onClick: remove,
    }),
  )
}

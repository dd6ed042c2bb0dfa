import { text } from '../text/crypto.ts'
import { el, on, uniqueId } from '../ui/dom.ts'

/** A field that takes files by choosing and by dropping. */
export interface FileField {
  readonly root: HTMLElement
  readonly input: HTMLInputElement
  setError(message?: string): void
}

/** @param options `multiple`: several files; `onFiles` gets those that were just added */
export function fileField(options: {
  readonly label: string
  readonly hint: string
  readonly multiple: boolean
  onFiles(files: readonly File[]): void
}): FileField {
  const id = uniqueId('files')
  const { label, hint, multiple, onFiles } = options
  const input = el('input', { type: 'file', id, multiple, 'aria-describedby': `${id}-note` })
  const note = el('p', { class: 'note', id: `${id}-note` }, hint)
  const setError = (message?: string): void => {
    note.className = message === undefined ? 'note' : 'note error'
    note.textContent = message ?? hint
    if (message === undefined) input.removeAttribute('aria-invalid')
    else input.setAttribute('aria-invalid', 'true')
  }
  const take = (files: FileList | null | undefined): void => {
    const list = [...(files ?? [])]
    if (list.length === 0) return
    setError()
    onFiles(multiple ? list : list.slice(0, 1))
  }
  on(input, {
    change: () => {
      take(input.files)
      // The same file can be chosen again after it was removed.
      if (multiple) input.value = ''
    },
  })
  const zone = el(
    'div',
    { class: 'drop files' },
    el('label', { for: id }, label),
    el('p', { class: 'drop-hint', 'aria-hidden': 'true' }, text.files.drop),
    input,
  )
  dropping(zone, take)
  return { root: el('div', { class: 'field' }, zone, note), input, setError }
}

function dropping(zone: HTMLElement, take: (files: FileList | undefined) => void): void {
  let depth = 0
  const mark = (change: number): void => {
    depth = Math.max(0, depth + change)
    zone.classList.toggle('over', depth > 0)
  }
  on(zone, {
    dragenter: (event) => {
      event.preventDefault()
      mark(1)
    },
    dragleave: () => mark(-1),
    dragover: (event) => event.preventDefault(),
    drop: (event) => {
      event.preventDefault()
      mark(-depth)
      take(event.dataTransfer?.files)
    },
  })
}

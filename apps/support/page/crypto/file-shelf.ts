import { text } from '../text/crypto.ts'
import { busy, button } from '../ui/button.ts'
import { el, on, replace } from '../ui/dom.ts'
import { secretField } from '../ui/field.ts'
import { details, statusLine } from '../ui/notice.ts'
import { fileField } from './file-field.ts'
import type { GivenFile } from './jobs/gather.ts'
import type { Look, LookedFile } from './jobs/look.ts'
import { problemIn, wordsOf } from './problem-words.ts'
import { run } from './worker.ts'

/** The chosen files, what is known of each, and a password for each that is locked. */
export interface FileShelf {
  readonly root: HTMLElement
  /** Those that are open and hold something. */
  files(): readonly GivenFile[]
  setError(message?: string): void
}

const MAX_BYTES = 1024 * 1024

/** @param options `onLook` is told what the files hold, whenever that changes */
export function fileShelf(options: {
  readonly label: string
  readonly hint: string
  onLook(look: Look): void
}): FileShelf {
  const shelf = new Shelf(options.onLook)
  const field = fileField({
    ...options,
    multiple: true,
    onFiles: (files) => void shelf.add(files, field.setError),
  })
  shelf.setError = field.setError
  return {
    root: el('div', {}, field.root, shelf.list, shelf.status),
    files: () => shelf.open(),
    setError: field.setError,
  }
}

class Shelf {
  readonly list = el('ul', { class: 'shelf' })
  readonly status = statusLine()
  setError: (message?: string) => void = () => undefined
  readonly #onLook: (look: Look) => void
  #files: readonly GivenFile[] = []
  #look: Look | undefined
  #turn = 0

  constructor(onLook: (look: Look) => void) {
    this.#onLook = onLook
  }

  open(): readonly GivenFile[] {
    return this.#files.filter((_, i) => {
      const looked = this.#look?.files[i]
      return looked?.state === 'open' && looked.convertible
    })
  }

  async add(files: readonly File[], setError: (message: string) => void): Promise<void> {
    const added: GivenFile[] = []
    for (const file of files) {
      if (file.size > MAX_BYTES) setError(text.files.tooLarge(file.name))
      else added.push({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) })
    }
    // A file that is chosen again takes the place of the old one.
    const kept = this.#files.filter(({ name }) => !added.some((each) => each.name === name))
    await this.#set([...kept, ...added])
  }

  async #set(files: readonly GivenFile[], focus?: string): Promise<void> {
    this.#files = files
    this.#turn += 1
    const turn = this.#turn
    this.#tell(text.files.reading, true)
    try {
      const look = await run('look', files)
      // Another file came in the meantime.
      if (turn !== this.#turn) return
      this.#look = look
      this.#render(focus)
      const holds = look.files.map((file) => `${file.name}: ${stateWords(file)}`)
      this.#tell(holds.join('; '), false)
      this.#onLook(look)
    } catch (error) {
      if (turn !== this.#turn) return
      this.#tell('', false)
      this.setError(wordsOf(problemIn(error)))
    }
  }

  /** What has been read stands in the list: it is said, and not shown twice. */
  #tell(words: string, isShown: boolean): void {
    this.status.classList.toggle('visually-hidden', !isShown)
    this.status.textContent = words
  }

  #render(focus: string | undefined): void {
    const items = this.#files.map((file, i) => this.#item(file, this.#look?.files[i] as LookedFile))
    replace(
      this.list,
      items.map(({ root }) => root),
    )
    // Where the password was wrong, it is typed again.
    const again = items.find(({ name, password }) => name === focus && password !== undefined)
    again?.password?.focus()
    if (again !== undefined || focus === undefined) return
    this.list.querySelector<HTMLElement>(`[data-file="${CSS.escape(focus)}"]`)?.focus()
  }

  #item(
    file: GivenFile,
    looked: LookedFile,
  ): { root: HTMLElement; name: string; password?: HTMLInputElement | undefined } {
    const { name } = file
    const remove = button({
      label: text.files.remove,
      kind: 'quiet',
      describedAs: text.files.removeFile(name),
      onClick: () => {
        void this.#set(this.#files.filter((each) => each !== file))
      },
    })
    const head = el(
      'div',
      { class: 'shelf-head' },
      el('strong', { tabindex: -1, 'data-file': name }, name),
      el('span', {}, looked.form === undefined ? '' : looked.form),
      badge(looked),
      remove,
    )
    const lock = looked.state === 'locked' ? this.#lock(file, looked) : undefined
    const problem = looked.state === 'failed' && looked.problem
    const root = el(
      'li',
      {},
      head,
      looked.holds.length > 0 && el('p', { class: 'holds' }, looked.holds.join(', ')),
      problem && el('p', { class: 'note error' }, wordsOf(problem)),
      looked.notes.map((note) => el('p', { class: 'note' }, note)),
      lock?.root,
      looked.text !== '' && details(text.files.everything, el('pre', { tabindex: 0 }, looked.text)),
    )
    return { root, name, password: lock?.input }
  }

  #lock(file: GivenFile, looked: LookedFile): { root: HTMLElement; input: HTMLInputElement } {
    const field = secretField({ label: text.files.password(file.name), hint: text.files.passwordHint })
    if (file.password !== undefined && looked.problem !== undefined) field.setError(wordsOf(looked.problem))
    const open = button({ label: text.files.openButton, type: 'submit' })
    const form = el('form', { class: 'lock' }, field.root, open)
    on(form, {
      submit: (event) => {
        event.preventDefault()
        const opened = { ...file, password: field.value }
        const files = this.#files.map((each) => (each === file ? opened : each))
        void busy(open, () => this.#set(files, file.name))
      },
    })
    return { root: form, input: field.input }
  }
}

function badge(looked: LookedFile): HTMLElement | undefined {
  if (looked.state === 'open') return undefined
  const kind = looked.state === 'locked' ? 'warning' : 'bad'
  return el('span', { class: `badge ${kind}` }, text.files[looked.state])
}

function stateWords({ state, holds }: LookedFile): string {
  return state === 'open' ? holds.join(', ') : text.files[state]
}

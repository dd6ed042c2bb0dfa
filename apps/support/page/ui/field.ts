import { showButton } from './button.ts'
import { type Attributes, el, on, setAttributes, uniqueId } from './dom.ts'

/** An input with its label, a hint below it, and its error in the hint's place. */
export interface Field<Input extends FieldInput = HTMLInputElement> {
  /** What is put into the page. */
  readonly root: HTMLElement
  readonly input: Input
  value: string
  /** Shows an error beside the field, or takes it away. */
  setError(message?: string): void
  setHint(hint: string): void
}

type FieldInput = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement

/** What fields have in common. */
export interface FieldOptions {
  readonly label: string
  readonly hint?: string
  readonly value?: string
  readonly required?: boolean
  /** Of the input: `autocomplete`, `placeholder`, `inputmode`, `spellcheck`, `data-…`. */
  readonly attributes?: Attributes
}

/** A line of text. */
export function textField(options: FieldOptions): Field {
  const input = el('input', {
    type: 'text',
    autocomplete: 'off',
    spellcheck: 'false',
    autocapitalize: 'none',
  })
  return field(input, options)
}

/** A line of text that is not shown, with a switch to show it. */
export function secretField(options: FieldOptions): Field {
  const input = el('input', { type: 'password', autocomplete: 'off', spellcheck: 'false' })
  const toggle = showButton(options.label, (shown) => {
    input.type = shown ? 'text' : 'password'
  })
  toggle.className = 'show'
  return field(input, options, toggle)
}

/** Several lines. */
export function areaField(options: FieldOptions & { readonly rows?: number }): Field<HTMLTextAreaElement> {
  const { rows = 4 } = options
  return field(el('textarea', { rows, spellcheck: 'false', autocomplete: 'off' }), options)
}

/** A choice of one. @param choices value and what is shown */
export function selectField(
  options: FieldOptions,
  choices: readonly (readonly [value: string, label: string])[],
): Field<HTMLSelectElement> {
  const input = el(
    'select',
    {},
    choices.map(([value, label]) => el('option', { value }, label)),
  )
  return field(input, options)
}

/** A switch; its value is `true` or empty. */
export function checkField(options: Omit<FieldOptions, 'value'> & { readonly checked?: boolean }): {
  readonly root: HTMLElement
  readonly input: HTMLInputElement
} {
  const id = uniqueId('check')
  const input = el('input', { type: 'checkbox', id })
  input.checked = options.checked === true
  setAttributes(input, options.attributes ?? {})
  const hintId = `${id}-hint`
  if (options.hint !== undefined) input.setAttribute('aria-describedby', hintId)
  const label = el('label', { for: id }, options.label)
  const hint = options.hint === undefined ? undefined : el('p', { class: 'hint', id: hintId }, options.hint)
  return { root: el('div', { class: 'check' }, input, el('div', {}, label, hint)), input }
}

function field<Input extends FieldInput>(
  input: Input,
  options: FieldOptions,
  beside?: HTMLElement,
): Field<Input> {
  const id = uniqueId('field')
  const note = el('p', { class: 'note', id: `${id}-note` }, options.hint)
  setAttributes(input, { id, required: options.required === true, 'aria-describedby': note.id })
  setAttributes(input, options.attributes ?? {})
  input.value = options.value ?? input.value
  let hint = options.hint ?? ''
  const setError = (message?: string): void => {
    setAttributes(input, { 'aria-invalid': message === undefined ? undefined : 'true' })
    note.className = message === undefined ? 'note' : 'note error'
    note.textContent = message ?? hint
  }
  on(input, { input: () => setError() })
  const label = el('label', { for: id }, options.label, options.required === true ? required() : undefined)
  const line = beside === undefined ? input : el('div', { class: 'with-button' }, input, beside)
  return {
    root: el('div', { class: 'field' }, label, line, note),
    input,
    get value() {
      return input.value
    },
    set value(value: string) {
      input.value = value
      setError()
    },
    setError,
    setHint: (words) => {
      hint = words
      setError()
    },
  }
}

function required(): HTMLElement {
  return el('span', { class: 'required', 'aria-hidden': 'true' }, ' *')
}

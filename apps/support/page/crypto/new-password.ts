import { text } from '../text/crypto.ts'
import { el } from '../ui/dom.ts'
import { secretField } from '../ui/field.ts'

/** What a new password is checked for. */
export interface PasswordRules {
  readonly required: boolean
  /** In characters. */
  readonly least: number
}

/** A new password, typed twice. */
export interface NewPassword {
  readonly root: HTMLElement
  readonly value: string
  readonly input: HTMLInputElement
  setError(message: string): void
  setHint(hint: string): void
  clear(): void
  /** Says what is wrong beside the field, and takes the focus there. */
  isGood(rules: PasswordRules): boolean
}

export function newPassword(label: string, hint: string): NewPassword {
  const first = secretField({ label, hint, attributes: { autocomplete: 'new-password' } })
  const second = secretField({
    label: text.convert.passwordAgain,
    attributes: { autocomplete: 'new-password' },
  })
  const wrong = (field: typeof first, message: string): false => {
    field.setError(message)
    field.input.focus()
    return false
  }
  return {
    root: el('div', { class: 'grid wide' }, first.root, second.root),
    input: first.input,
    get value() {
      return first.value
    },
    setError: (message) => void wrong(first, message),
    setHint: first.setHint,
    clear: () => {
      first.value = ''
      second.value = ''
    },
    isGood: ({ required, least }) => {
      if (required && first.value === '') return wrong(first, text.convert.missing)
      if (first.value !== '' && first.value.length < least) return wrong(first, text.convert.short)
      if (first.value !== second.value) return wrong(second, text.convert.different)
      return true
    },
  }
}

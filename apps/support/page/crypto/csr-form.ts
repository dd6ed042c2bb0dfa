import { text } from '../text/crypto.ts'
import { el, on, replace } from '../ui/dom.ts'
import { areaField, checkField, type Field, selectField, textField } from '../ui/field.ts'
import { card, notice } from '../ui/notice.ts'
import type { MakeKeyOptions } from './jobs/make-key.ts'
import { newPassword } from './new-password.ts'
import { problemIn, wordsOf } from './problem-words.ts'

/** The fields of a key and its request. */
export interface CsrForm {
  readonly root: HTMLElement
  /** Undefined where something is wrong, which then stands beside its field. */
  options(): MakeKeyOptions | undefined
  /** Puts a problem beside the field that it is about. @returns whether there is one */
  refuse(error: unknown): boolean
  /** Forgets the password. */
  clear(): void
}

export function csrForm(): CsrForm {
  const words = text.csr
  const commonName = textField({ label: words.commonName, hint: words.commonNameHint })
  const organisation = textField({ label: words.organisation })
  const unit = textField({ label: words.unit })
  const locality = textField({ label: words.locality })
  const state = textField({ label: words.state })
  const country = textField({ label: words.country, hint: words.countryHint, attributes: { maxlength: 2 } })
  const names = areaField({ label: words.names, hint: words.namesHint, rows: 3 })
  const type = selectField({ label: words.type }, words.types)
  const use = selectField({ label: words.use }, words.uses)
  const userId = textField({ label: words.userId, hint: words.userIdHint })
  const password = newPassword(words.password, words.passwordHint)
  const unencrypted = checkField({ label: words.unencrypted })
  const warning = el('div', { class: 'wide', 'aria-live': 'polite' })
  on(unencrypted.input, {
    change: () => {
      const isOpen = unencrypted.input.checked
      password.root.hidden = isOpen
      const box = notice('warning', words.unencryptedWarning, el('p', {}, words.unencryptedWay))
      box.removeAttribute('role')
      replace(warning, isOpen && box)
    },
  })
  const wrong = (field: Field<HTMLInputElement> | Field<HTMLTextAreaElement>, message: string): undefined => {
    field.setError(message)
    field.input.focus()
  }
  const subject = [commonName, organisation, unit, locality, state, country]
  return {
    root: el(
      'div',
      {},
      card(
        words.subject,
        el('div', { class: 'grid' }, [...subject.map(({ root }) => root), wide(names.root)]),
      ),
      card(
        words.key,
        el(
          'div',
          { class: 'grid' },
          [type.root, use.root, userId.root],
          password.root,
          wide(unencrypted.root),
          warning,
        ),
      ),
    ),
    options: () => {
      if (commonName.value.trim() === '' && names.value.trim() === '')
        return wrong(commonName, words.needName)
      if (country.value.trim() !== '' && !/^[a-z]{2}$/i.test(country.value.trim())) {
        return wrong(country, words.badCountry)
      }
      const isOpen = unencrypted.input.checked
      if (!isOpen && !password.isGood({ required: true, least: 0 })) return undefined
      return {
        type: type.value as MakeKeyOptions['type'],
        subject: {
          commonName: commonName.value,
          organisation: organisation.value,
          unit: unit.value,
          locality: locality.value,
          state: state.value,
          country: country.value,
        },
        alternativeNames: names.value,
        use: use.value as MakeKeyOptions['use'],
        password: isOpen ? '' : password.value,
        userId: userId.value.trim(),
      }
    },
    refuse: (error) => {
      const problem = problemIn(error)
      const message = wordsOf(problem)
      if (problem.code === 'ERR_CERTIFICATE_EXTENSION') wrong(names, message)
      else if (problem.code === 'ERR_CREDENTIAL_PASSWORD_UNSUITABLE') password.setError(message)
      else if (problem.code === 'ERR_CREDENTIAL_FORMAT') wrong(userId, message)
      else if (problem.code === 'ERR_NAME_MALFORMED') wrong(commonName, message)
      else if (problem.code === 'ERR_ALGORITHM_UNAVAILABLE') {
        type.setError(message)
        type.input.focus()
      } else return false
      return true
    },
    clear: password.clear,
  }
}

function wide(element: HTMLElement): HTMLElement {
  element.classList.add('wide')
  return element
}

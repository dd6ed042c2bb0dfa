import { text } from '../text/crypto.ts'
import { el, on, replace } from '../ui/dom.ts'
import { selectField, textField } from '../ui/field.ts'
import { notice } from '../ui/notice.ts'
import type { ConvertOptions } from './jobs/convert.ts'
import type { GivenFile } from './jobs/gather.ts'
import type { Look } from './jobs/look.ts'
import { type Naming, namingOf, outputName } from './jobs/names.ts'
import { newPassword } from './new-password.ts'
import { problemIn, wordsOf } from './problem-words.ts'

/** The choices of a conversion. */
export interface ConvertForm {
  readonly root: HTMLElement
  /** Proposes what the files are for. */
  show(look: Look, files: readonly GivenFile[]): void
  /** Undefined where something is wrong, which then stands beside its field. */
  options(): ConvertOptions | undefined
  refusePassword(error: unknown): void
  /** Forgets the password. */
  clear(): void
}

/** Java's keytool takes no shorter one. */
const JAVA_LEAST = 6

export function convertForm(): ConvertForm {
  const target = selectField({ label: text.convert.target }, text.convert.targets)
  const profile = selectField({ label: text.convert.profile }, text.convert.profiles)
  const password = newPassword(text.convert.password, text.convert.passwordHint)
  const userId = textField({ label: text.convert.userId, hint: text.convert.userIdHint })
  const purpose = selectField({ label: text.convert.purpose }, text.convert.purposes)
  const warnings = el('div', { class: 'wide', 'aria-live': 'polite' })
  const name = el('output', { class: 'mono' })
  let base = ''
  let look: Look | undefined

  const wanted = (): ConvertOptions['target'] => target.value as ConvertOptions['target']
  const naming = (): Naming => ({
    userId: userId.value.trim(),
    purpose: purpose.value as Naming['purpose'],
    base,
  })
  const update = (): void => {
    const isTruststore = wanted() === 'truststore'
    profile.root.hidden = wanted() !== 'p12'
    password.root.hidden = wanted() === 'certificates'
    purpose.root.hidden = isTruststore || wanted() === 'certificates' || userId.value.trim() === ''
    if (wanted() === 'pem') password.setHint(text.convert.pemPasswordHint)
    else password.setHint(isTruststore ? text.convert.truststorePasswordHint : text.convert.passwordHint)
    name.textContent = nameOf(wanted(), naming())
    replace(warnings, warningsFor(wanted(), profile.value, password.value, look))
  }
  for (const { input } of [target, profile, userId, purpose, password]) {
    on(input as HTMLElement, { input: update, change: update })
  }
  return {
    root: el(
      'div',
      { class: 'grid two' },
      [target.root, profile.root, password.root, userId.root, purpose.root, warnings],
      el('p', { class: 'wide will-be' }, `${text.convert.willBe} `, name),
    ),
    show: (found, files) => {
      look = found
      const proposed = namingOf(files.map((file) => file.name))
      base = proposed.base
      userId.value = proposed.userId
      purpose.value = proposed.purpose
      target.value = proposedTarget(found)
      update()
    },
    options: () => {
      const isNamed = nameOf(wanted(), naming()) !== ''
      if (!isNamed) {
        userId.setError(text.convert.badUserId)
        userId.input.focus()
        return undefined
      }
      const rules = {
        required: wanted() === 'p12' || wanted() === 'truststore',
        least: wanted() === 'truststore' || profile.value === 'java' ? JAVA_LEAST : 0,
      }
      if (wanted() !== 'certificates' && !password.isGood(rules)) return undefined
      return {
        target: wanted(),
        profile: profile.value as ConvertOptions['profile'],
        password: wanted() === 'certificates' ? '' : password.value,
        naming: naming(),
      }
    },
    refusePassword: (error) => password.setError(wordsOf(problemIn(error))),
    clear: () => {
      password.clear()
      update()
    },
  }
}

/** The other way round than they are; without keys a truststore. */
function proposedTarget({ files, keys }: Look): ConvertOptions['target'] {
  if (keys.length === 0) return 'truststore'
  return files.some(({ form, hasKeys }) => form === 'PKCS#12' && hasKeys) ? 'pem' : 'p12'
}

/** Empty where the user id cannot stand in a name. */
function nameOf(target: ConvertOptions['target'], naming: Naming): string {
  try {
    const { base, userId } = naming
    const ofCa = { ...naming, purpose: 'cacert' } as const
    if (target === 'truststore') return userId === '' ? `${base}-truststore.p12` : outputName(ofCa, 'p12')
    if (target === 'certificates') return userId === '' ? `${base}-certificates.pem` : outputName(ofCa, 'pem')
    return outputName(naming, target)
  } catch {
    return ''
  }
}

function warningsFor(
  target: ConvertOptions['target'],
  profile: string,
  password: string,
  look: Look | undefined,
): (HTMLElement | false)[] {
  const keys = look?.keys ?? []
  const expired = keys.some(({ certificate }) => certificate !== undefined && certificate.daysLeft < 0)
  return [
    target === 'p12' && profile === 'legacy' && plain(text.convert.legacyWarning),
    target === 'pem' &&
      keys.length > 0 &&
      password === '' &&
      plain(text.convert.openKey, text.convert.openKeyWay),
    expired && plain(text.convert.expired, text.convert.expiredWay),
  ]
}

/** Without a role of its own: it stands in a live region. */
function plain(title: string, more?: string): HTMLElement {
  const box = notice('warning', title, more !== undefined && el('p', {}, more))
  box.removeAttribute('role')
  return box
}

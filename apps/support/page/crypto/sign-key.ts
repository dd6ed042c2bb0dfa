import type { SignAnswer } from '../../sign-api.ts'
import type { Api } from '../api.ts'
import { text } from '../text/crypto.ts'
import { el, on } from '../ui/dom.ts'
import { checkField, secretField, selectField, textField } from '../ui/field.ts'
import { type FileShelf, fileShelf } from './file-shelf.ts'
import type { JobProblem } from './jobs/problem.ts'
import { wordsOf } from './problem-words.ts'
import { run } from './worker.ts'

/** The choice of a key, and the way to sign with it. */
export interface SignKey {
  readonly root: HTMLElement
  /** @param content in base64 @returns undefined where something is missing, which is then said beside its field */
  sign(content: string): Promise<SignAnswer | undefined>
  /** Puts a problem beside the field that it is about. @returns whether there is one */
  refuse(problem: JobProblem): boolean
}

export function signKey(api: Api): SignKey {
  const where = selectField({ label: text.sign.where }, text.sign.wheres)
  const who = el('p', { class: 'who' })
  const parts = { page: pageKey(api), server: serverKey(api), profile: profileKey(api) } as const
  const chosen = (): SignKey => parts[where.value as keyof typeof parts]
  const show = (): void => {
    for (const part of Object.values(parts)) part.root.hidden = part !== chosen()
    who.textContent = where.value === 'page' ? text.sign.whoPage : text.sign.whoServer
  }
  on(where.input, { change: show })
  show()
  return {
    root: el(
      'div',
      {},
      where.root,
      who,
      Object.values(parts).map(({ root }) => root),
    ),
    sign: (content) => chosen().sign(content),
    refuse: (problem) => chosen().refuse(problem),
  }
}

/** The key stays in the page; the server makes the message around its signature. */
function pageKey(api: Api): SignKey {
  const shelf: FileShelf = fileShelf({
    label: text.files.label,
    hint: text.files.kinds,
    onLook: () => undefined,
  })
  const detached = checkField({ label: text.sign.detached, checked: true })
  return {
    root: el('div', {}, shelf.root, detached.root),
    async sign(content) {
      const files = shelf.files()
      if (files.length === 0) {
        shelf.setError(text.files.nothing)
        return undefined
      }
      const { certificate, chain } = await run('identityOf', files)
      const ask = { content, certificate, chain, detached: detached.input.checked }
      const { state, ...toSign } = await api('sign-prepare', ask)
      const signature = await run('signHere', files, toSign)
      return await api('sign-complete', { state, signature, content })
    },
    refuse: (problem) => {
      if (problem.file === undefined && !/^ERR_CREDENTIAL_/.test(problem.code)) return false
      shelf.setError(wordsOf(problem))
      return true
    },
  }
}

function serverKey(api: Api): SignKey {
  const key = textField({ label: text.sign.keyPath, hint: text.sign.keyPathHint, required: true })
  const certificate = textField({ label: text.sign.certificatePath, hint: text.sign.certificatePathHint })
  const secrets = secretFields()
  return {
    root: el('div', { class: 'grid' }, key.root, certificate.root, secrets.roots),
    sign: (content) => {
      const settings = filled({ key: key.value.trim(), certificate: certificate.value.trim() })
      return api('sign', { content, settings, secrets: secrets.values() })
    },
    refuse: (problem) => {
      if (secrets.refuse(problem)) return true
      if (!/^ERR_(SIGNER_URI|CREDENTIAL|CONFIG_MISSING)/.test(problem.code)) return false
      const field = problem.code === 'ERR_CREDENTIAL_NO_CERTIFICATE' ? certificate : key
      field.setError(wordsOf(problem))
      field.input.focus()
      return true
    },
  }
}

function profileKey(api: Api): SignKey {
  const profile = selectField({ label: text.sign.profile }, [])
  const secrets = secretFields()
  void api('profiles', {}).then(
    ({ profiles, chosen }) => {
      const names = profiles.filter(({ platform }) => platform === 'moex').map(({ name }) => name)
      profile.input.append(...names.map((name) => el('option', { value: name }, name)))
      if (chosen !== undefined && names.includes(chosen)) profile.value = chosen
      if (names.length === 0) profile.setHint(text.sign.noProfiles)
    },
    () => profile.setHint(text.sign.noProfiles),
  )
  return {
    root: el('div', { class: 'grid' }, profile.root, secrets.roots),
    async sign(content) {
      if (profile.value !== '') {
        return await api('sign', { content, profile: profile.value, settings: {}, secrets: secrets.values() })
      }
      profile.setError(text.sign.noProfiles)
      return undefined
    },
    refuse: secrets.refuse,
  }
}

function secretFields() {
  const password = secretField({ label: text.sign.keyPassword, hint: text.sign.optional })
  const pin = secretField({ label: text.sign.pin, hint: text.sign.optional })
  return {
    roots: [password.root, pin.root],
    values: () => filled({ 'key-password': password.value, pin: pin.value }),
    refuse: (problem: JobProblem): boolean => {
      const isPassword = /PASSWORD|ERR_CONFIG_SECRET/.test(problem.code)
      if (!isPassword && !/PIN/.test(problem.code)) return false
      const field = isPassword ? password : pin
      field.setError(wordsOf(problem))
      field.input.focus()
      return true
    },
  }
}

/** What is empty is left out. */
function filled(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''))
}

import type { OpenedCredential, Platform, Profiles, Values } from '../../../api.ts'
import { text } from '../../text/tester.ts'
import { busy, button } from '../../ui/button.ts'
import { el, on, replace } from '../../ui/dom.ts'
import { selectField } from '../../ui/field.ts'
import { card, notice, statusLine } from '../../ui/notice.ts'
import { certificateFacts } from './certificate-facts.ts'
import { type CredentialFields, credentialFields } from './credential-fields.ts'
import { platformChoice } from './platform-choice.ts'
import { complete, problemNotice, showProblem } from './problems.ts'
import type { Shared } from './shared.ts'

const words = text.credential
const FILES = ''

/** Which platform, and which credential: of a profile, or files. */
export function credentialPanel({ api, work, happenings }: Shared): {
  readonly root: HTMLElement
  start(): Promise<void>
} {
  const fields = { clearstream: credentialFields('clearstream'), moex: credentialFields('moex') }
  const source = selectField({ label: words.source, hint: words.sourceHint }, [[FILES, words.files]])
  const look = button({ label: words.look, type: 'submit' })
  const status = statusLine()
  const outcome = el('div')
  let known: Profiles = { profiles: [] }

  const current = (): CredentialFields => fields[work.platform]
  work.credential = () => ({ settings: valuesOf(current().settings), secrets: valuesOf(current().secrets) })

  const forget = (): void => {
    work.opened = undefined
    replace(outcome)
    status.textContent = ''
  }
  const arrange = (): void => {
    for (const platform of ['clearstream', 'moex'] as const) {
      fields[platform].root.hidden = platform !== work.platform
    }
    current().useProfile(work.profile !== undefined)
  }
  const choosePlatform = (platform: Platform): void => {
    work.platform = platform
    const own = known.profiles.filter((profile) => profile.platform === platform)
    const chosen =
      own.find(({ name }) => name === known.chosen) ?? (known.chosen === undefined ? own[0] : undefined)
    replace(
      source.input,
      own.map(({ name }) => el('option', { value: name }, name)),
      el('option', { value: FILES }, words.files),
    )
    source.value = chosen?.name ?? FILES
    chooseSource()
    happenings.tell('platform')
    if (work.profile !== undefined) void open()
  }
  const chooseSource = (): void => {
    work.profile = source.value === FILES ? undefined : source.value
    forget()
    arrange()
    happenings.tell('opened')
  }
  const open = async (): Promise<void> => {
    const all = new Map([...current().settings, ...current().secrets])
    if (!complete(all)) return
    forget()
    status.textContent = words.looking
    const { platform, profile } = work
    try {
      const opened = await api('open', {
        platform,
        ...(profile === undefined ? {} : { profile }),
        ...work.credential(),
      })
      // Another was chosen meanwhile.
      if (platform !== work.platform || profile !== work.profile) return
      work.opened = opened
      status.textContent = words.opened
      replace(outcome, found(opened))
      happenings.tell('opened')
    } catch (error) {
      if (platform !== work.platform || profile !== work.profile) return
      status.textContent = ''
      showProblem(error, all, outcome)
    }
  }

  const choice = platformChoice(choosePlatform)
  on(source.input, {
    change: () => {
      chooseSource()
      if (work.profile !== undefined) void busy(look, open)
    },
  })
  const form = el(
    'form',
    { novalidate: true },
    el('div', { class: 'grid' }, choice.root, source.root),
    fields.clearstream.root,
    fields.moex.root,
    el('div', { class: 'actions' }, look, status),
    outcome,
  )
  on(form, {
    submit: (event) => {
      event.preventDefault()
      void busy(look, open)
    },
  })
  return {
    root: card(words.title, form),
    start: async () => {
      arrange()
      try {
        known = await api('profiles', {})
      } catch (error) {
        showProblem(error, new Map(), outcome)
      }
      const wanted = known.profiles.find(({ name }) => name === known.chosen) ?? known.profiles[0]
      choice.choose(wanted?.platform ?? 'clearstream')
      if (known.problem !== undefined) replace(outcome, problemNotice(known.problem))
    },
  }
}

function found({ certificate, warnings }: OpenedCredential): HTMLElement {
  return el(
    'div',
    {},
    certificate === undefined ? undefined : certificateFacts(certificate),
    warnings.map((warning) => notice('warning', warning)),
  )
}

function valuesOf(fields: CredentialFields['settings']): Values {
  const typed = [...fields].filter(
    ([, field]) => field.value !== '' && field.root.closest('[hidden]') === null,
  )
  return Object.fromEntries(typed.map(([name, field]) => [name, field.value]))
}

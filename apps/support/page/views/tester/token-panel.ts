import type { Values } from '../../../api.ts'
import { text } from '../../text/tester.ts'
import { busy, button } from '../../ui/button.ts'
import { el, on, replace } from '../../ui/dom.ts'
import { card, statusLine } from '../../ui/notice.ts'
import { badges, complete, problemOf, showProblem } from './problems.ts'
import type { Shared } from './shared.ts'
import { type TokenFields, tokenFields } from './token-fields.ts'
import { tokenView } from './token-view.ts'

const words = text.token

/** The login, and the token that comes of it. */
export function tokenPanel({ api, announce, work, happenings }: Shared): HTMLElement {
  const fields = { clearstream: tokenFields('clearstream'), moex: tokenFields('moex') }
  const submit = button({ label: words.request, kind: 'main', type: 'submit' })
  const status = statusLine()
  const outcome = el('div')
  const current = (): TokenFields => fields[work.platform]
  let shown: Disposable | undefined

  const forget = (): void => {
    shown?.[Symbol.dispose]()
    work.token = undefined
    status.textContent = ''
    replace(outcome)
    happenings.tell('token')
  }
  happenings.on('platform', () => {
    for (const platform of ['clearstream', 'moex'] as const) {
      fields[platform].root.hidden = platform !== work.platform
    }
  })
  happenings.on('opened', () => {
    forget()
    prefill(current(), work.opened?.settings ?? {}, work.opened?.certificate?.commonName)
    askForSecrets(current(), work.opened?.knownSecrets ?? [])
  })

  const request = async (): Promise<void> => {
    const { settings, secrets, endpoint } = current()
    const all = new Map([
      ...settings,
      ...secrets,
      ...(endpoint === undefined ? [] : [['endpoint', endpoint] as const]),
    ])
    if (!complete(all)) return
    forget()
    status.textContent = words.requesting
    const { platform, profile } = work
    const credential = work.credential()
    try {
      work.token = await api('token', {
        platform,
        ...(profile === undefined ? {} : { profile }),
        ...(endpoint === undefined ? {} : { endpoint: endpoint.value }),
        settings: { ...credential.settings, ...valuesOf(settings) },
        secrets: { ...credential.secrets, ...valuesOf(secrets) },
      })
      status.textContent = words.got(work.token.milliseconds)
      const view = tokenView(work, { announce, endpoint: endpoint?.value, settings: valuesOf(settings) })
      shown = view
      replace(outcome, view.root)
      happenings.tell('token')
    } catch (error) {
      status.textContent = ''
      showProblem(error, all, outcome, validScopes(error, settings.get('scope')))
    }
  }

  const form = el(
    'form',
    { novalidate: true },
    fields.clearstream.root,
    fields.moex.root,
    el('div', { class: 'actions' }, submit, status),
  )
  on(form, {
    submit: (event) => {
      event.preventDefault()
      void busy(submit, request)
    },
  })
  return card(words.title, form, outcome)
}

/** The answer may say which scopes would do: one press takes them. */
function validScopes(error: unknown, scope: ReturnType<TokenFields['settings']['get']>): HTMLElement[] {
  const { validScopes: valid = [] } = problemOf(error)
  if (valid.length === 0 || scope === undefined) return []
  const use = button({
    label: words.useScopes,
    kind: 'quiet',
    onClick: () => {
      scope.value = valid.join(' ')
      scope.input.focus()
    },
  })
  return [el('p', {}, words.validScopes), badges(valid), el('p', {}, use)]
}

/** What profile and certificate say, where the person has typed nothing else. */
function prefill({ settings }: TokenFields, known: Values, commonName: string | undefined): void {
  for (const [name, field] of settings) {
    const value = known[name] ?? (name === 'username' ? commonName : undefined)
    if (value !== undefined && value !== '') field.value = value
  }
}

function askForSecrets({ secrets }: TokenFields, known: readonly string[]): void {
  for (const [name, field] of secrets) {
    const isKnown = known.includes(name)
    field.input.required = !isKnown
    field.setHint(isKnown ? words.hints.known : words.hints.secret)
  }
}

function valuesOf(fields: TokenFields['settings']): Values {
  return Object.fromEntries([...fields].map(([name, field]) => [name, field.value]))
}

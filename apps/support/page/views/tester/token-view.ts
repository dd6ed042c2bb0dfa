import type { TokenAnswer, Values } from '../../../api.ts'
import { text } from '../../text/tester.ts'
import { copyButton, showButton } from '../../ui/button.ts'
import { el } from '../../ui/dom.ts'
import { details, facts, notice } from '../../ui/notice.ts'
import { countdown } from './countdown.ts'
import { tokenCommand } from './curl.ts'
import { badges } from './problems.ts'
import { filesOf, type Work } from './work.ts'

const words = text.token

interface TokenViewOptions {
  announce(message: string): void
  readonly endpoint: string | undefined
  readonly settings: Values
}

/** A token with all that is known of it. Disposing stops its clock. */
export function tokenView(
  work: Work,
  { announce, endpoint, settings }: TokenViewOptions,
): Disposable & { readonly root: HTMLElement } {
  const { token } = work
  if (token === undefined) throw new TypeError('there is no token')
  const expiry = countdown(token.expiresAt, () => announce(words.hasExpired))
  const scopes = token.scope?.split(/\s+/).filter((word) => word !== '')
  const root = el(
    'div',
    {},
    token.warnings.map((warning) => notice('warning', warning)),
    facts([
      [words.type, token.tokenType],
      [words.accessToken, secretText(words.accessToken, token.accessToken)],
      [words.refreshToken, secretText(words.refreshToken, token.refreshToken)],
      [words.scopes, scopes === undefined ? words.notTold : badges(scopes)],
      [words.expiry, expiry.root],
    ]),
    claims(token),
    endpoint === undefined ? undefined : curl(work, endpoint, settings),
    details(words.exchange, el('pre', { class: 'wrap', tabindex: 0 }, token.trace)),
  )
  return { root, [Symbol.dispose]: () => expiry[Symbol.dispose]() }
}

/** The first letters; the rest by a button. */
function secretText(what: string, secret: string | undefined): HTMLElement | string {
  if (secret === undefined) return words.none
  const short = `${secret.slice(0, 12)}…`
  const shown = el('span', { class: 'mono token' }, short)
  const toggle = showButton(what, (isShown) => {
    shown.textContent = isShown ? secret : short
  })
  return el(
    'div',
    { class: 'secret' },
    shown,
    toggle,
    copyButton(what, () => secret),
  )
}

function claims({ claims: found }: TokenAnswer): HTMLElement {
  if (found === undefined) return details(words.claims, el('p', {}, words.noJwt))
  const { verified, header, payload } = found
  return details(
    words.claims,
    el('p', { class: 'hint' }, verified ? words.verified : words.notVerified),
    facts(Object.entries(payload).map(([name, value]) => [name, claimValue(name, value)])),
    el('pre', { tabindex: 0 }, JSON.stringify(header, undefined, 2)),
  )
}

/** Times are seconds since 1970 (RFC 7519 section 4.1). */
function claimValue(name: string, value: unknown): string {
  if (typeof value === 'number' && ['exp', 'iat', 'nbf', 'auth_time'].includes(name)) {
    const date = new Date(value * 1000)
    if (!Number.isNaN(date.getTime()))
      return `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC (${value})`
  }
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function curl(work: Work, endpoint: string, settings: Values): HTMLElement {
  const { url = '', username = '', scope = '' } = settings
  const address = `${url.replace(/\/$/, '')}/${endpoint.replace(/^\//, '')}`
  const command = tokenCommand(filesOf(work), { url: address, username, scope })
  return details(
    words.curl,
    el('p', { class: 'hint' }, words.curlHint),
    el('pre', { class: 'wrap', tabindex: 0 }, command),
    el(
      'p',
      { class: 'actions' },
      copyButton(words.curl, () => command),
    ),
  )
}

import type { CallAsk } from '../../../api.ts'
import { text } from '../../text/tester.ts'
import { busy, button } from '../../ui/button.ts'
import { el, on, replace } from '../../ui/dom.ts'
import { areaField, selectField, textField } from '../../ui/field.ts'
import { card, statusLine } from '../../ui/notice.ts'
import { answerView } from './answer-view.ts'
import { headerLines } from './header-lines.ts'
import { complete, type Fields, showProblem } from './problems.ts'
import type { Shared } from './shared.ts'
import { filesOf } from './work.ts'

const words = text.call
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']
const START = {
  clearstream: { server: 'https://api.clearstream.com', endpoint: '/playground/v1/info' },
  moex: { server: '', endpoint: '/client/v1/me' },
}

/** A call of an API with the token. */
export function callPanel({ api, work, happenings }: Shared): HTMLElement {
  const server = textField({ label: words.server, required: true, attributes: { inputmode: 'url' } })
  const endpoint = textField({ label: words.endpoint, required: true })
  const query = textField({ label: words.query, hint: words.queryHint })
  const method = selectField(
    { label: words.method },
    METHODS.map((each) => [each, each]),
  )
  const headers = areaField({
    label: words.headers,
    hint: words.headersHint,
    rows: 2,
    value: 'Content-Type: application/json; charset=UTF-8',
  })
  const body = areaField({ label: words.body, hint: words.noBody, rows: 4 })
  const submit = button({ label: words.call, kind: 'main', type: 'submit' })
  const status = statusLine()
  const outcome = el('div')
  const fields: Fields = new Map(
    Object.entries({ 'api-url': server, endpoint, query, method, headers, body }),
  )

  const bodyOnlyWhereItCounts = (): void => {
    body.input.disabled = method.value === 'GET' || method.value === 'HEAD'
    body.setHint(body.input.disabled ? words.noBody : '')
  }
  on(method.input, { change: bodyOnlyWhereItCounts })
  bodyOnlyWhereItCounts()

  happenings.on('platform', () => {
    const start = START[work.platform]
    server.value = start.server
    endpoint.value = start.endpoint
    replace(outcome)
  })
  happenings.on('opened', () => {
    const { url, 'api-origins': origins = '' } = work.opened?.settings ?? {}
    const [first = ''] = origins.split(', ')
    if (url !== undefined) server.value = url
    else if (first !== '' && !first.includes('*')) server.value = first
  })
  happenings.on('token', () => {
    status.textContent = ''
    replace(outcome)
  })

  const call = async (): Promise<void> => {
    if (!complete(fields)) return
    replace(outcome)
    const { pairs, wrongLine } = headerLines(headers.value)
    if (wrongLine !== undefined) {
      headers.setError(text.problem.badHeader(wrongLine))
      return headers.input.focus()
    }
    const url = urlOf(server.value, endpoint.value, query.value)
    if (url === undefined) {
      server.setError(text.problem.badUrl)
      return server.input.focus()
    }
    if (work.token === undefined) {
      status.textContent = words.needsToken
      return
    }
    const hasBody = !body.input.disabled && body.value !== ''
    const ask: CallAsk = {
      method: method.value,
      url,
      headers: pairs,
      ...(hasBody ? { body: body.value } : {}),
    }
    status.textContent = words.calling
    try {
      const answer = await api('call', ask)
      status.textContent = words.answered(`${answer.status} ${answer.statusText}`.trim(), answer.milliseconds)
      replace(outcome, answerView(answer, ask, filesOf(work)))
    } catch (error) {
      status.textContent = ''
      showProblem(error, fields, outcome)
    }
  }

  const form = el(
    'form',
    { novalidate: true },
    server.root,
    el('div', { class: 'grid short-first' }, method.root, endpoint.root),
    query.root,
    headers.root,
    body.root,
    el('div', { class: 'actions' }, submit, status),
  )
  on(form, {
    submit: (event) => {
      event.preventDefault()
      void busy(submit, call)
    },
  })
  return card(words.title, form, outcome)
}

/** Server, path and query as one address; undefined where that is none. */
function urlOf(server: string, endpoint: string, query: string): string | undefined {
  const base = server.trim().replace(/\/$/, '')
  const search = query.trim().replace(/^\?/, '')
  const text = `${base}/${endpoint.trim().replace(/^\//, '')}`
  if (!/^https:\/\/[^/]/i.test(base) || !URL.canParse(text)) return undefined
  const url = new URL(text)
  if (search !== '') url.search = url.search === '' ? search : `${url.search}&${search}`
  return url.href
}

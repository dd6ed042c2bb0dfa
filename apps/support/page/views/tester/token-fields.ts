import type { Platform } from '../../../api.ts'
import { text } from '../../text/tester.ts'
import { el, uniqueId } from '../../ui/dom.ts'
import { type Field, secretField, textField } from '../../ui/field.ts'

const { names, hints } = text.token

/** Of a login. */
export interface TokenFields {
  readonly root: HTMLElement
  readonly settings: ReadonlyMap<string, Field>
  readonly secrets: ReadonlyMap<string, Field>
  /** Clearstream's. */
  readonly endpoint: Field | undefined
}

export function tokenFields(platform: Platform): TokenFields {
  return platform === 'moex' ? moexFields() : clearstreamFields()
}

function clearstreamFields(): TokenFields {
  const servers = uniqueId('servers')
  const url = textField({
    label: names.url,
    hint: hints.url,
    required: true,
    value: 'https://api.clearstream.com',
    attributes: { list: servers, inputmode: 'url' },
  })
  const endpoint = textField({
    label: names.endpoint,
    required: true,
    value: '/authmanager/oauth2/access_token',
  })
  const username = textField({ label: names.username, hint: hints.username, required: true })
  const password = secretField({ label: names.password, hint: hints.secret, required: true })
  const scope = textField({
    label: names.scope,
    hint: hints.scope,
    required: true,
    value: 'allow ocapi-playground-v1',
  })
  const list = el(
    'datalist',
    { id: servers },
    ['https://api.clearstream.com', 'https://api-t2s-test.clearstream.com'].map((value) =>
      el('option', { value }),
    ),
  )
  const fields = [url, endpoint, username, password, scope]
  return {
    root: el(
      'div',
      {},
      fields.map(({ root }) => root),
      list,
    ),
    settings: new Map([
      ['url', url],
      ['username', username],
      ['scope', scope],
    ]),
    secrets: new Map([['password', password]]),
    endpoint,
  }
}

function moexFields(): TokenFields {
  const address = { required: true, attributes: { inputmode: 'url' } }
  const settings = new Map([
    ['passport-url', textField({ label: names['passport-url'], ...address })],
    ['token-url', textField({ label: names['token-url'], ...address })],
    ['api-origins', textField({ label: names['api-origins'], hint: hints.origins, required: true })],
    ['login', textField({ label: names.login, required: true })],
    ['client-id', textField({ label: names['client-id'], required: true })],
    [
      'scope',
      textField({ label: names.scope, hint: hints.scope, required: true, value: 'client_registration' }),
    ],
  ])
  const secrets = new Map([
    ['password', secretField({ label: names.password, hint: hints.secret, required: true })],
    ['client-secret', secretField({ label: names['client-secret'], hint: hints.secret, required: true })],
  ])
  const order = [
    'passport-url',
    'token-url',
    'login',
    'password',
    'client-id',
    'client-secret',
    'scope',
    'api-origins',
  ]
  const fields = order.map((name) => (settings.get(name) ?? secrets.get(name))?.root)
  return { root: el('div', {}, fields), settings, secrets, endpoint: undefined }
}

import type { Platform } from '../../../api.ts'
import { text } from '../../text/tester.ts'
import { el } from '../../ui/dom.ts'
import { type Field, secretField, textField } from '../../ui/field.ts'
import { details } from '../../ui/notice.ts'

const { names, hints } = text.credential

/** The fields of a platform's credential: settings, and secrets. */
export interface CredentialFields {
  readonly root: HTMLElement
  readonly settings: ReadonlyMap<string, Field>
  readonly secrets: ReadonlyMap<string, Field>
  /** Where the files come from a profile only what it may leave out is asked for. */
  useProfile(is: boolean): void
}

export function credentialFields(platform: Platform): CredentialFields {
  const isMoex = platform === 'moex'
  const path = { attributes: { class: 'mono' } }
  const certificate = isMoex
    ? textField({ label: names.certificate, hint: hints.moexCertificate, ...path })
    : textField({ label: names.certificate, hint: hints.certificate, required: true, ...path })
  const key = isMoex
    ? textField({ label: names.keyOrUri, hint: hints.moexKey, required: true, ...path })
    : textField({ label: names.key, hint: hints.key, ...path })
  const ca = textField({ label: names.ca, hint: hints.ca, ...path })
  const proxy = textField({ label: names.proxy, hint: hints.proxy, ...path })
  const keyPassword = secretField({ label: names.keyPassword, hint: hints.secret })
  const pin = secretField({ label: names.pin, hint: hints.secret })

  const files = isMoex ? [key, certificate] : [certificate, key]
  const secrets = isMoex ? [keyPassword, pin] : [keyPassword]
  const more = details(text.credential.more, el('div', { class: 'grid' }, proxy.root))
  const root = el(
    'div',
    {},
    el(
      'div',
      { class: 'grid two' },
      files.map((field) => field.root),
      ca.root,
      secrets.map((field) => field.root),
    ),
    more,
  )
  return {
    root,
    settings: new Map([
      ['certificate', certificate],
      ['key', key],
      ['ca', ca],
      ['proxy', proxy],
    ]),
    secrets: new Map([['key-password', keyPassword], ...(isMoex ? [['pin', pin] as const] : [])]),
    useProfile: (is) => {
      for (const element of [certificate.root, key.root, ca.root, more]) element.hidden = is
    },
  }
}

import type { TokenKey } from '../objects/private-keys.ts'
import { formatPkcs11Uri } from '../uri/index.ts'
import type { TokenInfo } from './token.ts'

/** A token as a URI that fits it and no other. */
export function tokenUri(token: TokenInfo): string {
  return formatPkcs11Uri(attributesOf(token))
}

/** A key in a token as a URI: by its CKA_ID, and its label for people. */
export function keyUri(token: TokenInfo, key: Pick<TokenKey, 'id' | 'label'>): string {
  return formatPkcs11Uri({
    ...attributesOf(token),
    ...(key.id === undefined ? {} : { id: key.id }),
    ...(key.label === '' ? {} : { object: key.label }),
    type: 'private',
  })
}

/** What tells a token from others. */
export function attributesOf({ label, manufacturer, model, serial }: TokenInfo): Record<string, string> {
  const all = { token: label, manufacturer, model, serial }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''))
}

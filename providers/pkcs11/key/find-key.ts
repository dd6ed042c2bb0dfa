import { equalBytes } from '../../../src/asn1/index.ts'
import { samePublicKeyInfo } from '../../../src/credentials/public-key-identity.ts'
import { TokenError } from '../../../src/errors.ts'
import type { Certificate } from '../../../src/x509/index.ts'
import type { Handle } from '../cryptoki/interface.ts'
import { findPrivateKeys, type TokenKey } from '../objects/private-keys.ts'
import { isMeant, isSameToken, listed } from '../token/find-token.ts'
import type { KeyFinder } from '../token/link.ts'
import type { TokenInfo, TokenSlot } from '../token/token.ts'
import { keyUri } from '../token/token-uri.ts'
import type { Pkcs11Uri } from '../uri/index.ts'

/**
 * Finds the key that a URI means.
 *
 * @param certificates of several keys the one that these are for is meant
 * @throws TokenError `ERR_TOKEN_AMBIGUOUS` with the URIs of all that fit
 */
export function finderOf(uri: Pkcs11Uri, certificates: readonly Certificate[] | undefined): KeyFinder {
  return {
    token: (slots) => slots.find((slot) => isMeant(uri, slot)),
    key({ module, token }, session) {
      const found = findPrivateKeys(module.cryptoki, session, { label: uri.object, id: uri.id })
      const certified = found.filter((key) => certificates?.some((each) => isFor(each, key)))
      const [key, ...others] = found.length > 1 && certified.length > 0 ? certified : found
      if (key !== undefined && others.length > 0) throw ambiguous(token as TokenInfo, [key, ...others])
      return key
    },
  }
}

/** Finds the same token and the same key again, wherever they are now. */
export function finderOfSame(token: TokenInfo, key: TokenKey): KeyFinder {
  return {
    token: (slots) => slots.find((slot) => slot.token !== undefined && isSameToken(slot.token, token)),
    key: ({ module }: TokenSlot, session: Handle) =>
      findPrivateKeys(module.cryptoki, session, { label: key.label, id: key.id }).find((found) =>
        isSameKey(found, key),
      ),
  }
}

function isSameKey(a: TokenKey, b: TokenKey): boolean {
  if ((a.id === undefined) !== (b.id === undefined)) return false
  if (a.id !== undefined && b.id !== undefined && !equalBytes(a.id, b.id)) return false
  return a.publicKey === undefined || b.publicKey === undefined || equalBytes(a.publicKey, b.publicKey)
}

function isFor({ subjectPublicKeyInfo }: Certificate, { publicKey }: TokenKey): boolean {
  return publicKey !== undefined && samePublicKeyInfo(publicKey, subjectPublicKeyInfo)
}

function ambiguous(token: TokenInfo, keys: readonly TokenKey[]): TokenError {
  const uris = listed(keys.map((key) => keyUri(token, key)))
  const hint = 'name one by its id= (two keys may have the same label), or give the certificate of the one'
  return new TokenError('ERR_TOKEN_AMBIGUOUS', `several private keys fit the URI: ${uris}`, { hint })
}

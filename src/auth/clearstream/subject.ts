import { printable } from '../../x509/printable.ts'
import type { HttpClient } from '../http-client.ts'
import { decodeJwt } from '../jwt.ts'
import type { TokenSet } from '../token-set.ts'
import { nameOf } from './client-certificate.ts'

/**
 * Says where the token is not of the client certificate's user: such calls get 403. The token's subject is taken as it
 * stands there, unverified.
 *
 * @returns a clause for a person; undefined where both agree, or one of them is not known
 */
export function otherSubject(token: TokenSet | undefined, http: HttpClient): string | undefined {
  const subject = token && subjectOf(token)
  const { certificate } = http
  if (subject === undefined || certificate === undefined) return undefined
  const { commonName } = certificate.subject
  if (subject === commonName) return undefined
  return `the token is for ${printable(subject).slice(0, 100)}, the client certificate for ${nameOf(commonName)}`
}

function subjectOf(token: TokenSet): string | undefined {
  try {
    return decodeJwt(token.accessToken).subject
  } catch {
    // Not a JWT that we can read: it is the server's own matter.
    return undefined
  }
}

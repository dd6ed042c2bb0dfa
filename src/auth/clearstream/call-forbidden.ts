import { AuthError } from '../../errors.ts'
import { printable } from '../../x509/printable.ts'
import type { RefusedAnswer } from '../answer.ts'
import { answerFacts } from '../api-error.ts'

const MOST = 100

/** What may be wrong where the answer says nothing. */
const BARE_HINT =
  "one of these is wrong: the client certificate (its CN must be the token's subject); the connection was made without " +
  'a client certificate, and is kept by a pool (make one transport with the credential, and use it for everything); ' +
  'the grants of the API consumer in Xact'

/** What is known of the call. */
export interface Called {
  /** The token's scopes, where they are known. */
  readonly granted: string | undefined
  /** Where the token is not of the certificate's user: that it is so. */
  readonly otherSubject: string | undefined
  readonly now: number
}

/**
 * Why an API call is forbidden though the token is good; undefined for other answers. The platform says which scopes
 * it wants: `{status, error, required_scopes: {mandatory, at_least_one_of}, message}`.
 */
export function callForbidden(answer: RefusedAnswer, called: Called): AuthError | undefined {
  if (answer.status !== 403) return undefined
  const first = called.otherSubject === undefined ? '' : `${called.otherSubject}: they must be the same; `
  const { mandatory, oneOf } = requiredOf(answer)
  const requiredScopes = [...new Set([...mandatory, ...oneOf])]
  const facts = answerFacts(answer, called.now)
  if (requiredScopes.length === 0) {
    return new AuthError('ERR_AUTH_FORBIDDEN', `the call is not allowed: status 403${wordsOf(answer)}`, {
      ...facts,
      hint: first + BARE_HINT,
    })
  }
  const wanted = [
    ...(mandatory.length === 0 ? [] : [`all of ${mandatory.join(' ')}`]),
    ...(oneOf.length === 0 ? [] : [`one of ${oneOf.join(' ')}`]),
  ].join(' and ')
  const hint =
    `${first}ask for a token with ${wanted} (granted: ${called.granted ?? 'not told'}); ` +
    'the API consumer needs the grants for it in Xact'
  const message = `the token lacks scopes for the call: status 403${wordsOf(answer)}`
  return new AuthError('ERR_AUTH_FORBIDDEN', message, { ...facts, hint, requiredScopes })
}

function requiredOf({ json }: RefusedAnswer): { mandatory: string[]; oneOf: string[] } {
  const required = fieldOf(json, 'required_scopes')
  return {
    mandatory: scopesOf(fieldOf(required, 'mandatory')),
    oneOf: scopesOf(fieldOf(required, 'at_least_one_of')),
  }
}

/** A list, or a text divided by blanks or commas. */
function scopesOf(value: unknown): string[] {
  const values: unknown[] =
    typeof value === 'string' ? value.split(/[\s,]+/) : Array.isArray(value) ? value : []
  return values
    .filter((each): each is string => typeof each === 'string' && each.trim() !== '')
    .slice(0, MOST)
    .map((each) => printable(each.trim()).slice(0, 100))
}

function wordsOf({ json }: RefusedAnswer): string {
  const message = fieldOf(json, 'message')
  return typeof message === 'string' && message.trim() !== '' ? `: ${printable(message).slice(0, 300)}` : ''
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined
}

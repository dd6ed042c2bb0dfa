import { type Answer, json } from '../answer.ts'
import { bearerOf, type SimulatorRequest } from '../request.ts'
import type { Desk } from './token-endpoint.ts'

/** Scopes that an API wants: all of the first, and one of the second. */
interface RequiredScopes {
  readonly mandatory: readonly string[]
  readonly at_least_one_of: readonly string[]
}

const PLAYGROUND: RequiredScopes = { mandatory: ['allow'], at_least_one_of: ['ocapi-playground-v1'] }
const REPORTING: RequiredScopes = {
  mandatory: ['allow'],
  at_least_one_of: ['ocapi-reporting-v1', 'ocapi-reporting-admin-v1'],
}

/** `GET /playground/v1/info`. */
export function info(request: SimulatorRequest, desk: Desk): Answer {
  return guarded(request, desk, PLAYGROUND, () => ({
    info_str: 'Welcome to OCAPI Playground API ... (sealkit simulator, a test double)',
    version: '1.221101XP.12',
  }))
}

/** `GET /playground/v1/echo?value=`. */
export function echo(request: SimulatorRequest, desk: Desk): Answer {
  return guarded(request, desk, PLAYGROUND, () => ({ value: request.url.searchParams.get('value') ?? '' }))
}

/** `GET /reporting/v1/positions`: an API that wants a scope which consumers do not have unless they are given it. */
export function positions(request: SimulatorRequest, desk: Desk): Answer {
  return guarded(request, desk, REPORTING, () => ({ positions: [] }))
}

/** Lets a call in that has a client certificate, a token of the same user, and the scopes. */
function guarded(
  request: SimulatorRequest,
  { tokens, refuse }: Desk,
  scopes: RequiredScopes,
  answer: () => unknown,
): Answer {
  const user = request.client?.subject.commonName
  if (user === undefined) {
    refuse('no client certificate')
    return forbidden('A client certificate is required')
  }
  const grant = tokens.check(bearerOf(request))
  if (grant === undefined) {
    refuse('token not good')
    const body = { status: 401, error: 'Unauthorized', message: 'The access token is invalid or has expired' }
    return json(401, body, { 'www-authenticate': 'Bearer error="invalid_token"' })
  }
  if (grant.subject !== user) {
    refuse('certificate of another user')
    return forbidden('The subject of the access token is not that of the client certificate')
  }
  const has = new Set(grant.scope.split(' '))
  if (
    scopes.mandatory.every((scope) => has.has(scope)) &&
    scopes.at_least_one_of.some((scope) => has.has(scope))
  ) {
    return json(200, answer())
  }
  refuse('missing scope')
  return forbidden('The access token lacks required scopes', scopes)
}

function forbidden(message: string, scopes?: RequiredScopes): Answer {
  const required = scopes === undefined ? {} : { required_scopes: scopes }
  return json(403, { status: 403, error: 'Forbidden', ...required, message })
}

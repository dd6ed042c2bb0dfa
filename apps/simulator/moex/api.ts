import { type Answer, bare, json } from '../answer.ts'
import { bearerOf, type SimulatorRequest } from '../request.ts'
import type { Grant, TokenDesk } from '../token-desk.ts'
import type { Refuse } from './refusals.ts'

/** The scope that writing needs. */
const WRITE = 'client_registration'

/** `GET /api/me`: whose token it is. */
export function me(request: SimulatorRequest, desk: TokenDesk, refuse: Refuse): Answer {
  const grant = desk.check(bearerOf(request))
  if (grant === undefined) return unauthorized(request, refuse)
  return json(200, {
    login: grant.subject,
    client_id: grant.claims?.['azp'],
    scope: grant.scope,
    simulated: true,
  })
}

/** `POST /api/echo`: gives back what was sent, to a token with the scope `client_registration`. */
export function echo(request: SimulatorRequest, desk: TokenDesk, refuse: Refuse): Answer {
  const grant = desk.check(bearerOf(request))
  if (grant === undefined) return unauthorized(request, refuse)
  if (!mayWrite(grant)) return forbidden(refuse)
  return json(200, { echo: request.body, simulated: true })
}

function mayWrite({ scope }: Grant): boolean {
  return scope.split(' ').includes(WRITE)
}

/** RFC 6750 section 3: a request without any token is told no error. */
function unauthorized(request: SimulatorRequest, refuse: Refuse): Answer {
  refuse('access-token')
  const realm = 'Bearer realm="MOEX API (simulator)"'
  if (request.headers.authorization === undefined) return bare(401, { 'www-authenticate': realm })
  const challenge = { 'www-authenticate': `${realm}, error="invalid_token"` }
  return json(401, { error: 'invalid_token', error_description: 'Token verification failed' }, challenge)
}

function forbidden(refuse: Refuse): Answer {
  refuse('access-scope')
  const challenge = { 'www-authenticate': `Bearer error="insufficient_scope", scope="${WRITE}"` }
  const body = { error: 'insufficient_scope', error_description: `The scope ${WRITE} is needed` }
  return json(403, body, challenge)
}

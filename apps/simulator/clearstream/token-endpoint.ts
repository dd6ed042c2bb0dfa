import { type Answer, bare, json } from '../answer.ts'
import type { SimulatorRequest } from '../request.ts'
import type { TokenDesk } from '../token-desk.ts'
import type { Consumers } from './consumers.ts'

/** Why something was refused: what administrators read in Xact's audit log. The answer does not tell. */
export type ClearstreamRefusal =
  | 'no client certificate'
  | 'certificate of another user'
  | 'malformed request'
  | 'unsupported grant type'
  | 'unknown user or wrong password'
  | 'refresh token not good'
  | 'token not good'
  | 'missing scope'

/** What the endpoints work with. */
export interface Desk {
  readonly consumers: Consumers
  readonly tokens: TokenDesk
  refuse(reason: ClearstreamRefusal): void
}

/**
 * The token endpoint: password grant and refresh (RFC 6749 sections 4.3 and 6) under a client certificate whose common
 * name is the user's. All that is wrong is a bare 403, but for scopes. `Authorization: Basic` is ignored.
 */
export async function tokenEndpoint(request: SimulatorRequest, desk: Desk): Promise<Answer> {
  const refused = (reason: ClearstreamRefusal): Answer => {
    desk.refuse(reason)
    return bare(403)
  }
  const user = request.client?.subject.commonName
  if (user === undefined) return refused('no client certificate')
  const form = request.form()
  if (form === undefined) return refused('malformed request')
  switch (form.get('grant_type')) {
    case 'password': {
      const username = form.get('username') ?? ''
      if (!desk.consumers.hasPassword(username, form.get('password') ?? '')) {
        return refused('unknown user or wrong password')
      }
      if (user !== username) return refused('certificate of another user')
      return await logIn(username, form.get('scope') ?? '', desk)
    }
    case 'refresh_token': {
      const refreshed = await desk.tokens.refresh(form.get('refresh_token') ?? '', user)
      return refreshed === undefined ? refused('refresh token not good') : json(200, refreshed.tokens)
    }
    default:
      return refused('unsupported grant type')
  }
}

async function logIn(username: string, scope: string, desk: Desk): Promise<Answer> {
  const granted = desk.consumers.scopesOf(username) ?? []
  const wanted = scope.split(' ').filter((each) => each !== '')
  const unknown = wanted.filter((each) => !granted.includes(each))
  if (wanted.length === 0 || unknown.length > 0) {
    desk.refuse('missing scope')
    const which =
      wanted.length === 0 ? 'No scope requested' : `Unknown/invalid scope(s): [${unknown.join(', ')}]`
    return json(400, {
      error: 'invalid_scope',
      error_description: `${which}. Valid scopes: [${granted.join(', ')}]`,
    })
  }
  const claims = {
    aud: 'sealkit-simulator',
    tokenName: 'access_token',
    grant_type: 'password',
    realm: '/customer',
  }
  return json(200, await desk.tokens.issue({ subject: username, scope: wanted.join(' '), claims }))
}

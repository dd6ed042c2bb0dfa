import type { Certificate } from '../../../src/x509/index.ts'
import { type Answer, json } from '../answer.ts'
import type { SimulatorRequest } from '../request.ts'
import type { IssuedTokens, TokenDesk } from '../token-desk.ts'
import type { MoexApplications } from './applications.ts'
import type { Verifier } from './choose-verifier.ts'
import { keycloakError } from './keycloak-error.ts'
import type { PassportTokens } from './passport-tokens.ts'
import { readSignature } from './read-signature.ts'
import type { MoexRefusal, Refuse } from './refusals.ts'
import type { MoexUsers } from './users.ts'

/** What the token endpoint works with. */
export interface TokenEndpointOptions {
  readonly users: MoexUsers
  readonly applications: MoexApplications
  readonly passports: PassportTokens
  readonly desk: TokenDesk
  readonly verifier: Verifier
  readonly refuse: Refuse
  /** In seconds. */
  readonly refreshExpiresIn: number
}

type Form = ReadonlyMap<string, string>

/** The token endpoint of MOEX's single sign-on: the guide's own grant, and refresh tokens (RFC 6749 section 6). */
export async function tokenEndpoint(
  request: SimulatorRequest,
  options: TokenEndpointOptions,
): Promise<Answer> {
  const refused = refuser(options)
  const form = request.form()
  if (form === undefined)
    return refused('form', 400, 'invalid_request', 'Form parameters expected, each once')
  const grantType = form.get('grant_type')
  if (grantType === undefined)
    return refused('grant-type', 400, 'invalid_request', 'Missing form parameter: grant_type')
  const clientId = form.get('client_id') ?? ''
  const wrong = options.applications.check(clientId, form.get('client_secret') ?? '')
  if (wrong !== undefined)
    return refused(wrong, 403, 'unauthorized_client', 'Invalid client or Invalid client credentials')
  if (grantType === 'refresh_token') return await refresh(form, clientId, options)
  if (grantType === 'password' && form.get('grant_type_moex') === 'passport') {
    return await logIn(form, clientId, options)
  }
  return refused('grant-type', 400, 'unsupported_grant_type', 'Unsupported grant_type')
}

async function logIn(form: Form, clientId: string, options: TokenEndpointOptions): Promise<Answer> {
  const refused = refuser(options)
  for (const name of ['scope', 'certificate', 'algorithm', 'signature']) {
    if (!form.get(name))
      return refused('field-missing', 400, 'invalid_request', `Missing form parameter: ${name}`)
  }
  const scope = form.get('scope') ?? ''
  if (!options.applications.allows(clientId, scope)) {
    return refused('scope', 400, 'invalid_scope', `Invalid scopes: ${scope}`)
  }
  const token = form.get('certificate') ?? ''
  const login = options.passports.ownerOf(token)
  if (login === undefined)
    return refused('passport-token', 403, 'invalid_grant', 'Passport token is invalid or expired')
  const wrong = await checkSignature(form, token, options.users.certificatesOf(login), options.verifier)
  if (wrong !== undefined) return refused(wrong, 403, 'invalid_grant', 'Signature verification failed')
  // Of two requests with the same token that are checked at the same time one gets its answer.
  if (!options.passports.use(token))
    return refused('passport-token', 403, 'invalid_grant', 'Passport token was used')
  const tokens = await options.desk.issue({ subject: login, scope, claims: { azp: clientId, typ: 'Bearer' } })
  return tokenAnswer(tokens, options)
}

async function checkSignature(
  form: Form,
  token: string,
  registered: readonly Certificate[],
  verifier: Verifier,
): Promise<MoexRefusal | undefined> {
  const signature = readSignature(form.get('signature') ?? '')
  if (typeof signature === 'string') return signature
  const signer = await verifier.verify(signature, Buffer.from(token, 'utf8'), registered)
  if (signer === undefined) return 'signature-wrong'
  return form.get('algorithm') === algorithmOf(signer) ? undefined : 'algorithm'
}

function algorithmOf({ publicKey }: Certificate): string {
  if (publicKey.gost !== undefined) return 'GOST'
  return publicKey.type === 'RSA-PSS' ? 'RSA' : publicKey.type
}

async function refresh(form: Form, clientId: string, options: TokenEndpointOptions): Promise<Answer> {
  const refreshed = await options.desk.refresh(form.get('refresh_token') ?? '')
  if (refreshed === undefined || refreshed.grant.claims?.['azp'] !== clientId) {
    return refuser(options)('refresh-token', 400, 'invalid_grant', 'Invalid refresh token')
  }
  return tokenAnswer(refreshed.tokens, options)
}

/** All the fields that the guide names. */
function tokenAnswer(tokens: IssuedTokens, { refreshExpiresIn }: TokenEndpointOptions): Answer {
  const { refresh_token } = tokens
  return json(200, {
    ...tokens,
    ...(refresh_token === undefined ? {} : { refresh_expires_in: refreshExpiresIn }),
    'not-before-policy': 0,
    session_state: crypto.randomUUID(),
  })
}

function refuser({ refuse }: TokenEndpointOptions) {
  return (reason: MoexRefusal, status: number, error: string, description: string): Answer => {
    refuse(reason)
    return keycloakError(status, error, description)
  }
}

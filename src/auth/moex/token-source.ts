import { readSecret } from '../secret.ts'
import { requestToken } from '../token-request.ts'
import type { TokenSet } from '../token-set.ts'
import type { TokenKey, TokenSource } from '../token-source.ts'
import { tokenForm } from './fields.ts'
import type { MoexSettings } from './options.ts'
import { signedPassport } from './sign-passport.ts'
import { loginRefused, refreshRefused } from './token-refused.ts'

/** MOEX's way to an access token: passport, signature, token request. The passport is not kept. */
export function moexTokenSource(settings: MoexSettings): TokenSource {
  return {
    key: keyOf(settings),
    login: ({ signal }) => login(settings, signal),
    refresh: (token, { signal }) => refresh(settings, token, signal),
  }
}

function keyOf({ tokenUrl, login, clientId, scope }: MoexSettings): TokenKey {
  return {
    platform: 'moex',
    host: tokenUrl.host,
    account: `${login} (${clientId})`,
    scope: words(scope).sort().join(' '),
  }
}

async function login(settings: MoexSettings, signal: AbortSignal | undefined): Promise<TokenSet> {
  const { http, tokenUrl: url, scope, clientId, fields, now } = settings
  const clientSecret = await readSecret(settings.clientSecret, 'clientSecret')
  const { passport, algorithm, signature } = await signedPassport(settings, signal)
  const parameters = tokenForm(
    {
      grant_type: fields.values?.grant_type ?? 'password',
      grant_type_moex: fields.values?.grant_type_moex ?? 'passport',
      scope,
      client_id: clientId,
      client_secret: clientSecret,
      certificate: passport.value,
      algorithm: fields.values?.[algorithm] ?? algorithm,
      signature,
    },
    fields,
  )
  const token = await requestToken({
    http,
    url,
    parameters,
    now,
    signal,
    refused: (answer) => loginRefused(answer, url, scope, now()),
  })
  warnOfOtherScopes(settings, token)
  return token
}

/** RFC 6749 section 6, with the client's secret as in the login. */
async function refresh(
  settings: MoexSettings,
  token: TokenSet,
  signal: AbortSignal | undefined,
): Promise<TokenSet> {
  const { http, tokenUrl: url, clientId, fields, now } = settings
  const clientSecret = await readSecret(settings.clientSecret, 'clientSecret')
  const { names } = fields
  const parameters = new URLSearchParams([
    ['grant_type', 'refresh_token'],
    ['refresh_token', token.refreshToken ?? ''],
    [names?.client_id ?? 'client_id', clientId],
    [names?.client_secret ?? 'client_secret', clientSecret],
  ])
  const refused: Parameters<typeof requestToken>[0]['refused'] = (answer) =>
    refreshRefused(answer, url, now())
  return await requestToken({ http, url, parameters, now, signal, refused, previous: token })
}

/** A token with less than was asked for is refused later, where nobody knows why. */
function warnOfOtherScopes({ scope, onWarning }: MoexSettings, token: TokenSet): void {
  if (token.scope === undefined) return
  const granted = new Set(words(token.scope))
  const missing = words(scope).filter((word) => !granted.has(word))
  if (missing.length === 0) return
  onWarning?.(`MOEX did not grant ${missing.join(' ')}: the token's scope is ${token.scope || 'empty'}`)
}

function words(scope: string): string[] {
  return scope.split(/\s+/).filter((word) => word !== '')
}

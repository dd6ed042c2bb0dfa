import type { AuthError } from '../../errors.ts'
import type { RefusedAnswer } from '../answer.ts'
import { verifyAccessToken } from '../jwt.ts'
import { readSecret } from '../secret.ts'
import { requestToken } from '../token-request.ts'
import type { TokenSet } from '../token-set.ts'
import type { TokenSource } from '../token-source.ts'
import type { ClearstreamSettings } from './options.ts'
import { otherSubject } from './subject.ts'
import { type Asked, loginRefused, refreshRefused } from './token-refused.ts'

/** Clearstream's way to an access token: the password grant (RFC 6749 section 4.3) over mutual TLS. */
export function clearstreamTokenSource(settings: ClearstreamSettings): TokenSource {
  const { base, username, scope } = settings
  return {
    key: {
      platform: 'clearstream',
      host: base.host,
      account: username,
      scope: scope.trim().split(/\s+/).sort().join(' '),
    },
    login: ({ signal }) => login(settings, signal),
    refresh: (token, { signal }) => refresh(settings, token, signal),
  }
}

async function login(settings: ClearstreamSettings, signal: AbortSignal | undefined): Promise<TokenSet> {
  const { username, scope } = settings
  const password = await readSecret(settings.password, 'password')
  const parameters = { grant_type: 'password', scope, username, password }
  return await request(settings, { parameters, signal, refused: loginRefused })
}

/** RFC 6749 section 6. The guide shows the refresh token and not its use: where it is refused, a login is the way. */
async function refresh(
  settings: ClearstreamSettings,
  token: TokenSet,
  signal: AbortSignal | undefined,
): Promise<TokenSet> {
  const { scope } = settings
  const parameters = { grant_type: 'refresh_token', scope, refresh_token: token.refreshToken ?? '' }
  return await request(settings, { parameters, signal, refused: refreshRefused, previous: token })
}

interface Request {
  parameters: Readonly<Record<string, string>>
  signal: AbortSignal | undefined
  refused: (answer: RefusedAnswer, asked: Asked) => AuthError
  previous?: TokenSet
}

async function request(settings: ClearstreamSettings, { refused, ...rest }: Request): Promise<TokenSet> {
  const { tokenUrl: url, http, scope, now, keys, warn } = settings
  const token = await requestToken({
    ...rest,
    http,
    url,
    now,
    refused: (answer) => refused(answer, { url, scope, now: now() }),
  })
  if (keys !== undefined) await verifyAccessToken(token.accessToken, { keys, now })
  const other = otherSubject(token, http)
  if (other !== undefined) warn(`${other}: calls will be refused with 403`)
  return token
}

import type { HttpClient } from '../http-client.ts'
import { type JSONWebKeySet, type JwtKeys, jwtKeys } from '../jwks.ts'
import type { Secret } from '../secret.ts'
import type { TokenStore } from '../store/token-store.ts'
import { baseUrl, below } from './address.ts'
import { CLEARSTREAM_ENVIRONMENTS } from './environments.ts'

/** Options of `clearstreamClient`. */
export interface ClearstreamOptions {
  /** Default `production`. */
  environment?: keyof typeof CLEARSTREAM_ENVIRONMENTS | undefined
  /** In place of the environment's: `https://host`, with a path where a gateway has one. */
  url?: string | URL | undefined
  /** Where tokens are asked for, below `url`. Default `/authmanager/oauth2/access_token`. */
  tokenPath?: string | undefined
  /** User id of the API consumer: `a000012345_00012345`. */
  username: string
  password: Secret
  /** Divided by blanks. Default `allow ocapi-playground-v1`. */
  scope?: string | undefined
  /** A transport with the API consumer's SSL credential, and the CA certificates of Clearstream's servers. */
  http: HttpClient
  /** Default: the client's own memory. */
  store?: TokenStore | undefined
  /** A key set, or where it is: each new token is verified with it. Default: tokens are taken as they come. */
  jwks?: JSONWebKeySet | URL | undefined
  /** Told in a sentence, each once: the certificate ends soon, or is another user's. */
  onWarning?: ((warning: string) => void) | undefined
  /** Days ahead in which the end of the client certificate is warned of. Default 30. */
  warnDays?: number | undefined
  /** Milliseconds since 1970. Default `Date.now`. */
  now?: (() => number) | undefined
}

/** The options with everything filled in. */
export interface ClearstreamSettings {
  readonly base: URL
  readonly tokenUrl: URL
  readonly username: string
  readonly password: Secret
  readonly scope: string
  readonly http: HttpClient
  readonly store: TokenStore | undefined
  readonly keys: JwtKeys | undefined
  /** Tells each sentence once. */
  readonly warn: (warning: string) => void
  readonly warnDays: number
  readonly now: () => number
}

/** Checks the options. @throws TypeError; HttpError `ERR_HTTP_URL` for the portal's address */
export function readClearstreamOptions(options: ClearstreamOptions): ClearstreamSettings {
  const { environment = 'production', username, password, http, store, jwks } = options
  const { scope = 'allow ocapi-playground-v1', onWarning, warnDays = 30, now = Date.now } = options
  if (!Object.hasOwn(CLEARSTREAM_ENVIRONMENTS, environment)) {
    const known = Object.keys(CLEARSTREAM_ENVIRONMENTS).join(', ')
    throw new TypeError(`there is no environment ${environment}: ${known}`)
  }
  for (const [name, value] of Object.entries({ username, scope })) {
    if (typeof value !== 'string' || value.trim() === '') throw new TypeError(`${name} must be a string`)
  }
  if (!(warnDays >= 0 && warnDays <= 36_500)) throw new TypeError('warnDays must be from 0 to 36500')
  const base = baseUrl(options.url ?? CLEARSTREAM_ENVIRONMENTS[environment].url)
  return {
    base,
    tokenUrl: below(base, options.tokenPath ?? '/authmanager/oauth2/access_token'),
    username,
    password,
    scope,
    http,
    store,
    keys: jwks === undefined ? undefined : jwtKeys(jwks, http.fetch),
    warn: tellOnce(onWarning),
    warnDays,
    now,
  }
}

function tellOnce(tell: ((warning: string) => void) | undefined): (warning: string) => void {
  const told = new Set<string>()
  return (warning) => {
    if (told.has(warning)) return
    told.add(warning)
    tell?.(warning)
  }
}

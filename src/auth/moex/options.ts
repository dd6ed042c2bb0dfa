import type { Signer } from '../../signer/index.ts'
import type { HttpClient } from '../http-client.ts'
import { checkOrigins } from '../origins.ts'
import type { Secret } from '../secret.ts'
import type { TokenStore } from '../store/token-store.ts'
import { MOEX_ENVIRONMENTS } from './environments.ts'
import type { MoexFields } from './fields.ts'

/** Options of `moexClient`. */
export interface MoexOptions {
  /** Default `production`. */
  environment?: keyof typeof MOEX_ENVIRONMENTS | undefined
  /** In place of the environment's. */
  passportUrl?: string | URL | undefined
  /** In place of the environment's. */
  tokenUrl?: string | URL | undefined
  /** Where tokens may be sent, in place of the environment's: `https://host:port` or `https://*.example.com`. */
  apiOrigins?: readonly string[] | undefined
  /** Of the MOEX Passport; has no colon (RFC 7617). */
  login: string
  password: Secret
  clientId: string
  clientSecret: Secret
  /** What is asked for, divided by blanks: `client_registration`. */
  scope: string
  /**
   * Signs the MOEX Passport Token; an RSA or GOST key. One that is given as such stays the caller's. A function is
   * called for each login, and what it gives is disposed of after the signature.
   */
  signer: Signer | (() => Promise<Signer>)
  http: HttpClient
  /** Default: the client's own memory. */
  store?: TokenStore | undefined
  /** URL-decode the MOEX Passport Token before it is signed and sent. Default false: no known client does. */
  decodePassport?: boolean | undefined
  fields?: MoexFields | undefined
  /** Told in a sentence when the server grants other scopes than were asked for. */
  onWarning?: ((warning: string) => void) | undefined
  /** Milliseconds since 1970. Default `Date.now`. */
  now?: (() => number) | undefined
}

/** The options with the environment's addresses filled in. */
export interface MoexSettings extends MoexOptions {
  passportUrl: URL
  tokenUrl: URL
  apiOrigins: readonly string[]
  fields: MoexFields
  now: () => number
}

/** Checks the options. @throws TypeError */
export function readMoexOptions(options: MoexOptions): MoexSettings {
  const name = options.environment ?? 'production'
  if (!Object.hasOwn(MOEX_ENVIRONMENTS, name)) {
    throw new TypeError(`there is no environment ${name}: ${Object.keys(MOEX_ENVIRONMENTS).join(', ')}`)
  }
  for (const field of ['login', 'clientId', 'scope'] as const) {
    const value: unknown = options[field]
    if (typeof value !== 'string' || value.trim() === '') throw new TypeError(`${field} must be a string`)
  }
  if (options.login.includes(':')) throw new TypeError('login must not hold a colon: Basic ends it there')
  const environment = MOEX_ENVIRONMENTS[name]
  return {
    ...options,
    passportUrl: httpsUrl(options.passportUrl ?? environment.passportUrl, 'passportUrl'),
    tokenUrl: httpsUrl(options.tokenUrl ?? environment.tokenUrl, 'tokenUrl'),
    apiOrigins: checkOrigins(options.apiOrigins ?? environment.apiDomains),
    fields: options.fields ?? {},
    now: options.now ?? Date.now,
  }
}

/** The message leaves the URL out: there may be a password in it. */
function httpsUrl(text: string | URL, option: string): URL {
  const url = URL.canParse(String(text)) ? new URL(text) : undefined
  if (url?.protocol === 'https:' && url.username === '' && url.password === '') return url
  throw new TypeError(`${option} must be an https URL without a name and password in it`)
}

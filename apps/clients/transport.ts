import type { Profile } from '../../src/config/index.ts'
import { ConfigError } from '../../src/errors.ts'
import {
  type ClientCredential,
  createTransport,
  type HttpTransport,
  type TransportOptions,
} from '../../src/http/index.ts'
import type { OpenOptions } from './options.ts'
import { type Secrets, secretsOf } from './secrets.ts'
import { bySettings, listOf, numberOf, textOf } from './settings.ts'

/** What the platforms say differently. */
export interface Identity {
  readonly credential: ClientCredential | undefined
  /** Authorities where the profile names none. */
  readonly ca?: string | undefined
}

/** The transport that a profile describes, and its secrets, which the transport's traces leave out. */
export function openTransport(
  profile: Profile,
  options: OpenOptions,
  identityOf: (secrets: Secrets) => Identity,
): { http: HttpTransport; secrets: Secrets } {
  let http: HttpTransport | undefined
  const secrets = secretsOf(profile, options, (secret) => {
    http?.hide(secret)
    options.onSecret?.(secret)
  })
  const { credential, ca } = identityOf(secrets)
  const seconds = numberOf(profile, 'timeout')
  const transportOptions: TransportOptions = {
    ca: listOf(profile, 'ca') ?? [ca ?? 'system'],
    caPassword: secrets.optional('ca-password'),
    credential,
    proxy: proxyOf(profile, secrets),
    timeouts: seconds === undefined ? undefined : { total: seconds * 1000 },
    retries: numberOf(profile, 'retries'),
    userAgent: textOf(profile, 'user-agent'),
    maxResponseBytes: options.maxResponseBytes,
    trace: options.trace,
  }
  http = bySettings(() => createTransport(transportOptions))
  return { http, secrets }
}

/** The proxy that a profile wants. @throws ConfigError `ERR_CONFIG_SETTING` for settings that do not fit together */
export function proxyOf(profile: Profile, secrets: Secrets): TransportOptions['proxy'] {
  const proxy = textOf(profile, 'proxy')
  const username = textOf(profile, 'proxy-username')
  const password = secrets.optional('proxy-password')
  const noProxy = textOf(profile, 'no-proxy')
  if (proxy !== undefined && proxy !== 'environment' && proxy !== 'none') {
    return { url: proxy, username, password, noProxy }
  }
  const [idle] = ['proxy-username', 'proxy-password', 'no-proxy'].filter((name) => profile.get(name))
  if (idle === undefined) return proxy
  const message = `${idle} is set, and proxy is ${proxy === undefined ? 'not' : `\`${proxy}\``}`
  const hint = 'set proxy to the URL of the proxy, or leave the others out'
  throw new ConfigError('ERR_CONFIG_SETTING', message, { hint })
}

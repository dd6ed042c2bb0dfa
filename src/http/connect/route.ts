import { HttpError } from '../../errors.ts'
import type { ProxyOption, TransportOptions } from '../options.ts'
import { isExempt } from './no-proxy.ts'

/** How a server is reached. */
export type Route = { readonly kind: 'direct' } | ProxyRoute

/** Through a proxy, by CONNECT (RFC 9110 9.3.6). */
export interface ProxyRoute {
  readonly kind: 'proxy'
  /** `http:` or `https:`, without name and password. */
  readonly url: URL
  /** The value of Proxy-Authorization; asked for each connection. Secret. */
  readonly authorization?: (() => Promise<string>) | undefined
  /** Authorities for an https proxy, in PEM. Default: Node's own. `routeFor` loads none. */
  readonly ca?: readonly string[] | undefined
}

const DIRECT: Route = { kind: 'direct' }
const HINT = 'write the proxy as http://host:port or https://host:port'

/**
 * Decides by the settings whether a server is reached through a proxy. Of the environment the lower-case variable
 * comes first and an empty one counts for nothing, as with curl. Loopback is not exempt unless NO_PROXY says so.
 *
 * @throws HttpError `ERR_HTTP_PROXY` for a proxy that is no http or https URL
 */
export function routeFor(url: URL, proxy: TransportOptions['proxy'], env: NodeJS.ProcessEnv): Route {
  if (proxy === 'none') return DIRECT
  if (typeof proxy === 'object') {
    return isExempt(url, proxy.noProxy ?? '') ? DIRECT : routeBy(proxy, 'the proxy that is set')
  }
  const name = url.protocol.replace(':', '_proxy')
  const found = variable(env, name) ?? variable(env, 'all_proxy')
  const noProxy = variable(env, 'no_proxy')?.value ?? ''
  if (found === undefined || isExempt(url, noProxy)) return DIRECT
  return routeBy({ url: found.value }, `the proxy in ${found.name}`)
}

function variable(env: NodeJS.ProcessEnv, lower: string): { name: string; value: string } | undefined {
  for (const name of [lower, lower.toUpperCase()]) {
    const value = env[name]?.trim()
    if (value) return { name, value }
  }
  return undefined
}

function routeBy(option: ProxyOption, what: string): Route {
  const whole = parseProxy(String(option.url), what)
  const username = option.username ?? decoded(whole.username)
  const password = option.password ?? decoded(whole.password)
  const url = new URL(whole.origin)
  if (username === '' && password === '') return { kind: 'proxy', url }
  if (username.includes(':')) throw refused(`the user name of ${what} holds a colon`, 'Basic cannot say that')
  const authorization = async (): Promise<string> => {
    const secret = typeof password === 'function' ? await password() : password
    return `Basic ${Buffer.from(`${username}:${secret}`).toString('base64')}`
  }
  return { kind: 'proxy', url, authorization }
}

/** What is written is never quoted: there may be a password in it. */
function parseProxy(text: string, what: string): URL {
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`
  const scheme = whole.slice(0, whole.indexOf(':')).toLowerCase()
  if (scheme !== 'http' && scheme !== 'https') {
    throw refused(`${what} is of a kind that is not spoken: ${scheme}`, `${HINT}: only CONNECT is known`)
  }
  const url = URL.canParse(whole) ? new URL(whole) : undefined
  if (url === undefined || url.hostname === '') throw refused(`${what} is no URL`, ENCODE)
  // A password with / or # in it would end the host's name.
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    throw refused(`there is something behind the host of ${what}`, ENCODE)
  }
  return url
}

const ENCODE = `${HINT}; in a name or password write @ : / ? # % with percent signs, / as %2F`

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function refused(message: string, hint: string): HttpError {
  return new HttpError('ERR_HTTP_PROXY', message, { phase: 'proxy', hint })
}

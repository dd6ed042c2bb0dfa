import { isIP } from 'node:net'
import type { Profile } from '../../../src/config/index.ts'
import { addressesOf, hostAndPort, type Reach, reach } from '../../../src/http/connect/reach.ts'
import { type Route, routeFor } from '../../../src/http/connect/route.ts'
import { drop } from '../../../src/http/connect/step.ts'
import { openTunnel } from '../../../src/http/connect/tunnel.ts'
import { proxyOf } from '../../clients/transport.ts'
import type { Facts } from '../facts.ts'
import { type Host, placeOf } from '../host.ts'
import { type Finding, known, type Step } from '../step.ts'
import { timeoutsOf } from '../timeouts.ts'

/** A server that steps are about. */
export interface Server {
  /** What stands before the names of its steps: `token-`, or nothing. */
  readonly prefix: string
  /** What stands in their titles: ` (token endpoint)`, or nothing. */
  readonly label: string
  url(facts: Facts): URL
  /** What is asked for to see whether it answers; does nothing. */
  readonly path: string
}

/** The server's own facts. */
export function hostOf(facts: Facts, { prefix, url }: Server): Host {
  const host = facts.hosts.get(prefix) ?? { url: url(facts) }
  facts.hosts.set(prefix, host)
  return host
}

/** The way to a server, up to TCP. */
export function networkSteps(server: Server): Step<Facts>[] {
  const { prefix, label } = server
  return [
    {
      name: `${prefix}proxy`,
      title: `proxy${label}`,
      needs: ['configuration'],
      run: (facts) => proxy(facts, hostOf(facts, server)),
    },
    {
      name: `${prefix}name`,
      title: `name resolution${label}`,
      needs: [`${prefix}proxy`],
      run: (facts) => name(facts, hostOf(facts, server)),
    },
    {
      name: `${prefix}tcp`,
      title: `TCP connection${label}`,
      needs: [`${prefix}name`],
      run: (facts) => tcp(facts, hostOf(facts, server)),
    },
  ]
}

async function proxy(facts: Facts, host: Host): Promise<Finding> {
  const { profile, secrets } = facts
  const settings = known(profile, 'the profile')
  const option = proxyOf(settings, known(secrets, 'the secrets'))
  // The transport goes by this process's environment too.
  const route = routeFor(host.url, option, process.env)
  host.route = route
  const from = whichSetting(settings)
  if (route.kind === 'direct') return { seen: [`none: ${host.url.host} is reached directly (${from})`] }
  const { proxy: limit, connect } = timeoutsOf(facts)
  const { host: name, port } = placeOf(host)
  const socket = await openTunnel({
    route,
    host: name,
    port,
    timeouts: { connect, proxy: limit },
    signal: facts.options.signal,
    tell: () => {},
  })
  drop(socket)
  return { seen: [`${route.url.origin} (${from}) connects to ${hostAndPort(name, port)}`] }
}

/** What says so; a value is not repeated, for there may be a password in it. */
function whichSetting(profile: Profile): string {
  const setting = profile.get('proxy')
  const origin = setting?.origin
  const place = origin === undefined || origin.kind === 'default' ? 'by default' : `by ${origin.place}`
  if (setting !== undefined && setting.value !== 'environment') {
    const exempt = profile.get('no-proxy') === undefined ? '' : '; no-proxy counts too'
    return `setting proxy, ${place}${exempt}`
  }
  const names = ['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY']
  const variable = names.find((each) => (process.env[each] ?? '').trim() !== '')
  if (variable === undefined) return 'no proxy in the environment'
  const exempting = ['no_proxy', 'NO_PROXY'].find((each) => (process.env[each] ?? '').trim() !== '')
  return `environment variable ${variable}${exempting === undefined ? '' : `; ${exempting} counts too`}`
}

async function name(facts: Facts, host: Host): Promise<Finding> {
  const route = known(host.route, 'the route')
  if (route.kind === 'proxy') return { seen: [`the proxy resolves ${host.url.hostname}`] }
  const { host: name } = placeOf(host)
  if (isIP(name.replace(/^\[(.*)\]$/, '$1')) !== 0) return { seen: [`${name} is an address`] }
  const addresses = await addressesOf(targetOf(facts, host))
  return { seen: [`${name} is ${addresses.join(', ')}`] }
}

async function tcp(facts: Facts, host: Host): Promise<Finding> {
  const route: Route = known(host.route, 'the route')
  const { host: name, port } = placeOf(host)
  if (route.kind === 'proxy') return { seen: ['through the tunnel of the proxy'] }
  const socket = await reach(targetOf(facts, host))
  const { remoteAddress = name } = socket
  drop(socket)
  return { seen: [`connected to ${hostAndPort(remoteAddress, port)}`] }
}

function targetOf(facts: Facts, host: Host): Reach {
  const { host: name, port } = placeOf(host)
  return {
    whom: 'server',
    host: name.replace(/^\[(.*)\]$/, '$1'),
    port,
    limit: timeoutsOf(facts).connect,
    signal: facts.options.signal,
    tell: () => {},
  }
}

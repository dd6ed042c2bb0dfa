import type { SecureContext } from 'node:tls'
import type { buildConnector } from 'undici'
import { type LoadedTrust, loadTrustStore } from '../trust/index.ts'
import { type CheckedOptions, sourcesOf } from './check-options.ts'
import { connectTls } from './connect/connect-tls.ts'
import { type Route, routeFor } from './connect/route.ts'
import { serverCertificateExplainer } from './connect/server-certificate.ts'
import type { Tell } from './connect/step.ts'
import type { Identity } from './identity.ts'
import { currentRequest } from './request-state.ts'
import type { SocketBook } from './socket-book.ts'

interface Parts {
  readonly trust: LoadedTrust
  readonly identity: Identity | undefined
  readonly secureContext: SecureContext
  readonly sockets: SocketBook
  /** Ends the connections that are being made. */
  readonly signal: AbortSignal
}

/** How undici gets a connection: by ours, which knows proxies and tells where it failed. */
export async function connector(
  { proxy, minVersion, timeouts }: CheckedOptions,
  { trust, identity, secureContext, sockets, signal }: Parts,
): Promise<buildConnector.connector> {
  const explain = serverCertificateExplainer(trust)
  const proxyCa = await authoritiesOf(proxy)
  const connect = async (hostname: string, port: number) => {
    const state = currentRequest()
    const tell: Tell = (kind, ...lines) => {
      sockets.connecting = kind === 'proxy' || kind === 'tls' ? kind : 'tcp'
      state?.tell(kind, ...lines)
    }
    const route = routeFor(new URL(`https://${hostname}:${port}`), proxy, process.env)
    const socket = await connectTls({
      route: proxyCa === undefined ? route : ({ ...route, ca: proxyCa } as Route),
      servername: hostname,
      host: hostname,
      port,
      secureContext,
      certificate: identity?.certificate,
      minVersion,
      timeouts,
      signal,
      explain,
      tell,
    })
    sockets.add(socket)
    return socket
  }
  return ({ hostname, port }, callback) => {
    connect(hostname, Number(port) || 443)
      .finally(() => {
        sockets.connecting = undefined
      })
      .then(
        (socket) => callback(null, socket),
        (error) => callback(error, null),
      )
  }
}

/** Whom an https proxy's certificate must come from, in PEM. */
async function authoritiesOf(proxy: CheckedOptions['proxy']): Promise<string[] | undefined> {
  if (typeof proxy !== 'object' || proxy.ca === undefined) return undefined
  const { store, intermediates } = await loadTrustStore(sourcesOf(proxy.ca))
  return [...store, ...intermediates].map((each) => each.toPem())
}

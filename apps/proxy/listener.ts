import { createServer as createHttp, type RequestListener, type Server } from 'node:http'
import { createServer as createHttps } from 'node:https'
import { type AddressInfo, isIP } from 'node:net'
import { wholeNumber } from '../../src/http/limits.ts'
import { hostsOf } from './hosts.ts'
import type { Listen, ProxyOptions } from './options.ts'
import { standing } from './standing.ts'
import { listenOnSocket } from './unix-socket.ts'

/** A listener that stands. */
export interface Listener {
  readonly server: Server
  /** `http://127.0.0.1:8080`, or `unix:/path`. */
  readonly url: string
  /** `host:port` that callers may name; undefined for a UNIX socket. */
  readonly hosts: readonly string[] | undefined
  readonly isLoopback: boolean
  /** Ends all connections. */
  close(): Promise<void>
}

const LIMITS = {
  maxHeaderSize: 16 * 1024,
  headersTimeout: 20_000,
  // A body may take its time, as long as it moves.
  requestTimeout: 0,
  keepAliveTimeout: 30_000,
  insecureHTTPParser: false,
  // Refused by our own rules.
  requireHostHeader: false,
}

/** A connection on which nothing moves for so long is given up, in milliseconds. */
const IDLE = 300_000

/** @throws TypeError for an address that other machines reach, unless that was asked for; what listening throws */
export async function listen(
  listen: Listen,
  handler: RequestListener,
  options: Pick<ProxyOptions, 'exposeToNetwork' | 'tls' | 'maxConnections'>,
): Promise<Listener> {
  const { exposeToNetwork = false, tls, maxConnections = 1024 } = options
  const server =
    tls === undefined
      ? createHttp(LIMITS, handler)
      : createHttps({ ...LIMITS, ...tls, minVersion: 'TLSv1.2' }, handler)
  server.maxConnections = wholeNumber('maxConnections', maxConnections, 1, 65_535)
  server.timeout = IDLE
  // The handler says 100 (Continue), when it has let the request in.
  server.on('checkContinue', handler)
  // An Upgrade is passed over (RFC 9110 section 7.8); a CONNECT leaves HTTP, and so the rules.
  server.on('connect', (_request, socket) => socket.end(NO_CONNECT))
  const close = () => {
    server.closeAllConnections()
    return new Promise<void>((resolve) => server.close(() => resolve()))
  }
  if ('path' in listen) {
    await listenOnSocket(server, listen.path)
    return { server, url: `unix:${listen.path}`, hosts: undefined, isLoopback: true, close }
  }
  const { host = '127.0.0.1', port = 0 } = listen
  if (!isLoopback(host) && !exposeToNetwork) throw new TypeError(exposed(host))
  await standing(server, () => server.listen(port, host))
  const { port: own, address } = server.address() as AddressInfo
  if (!isLoopback(address) && !exposeToNetwork) {
    await close()
    throw new TypeError(exposed(`${host} (${address})`))
  }
  const scheme = tls === undefined ? 'http' : 'https'
  const name = isIP(host) === 6 ? `[${host}]` : host
  const hosts = hostsOf(name, own, scheme)
  return { server, url: `${scheme}://${name}:${own}`, hosts, isLoopback: isLoopback(address), close }
}

const NO_CONNECT = 'HTTP/1.1 405 Method Not Allowed\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'

function exposed(host: string): string {
  return `${host} is no loopback address: other machines could use your certificate (exposeToNetwork)`
}

/** 127.0.0.0/8, ::1, and the name that stands for them. */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}

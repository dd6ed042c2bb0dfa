import { once } from 'node:events'
import { createServer as createHttpServer, type IncomingMessage } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { type AddressInfo, connect, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { ServerAuthority } from '../authority.ts'
import { sameSecret } from '../moex/same-secret.ts'
import { basicOf } from '../request.ts'
import { loopbackTarget } from './target.ts'

/** What a proxy does wrong on purpose. May be changed while it runs. */
export interface ProxyFaults {
  /** Closes the connection in place of an answer. */
  drop?: boolean | undefined
  /** Takes the request and never answers. */
  hang?: boolean | undefined
  /** Answers what is no HTTP. */
  garbage?: boolean | undefined
  /** Answers 502. */
  badGateway?: boolean | undefined
  /** Waits so many milliseconds before it connects. */
  slow?: number | undefined
}

/** Options of {@link startConnectProxy}. */
export interface ConnectProxyOptions {
  /** On 127.0.0.1. Default 0: any that is free. */
  port?: number | undefined
  /** With `password`: 407 without these, as Basic (RFC 7617). */
  username?: string | undefined
  password?: string | undefined
  /** The connection to the proxy is TLS itself. Default false. */
  tls?: boolean | undefined
  /** Issues the certificate of a proxy with TLS. Default: one of its own. */
  authority?: ServerAuthority | undefined
  faults?: ProxyFaults | undefined
}

/** A proxy for HTTPS on this machine. */
export interface ConnectProxy extends AsyncDisposable {
  /** `http://localhost:PORT` or `https://localhost:PORT`, without name and password. */
  readonly url: string
  readonly port: number
  /** The root to trust for a proxy with TLS, in PEM; else undefined. */
  readonly ca: string | undefined
  readonly faults: ProxyFaults
  /** CONNECT requests so far. */
  readonly attempts: number
  /** Tunnels that were opened so far. */
  readonly tunnels: number
  /** Tunnels that are open. */
  readonly open: number
}

/**
 * Starts a proxy that tunnels by CONNECT (RFC 9110 section 9.3.6), to targets on this machine only: others get 403.
 * For tests.
 *
 * @throws Error where the port is taken; TypeError for a username without a password
 * @example
 * ```ts
 * import { startConnectProxy } from 'sealkit/simulator'
 * await using proxy = await startConnectProxy({ username: 'jane', password: 'correct horse' })
 * console.log(proxy.url, proxy.tunnels)
 * ```
 */
export async function startConnectProxy(options: ConnectProxyOptions = {}): Promise<ConnectProxy> {
  const { port = 0, username, password, tls = false, faults = {} } = options
  if ((username === undefined) !== (password === undefined)) {
    throw new TypeError('username and password are given both or not at all')
  }
  const authority = tls ? (options.authority ?? (await ServerAuthority.create())) : undefined
  const server = authority === undefined ? createHttpServer() : createHttpsServer(await authority.identity())
  const counts = { attempts: 0, tunnels: 0, open: 0 }
  const sockets = new Set<Duplex>()
  const hold = (socket: Duplex): void => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.once('close', () => sockets.delete(socket))
  }
  const ended = new AbortController()

  const tunnel = async (message: IncomingMessage, client: Duplex, head: Buffer): Promise<void> => {
    hold(client)
    counts.attempts++
    if (faults.drop) return void client.destroy()
    if (faults.hang) return
    if (faults.garbage) return void client.end('\u0000\u0001 this is no HTTP\r\n\r\n')
    if (faults.badGateway) return refuse(client, 502, 'Bad Gateway')
    if (!isAllowed(message)) {
      return refuse(
        client,
        407,
        'Proxy Authentication Required',
        'proxy-authenticate: Basic realm="simulator"',
      )
    }
    const target = loopbackTarget(message.url)
    if (target === undefined) return refuse(client, 403, 'Forbidden')
    if (faults.slow !== undefined) await sleep(faults.slow, undefined, { signal: ended.signal })
    const upstream = connect(target)
    hold(upstream)
    const connected = await once(upstream, 'connect').then(
      () => true,
      () => false,
    )
    if (!connected) return refuse(client, 502, 'Bad Gateway')
    counts.tunnels++
    counts.open++
    client.write('HTTP/1.1 200 Connection established\r\n\r\n')
    join(client, upstream, head, () => counts.open--)
  }
  const isAllowed = ({ headers }: IncomingMessage): boolean => {
    if (username === undefined || password === undefined) return true
    const given = basicOf(headers['proxy-authorization'])
    return given !== undefined && sameSecret(`${given.name}:${given.password}`, `${username}:${password}`)
  }
  server.on('connection', hold)
  server.on('connect', (message: IncomingMessage, client: Duplex, head: Buffer) => {
    tunnel(message, client, head).catch(() => client.destroy())
  })
  server.on('request', (_message, response) => response.writeHead(405, { allow: 'CONNECT' }).end())
  server.on('clientError', (_error, socket: Duplex) => void socket.destroy())
  server.on('tlsClientError', (_error: unknown, socket: Duplex) => void socket.destroy())
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const { port: bound } = server.address() as AddressInfo
  return {
    url: `${tls ? 'https' : 'http'}://localhost:${bound}`,
    port: bound,
    ca: authority?.ca,
    faults,
    get attempts() {
      return counts.attempts
    },
    get tunnels() {
      return counts.tunnels
    },
    get open() {
      return counts.open
    },
    async [Symbol.asyncDispose]() {
      ended.abort()
      if (!server.listening) return
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

function refuse(client: Duplex, status: number, reason: string, ...headers: readonly string[]): void {
  const lines = [`HTTP/1.1 ${status} ${reason}`, ...headers, 'content-length: 0', 'connection: close']
  client.end(`${lines.join('\r\n')}\r\n\r\n`)
}

function join(client: Duplex, upstream: Socket, head: Buffer, closed: () => void): void {
  upstream.write(head)
  client.pipe(upstream).pipe(client)
  client.once('close', () => upstream.destroy())
  upstream.once('close', () => {
    client.destroy()
    closed()
  })
}

import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import type { SecureContextOptions, TLSSocket } from 'node:tls'
import { type Answer, json } from './answer.ts'
import type { ServerAuthority } from './authority.ts'
import { deliver, faultyAnswer } from './deliver.ts'
import { type Faults, isHit } from './faults.ts'
import { type RecordedRequest, RequestLog } from './recorded.ts'
import { readRequest, type SimulatorRequest, urlOf } from './request.ts'

/** Answers a request. */
export type Handler = (request: SimulatorRequest) => Answer | Promise<Answer>

/** What {@link SimulatorServer} is given. */
export interface ServerOptions {
  authority: ServerAuthority
  /** Default 0: any that is free. */
  port?: number | undefined
  /** Taken as it is: who keeps it changes the server. */
  faults?: Faults | undefined
  /** By method and path: `GET /info`. */
  routes: Readonly<Record<string, Handler>>
  /** Of what no route is for. Default: 404 in JSON. */
  otherwise?: Handler | undefined
  /** Wants certificates of clients, issued by this authority (PEM). */
  clients?: { ca: string; required: boolean } | undefined
}

/** A real HTTPS server on 127.0.0.1 that goes wrong where it is told to. */
export class SimulatorServer implements AsyncDisposable {
  readonly faults: Faults
  readonly port: number
  /** `https://localhost:PORT`. */
  readonly url: string
  readonly #options: ServerOptions
  readonly #server: Server
  readonly #log = new RequestLog()
  readonly #sockets = new Map<Socket, number>()
  readonly #rateLimited = new WeakMap<object, number>()
  readonly #ended = new AbortController()
  readonly #numbers = new Map<number, number>()
  /** What handlers threw: faults of the simulator itself. */
  readonly problems: unknown[] = []
  #connections = 0

  private constructor(options: ServerOptions, server: Server) {
    this.#options = options
    this.#server = server
    this.faults = options.faults ?? {}
    this.port = (server.address() as AddressInfo).port
    this.url = `https://localhost:${this.port}`
    server.on('connection', (socket) => this.#hold(socket as Socket))
    server.on('request', (message, response) => void this.#serve(message, response))
    // A handshake that fails, and what is not HTTP, end their connection only.
    server.on('tlsClientError', (_error, socket) => void socket.destroy())
    server.on('clientError', (_error, socket) => void socket.destroy())
  }

  static async start(options: ServerOptions): Promise<SimulatorServer> {
    const { clients, port = 0 } = options
    const server = createServer({
      ...(await tlsOf(options, options.faults ?? {})),
      ...(clients === undefined ? {} : { requestCert: true, rejectUnauthorized: clients.required }),
      handshakeTimeout: 10_000,
      headersTimeout: 10_000,
      requestTimeout: 30_000,
      keepAliveTimeout: 30_000,
    })
    server.maxConnections = 1000
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    return new SimulatorServer(options, server)
  }

  /** What was asked, the oldest first. */
  get requests(): readonly RecordedRequest[] {
    return this.#log.requests
  }

  /** How many connections were accepted so far, handshakes that failed included. */
  get connections(): number {
    return this.#connections
  }

  /** Ends all connections; new ones find a new certificate and the faults of TLS as they are now. Same port. */
  async restart(faults: Faults = {}): Promise<void> {
    Object.assign(this.faults, faults)
    this.#server.setSecureContext(await tlsOf(this.#options, this.faults))
    this.#hangUp()
  }

  /** The server's clock, with its skew: milliseconds since 1970. */
  now(): number {
    return Date.now() + (this.faults.clockSkew ?? 0) * 1000
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended.abort()
    if (!this.#server.listening) return
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.#hangUp()
    await closed
  }

  #hold(socket: Socket): void {
    const number = ++this.#connections
    this.#sockets.set(socket, number)
    const { remotePort } = socket
    if (remotePort !== undefined) this.#numbers.set(remotePort, number)
    socket.on('error', () => {})
    socket.once('close', () => this.#sockets.delete(socket))
  }

  #hangUp(): void {
    for (const socket of this.#sockets.keys()) socket.destroy()
  }

  async #serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('error', () => {})
    try {
      const { pathname } = urlOf(message.url, this.url)
      const faults = isHit(this.faults, pathname) ? { ...this.faults } : {}
      response.setHeader('date', new Date(this.now()).toUTCString())
      const request = await readRequest(message, this.url)
      const answer = await this.#answer(request, message.method ?? '', pathname)
      const status = faults.drop === 'before-answer' ? undefined : answer.status
      this.#record(message, pathname, status, request)
      await deliver(response, answer, faults, this.#ended.signal)
    } catch {
      // The client has gone, or the simulator is ending.
      response.destroy()
    }
  }

  async #answer(request: SimulatorRequest | undefined, method: string, path: string): Promise<Answer> {
    const faulty = faultyAnswer(this.faults, path, this.#rateLimited)
    if (faulty !== undefined) return faulty
    if (request === undefined) return json(413, { status: 413, error: 'Content Too Large' })
    const { routes, otherwise } = this.#options
    const handler = routes[`${method} ${path}`] ?? otherwise
    const others = Object.keys(routes).filter((route) => route.endsWith(` ${path}`))
    try {
      if (others.length > 0 && routes[`${method} ${path}`] === undefined) {
        const allow = others.map((route) => route.slice(0, -path.length - 1)).join(', ')
        return json(405, { status: 405, error: 'Method Not Allowed' }, { allow })
      }
      return handler === undefined ? json(404, { status: 404, error: 'Not Found' }) : await handler(request)
    } catch (error) {
      this.problems.push(error)
      return json(500, { status: 500, error: 'Internal Server Error' })
    }
  }

  #record(
    message: IncomingMessage,
    path: string,
    status: number | undefined,
    request: SimulatorRequest | undefined,
  ): void {
    const socket = message.socket as TLSSocket
    this.#log.add({
      time: new Date(),
      method: message.method ?? '',
      path,
      status,
      connection: this.#numbers.get(socket.remotePort ?? 0) ?? 0,
      protocol: socket.getProtocol() ?? '',
      client: request?.client?.subject.commonName,
    })
  }
}

/** What of TLS changes with the faults. */
async function tlsOf({ authority, clients }: ServerOptions, faults: Faults): Promise<SecureContextOptions> {
  const { cert, key } = await authority.identity(faults.serverCertificate)
  return {
    cert,
    key,
    minVersion: 'TLSv1.2',
    maxVersion: faults.tls === '1.2' ? 'TLSv1.2' : 'TLSv1.3',
    ...(clients === undefined ? {} : { ca: clients.ca }),
  }
}

import type { IncomingMessage, ServerResponse } from 'node:http'
import { SealkitError } from '../../src/errors.ts'
import { checkOptions } from '../../src/http/check-options.ts'
import { mapSocketError } from '../../src/http/connect/map-error.ts'
import type { Connections } from '../../src/http/connections.ts'
import { CurrentConnections } from '../../src/http/current-connections.ts'
import { wholeNumber } from '../../src/http/limits.ts'
import type { Certificate } from '../../src/x509/index.ts'
import { CallerGone } from './caller-gone.ts'
import { requestFields } from './fields.ts'
import { type Forwarded, forward } from './forward.ts'
import type { ProxyOptions } from './options.ts'
import { RequestBody } from './request-body.ts'

/** May be sent again where the connection was closed before an answer. */
const REPEATABLE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

/** The one server behind the proxy. */
export class Upstream {
  readonly origin: string
  readonly #host: string
  readonly #base: string
  readonly #userAgent: string
  readonly #connections: CurrentConnections
  readonly #tokens: ProxyOptions['tokens']
  readonly #hasSecret: boolean

  constructor(url: URL, options: ProxyOptions) {
    this.origin = url.origin
    this.#host = url.host
    this.#base = url.pathname.replace(/\/+$/, '')
    // Answers pass through: their size is the caller's matter.
    const checked = checkOptions({ ...transportOptions(options), maxResponseBytes: 2 ** 40 })
    this.#userAgent = checked.userAgent
    // A crowd of callers at once is no crowd of handshakes.
    const maxConnections = wholeNumber(
      'maxUpstreamConnections',
      options.maxUpstreamConnections ?? 128,
      1,
      65_535,
    )
    this.#connections = new CurrentConnections({ ...checked, maxConnections })
    this.#tokens = options.tokens
    this.#hasSecret = options.callerSecret !== undefined
  }

  /** By the files as they are now. */
  async connections(): Promise<Connections> {
    return await this.#connections.get()
  }

  get certificate(): Certificate | undefined {
    return this.#connections.last?.certificate
  }

  /** @throws HttpError, CallerGone, and what the files and the tokens throw */
  async answer(request: IncomingMessage, response: ServerResponse): Promise<Forwarded> {
    const hasBody = carriesBody(request)
    // A body is used up by the first try.
    let mayConnectAgain = !hasBody && REPEATABLE.has(request.method ?? '')
    let mayAskForToken = !hasBody && this.#tokens !== undefined
    for (;;) {
      try {
        const forwarded = await this.#try(request, response, { hasBody, keeps401: mayAskForToken })
        if (forwarded.isTaken) return forwarded
        mayAskForToken = false
      } catch (error) {
        if (!mayConnectAgain || response.headersSent || !isClosed(error)) throw error
        mayConnectAgain = false
      }
    }
  }

  async #try(
    request: IncomingMessage,
    response: ServerResponse,
    { hasBody, keeps401 }: { hasBody: boolean; keeps401: boolean },
  ): Promise<Forwarded> {
    const token = await this.#tokens?.token()
    const { agent, sockets } = await this.#connections.get()
    if (request.socket.destroyed) throw new CallerGone()
    const fields = requestFields(request.rawHeaders, {
      dropAuthorization: this.#hasSecret && request.headers['proxy-authorization'] === undefined,
      accessToken: token?.accessToken,
      userAgent: this.#userAgent,
    })
    const { origin } = this
    const path = this.#base + request.url
    const body = hasBody ? new RequestBody(request) : null
    try {
      const forwarded = await forward({ agent, origin, path, fields, body, keeps401 }, request, response)
      // Where the store cannot be told, the manager itself knows.
      if (forwarded.status === 401 && token !== undefined) await this.#tokens?.reject(token).catch(() => {})
      return forwarded
    } catch (error) {
      body?.destroy()
      if (!isOfTheConnection(error)) throw error
      const phase = response.headersSent ? 'body' : 'http'
      throw mapSocketError(error, { phase, host: this.#host, socket: sockets.find(error) })
    }
  }

  async close(): Promise<void> {
    await this.#connections.close('at once')
  }
}

function carriesBody({ headers }: IncomingMessage): boolean {
  const length = headers['content-length']
  return headers['transfer-encoding'] !== undefined || (length !== undefined && Number(length) !== 0)
}

function isClosed(error: unknown): boolean {
  return error instanceof SealkitError && error.code === 'ERR_HTTP_CLOSED'
}

function isOfTheConnection(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && !(error instanceof SealkitError)
}

function transportOptions(options: ProxyOptions) {
  const { ca, caPassword, credential, proxy, timeouts, minVersion, userAgent } = options
  return { ca, caPassword, credential, proxy, timeouts, minVersion, userAgent }
}

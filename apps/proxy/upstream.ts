import type { IncomingMessage, ServerResponse } from 'node:http'
import { checkOptions } from '../../src/http/check-options.ts'
import type { Connections } from '../../src/http/connections.ts'
import { CurrentConnections } from '../../src/http/current-connections.ts'
import { failureOf } from '../../src/http/failure.ts'
import { RequestState } from '../../src/http/request-state.ts'
import type { Certificate } from '../../src/x509/index.ts'
import { requestFields } from './fields.ts'
import { CallerGone, type Forwarded, forward } from './forward.ts'
import type { ProxyOptions } from './options.ts'

/** May be sent again where the connection was closed before an answer, and has no body that is used up. */
const REPEATABLE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

/** The one server behind the proxy. */
export class Upstream {
  readonly origin: string
  readonly #base: string
  readonly #options: ReturnType<typeof checkOptions>
  readonly #connections: CurrentConnections
  readonly #tokens: ProxyOptions['tokens']
  readonly #dropsAuthorization: boolean

  constructor(url: URL, options: ProxyOptions) {
    this.origin = url.origin
    this.#base = url.pathname.replace(/\/+$/, '')
    // Answers pass through: their size is the caller's matter.
    this.#options = checkOptions({ ...transportOptions(options), maxResponseBytes: 2 ** 40 })
    this.#connections = new CurrentConnections(this.#options)
    this.#tokens = options.tokens
    this.#dropsAuthorization = options.callerSecret !== undefined
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
    const hasBody = request.headers['transfer-encoding'] !== undefined || hasLength(request)
    const canRepeat = REPEATABLE.has(request.method ?? '') && !hasBody
    const first = await this.#try(request, response, { hasBody, isLast: !canRepeat }).catch((error) => {
      if (canRepeat && !response.headersSent && isClosed(error)) return undefined
      throw error
    })
    if (first?.isTaken === true) return first
    return await this.#try(request, response, { hasBody, isLast: true })
  }

  async #try(
    request: IncomingMessage,
    response: ServerResponse,
    { hasBody, isLast }: { hasBody: boolean; isLast: boolean },
  ): Promise<Forwarded> {
    const token = await this.#tokens?.token()
    const { agent, sockets } = await this.#connections.get()
    const fields = requestFields(request.rawHeaders, {
      dropAuthorization: this.#dropsAuthorization,
      accessToken: token?.accessToken,
      userAgent: this.#options.userAgent,
    })
    const { origin } = this
    const path = this.#base + request.url
    const method = request.method ?? 'GET'
    const isRefused = (status: number) => status === 401 && token !== undefined
    const takes = (status: number) => isLast || !isRefused(status)
    try {
      const body = hasBody ? request : null
      const forwarded = await forward({ agent, origin, path, method, fields, body, takes }, response)
      if (token !== undefined && isRefused(forwarded.status)) await this.#tokens?.reject(token)
      return forwarded
    } catch (error) {
      if (error instanceof CallerGone) throw error
      const state = new RequestState(0, undefined)
      if (response.headersSent) state.phase = 'body'
      const { timeouts } = this.#options
      const limit = { aborted: false }
      throw failureOf(error, { state, own: undefined, limit, timeouts, host: new URL(origin).host, sockets })
    }
  }

  async close(how: 'at once' | 'in peace'): Promise<void> {
    await this.#connections.close(how)
  }
}

function hasLength({ headers }: IncomingMessage): boolean {
  return headers['content-length'] !== undefined && headers['content-length'] !== '0'
}

function isClosed(error: unknown): boolean {
  return (error as { code?: string }).code === 'ERR_HTTP_CLOSED'
}

function transportOptions(options: ProxyOptions) {
  const { ca, caPassword, credential, proxy, timeouts, minVersion, userAgent } = options
  return { ca, caPassword, credential, proxy, timeouts, minVersion, userAgent }
}

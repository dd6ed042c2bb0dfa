import { type Dispatcher, request } from 'undici'
import { SealkitError } from '../errors.ts'
import type { Certificate } from '../x509/index.ts'
import { type CheckedOptions, checkOptions } from './check-options.ts'
import { CurrentConnections } from './current-connections.ts'
import { failureOf } from './failure.ts'
import type { TransportOptions } from './options.ts'
import { Redactor } from './redact.ts'
import { type PreparedRequest, requestOf } from './request-of.ts'
import { RequestState, withRequest } from './request-state.ts'
import { responseOf } from './response.ts'
import { withRetries } from './retry.ts'
import type { SocketBook } from './socket-book.ts'
import { TimeLimit } from './time-limit.ts'
import { traceRequest } from './trace-requests.ts'

/** HTTPS for one client credential. */
export interface HttpTransport extends AsyncDisposable {
  /**
   * Shaped as the global fetch, for https only. Redirects are given back and not followed: a client's certificate is for
   * one server. Where there is no answer it throws HttpError, and so do the readers of the answer's body.
   */
  readonly fetch: typeof fetch
  /** The client's certificate, as last read; undefined without a credential, and before `ready`. */
  readonly certificate: Certificate | undefined
  /** Sentences for the user about the files: a key that others can read, old encryption. */
  readonly warnings: readonly string[]
  /** Reads the files, so that what is wrong with them is thrown here. Done by the first request otherwise. */
  ready(): Promise<void>
  /** Has a text left out of traces, until what it gives is disposed of. */
  hide(secret: string): Disposable
  /** Waits for the requests on their way, and ends the connections. Disposing ends them at once. */
  close(): Promise<void>
}

/**
 * Makes a transport: HTTPS with the server's certificate always checked, mutual TLS where a credential is given, through
 * the company's proxy where there is one. One transport is for one credential, and keeps its connections for itself;
 * when files of the credential or the CA bundle change, new connections use the new ones.
 *
 * `fetch` throws HttpError with the phase that failed:
 * `ERR_HTTP_URL`, `ERR_HTTP_DNS`, `ERR_HTTP_CONNECT`, `ERR_HTTP_PROXY`, `ERR_HTTP_PROXY_AUTH`, `ERR_HTTP_TLS`,
 * `ERR_HTTP_SERVER_CERTIFICATE`, `ERR_HTTP_CLIENT_CERTIFICATE`, `ERR_HTTP_TIMEOUT`, `ERR_HTTP_CLOSED`,
 * `ERR_HTTP_PROTOCOL`, `ERR_HTTP_TOO_LARGE`; CredentialError and PathError of the files; the signal's reason.
 *
 * @throws TypeError for an option of another type
 * @example
 * ```ts
 * import { createTransport } from 'sealkit/http'
 * await using http = createTransport({
 *   ca: 'server-cert-cacerts.pem',
 *   credential: { certificate: 'ocapi-a00012345_0012345-ssl.pem' },
 * })
 * const response = await http.fetch('https://api.clearstream.com/playground/v1/info')
 * console.log(response.status)
 * ```
 */
export function createTransport(options: TransportOptions): HttpTransport {
  return new Transport(checkOptions(options))
}

class Transport implements HttpTransport {
  readonly fetch: typeof fetch = (input, init) => this.#fetch(input, init)
  readonly #options: CheckedOptions
  readonly #connections: CurrentConnections
  readonly #redactor = new Redactor()
  #requests = 0
  #isClosed = false

  constructor(options: CheckedOptions) {
    this.#options = options
    this.#connections = new CurrentConnections(options)
  }

  get certificate(): Certificate | undefined {
    return this.#connections.last?.certificate
  }

  get warnings(): readonly string[] {
    return this.#connections.last?.warnings ?? []
  }

  async ready(): Promise<void> {
    await this.#connections.get()
  }

  hide(secret: string): Disposable {
    return this.#redactor.hide(secret)
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.#connections.close('in peace')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true
    await this.#connections.close('at once')
  }

  async #fetch(input: string | URL | Request, init: RequestInit | undefined): Promise<Response> {
    if (this.#isClosed) throw new TypeError('the transport is closed')
    const prepared = await requestOf(input, init)
    const state = new RequestState(++this.#requests, this.#options.trace)
    return await withRequest(state, () => this.#answer(prepared, state))
  }

  async #answer(prepared: PreparedRequest, state: RequestState): Promise<Response> {
    const { url, method, headers, body, signal: own, redirect } = prepared
    const { timeouts, retries, userAgent, maxResponseBytes: most } = this.#options
    headers['accept'] ??= '*/*'
    headers['user-agent'] ??= userAgent
    // What is not compressed cannot grow.
    headers['accept-encoding'] ??= 'identity'
    if (state.isTraced) traceRequest(state, this.#redactor, headers['content-type'], body)
    const limit = new TimeLimit(timeouts.total, own)
    const { signal } = limit
    let sockets: SocketBook | undefined
    const mapped = (error: unknown) =>
      failureOf(error, { state, own, limit, timeouts, host: url.host, sockets })
    const told = (error: unknown) => tellFailure(mapped(error), state)
    const attempt = async (): Promise<Response> => {
      const connections = await this.#connections.get()
      sockets = connections.sockets
      state.phase = 'http'
      try {
        const asked = request(url, { dispatcher: connections.agent, method, headers, body, signal })
        const answer = await unlessAborted(asked, signal)
        state.phase = 'body'
        sockets.answered(url.host)
        return responseOf({ url, answer, most, limit, mapped: told }, method)
      } catch (error) {
        throw mapped(error)
      }
    }
    const tell = (line: string) => state.tell('retry', line)
    try {
      const response = await limit.during(() =>
        withRetries(attempt, { method, headers, retries, signal, tell }),
      )
      if (redirect === 'error' && REDIRECTS.has(response.status)) throw await redirected(response)
      return response
    } catch (error) {
      limit.release()
      throw told(error)
    }
  }
}

/** undici hears of a signal only when there is a connection, and making one may take long. */
async function unlessAborted(
  asked: Promise<Dispatcher.ResponseData>,
  signal: AbortSignal,
): Promise<Dispatcher.ResponseData> {
  let onAbort = (): void => {}
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason)
    if (signal.aborted) onAbort()
  })
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([asked, aborted])
  } catch (error) {
    asked.then(
      ({ body }) => void body.on('error', () => {}).destroy(),
      () => {},
    )
    throw error
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

/** RFC 9110 section 15.4. */
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

async function redirected(response: Response): Promise<TypeError> {
  await response.body?.cancel()
  return new TypeError(`a redirect (${response.status}), which the caller does not want`)
}

function tellFailure(failure: unknown, state: RequestState): unknown {
  const code = failure instanceof SealkitError ? `${failure.code}: ` : ''
  state.tell('error', `${code}${failure instanceof Error ? failure.message : String(failure)}`)
  return failure
}

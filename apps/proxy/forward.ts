import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Readable } from 'node:stream'
import type { Dispatcher } from 'undici'
import { CallerGone } from './caller-gone.ts'
import { discardRest } from './discard-rest.ts'
import { responseFields } from './fields.ts'

/** One try to have a request answered by the upstream. */
export interface Forwarding {
  readonly agent: Dispatcher
  readonly origin: string
  readonly path: string
  /** Names and values by turns. */
  readonly fields: string[]
  readonly body: Readable | null
  /** Whether a 401 is not for the caller: its body is thrown away. */
  readonly keeps401: boolean
}

/** How a try ended. */
export interface Forwarded {
  readonly status: number
  /** Bytes of the answer's body. */
  readonly bytes: number
  /** Whether the caller has got it. */
  readonly isTaken: boolean
}

/**
 * Sends a request on and its answer back, piece by piece both ways, no faster than the slower side takes it.
 *
 * @throws CallerGone; what the connection to the upstream throws
 */
export function forward(
  forwarding: Forwarding,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Forwarded> {
  const { agent, origin, path, fields, body } = forwarding
  const method = request.method as Dispatcher.HttpMethod
  return new Promise((resolve, reject) => {
    const exchange = new Exchange(forwarding, request, response, { resolve, reject })
    agent.dispatch({ origin, path, method, headers: fields, body }, exchange)
  })
}

interface Settle {
  resolve(forwarded: Forwarded): void
  reject(error: unknown): void
}

class Exchange implements Dispatcher.DispatchHandler {
  readonly #keeps401: boolean
  readonly #request: IncomingMessage
  readonly #response: ServerResponse
  readonly #settle: Settle
  #controller: Dispatcher.DispatchController | undefined
  #status = 0
  #bytes = 0
  #isTaken = false
  readonly #gone = () => {
    this.#controller?.abort(new CallerGone())
    this.#end()
    this.#settle.reject(new CallerGone())
  }
  readonly #resume = () => this.#controller?.resume()
  /** All of it is with the system. */
  readonly #finished = () => {
    this.#end()
    this.#settle.resolve({ status: this.#status, bytes: this.#bytes, isTaken: true })
  }

  constructor({ keeps401 }: Forwarding, request: IncomingMessage, response: ServerResponse, settle: Settle) {
    this.#keeps401 = keeps401
    this.#request = request
    this.#response = response
    this.#settle = settle
    // The response's own event does not come for one that waits behind another (pipelining).
    request.socket.once('close', this.#gone)
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#request.socket.destroyed) controller.abort(new CallerGone())
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number): void {
    // 100 and 103 are of the upstream's connection only.
    if (status < 200) return
    this.#status = status
    this.#isTaken = status !== 401 || !this.#keeps401
    if (!this.#isTaken) return
    const response = this.#response
    const raw = controller.rawHeaders as unknown as Uint8Array[]
    const { fields, isFramed } = responseFields(raw, this.#request.method, status)
    // An answer whose end is that of its connection is passed on as such: its caller can know no better than we.
    if (!isFramed) response.useChunkedEncodingByDefault = false
    response.writeHead(status, fields)
    response.on('drain', this.#resume)
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#isTaken) return
    this.#bytes += chunk.length
    if (!this.#response.write(chunk)) controller.pause()
  }

  onResponseEnd(): void {
    if (this.#isTaken) {
      this.#response.once('finish', this.#finished)
      this.#response.end()
      if (!this.#request.complete) discardRest(this.#request)
      return
    }
    this.#end()
    this.#settle.resolve({ status: this.#status, bytes: 0, isTaken: false })
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error & { code?: string }): void {
    // undici misses the body that the length of a 304 is not about (RFC 9110 section 8.6).
    const isWhole = this.#status === 304 || this.#status === 204
    if (isWhole && this.#isTaken && error.code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH') {
      this.onResponseEnd()
      return
    }
    this.#end()
    this.#settle.reject(this.#request.socket.destroyed ? new CallerGone() : error)
  }

  #end(): void {
    this.#request.socket.off('close', this.#gone)
    this.#response.off('drain', this.#resume)
    this.#response.off('finish', this.#finished)
  }
}

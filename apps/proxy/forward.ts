import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Dispatcher } from 'undici'
import { responseFields } from './fields.ts'

/** One try to have a request answered by the upstream. */
export interface Forwarding {
  readonly agent: Dispatcher
  readonly origin: string
  readonly path: string
  readonly method: string
  /** Names and values by turns. */
  readonly fields: string[]
  readonly body: IncomingMessage | null
  /** Whether the answer is to be taken: one that is not is thrown away, and its status given back. */
  takes(status: number): boolean
}

/** How a try ended. */
export interface Forwarded {
  readonly status: number
  /** Bytes of the answer's body. */
  readonly bytes: number
  readonly isTaken: boolean
}

/** The caller is gone: nobody is to be told. */
export class CallerGone extends Error {}

/**
 * Sends a request on and its answer back, piece by piece both ways, no faster than the slower side takes it.
 *
 * @throws what the connection to the upstream throws
 */
export function forward(forwarding: Forwarding, response: ServerResponse): Promise<Forwarded> {
  const { agent, origin, path, method, fields, body, takes } = forwarding
  return new Promise((resolve, reject) => {
    let status = 0
    let bytes = 0
    let isTaken = false
    let abort: ((reason: Error) => void) | undefined
    const gone = () => {
      if (!response.writableFinished) abort?.(new CallerGone('the caller is gone'))
    }
    response.once('close', gone)
    const end = (settle: () => void) => {
      response.off('close', gone)
      settle()
    }
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart(controller) {
        abort = (reason) => controller.abort(reason)
        if (response.destroyed) gone()
      },
      onResponseStart(controller, code) {
        // 100 and 103 are of this connection only.
        if (code < 200) return
        status = code
        isTaken = takes(code)
        if (!isTaken) return
        response.writeHead(code, responseFields(textOf(controller.rawHeaders)))
        response.on('drain', () => controller.resume())
      },
      onResponseData(controller, chunk) {
        bytes += chunk.length
        if (isTaken && !response.write(chunk)) controller.pause()
      },
      onResponseEnd() {
        if (isTaken) response.end()
        end(() => resolve({ status, bytes, isTaken }))
      },
      onResponseError(_controller, error) {
        end(() => reject(error))
      },
    }
    agent.dispatch({ origin, path, method: method as Dispatcher.HttpMethod, headers: fields, body }, handler)
  })
}

/** Fields are bytes, one for a character (RFC 9110 section 5.5). */
function textOf(raw: unknown): string[] {
  return Array.isArray(raw) ? raw.map((part) => Buffer.from(part as Uint8Array).toString('latin1')) : []
}

import type { IncomingMessage } from 'node:http'
import { pathOf } from './paths.ts'

/** What is told of a request when it has ended. */
export interface Access {
  readonly request: IncomingMessage
  /** What the caller got; 0 where it went away before. */
  readonly status: number
  readonly bytes: number
  readonly milliseconds: number
  /** Where the way to the upstream ended. */
  readonly phase?: string | undefined
}

const LONGEST_PATH = 2048

/** A line of JSON: no query, no fields, no bodies. */
export function accessLine({ request, status, bytes, milliseconds, phase }: Access): string {
  const { url = '' } = request
  return JSON.stringify({
    time: new Date().toISOString(),
    remote: request.socket.remoteAddress,
    method: request.method,
    path: url.startsWith('/') ? pathOf(url).slice(0, LONGEST_PATH) : null,
    status,
    bytes,
    milliseconds: Math.round(milliseconds * 10) / 10,
    ...(phase === undefined ? {} : { phase }),
  })
}

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { accessLine } from './access-log.ts'
import { type Rules, refusalOf } from './admission.ts'
import { CallerGone } from './caller-gone.ts'
import type { Metrics } from './metrics.ts'
import type { ProxyOptions } from './options.ts'
import { problemOf, sendProblem } from './problem.ts'
import type { Upstream } from './upstream.ts'

/** What a request is answered with. */
export interface Answering {
  readonly rules: Rules
  readonly upstream: Upstream
  readonly metrics: Metrics
  readonly log: ProxyOptions['accessLog']
  /** Whether the proxy is going: then no connection is kept. */
  isStopping(): boolean
}

/** Answers a request, or says why not, and counts and logs it. Throws nothing. */
export async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { rules, upstream, metrics, log, isStopping }: Answering,
): Promise<void> {
  const began = performance.now()
  metrics.inFlight++
  if (isStopping()) response.shouldKeepAlive = false
  let bytes = 0
  let phase: string | undefined
  try {
    const refusal = refusalOf(request, rules)
    if (refusal !== undefined) sendProblem(request, response, refusal)
    else {
      if (request.headers.expect !== undefined && request.httpVersion === '1.1') response.writeContinue()
      bytes = (await upstream.answer(request, response)).bytes
    }
  } catch (error) {
    phase = error instanceof CallerGone ? 'caller' : tell(request, response, error)
  }
  const status = phase === 'caller' ? 0 : response.statusCode
  const milliseconds = performance.now() - began
  metrics.inFlight--
  if (phase !== undefined) metrics.failure(phase)
  metrics.request(status, milliseconds / 1000, bytes)
  if (log === undefined) return
  try {
    log(accessLine({ request, status, bytes, milliseconds, phase }))
  } catch (error) {
    // Its owner's fault, which ends no request.
    process.emitWarning(error instanceof Error ? error : String(error))
  }
}

/** @returns the phase */
function tell(request: IncomingMessage, response: ServerResponse, error: unknown): string {
  const problem = problemOf(error)
  if (response.headersSent) cut(request.socket)
  else sendProblem(request, response, problem)
  return problem.phase ?? 'proxy'
}

/** Nobody may take a part of an answer for the whole: a reset is no end, of HTTP/1.0 either. */
function cut(socket: Socket): void {
  try {
    socket.resetAndDestroy()
  } catch {
    // No TCP: a UNIX socket, or TLS.
    socket.destroy()
  }
}

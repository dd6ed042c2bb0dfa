import type { ServerResponse } from 'node:http'
import { HttpError, SealkitError } from '../../src/errors.ts'

/** What a caller is told in place of an answer (RFC 9457). */
export interface Problem {
  readonly status: number
  readonly title: string
  readonly detail?: string | undefined
  /** How far the request came, and the stable code of the error. */
  readonly phase?: string | undefined
  readonly code?: string | undefined
  readonly hint?: string | undefined
}

/** The problem that an error on the way to the upstream is. */
export function problemOf(error: unknown): Problem {
  if (error instanceof HttpError) {
    const { code, phase, hint, message } = error
    const status = code === 'ERR_HTTP_TIMEOUT' ? 504 : 502
    return {
      status,
      title: status === 504 ? 'Gateway Timeout' : 'Bad Gateway',
      detail: message,
      phase,
      code,
      hint,
    }
  }
  if (error instanceof SealkitError) {
    const { code, message, hint } = error
    return { status: 502, title: 'Bad Gateway', detail: message, phase: 'credential', code, hint }
  }
  return { status: 500, title: 'Internal Server Error', phase: 'proxy' }
}

/** Answers with a problem, where nothing was answered yet; else the connection is ended, so that nobody takes a part for the whole. */
export function sendProblem(response: ServerResponse, problem: Problem): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  const { status, title, ...rest } = problem
  const body = JSON.stringify({ type: 'about:blank', title, status, ...rest })
  response.writeHead(status, {
    'content-type': 'application/problem+json',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
    // What follows of a request that was not read is not to be taken for the next one.
    connection: 'close',
  })
  response.end(body)
}

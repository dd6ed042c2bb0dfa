import type { IncomingMessage, ServerResponse } from 'node:http'
import { AuthError, HttpError, SealkitError } from '../../src/errors.ts'
import { discardRest } from './discard-rest.ts'

/** What a caller is told in place of an answer (RFC 9457). */
export interface Problem {
  readonly status: number
  readonly title: string
  readonly detail?: string | undefined
  /** How far the request came, and the stable code of the error. */
  readonly phase?: string | undefined
  readonly code?: string | undefined
  readonly hint?: string | undefined
  /** Methods, for the field Allow. */
  readonly allow?: string | undefined
}

/** The problem that an error on the way to the upstream is. */
export function problemOf(error: unknown): Problem {
  if (error instanceof HttpError) {
    const { code, phase, hint, message } = error
    const isLate = code === 'ERR_HTTP_TIMEOUT'
    const [status, title] = isLate ? ([504, 'Gateway Timeout'] as const) : ([502, 'Bad Gateway'] as const)
    return { status, title, detail: message, phase, code, hint }
  }
  if (error instanceof SealkitError) {
    const { code, message, hint } = error
    const phase = error instanceof AuthError ? 'token' : 'credential'
    return { status: 502, title: 'Bad Gateway', detail: message, phase, code, hint }
  }
  return { status: 500, title: 'Internal Server Error', phase: 'proxy' }
}

/** Answers with a problem. */
export function sendProblem(request: IncomingMessage, response: ServerResponse, problem: Problem): void {
  const { status, title, allow, ...rest } = problem
  const body = JSON.stringify({ type: 'about:blank', title, status, ...rest })
  response.writeHead(status, {
    'content-type': 'application/problem+json',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
    ...(allow === undefined ? {} : { allow }),
  })
  response.end(body)
  discardRest(request)
}

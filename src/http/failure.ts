import { HttpError, type HttpPhase, SealkitError } from '../errors.ts'
import { mapSocketError } from './connect/map-error.ts'
import { httpErrorBehind } from './http-error-behind.ts'
import type { timeoutsOf } from './limits.ts'
import type { RequestState } from './request-state.ts'
import type { SocketBook } from './socket-book.ts'

interface Circumstances {
  readonly state: RequestState
  /** The caller's signal. */
  readonly own: AbortSignal | undefined
  /** The limit on all of it. */
  readonly limit: { readonly isOver: boolean }
  readonly timeouts: ReturnType<typeof timeoutsOf>
  readonly host: string
  readonly sockets: SocketBook | undefined
}

/** What is thrown in place of what fetch throws: the caller's own reason, or an HttpError with its phase. */
export function failureOf(
  error: unknown,
  { state, own, limit, timeouts, host, sockets }: Circumstances,
): unknown {
  if (own?.aborted) return own.reason
  const known = httpErrorBehind(error)
  if (known !== undefined) return known
  if (limit.isOver) return overTotal(phaseOf(state, sockets), timeouts.total, host)
  const cause = error instanceof TypeError && error.cause instanceof Error ? error.cause : error
  // Misuse, or an error of the files: not the network's.
  if (!(cause instanceof Error) || !('code' in cause) || cause instanceof SealkitError) return error
  const phase = state.phase === 'body' ? 'body' : 'http'
  const socket = sockets?.find(cause)
  return mapSocketError(cause, { phase, host, socket, hasAnswered: sockets?.hasAnswered(host) })
}

function phaseOf(state: RequestState, sockets: SocketBook | undefined): HttpPhase {
  return state.phase === 'body' ? 'body' : (sockets?.connecting ?? 'http')
}

/** What is waited for, by phase. */
const WAITING: Readonly<Record<HttpPhase, string>> = {
  request: 'before anything was sent',
  dns: 'waiting for the name server',
  proxy: 'waiting for the proxy',
  tcp: 'waiting for a connection',
  tls: 'within the TLS handshake',
  'client-certificate': 'within the TLS handshake',
  http: 'waiting for the answer',
  body: 'reading the answer',
}

function overTotal(phase: HttpPhase, total: number, host: string): HttpError {
  const hint =
    phase === 'proxy'
      ? 'the proxy does not answer: look whether it is the right one, or allow more time (timeouts.total, --timeout)'
      : 'the server or the way to it is slow: try again, or allow more time (timeouts.total, --timeout)'
  const message = `${host}: not done within ${total / 1000} s: ${WAITING[phase]}`
  return new HttpError('ERR_HTTP_TIMEOUT', message, { phase, hint })
}

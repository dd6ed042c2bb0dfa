import type { TLSSocket } from 'node:tls'
import { HttpError } from '../../errors.ts'
import {
  type ClientCertificateFacts,
  certificateAlert,
  clientCertificateError,
} from './client-certificate.ts'
import { connectionFacts } from './facts.ts'

/** Where an error came. */
export interface SocketErrorFacts {
  /** `http` until the head of the answer is there, `body` from then on. */
  readonly phase: 'http' | 'body'
  /** The server, for the message. */
  readonly host: string
  /** The socket that `connectTls` gave, where it is known: it tells whether a client certificate was refused. */
  readonly socket?: TLSSocket | undefined
  /** The server has answered with the same client certificate, on any connection. */
  readonly hasAnswered?: boolean | undefined
}

/**
 * An error of undici or of the socket after the connection was made, as one that has the phase and the way out. An
 * HttpError, or one that has it as cause, stays what it is.
 */
export function mapSocketError(error: unknown, facts: SocketErrorFacts): HttpError {
  for (let at = error; at instanceof Error; at = at.cause) if (at instanceof HttpError) return at
  const cause = rootCause(error)
  const { phase, host, socket, hasAnswered = false } = facts
  const connection = socket && connectionFacts(socket)
  const server = connection?.server ?? host
  const http = (code: HttpError['code'], message: string, hint: string) =>
    new HttpError(code, message, { phase, hint, cause: withoutBytes(cause) })

  const said = certificateAlert(cause.code)
  if (said !== undefined) return clientCertificateError(connection ?? unknown(host), said, cause)
  const what = phase === 'http' ? 'answer' : 'rest of the answer'
  if (cause.code === 'UND_ERR_HEADERS_TIMEOUT' || cause.code === 'UND_ERR_BODY_TIMEOUT') {
    return http('ERR_HTTP_TIMEOUT', `no ${what} from ${server} in time`, LATE)
  }
  if (cause.code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') {
    return http('ERR_HTTP_TOO_LARGE', `the answer of ${server} is larger than allowed`, LARGE)
  }
  if (isClosed(cause)) {
    // A server that answered before has taken the certificate.
    if (connection?.asked === true && !connection.answered() && !hasAnswered) {
      return clientCertificateError(connection, 'it closed the connection without an answer', cause)
    }
    const when = phase === 'http' ? 'before its answer' : 'in the middle of its answer'
    return http('ERR_HTTP_CLOSED', `${server} closed the connection ${when} (${cause.code})`, CLOSED)
  }
  const message = `${server} does not answer as HTTP/1.1 wants it (${cause.code ?? cause.message})`
  return http('ERR_HTTP_PROTOCOL', message, PROTOCOL)
}

const LATE = 'try again later, or give it more time (timeouts)'
const LARGE = 'raise maxResponseBytes where such an answer is to be expected'
const CLOSED = 'look whether the request was carried out before you send it again'
const PROTOCOL = 'look whether the URL is that of the API; something between may have answered'

type Coded = Error & { code?: string | undefined; rawPacket?: unknown; data?: unknown }

/** The innermost error with a code: fetch wraps what happened. */
function rootCause(error: unknown): Coded {
  let found = error instanceof Error ? (error as Coded) : new Error(String(error))
  for (let at = found.cause; at instanceof Error; at = at.cause) found = at as Coded
  return found
}

function isClosed({ code }: Coded): boolean {
  return CLOSED_CODES.has(code ?? '') || (code ?? '').startsWith('ERR_SSL_')
}

const CLOSED_CODES = new Set(['UND_ERR_SOCKET', 'UND_ERR_CLOSED', 'UND_ERR_DESTROYED', 'ECONNRESET', 'EPIPE'])

/** Errors of parsers hold what came: it may be a secret. */
function withoutBytes(error: Coded): Coded {
  if (error.rawPacket === undefined && error.data === undefined) return error
  return Object.assign(new Error(error.message), { code: error.code })
}

/** A connection that is not known: the certificate that is refused was sent. */
function unknown(server: string): ClientCertificateFacts {
  return { server, given: 'that was sent', asked: undefined }
}

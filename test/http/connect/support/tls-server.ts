import { createServer, type TLSSocket, type TlsOptions } from 'node:tls'
import type { Issued, TestAuthority } from '../../support/authority.ts'
import { type Listening, listen } from './listen.ts'

export interface TlsWanted extends TlsOptions {
  /** Client certificates must come from it. */
  readonly clients?: TestAuthority
  readonly onSecure?: (socket: TLSSocket) => void
  readonly listenOn?: string
}

/** A server of Node's that greets. */
export function startTls(identity: Issued, wanted: TlsWanted = {}): Promise<Listening> {
  const { clients, onSecure = (socket) => void socket.end('hello'), listenOn, ...options } = wanted
  const mutual = clients === undefined ? {} : { ca: clients.ca, requestCert: true, rejectUnauthorized: true }
  const server = createServer({ cert: identity.cert, key: identity.key, ...mutual, ...options }, (socket) => {
    socket.on('error', () => {})
    onSecure(socket)
  })
  return listen(server, listenOn)
}

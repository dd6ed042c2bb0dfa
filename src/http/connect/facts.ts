import type { TLSSocket } from 'node:tls'
import type { ClientCertificateFacts } from './client-certificate.ts'

/** What is known of a connection, for errors that come later. */
export interface ConnectionFacts extends ClientCertificateFacts {
  readonly asked: boolean
  /** Whether any byte of an answer has come: then the server has taken the client certificate. */
  readonly answered: () => boolean
}

const facts = new WeakMap<TLSSocket, ConnectionFacts>()

/** Keeps what is known of a connection. */
export function rememberFacts(socket: TLSSocket, known: Omit<ConnectionFacts, 'answered'>): void {
  facts.set(socket, { ...known, answered: () => socket.bytesRead > 0 })
}

/** What `connectTls` learned of a connection; undefined for other sockets. */
export function connectionFacts(socket: TLSSocket): ConnectionFacts | undefined {
  return facts.get(socket)
}

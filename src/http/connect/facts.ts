import type { TLSSocket } from 'node:tls'
import type { ClientCertificateFacts } from './client-certificate.ts'

/** What is known of a connection, for errors that come later. */
export interface ConnectionFacts extends ClientCertificateFacts {
  readonly asked: boolean
  /** Whether any byte of an answer has come. */
  readonly answered: () => boolean
}

const facts = new WeakMap<TLSSocket, ConnectionFacts>()

/** Keeps what is known of a connection. */
export function rememberFacts(socket: TLSSocket, known: ConnectionFacts): void {
  facts.set(socket, known)
}

/** What `connectTls` learned of a connection; undefined for other sockets. */
export function connectionFacts(socket: object | null | undefined): ConnectionFacts | undefined {
  return facts.get(socket as TLSSocket)
}

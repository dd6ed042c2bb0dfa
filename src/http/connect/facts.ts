import type { TLSSocket } from 'node:tls'
import type { ClientCertificateFacts } from './client-certificate.ts'

/** What is known of a connection, for errors that come later. */
export interface ConnectionFacts extends ClientCertificateFacts {
  readonly asked: boolean
  /** Whether any byte of an answer has come: then the server has taken the client certificate. */
  readonly answered: () => boolean
}

const facts = new WeakMap<object, ConnectionFacts>()

/** Keeps what is known of a connection; the socket itself is let go when it is closed. */
export function rememberFacts(socket: TLSSocket, known: Omit<ConnectionFacts, 'answered'>): void {
  let open: TLSSocket | undefined = socket
  let atEnd = false
  const answered = () => (open === undefined ? atEnd : open.bytesRead > 0)
  facts.set(socket, { ...known, answered })
  socket.once('close', () => {
    atEnd = answered()
    open = undefined
  })
}

/** What `connectTls` learned of a connection; undefined for other sockets. */
export function connectionFacts(socket: object): ConnectionFacts | undefined {
  return facts.get(socket)
}

import type { TLSSocket } from 'node:tls'
import type { HttpPhase } from '../errors.ts'

/** How long a connection that was closed is still known: its errors come a little later. In milliseconds. */
const GRACE = 1000

/** Finds out which connection an error of undici's is about. */
export class SocketBook {
  /** How far the connection is that is being made. */
  connecting: HttpPhase | undefined
  readonly #ports = new Map<number, TLSSocket>()
  readonly #errors = new WeakMap<object, TLSSocket>()
  readonly #answered = new Set<string>()

  add(socket: TLSSocket): void {
    const { localPort } = socket
    if (localPort === undefined) return
    this.#ports.set(localPort, socket)
    const forget = () => {
      if (this.#ports.get(localPort) === socket) this.#ports.delete(localPort)
    }
    socket.once('close', () => setTimeout(forget, GRACE).unref())
    // undici hands on the socket's own error, which says nothing of the socket.
    socket.once('error', (error) => this.#errors.set(error, socket))
  }

  /** This server has answered: it takes the client certificate. */
  answered(host: string): void {
    this.#answered.add(host)
  }

  hasAnswered(host: string): boolean {
    return this.#answered.has(host)
  }

  /** The connection that failed; undefined where the error does not tell. */
  find(error: Error): TLSSocket | undefined {
    const { socket } = error as { socket?: { localPort?: number } }
    return this.#errors.get(error) ?? this.#ports.get(socket?.localPort ?? 0)
  }
}

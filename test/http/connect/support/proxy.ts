/** A CONNECT proxy written by hand, byte by byte, so that it can do what no proxy should. */
import { connect, createServer, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import type { Issued } from '../../support/authority.ts'
import { type Listening, listen } from './listen.ts'

export interface TestProxy extends Listening {
  /** The heads that came, whole. */
  readonly heads: readonly string[]
}

/** Answers a CONNECT, whose head is whole; what is read from the socket afterwards is the client's. */
export type Behaviour = (socket: Socket, head: string) => void

export async function startProxy(behaviour: Behaviour, identity?: Issued): Promise<TestProxy> {
  const heads: string[] = []
  const onConnection = (socket: Socket) => {
    socket.on('error', () => {})
    let text = ''
    const read = (chunk: Buffer) => {
      text += chunk.toString('latin1')
      if (!text.includes('\r\n\r\n')) return
      socket.off('data', read)
      heads.push(text)
      behaviour(socket, text)
    }
    socket.on('data', read)
  }
  const server =
    identity === undefined
      ? createServer(onConnection)
      : createTlsServer({ cert: identity.cert, key: identity.key }, onConnection)
  return Object.assign(await listen(server), { heads })
}

export const ESTABLISHED = 'HTTP/1.1 200 Connection established\r\n\r\n'

/** What a good proxy does. */
export function forward(answer: string = ESTABLISHED): Behaviour {
  return (socket, head) => {
    const [, port] = /^CONNECT \S+:(\d+) /.exec(head) ?? []
    const server = connect(Number(port), '127.0.0.1', () => {
      socket.write(answer)
      socket.pipe(server).pipe(socket)
    })
    server.on('error', () => socket.destroy())
    // Nothing is piped any more, and the end is to be seen.
    server.on('close', () => socket.resume())
    socket.on('close', () => server.destroy())
  }
}

/** Sends an answer and keeps the connection open. */
export function answer(text: string): Behaviour {
  return (socket) => void socket.write(text)
}

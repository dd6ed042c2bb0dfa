/** Servers of one test, which end with it. */
import type { AddressInfo, Server, Socket } from 'node:net'
import { createServer } from 'node:net'

export interface Listening extends AsyncDisposable {
  readonly port: number
  /** How many connections there were. */
  connections(): number
  /** How many are open. */
  open(): number
}

export async function listen(server: Server, host = '127.0.0.1', port = 0): Promise<Listening> {
  const sockets = new Set<Socket>()
  let count = 0
  server.on('connection', (socket: Socket) => {
    count++
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
  })
  server.on('tlsClientError', () => {})
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve))
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => count,
    open: () => sockets.size,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** A plain TCP server. */
export function tcp(onConnection: (socket: Socket) => void, host?: string): Promise<Listening> {
  return listen(createServer(onConnection), host)
}

/** A port where nothing listens. */
export async function closedPort(): Promise<number> {
  const { port, [Symbol.asyncDispose]: close } = await tcp(() => {})
  await close()
  return port
}

/** Waits for something that happens in its own time; the test's time limit ends it. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5))
}

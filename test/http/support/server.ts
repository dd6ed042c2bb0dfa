/** An HTTPS server of Node's for one test, which ends with it. */
import type { RequestListener } from 'node:http'
import { createServer, type ServerOptions } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Issued, TestAuthority } from './authority.ts'

export interface TestServer extends AsyncDisposable {
  /** `https://localhost:PORT` */
  readonly url: string
  readonly port: number
  /** How many connections there were. */
  connections(): number
  /** How many are open now. */
  open(): number
  /** Ends the connections there are. */
  dropAll(): void
}

export async function startServer(
  identity: Issued,
  handler: RequestListener,
  options: ServerOptions & { clients?: TestAuthority } = {},
): Promise<TestServer> {
  const { clients, ...rest } = options
  const mutual = clients === undefined ? {} : { ca: clients.ca, requestCert: true, rejectUnauthorized: true }
  const server = createServer({ cert: identity.cert, key: identity.key, ...mutual, ...rest }, handler)
  const sockets = new Set<Duplex>()
  let count = 0
  server.on('connection', (socket) => {
    count++
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => {})
  })
  server.on('tlsClientError', () => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const dropAll = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    url: `https://localhost:${port}`,
    port,
    connections: () => count,
    open: () => sockets.size,
    dropAll,
    async [Symbol.asyncDispose]() {
      dropAll()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

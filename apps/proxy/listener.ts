import { chmodSync, lstatSync, rmSync } from 'node:fs'
import { createServer as createHttp, type RequestListener, type Server } from 'node:http'
import { createServer as createHttps } from 'node:https'
import { type AddressInfo, isIP } from 'node:net'
import type { Listen, ProxyOptions } from './options.ts'

/** A listener that stands. */
export interface Listener {
  readonly server: Server
  /** `http://127.0.0.1:8080`, or `unix:/path`. */
  readonly url: string
  /** `host:port` that callers may name; undefined for a UNIX socket. */
  readonly hosts: readonly string[] | undefined
  readonly isLoopback: boolean
}

const MAX_HEADER = 16 * 1024

/** @throws TypeError for an address that other machines reach, unless that was asked for; what listening throws */
export async function listen(
  listen: Listen,
  handler: RequestListener,
  {
    exposeToNetwork = false,
    tls,
    maxConnections = 1024,
  }: Pick<ProxyOptions, 'exposeToNetwork' | 'tls' | 'maxConnections'>,
): Promise<Listener> {
  const limits = {
    maxHeaderSize: MAX_HEADER,
    headersTimeout: 20_000,
    requestTimeout: 0,
    keepAliveTimeout: 30_000,
    insecureHTTPParser: false,
    requireHostHeader: false,
  }
  const server =
    tls === undefined
      ? createHttp(limits, handler)
      : createHttps({ ...limits, ...tls, minVersion: 'TLSv1.2' }, handler)
  server.maxConnections = maxConnections
  // An upgrade would leave HTTP, and so the checks.
  server.on('upgrade', (_request, socket) => socket.destroy())
  server.on('connect', (_request, socket) => socket.destroy())
  if ('path' in listen) return await onSocket(server, listen.path)
  const { host = '127.0.0.1', port = 0 } = listen
  if (!isLoopback(host) && !exposeToNetwork) {
    throw new TypeError(
      `${host} is no loopback address: other machines could use your certificate (exposeToNetwork)`,
    )
  }
  await started(server, () => server.listen(port, host))
  const { port: own } = server.address() as AddressInfo
  const scheme = tls === undefined ? 'http' : 'https'
  const name = isIP(host) === 6 ? `[${host}]` : host
  const names = isLoopback(host) ? ['localhost', '127.0.0.1', '[::1]'] : [name]
  return {
    server,
    url: `${scheme}://${name}:${own}`,
    hosts: [...new Set([name, ...names])].map((each) => `${each}:${own}`.toLowerCase()),
    isLoopback: isLoopback(host),
  }
}

async function onSocket(server: Server, path: string): Promise<Listener> {
  const status = lstatSync(path, { throwIfNoEntry: false })
  if (status !== undefined && !status.isSocket())
    throw new TypeError(`${path} is there, and is no UNIX socket`)
  // One of a proxy that was killed; a living one is not asked, since whoever starts this one means this one.
  if (status !== undefined) rmSync(path)
  // Between making and chmod nobody else may connect.
  const before = process.umask(0o177)
  try {
    await started(server, () => server.listen(path))
  } finally {
    process.umask(before)
  }
  chmodSync(path, 0o600)
  return { server, url: `unix:${path}`, hosts: undefined, isLoopback: true }
}

function started(server: Server, start: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.once('listening', () => {
      server.off('error', reject)
      resolve()
    })
    start()
  })
}

/** 127.0.0.0/8, ::1, and the name that stands for them. */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}

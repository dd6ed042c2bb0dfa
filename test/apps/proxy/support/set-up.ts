/** A proxy before a real server with mutual TLS, and callers that send what they like. */
import type { IncomingMessage, RequestListener } from 'node:http'
import { connect } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { type ProxyOptions, startProxy } from '../../../../apps/proxy/index.ts'
import { type Issued, makeAuthority, type TestAuthority } from '../../../http/support/authority.ts'
import { startServer } from '../../../http/support/server.ts'

export interface Parties {
  readonly authority: TestAuthority
  readonly server: Issued
  readonly alice: Issued
}

export async function makeParties(): Promise<Parties> {
  const authority = await makeAuthority()
  return { authority, server: await authority.server(), alice: await authority.client('alice') }
}

/** What the upstream got. */
export interface Got {
  readonly method: string
  readonly url: string
  readonly headers: NodeJS.Dict<string | string[]>
  readonly rawHeaders: readonly string[]
  readonly body: string
  readonly client: string
}

/** Says what it got, as JSON. */
export const mirror: RequestListener = async (request, response) => {
  const body = Buffer.concat(await request.toArray()).toString('latin1')
  const { method = '', url = '', headers, rawHeaders, socket } = request
  const client = String((socket as TLSSocket).getPeerCertificate().subject?.CN)
  const got: Got = { method, url, headers, rawHeaders, body, client }
  response.setHeader('content-type', 'application/json').end(JSON.stringify(got))
}

/** The options that all proxies of the tests have. */
export function optionsFor({ authority, alice }: Parties, url: string): ProxyOptions {
  return {
    upstream: url,
    ca: Buffer.from(authority.ca),
    credential: { certificate: alice.cert + alice.key },
    proxy: 'none',
  }
}

/** Upstream and proxy together. */
export async function startBoth(
  parties: Parties,
  handler: RequestListener = mirror,
  options: Partial<ProxyOptions> = {},
) {
  const upstream = await startServer(parties.server, handler, { clients: parties.authority })
  const proxy = await startProxy({ ...optionsFor(parties, upstream.url), ...options }).catch(
    async (error) => {
      await upstream[Symbol.asyncDispose]()
      throw error
    },
  )
  return {
    upstream,
    proxy,
    port: Number(new URL(proxy.url).port),
    async [Symbol.asyncDispose]() {
      await proxy[Symbol.asyncDispose]()
      await upstream[Symbol.asyncDispose]()
    },
  }
}

/** Sends bytes, and gives what comes until the other side closes or `isEnough`. */
export function raw(
  port: number,
  bytes: string,
  isEnough: (text: string) => boolean = () => false,
): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes, 'latin1'))
    socket.setEncoding('latin1')
    socket.setTimeout(30_000, () =>
      socket.destroy(new Error(`nothing more came after ${text.slice(0, 500)}`)),
    )
    socket.on('data', (chunk: string) => {
      text += chunk
      if (isEnough(text)) socket.destroy()
    })
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNRESET' || error.code === 'EPIPE') resolve(text)
      else reject(error)
    })
    socket.on('close', () => resolve(text))
  })
}

/** A request as text; Host and an end after the one answer are put to it. */
export function message(port: number, line: string, fields: readonly string[] = [], body = ''): string {
  return [`${line} HTTP/1.1`, `Host: 127.0.0.1:${port}`, 'Connection: close', ...fields, '', body].join(
    '\r\n',
  )
}

/** The number in the first line. */
export function statusOf(answer: string): number {
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1])
}

/** All of a stream. */
export async function textOf(stream: IncomingMessage): Promise<string> {
  return Buffer.concat(await stream.toArray()).toString()
}

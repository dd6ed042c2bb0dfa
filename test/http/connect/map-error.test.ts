/** What undici throws, over connections made here, to real servers. */
import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { Agent, request } from 'undici'
import { beforeAll, describe, expect, it } from 'vitest'
import { HttpError } from '../../../src/errors.ts'
import { connectTls } from '../../../src/http/connect/connect-tls.ts'
import { mapSocketError } from '../../../src/http/connect/map-error.ts'
import { type Issued, makeAuthority, type TestAuthority } from '../support/authority.ts'
import { connecting, shown } from './support/connecting.ts'
import { startTls } from './support/tls-server.ts'

let authority: TestAuthority
let identity: Issued
beforeAll(async () => {
  authority = await makeAuthority()
  identity = await authority.server()
})

/** The error of a request to a server that behaves so when the request's head is there. */
async function errorOf(behaviour: (socket: Socket) => void, options: Agent.Options = {}): Promise<HttpError> {
  const onSecure = (socket: Socket) => void socket.once('data', () => behaviour(socket))
  await using server = await startTls(identity, { onSecure })
  let socket: TLSSocket | undefined
  const agent = new Agent({
    ...options,
    connect: (_, callback) => {
      connectTls(connecting({ port: server.port, ca: authority.ca })).then(
        (connected) => {
          socket = connected
          callback(null, connected)
        },
        (error) => callback(error, null),
      )
    },
  })
  let phase: 'http' | 'body' = 'http'
  try {
    const { body } = await request(`https://localhost:${server.port}`, { dispatcher: agent })
    phase = 'body'
    await body.text()
    throw new Error('there was an answer')
  } catch (error) {
    return mapSocketError(error, { phase, host: `localhost:${server.port}`, socket })
  } finally {
    await agent.destroy()
  }
}

const HEAD = 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n'

describe('an error of undici', () => {
  it.each<[string, (socket: Socket) => void, Agent.Options, object, RegExp]>([
    ['closed', (s) => s.end(), {}, { code: 'ERR_HTTP_CLOSED', phase: 'http' }, /before its answer/],
    ['reset', (s) => s.destroy(), {}, { code: 'ERR_HTTP_CLOSED', phase: 'http' }, /before its answer/],
    [
      'closed in the body',
      (s) => s.end(`${HEAD}abc`),
      {},
      { code: 'ERR_HTTP_CLOSED', phase: 'body' },
      /in the middle of its answer/,
    ],
    [
      'no head',
      () => {},
      { headersTimeout: 100 },
      { code: 'ERR_HTTP_TIMEOUT', phase: 'http' },
      /no answer from localhost:\d+ in time/,
    ],
    [
      'no body',
      (s) => s.write(HEAD),
      { bodyTimeout: 100 },
      { code: 'ERR_HTTP_TIMEOUT', phase: 'body' },
      /no rest of the answer from localhost:\d+ in time/,
    ],
    [
      'too large',
      (s) => s.write(`${HEAD}${'x'.repeat(100)}`),
      { maxResponseSize: 50 },
      { code: 'ERR_HTTP_TOO_LARGE' },
      /larger than allowed/,
    ],
    [
      'no HTTP',
      (s) => s.end('SSH-2.0 hunter2\r\n'),
      {},
      { code: 'ERR_HTTP_PROTOCOL', phase: 'http' },
      /not match the HTTP/,
    ],
    [
      'a huge head',
      (s) => s.end(`HTTP/1.1 200 OK\r\nX: ${'hunter2'.repeat(9999)}\r\n\r\n`),
      {},
      { code: 'ERR_HTTP_PROTOCOL', phase: 'http' },
      /UND_ERR_HEADERS_OVERFLOW/,
    ],
    [
      'a bad chunk',
      (s) => s.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nhunter2\r\n'),
      {},
      { code: 'ERR_HTTP_PROTOCOL', phase: 'body' },
      /chunk size/,
    ],
  ])('%s', async (_, behaviour, options, expected, message) => {
    const error = await errorOf(behaviour, options)
    expect(error).toBeInstanceOf(HttpError)
    expect(error).toMatchObject(expected)
    expect(error.message).toMatch(message)
    expect(error.message).toMatch(/localhost:\d+/)
    expect(error.hint).toMatch(/^(try|raise|look)/)
    expect(shown(error)).not.toContain('hunter2')
  })

  it('that is an HttpError, or hides one, stays it', () => {
    const error = new HttpError('ERR_HTTP_DNS', 'no', { phase: 'dns' })
    const facts = { phase: 'http', host: 'h' } as const
    expect(mapSocketError(error, facts)).toBe(error)
    expect(mapSocketError(new TypeError('fetch failed', { cause: error }), facts)).toBe(error)
  })

  it('of a connection that is not known', () => {
    const facts = { phase: 'http', host: 'h' } as const
    const alert = Object.assign(new Error('alert'), { code: 'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA' })
    const wrapped = new TypeError('fetch failed', { cause: alert })
    expect(mapSocketError(wrapped, facts)).toMatchObject({
      code: 'ERR_HTTP_CLIENT_CERTIFICATE',
      cause: alert,
    })
    const pipe = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })
    expect(mapSocketError(pipe, facts)).toMatchObject({ code: 'ERR_HTTP_CLOSED' })
    expect(mapSocketError('text', facts)).toMatchObject({ code: 'ERR_HTTP_PROTOCOL', phase: 'http' })
  })
})

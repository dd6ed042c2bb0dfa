import { createServer, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ProxyRoute } from '../../../src/http/connect/route.ts'
import { routeFor } from '../../../src/http/connect/route.ts'
import { openTunnel, type TunnelOptions } from '../../../src/http/connect/tunnel.ts'
import { type Issued, makeAuthority, type TestAuthority } from '../support/authority.ts'
import { failureOf, shown } from './support/connecting.ts'
import { closedPort, type Listening, listen, tcp, until } from './support/listen.ts'
import { answer, type Behaviour, ESTABLISHED, forward, startProxy } from './support/proxy.ts'

const PASSWORD = 'hunter2/ü'
const BASIC = Buffer.from(`user:${PASSWORD}`).toString('base64')

let authority: TestAuthority
let identity: Issued
let echo: Listening
beforeAll(async () => {
  authority = await makeAuthority()
  identity = await authority.server()
  echo = await listen(createServer((socket) => void socket.pipe(socket)))
})
afterAll(() => echo[Symbol.asyncDispose]())

type Scheme = 'http' | 'https'

function through(port: number, scheme: Scheme, more: Partial<TunnelOptions> = {}) {
  const lines: string[] = []
  const url = `${scheme}://user:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}`
  const route = { ...routeFor(new URL('https://x.example'), { url }, {}), ca: [authority.ca] } as ProxyRoute
  const options: TunnelOptions = {
    route,
    host: 'localhost',
    port: echo.port,
    timeouts: { connect: 20_000, proxy: 20_000 },
    signal: undefined,
    tell: (_, ...told) => void lines.push(...told),
    ...more,
  }
  return { ...options, lines }
}

function expectNoSecret(...things: readonly unknown[]): void {
  expect(shown(...things)).not.toMatch(/hunter2|Basic [A-Za-z0-9+/]{8}/)
  expect(shown(...things)).not.toContain(BASIC)
}

async function read(socket: Socket, length: number): Promise<string> {
  let text = ''
  socket.on('data', (chunk) => {
    text += chunk
  })
  await until(() => text.length >= length)
  return text
}

describe.each<Scheme>(['http', 'https'])('a tunnel through a proxy by %s', (scheme) => {
  const start = (behaviour: Behaviour) => startProxy(behaviour, scheme === 'https' ? identity : undefined)

  it('carries what is written, and asked with name and password', async () => {
    await using proxy = await start(forward())
    const options = through(proxy.port, scheme)
    const socket = await openTunnel(options)
    socket.write('hello')
    expect(await read(socket, 5)).toBe('hello')
    socket.destroy()
    expect(proxy.heads).toHaveLength(1)
    const [first, ...fields] = (proxy.heads[0] ?? '').split('\r\n')
    expect(first).toBe(`CONNECT localhost:${echo.port} HTTP/1.1`)
    expect(fields).toContain(`host: localhost:${echo.port}`)
    expect(fields).toContain(`proxy-authorization: Basic ${BASIC}`)
    expect(options.lines).toEqual([
      `Trying 127.0.0.1:${proxy.port}...`,
      `Connected to 127.0.0.1 (127.0.0.1) port ${proxy.port}`,
      `CONNECT localhost:${echo.port} HTTP/1.1`,
      'HTTP/1.1 200',
      'CONNECT tunnel established, response 200',
    ])
    expectNoSecret(options.lines)
  })

  it('loses nothing that came with the head of the 200', async () => {
    await using proxy = await start(answer(`${ESTABLISHED}early`))
    const socket = await openTunnel(through(proxy.port, scheme))
    expect(await read(socket, 5)).toBe('early')
    socket.destroy()
  })

  it('takes no notice of a body that a 200 announces', async () => {
    const chunked = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 7\r\n\r\n'
    await using proxy = await start(forward(chunked.replace('Content-Length: 7\r\n', '')))
    const socket = await openTunnel(through(proxy.port, scheme))
    socket.write('5\r\nhello\r\n')
    expect(await read(socket, 10)).toBe('5\r\nhello\r\n')
    socket.destroy()
    await using other = await start(answer('HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n1234567'))
    const second = await openTunnel(through(other.port, scheme))
    expect(await read(second, 7)).toBe('1234567')
    second.destroy()
  })

  it('takes a head that comes in pieces', async () => {
    await using proxy = await start((socket) => {
      const pieces = ['HTTP/1.1 2', '00 OK\r\nVia: x\r', '\n\r', '\nearly']
      const next = () => {
        const piece = pieces.shift()
        if (piece !== undefined) socket.write(piece, () => setTimeout(next, 5))
      }
      next()
    })
    const socket = await openTunnel(through(proxy.port, scheme))
    expect(await read(socket, 5)).toBe('early')
    socket.destroy()
  })

  it('407', async () => {
    const text = 'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="x"\r\n\r\n'
    await using proxy = await start(answer(text))
    const options = through(proxy.port, scheme)
    const error = await failureOf(openTunnel(options))
    expect(error).toMatchObject({ code: 'ERR_HTTP_PROXY_AUTH', phase: 'proxy' })
    expect(error.message).toBe(
      `the proxy 127.0.0.1:${proxy.port} refuses the name or password (it takes Basic)`,
    )
    expect(error.hint).toMatch(/user name and password of the proxy/)
    expect(options.lines.at(-1)).toBe('HTTP/1.1 407')
    expectNoSecret(error, options.lines)
    const { authorization: _, ...anonymous } = options.route
    const none = await failureOf(openTunnel({ ...options, route: anonymous }))
    expect(none).toMatchObject({ code: 'ERR_HTTP_PROXY_AUTH', phase: 'proxy' })
    expect(none.message).toMatch(/wants a name and password/)
    expect(proxy.heads[1]).not.toMatch(/authorization/i)
    expect(proxy.connections()).toBe(2)
    await until(() => proxy.open() === 0)
  })

  it('407 where the proxy does not take Basic', async () => {
    const fields = 'Proxy-Authenticate: Negotiate\r\nProxy-Authenticate: NTLM'
    await using proxy = await start(answer(`HTTP/1.1 407 No\r\n${fields}\r\nContent-Length: 9\r\n\r\n<html>`))
    const error = await failureOf(openTunnel(through(proxy.port, scheme)))
    expect(error.code).toBe('ERR_HTTP_PROXY_AUTH')
    expect(error.message).toMatch(/\(it takes NTLM, Negotiate\)$/)
    expect(error.hint).toMatch(/^only Basic is spoken/)
  })

  it.each([
    [403, /does not let this host or port through/],
    [502, /cannot reach the server/],
    [302, /does not let this host or port through/],
    [100, /does not let this host or port through/],
  ])('%i', async (status, hint) => {
    // What a proxy says again of the request must not be told.
    await using proxy = await start((socket, head) => {
      socket.write(`HTTP/1.1 ${status} ${/Basic .*/.exec(head)?.[0]}\r\nContent-Length: 99\r\n\r\n${head}`)
    })
    const options = through(proxy.port, scheme)
    const error = await failureOf(openTunnel(options))
    expect(error).toMatchObject({ code: 'ERR_HTTP_PROXY', phase: 'proxy' })
    expect(error.message).toContain(`does not connect to localhost:${echo.port}: it answers ${status}`)
    expect(error.hint).toMatch(hint)
    expectNoSecret(error, options.lines)
    expect(proxy.connections()).toBe(1)
    await until(() => proxy.open() === 0)
  })

  it.each<[string, Behaviour, RegExp]>([
    ['drops the connection', (socket) => void socket.end(), /closed the connection instead of answering/],
    [
      'resets the connection',
      (socket) => void socket.destroy(),
      /closed the connection instead of answering/,
    ],
    [
      'stops in the head',
      (socket) => void socket.end('HTTP/1.1 200 OK\r\nVia'),
      /instead of answering|not HTTP/,
    ],
    ['answers with garbage', answer('SSH-2.0-OpenSSH_9.9\r\n'), /something that is not HTTP \(HPE_/],
    ['says the request again', (socket, head) => void socket.end(head), /something that is not HTTP \(HPE_/],
    [
      'answers with a huge head',
      answer(`HTTP/1.1 200 OK\r\nX: ${'x'.repeat(99_999)}`),
      /not HTTP \(HPE_HEADER/,
    ],
    ['answers with a bad field', answer('HTTP/1.1 200 OK\r\nA\u0000B: c\r\n\r\n'), /not HTTP \(HPE_/],
  ])('a proxy that %s is asked once', async (_, behaviour, message) => {
    await using proxy = await start(behaviour)
    const options = through(proxy.port, scheme)
    const error = await failureOf(openTunnel(options))
    expect(error).toMatchObject({ code: 'ERR_HTTP_PROXY', phase: 'proxy' })
    expect(error.message).toMatch(message)
    expect(error.hint).toMatch(/the proxy/)
    expectNoSecret(error, options.lines)
    expect(proxy.heads).toHaveLength(1)
    expect(proxy.connections()).toBe(1)
    await until(() => proxy.open() === 0)
  })

  it.each<[string, Behaviour]>([
    ['does not answer', () => {}],
    ['stays in the head', answer('HTTP/1.1 200 OK\r\nVia: ')],
  ])('a proxy that %s', async (_, behaviour) => {
    await using proxy = await start(behaviour)
    const timeouts = { connect: 20_000, proxy: 300 }
    const options = through(proxy.port, scheme, { timeouts })
    const error = await failureOf(openTunnel(options))
    expect(error).toMatchObject({ code: 'ERR_HTTP_TIMEOUT', phase: 'proxy' })
    expect(error.message).toBe(`no answer of the proxy 127.0.0.1:${proxy.port} within 300 ms`)
    expect(error.hint).toMatch(/whether this is the proxy/)
    expectNoSecret(error, options.lines)
    await until(() => proxy.open() === 0)
    expect(proxy.connections()).toBe(1)
  })

  it('ends with the reason of the signal', async () => {
    await using proxy = await start(() => controller.abort(reason))
    const controller = new AbortController()
    const reason = new Error('enough')
    const opened = openTunnel(through(proxy.port, scheme, { signal: controller.signal }))
    await expect(opened).rejects.toBe(reason)
    await until(() => proxy.open() === 0)
  })
})

describe('a proxy', () => {
  it('that is not there', async () => {
    const error = await failureOf(openTunnel(through(await closedPort(), 'http')))
    expect(error).toMatchObject({ code: 'ERR_HTTP_PROXY', phase: 'proxy' })
    expectNoSecret(error)
  })

  it('whose password cannot be had: no connection is made', async () => {
    await using proxy = await startProxy(forward())
    const { route, ...options } = through(proxy.port, 'http')
    const authorization = async () => Promise.reject(new Error('no keyring'))
    await expect(openTunnel({ ...options, route: { ...route, authorization } })).rejects.toThrow('no keyring')
    expect(proxy.connections()).toBe(0)
  })

  it('for a host with an IPv6 address', async () => {
    await using proxy = await startProxy(answer(ESTABLISHED))
    const socket = await openTunnel(through(proxy.port, 'http', { host: '::1', port: 443 }))
    socket.destroy()
    expect(proxy.heads[0]).toMatch(/^CONNECT \[::1\]:443 HTTP/)
  })

  it('by https whose certificate is not trusted gets no password', async () => {
    const stranger = await (await makeAuthority('Another root')).server()
    await using proxy = await startProxy(forward(), stranger)
    const error = await failureOf(openTunnel(through(proxy.port, 'https')))
    expect(error).toMatchObject({ code: 'ERR_HTTP_PROXY', phase: 'proxy' })
    expect(error.message).toMatch(/no TLS with the proxy .*UNABLE_TO_VERIFY_LEAF_SIGNATURE/)
    expect(error.hint).toMatch(/authorities/)
    expect(proxy.heads).toHaveLength(0)
    await until(() => proxy.open() === 0)
  })

  it('by https whose certificate has another name gets no password', async () => {
    const other = await authority.server({ subjectAltNames: ['DNS:other.example'] })
    await using proxy = await startProxy(forward(), other)
    const error = await failureOf(openTunnel(through(proxy.port, 'https')))
    expect(error.message).toMatch(/ERR_TLS_CERT_ALTNAME_INVALID/)
    expect(proxy.heads).toHaveLength(0)
  })

  it('by https that speaks no TLS, and one that hangs in it', async () => {
    await using plain = await tcp((socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
    const error = await failureOf(openTunnel(through(plain.port, 'https')))
    expect(error).toMatchObject({ code: 'ERR_HTTP_PROXY', phase: 'proxy' })
    expect(error.hint).toMatch(/whether the proxy speaks TLS/)
    await using silent = await tcp((socket) => void socket.resume())
    const timeouts = { connect: 20_000, proxy: 100 }
    const late = await failureOf(openTunnel(through(silent.port, 'https', { timeouts })))
    expect(late).toMatchObject({ code: 'ERR_HTTP_TIMEOUT', phase: 'proxy' })
    await until(() => silent.open() === 0)
  })
})

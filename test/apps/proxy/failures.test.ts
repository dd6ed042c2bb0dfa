/** Upstreams that fail, callers that go away, either of them slow. */
import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { connect, createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { type ProxyOptions, startProxy } from '../../../apps/proxy/index.ts'
import { startConnectProxy } from '../../../apps/simulator/index.ts'
import { makeAuthority } from '../../http/support/authority.ts'
import { startServer } from '../../http/support/server.ts'
import {
  makeParties,
  message,
  optionsFor,
  type Parties,
  raw,
  startBoth,
  statusOf,
  textOf,
} from './support/set-up.ts'

let parties: Parties
beforeAll(async () => {
  parties = await makeParties()
})

const MiB = 1024 * 1024

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await sleep(10)
}

describe('where no answer is to be had, the problem names the phase', () => {
  const ask = async (options: Partial<ProxyOptions>, url = 'https://localhost:1') => {
    await using proxy = await startProxy({ ...optionsFor(parties, url), ...options })
    const response = await fetch(`${proxy.url}/secret-path?secret-query`)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    const problem = (await response.json()) as Record<string, unknown>
    expect(problem).toMatchObject({ type: 'about:blank', status: response.status, title: expect.any(String) })
    expect(problem['hint']).toEqual(expect.any(String))
    expect(JSON.stringify(problem)).not.toMatch(/secret|PRIVATE/)
    return problem
  }

  it('dns', async () => {
    expect(await ask({}, 'https://no-such-host.invalid')).toMatchObject({ status: 502, phase: 'dns' })
  })

  it('tcp', async () => {
    expect(await ask({})).toMatchObject({ status: 502, phase: 'tcp', code: 'ERR_HTTP_CONNECT' })
  })

  it('tls, and its certificate', async () => {
    await using plain = await startBoth(parties)
    const [, port] = plain.proxy.url.split(/:(?=\d)/)
    expect(await ask({}, `https://localhost:${port}`)).toMatchObject({ status: 502, phase: 'tls' })
    const ca = Buffer.from((await makeAuthority('Other root')).ca)
    const problem = await ask({ ca }, plain.upstream.url)
    expect(problem).toMatchObject({ status: 502, code: 'ERR_HTTP_SERVER_CERTIFICATE' })
  })

  it('client-certificate', async () => {
    await using both = await startBoth(parties)
    const problem = await ask({ credential: undefined }, both.upstream.url)
    expect(problem).toMatchObject({ status: 502, phase: 'client-certificate' })
  })

  it('proxy', async () => {
    const problem = await ask({ proxy: { url: 'http://127.0.0.1:1' } })
    expect(problem).toMatchObject({ status: 502, phase: 'proxy', code: 'ERR_HTTP_PROXY' })
    await using proxy = await startConnectProxy({ username: 'me', password: 'right' })
    const refused = await ask({ proxy: { url: proxy.url, username: 'me', password: 'wrong' } })
    expect(refused).toMatchObject({ status: 502, phase: 'proxy', code: 'ERR_HTTP_PROXY_AUTH' })
  })

  it('http: too late is 504', async () => {
    await using server = await startServer(parties.server, () => {}, { clients: parties.authority })
    const problem = await ask({ timeouts: { headers: 100 } }, server.url)
    expect(problem).toMatchObject({ status: 504, phase: 'http', code: 'ERR_HTTP_TIMEOUT' })
  })

  it('http: no HTTP at all', async () => {
    const nonsense: RequestListener = (request) => void request.socket.end('SSH-2.0-nonsense\r\n')
    await using server = await startServer(parties.server, nonsense, { clients: parties.authority })
    expect(await ask({}, server.url)).toMatchObject({ status: 502, phase: 'http', code: 'ERR_HTTP_PROTOCOL' })
  })
})

it('goes through a corporate proxy, with its password', async () => {
  await using corporate = await startConnectProxy({ username: 'me', password: 'right' })
  const proxy = { url: corporate.url, username: 'me', password: () => 'right' }
  await using both = await startBoth(parties, undefined, { proxy })
  expect(statusOf(await raw(both.port, message(both.port, 'GET /')))).toBe(200)
  expect(corporate.tunnels).toBe(1)
})

describe('an upstream that dies', () => {
  it('before its answer, on a connection that was good: GET is made again, POST is not', async () => {
    const methods: string[] = []
    await using both = await startBoth(parties, (request, response) => {
      methods.push(request.method ?? '')
      if (methods.length === 2 || methods.length === 5) request.socket.destroy()
      else response.end('ok')
    })
    const ask = async (method: string) => (await fetch(both.proxy.url, { method })).status
    expect([await ask('GET'), await ask('GET'), await ask('POST'), await ask('POST')]).toEqual([
      200, 200, 200, 502,
    ])
    expect(methods).toEqual(['GET', 'GET', 'GET', 'POST', 'POST'])
  })

  it('never again and again', async () => {
    let asked = 0
    await using both = await startBoth(parties, (request, response) => {
      if (++asked === 1) response.end('ok')
      else request.socket.destroy()
    })
    expect((await fetch(both.proxy.url)).status).toBe(200)
    expect((await fetch(both.proxy.url)).status).toBe(502)
    expect(asked).toBeLessThanOrEqual(3)
  })

  it.each([
    ['of a known length', { 'content-length': '100' }],
    ['in chunks', {}],
  ])('in the middle of an answer %s: the caller sees that it is not whole', async (_, headers) => {
    await using both = await startBoth(parties, (request, response) => {
      response.writeHead(200, headers as Record<string, string>)
      response.write('a part', () => request.socket.destroy())
    })
    await expect(fetch(both.proxy.url).then((response) => response.text())).rejects.toThrow()
    const answer = await raw(both.port, message(both.port, 'GET /'))
    expect(answer).not.toContain('\r\n0\r\n')
  })

  it('in the middle, for HTTP/1.0 too: by a reset', async () => {
    await using both = await startBoth(parties, (request, response) => {
      response.write('a part', () => request.socket.destroy())
    })
    const socket = connect(both.port, '127.0.0.1', () => socket.write('GET / HTTP/1.0\r\n\r\n'))
    socket.resume()
    const [error] = await once(socket, 'error')
    expect((error as NodeJS.ErrnoException).code).toBe('ECONNRESET')
  })

  it('while the body is on its way to it', async () => {
    await using both = await startBoth(parties, (request, response) => {
      if (request.method === 'GET') response.end('known')
      else request.once('data', () => request.socket.destroy())
    })
    await (await fetch(both.proxy.url)).text()
    const sending = httpRequest(both.proxy.url, { method: 'POST' })
    sending.on('error', () => {})
    const timer = setInterval(() => sending.write('x'.repeat(1000)), 10)
    const [answer] = (await once(sending, 'response')) as [IncomingMessage]
    clearInterval(timer)
    sending.end()
    expect(JSON.parse(await textOf(answer))).toMatchObject({ status: 502, code: 'ERR_HTTP_CLOSED' })
  })
})

describe('an answer before the body was read', () => {
  it.each([
    ['of the upstream', '/'],
    ['of the proxy', '/not-on-the-list'],
  ])('%s reaches the caller, who can go on', async (_, path) => {
    const early: RequestListener = (_request, response) => void response.writeHead(413).end('too much')
    await using both = await startBoth(parties, early, { allowedPaths: ['/'] })
    const length = 4 * MiB
    const head = message(both.port, `POST ${path}`, [`Content-Length: ${length}`])
    const keeps = head.replace('Connection: close\r\n', '')
    let text = ''
    // With the first bytes of the body: undici sends its head with them.
    const socket = connect(both.port, '127.0.0.1', () => socket.write(`${keeps}first`))
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      text += chunk
    })
    const gone = once(socket, 'close')
    await until(() => text.includes('too much') || text.includes('}'))
    expect(statusOf(text)).toBe(path === '/' ? 413 : 403)
    text = ''
    // Only now the body; then the next request on the same connection.
    socket.write(Buffer.alloc(length - 'first'.length, 'b'))
    socket.write(message(both.port, 'GET /'))
    await gone
    expect(statusOf(text)).toBe(413)
  })

  it('of a caller who never stops sending ends the connection', async () => {
    await using both = await startBoth(parties, (_request, response) => void response.end('enough'))
    const socket = connect(both.port, '127.0.0.1')
    socket.on('error', () => {})
    socket.resume()
    socket.write(
      message(both.port, 'POST /', ['Transfer-Encoding: chunked']).replace('Connection: close\r\n', ''),
    )
    const chunk = `100000\r\n${'x'.repeat(MiB)}\r\n`
    const timer = setInterval(() => socket.writable && socket.writableLength < MiB && socket.write(chunk), 1)
    await new Promise((resolve) => socket.once('close', resolve))
    clearInterval(timer)
  })
})

describe('a caller who goes away', () => {
  it.each(['before the answer', 'within it', 'within its body'])('%s: the upstream is told', async (when) => {
    let began = false
    let ended = false
    await using both = await startBoth(parties, (request, response) => {
      began = true
      request.socket.once('close', () => {
        ended = true
      })
      request.resume()
      if (when === 'within it') response.write('a part')
    })
    const socket = connect(both.port, '127.0.0.1')
    const post = message(both.port, 'POST /', ['Content-Length: 10'], 'half ')
    socket.write(when === 'within its body' ? post : message(both.port, 'GET /'))
    await until(() => began)
    if (when === 'within it') await once(socket, 'data')
    socket.destroy()
    await until(() => ended)
    expect(ended).toBe(true)
  })

  it('is logged with status 0, and the proxy goes on', async () => {
    const lines: string[] = []
    let began = false
    const handler: RequestListener = (request, response) => {
      if (request.url === '/ok') response.end('ok')
      began = true
    }
    await using both = await startBoth(parties, handler, { accessLog: (line) => void lines.push(line) })
    const socket = connect(both.port, '127.0.0.1')
    socket.write(message(both.port, 'GET /'))
    await until(() => began)
    socket.destroy()
    await until(() => lines.length === 1)
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ status: 0, phase: 'caller', path: '/' })
    expect(await (await fetch(`${both.proxy.url}/ok`)).text()).toBe('ok')
  })

  it('while it waits behind another leaves nothing behind', async () => {
    const lines: string[] = []
    let asked = 0
    await using both = await startBoth(parties, () => void asked++, {
      accessLog: (line) => void lines.push(line),
    })
    const socket = connect(both.port, '127.0.0.1')
    const [a, b] = ['a', 'b'].map((name) =>
      message(both.port, `GET /${name}`).replace('Connection: close\r\n', ''),
    )
    socket.write(`${a}${b}`)
    await until(() => asked === 2)
    socket.destroy()
    await until(() => lines.length === 2)
    expect(lines.every((line) => JSON.parse(line).phase === 'caller')).toBe(true)
  })
})

describe('a side that is slow holds up the other, not memory', () => {
  const SIZE = 256 * MiB
  const piece = Buffer.alloc(MiB / 4, 'x')

  it('the caller reads slowly', async () => {
    let sent = 0
    await using both = await startBoth(parties, async (_request, response) => {
      response.writeHead(200, { 'content-length': SIZE })
      while (sent < SIZE) {
        sent += piece.length
        if (!response.write(piece)) await once(response, 'drain')
      }
      response.end()
    })
    const answer = await new Promise<IncomingMessage>((resolve) => {
      httpRequest(both.proxy.url, resolve).end()
    })
    answer.pause()
    // Until nothing moves any more.
    for (let before = -1; before !== sent; await sleep(300)) before = sent
    expect(sent).toBeLessThan(32 * MiB)
    let got = 0
    for await (const chunk of answer) got += (chunk as Buffer).length
    expect([got, sent]).toEqual([SIZE, SIZE])
  })

  it('the upstream reads slowly', async () => {
    let isSlow = true
    let go: () => void = () => {}
    let got = 0
    await using both = await startBoth(parties, async (request, response) => {
      request.pause()
      if (isSlow) await new Promise<void>((resolve) => (go = resolve))
      for await (const chunk of request) got += (chunk as Buffer).length
      response.end('done')
    })
    const sending = httpRequest(both.proxy.url, { method: 'PUT', headers: { 'content-length': SIZE } })
    const answered = once(sending, 'response') as Promise<[IncomingMessage]>
    let sent = 0
    const pump = (async () => {
      while (sent < SIZE) {
        sent += piece.length
        if (!sending.write(piece)) await once(sending, 'drain')
      }
      sending.end()
    })()
    for (let before = -1; before !== sent; await sleep(300)) before = sent
    expect(sent).toBeLessThan(32 * MiB)
    isSlow = false
    go()
    await pump
    expect(await textOf((await answered)[0])).toBe('done')
    expect(got).toBe(SIZE)
  })
})

it('an upstream that only listens does not hold up the end', async () => {
  const silent = createServer((socket) => void socket.resume()).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const { port } = silent.address() as AddressInfo
  const proxy = await startProxy(optionsFor(parties, `https://localhost:${port}`))
  const answer = fetch(proxy.url).catch(() => 'cut')
  await once(silent, 'connection')
  await proxy.stop({ timeout: 50 })
  expect(await answer).toBe('cut')
  silent.close()
})

/** The loopback server, by raw HTTP: who is let in, and what is refused. */

import { mkdirSync, writeFileSync } from 'node:fs'
import { request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startSupport } from '../../../apps/support/index.ts'
import type { SupportServer } from '../../../apps/support/server/options.ts'
import { tempDir } from '../../support/tools.ts'

interface Answer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly text: string
  readonly json: { problem?: { code: string }; session?: string }
}

let server: SupportServer
let page: string
let host: string

beforeAll(() => {
  const outside = tempDir()
  page = join(outside, 'page')
  mkdirSync(join(page, 'assets'), { recursive: true })
  writeFileSync(join(outside, 'secret.js'), 'secret')
  writeFileSync(join(page, 'index.html'), '<!doctype html><title>sealkit support</title>')
  writeFileSync(join(page, 'assets/main.js'), 'export {}')
  writeFileSync(join(page, 'assets/notes.txt'), 'not a type that is served')
})
beforeEach(async () => {
  await server?.[Symbol.asyncDispose]()
  server = await startSupport({ page, env: { HOME: tempDir() } })
  host = new URL(server.origin).host
})
afterAll(() => server[Symbol.asyncDispose]())

async function ask(
  path: string,
  {
    method = 'GET',
    headers = {},
    body,
  }: { method?: string; headers?: OutgoingHttpHeaders; body?: string } = {},
): Promise<Answer> {
  const { port } = new URL(server.origin)
  const options = { host: '127.0.0.1', port, path, method, headers: { host, ...headers }, agent: false }
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    httpRequest(options, resolve).on('error', reject).end(body)
  })
  const said = await text(response)
  const isJson = response.headers['content-type'] === 'application/json'
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    text: said,
    json: isJson ? (JSON.parse(said) as Answer['json']) : {},
  }
}

function call(name: string, value: unknown, headers: OutgoingHttpHeaders = {}): Promise<Answer> {
  const own = { origin: server.origin, 'content-type': 'application/json' }
  return ask(`/api/${name}`, { method: 'POST', headers: { ...own, ...headers }, body: JSON.stringify(value) })
}

const token = () => new URL(server.address).hash.slice('#token='.length)

async function openSession(): Promise<OutgoingHttpHeaders> {
  const { json } = await call('session', { token: token() })
  return { authorization: `Bearer ${json.session}` }
}

describe('the page', () => {
  it('comes with its type, a strict policy, and is not kept', async () => {
    const { status, headers, text: html } = await ask('/')
    expect([status, html]).toEqual([200, '<!doctype html><title>sealkit support</title>'])
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
    })
    const policy = String(headers['content-security-policy']).split('; ')
    for (const rule of [
      "default-src 'none'",
      "script-src 'self'",
      "connect-src 'self'",
      "form-action 'none'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
    ]) {
      expect(policy).toContain(rule)
    }
    expect(headers['content-security-policy']).not.toMatch(/unsafe|\*|data:/)
    expect((await ask('/assets/main.js')).headers['content-type']).toBe('text/javascript; charset=utf-8')
    const head = await ask('/assets/main.js', { method: 'HEAD' })
    expect([head.status, head.text, head.headers['content-length']]).toEqual([200, '', '9'])
  })

  it.each([
    '/../secret.js',
    '/%2e%2e/secret.js',
    '/assets/../../secret.js',
    '/assets/..%2f..%2fsecret.js',
    '//secret.js',
    '/assets/notes.txt',
    '/assets/',
    '/nothing.js',
    '/etc/passwd',
    '/assets\\main.js',
  ])('is all there is: %s', async (path) => {
    const { status, text: said } = await ask(path)
    expect([status, said.includes('"secret"')]).toEqual([404, false])
  })

  it('is read with GET and HEAD only', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE', 'PATCH']) {
      const { status, headers } = await ask('/', { method })
      expect([method, status, headers.allow]).toEqual([method, 405, 'GET, HEAD'])
    }
  })

  it('is not in a tree that was not built', async () => {
    await expect(startSupport({ page: tempDir() })).rejects.toThrow('the support page is not built')
  })
})

describe('Host, Origin and Sec-Fetch-Site', () => {
  it.each(['evil.example', 'localhost', '127.0.0.1', '127.0.0.1:1', '[::1]'])(
    'answers 421 to the name %j',
    async (name) => {
      for (const path of ['/', '/api/profiles']) {
        expect((await ask(path, { headers: { host: name } })).status).toBe(421)
      }
    },
  )

  it('answers 421 to two names, and 400 to none', async () => {
    expect(await raw(`GET / HTTP/1.1\r\nHost: ${host}\r\nHost: ${host}\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 4(21|00) /,
    )
    expect(await raw('GET / HTTP/1.1\r\nHost:\r\n\r\n')).toMatch(/^HTTP\/1\.1 4(21|00) /)
    expect(await raw('GET / HTTP/1.1\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /)
    expect(await raw('GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\n\r\n')).toMatch(
      /^HTTP\/1\.1 421 /,
    )
  })

  it('does no tunnels', async () => {
    expect(await raw(`CONNECT evil.example:443 HTTP/1.1\r\nHost: ${host}\r\n\r\n`)).not.toMatch(/ 2\d\d /)
  })

  it.each(['http://evil.example', 'null', 'http://127.0.0.1:1', 'https://127.0.0.1'])(
    'answers 403 to the origin %s',
    async (origin) => {
      const headers = await openSession()
      expect((await ask('/', { headers: { origin } })).status).toBe(403)
      expect((await call('profiles', {}, { ...headers, origin })).status).toBe(403)
    },
  )

  it('answers 403 to a call without an origin', async () => {
    const headers = { ...(await openSession()), 'content-type': 'application/json' }
    const { status, json } = await ask('/api/profiles', { method: 'POST', headers, body: '{}' })
    expect([status, json.problem?.code]).toEqual([403, 'ERR_SUPPORT_ORIGIN'])
  })

  it.each(['cross-site', 'same-site', 'none'])(
    'answers 403 to scripts of pages that are %s',
    async (site) => {
      const headers = await openSession()
      const fetchHeaders = { 'sec-fetch-site': site, 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }
      expect((await call('profiles', {}, { ...headers, ...fetchHeaders })).status).toBe(403)
      expect(
        (await ask('/assets/main.js', { headers: { ...fetchHeaders, 'sec-fetch-dest': 'script' } })).status,
      ).toBe(403)
      const frame = { 'sec-fetch-site': site, 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' }
      expect((await ask('/', { headers: frame })).status).toBe(403)
    },
  )

  it('shows itself to who follows the address', async () => {
    for (const site of ['none', 'cross-site']) {
      const headers = { 'sec-fetch-site': site, 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }
      expect((await ask('/', { headers })).status).toBe(200)
    }
  })
})

describe('the session', () => {
  it('is opened once, by the token of the address', async () => {
    expect(server.address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]{43}$/)
    for (const wrong of [
      '',
      'x'.repeat(43),
      `${token()}x`,
      token().toLowerCase(),
      5,
      null,
      undefined,
      [token()],
    ]) {
      const { status, json } = await call('session', { token: wrong })
      expect([status, json.problem?.code]).toEqual([403, 'ERR_SUPPORT_TOKEN'])
    }
    const first = await call('session', { token: token() })
    expect([first.status, first.json.session]).toEqual([200, expect.stringMatching(/^[\w-]{43}$/)])
    const second = await call('session', { token: token() })
    expect([second.status, second.json.problem?.code]).toEqual([403, 'ERR_SUPPORT_USED'])
    expect((await call('alive', {}, { authorization: `Bearer ${first.json.session}` })).status).toBe(200)
  })

  it.each(['profiles', 'open', 'token', 'call', 'close', 'alive', 'nothing'])(
    'is needed for %s',
    async (name) => {
      const { authorization } = await openSession()
      for (const wrong of [undefined, 'Bearer', 'Bearer ', `Bearer ${token()}`, `Basic ${authorization}`]) {
        const { status } = await call(name, {}, wrong === undefined ? {} : { authorization: wrong })
        expect([wrong, status]).toEqual([wrong, 401])
      }
    },
  )

  it('is no cookie, which pages of other ports would get', async () => {
    const { headers } = await call('session', { token: token() })
    expect(headers['set-cookie']).toBeUndefined()
  })
})

describe('calls', () => {
  it('are POST with JSON', async () => {
    const headers = { ...(await openSession()), origin: server.origin }
    expect((await ask('/api/alive', { headers })).status).toBe(405)
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', '']) {
      const typed = { ...headers, 'content-type': type }
      expect((await ask('/api/alive', { method: 'POST', headers: typed, body: '{}' })).status).toBe(415)
    }
  })

  it.each(['', '{', '[]', 'null', '"text"', '{}{}', '\u{feff}\u{0}'])('refuse %j', async (body) => {
    const headers = { ...(await openSession()), origin: server.origin, 'content-type': 'application/json' }
    const { status, json } = await ask('/api/alive', { method: 'POST', headers, body })
    expect([status, json.problem?.code]).toEqual([400, 'ERR_SUPPORT_REQUEST'])
  })

  it('refuse more than they can use, announced or not', async () => {
    const headers = { ...(await openSession()), origin: server.origin, 'content-type': 'application/json' }
    const long = JSON.stringify({ text: 'x'.repeat(5 * 1024 * 1024) })
    const announced = await ask('/api/alive', {
      method: 'POST',
      headers: { ...headers, 'content-length': long.length },
      body: long,
    }).catch((error: NodeJS.ErrnoException) => error.code)
    expect(typeof announced === 'object' ? announced.status : announced).toSatisfy(
      (seen) => seen === 413 || seen === 'ECONNRESET' || seen === 'EPIPE',
    )
    const chunked = await ask('/api/alive', {
      method: 'POST',
      headers: { ...headers, 'transfer-encoding': 'chunked' },
      body: long,
    }).catch((error: NodeJS.ErrnoException) => error.code)
    expect(typeof chunked === 'object' ? chunked.status : chunked).toSatisfy(
      (seen) => seen === 413 || seen === 'ECONNRESET' || seen === 'EPIPE',
    )
    expect((await call('alive', {}, headers)).status).toBe(200)
  })

  it.each([
    ['open', {}],
    ['open', { platform: 'other', settings: {}, secrets: {} }],
    ['open', { platform: 'moex', settings: { login: 1 }, secrets: {} }],
    ['open', { platform: 'moex', settings: [], secrets: {} }],
    ['open', { platform: 'clearstream', settings: { login: 'x' }, secrets: {} }],
    ['open', { platform: 'clearstream', settings: { password: 'x' }, secrets: {} }],
    ['open', { platform: 'clearstream', settings: { store: '/' }, secrets: {} }],
    ['open', { platform: 'clearstream', settings: {}, secrets: { username: 'x' } }],
    ['open', { platform: 'clearstream', settings: {}, secrets: {}, profile: 5 }],
    ['token', { platform: 'clearstream', settings: {}, secrets: {}, endpoint: 5 }],
    ['call', { method: 'GET', url: 5, headers: [] }],
    ['call', { method: 'GET', url: 'https://localhost', headers: [['one']] }],
    ['call', { method: 'GET', url: 'https://localhost', headers: [], body: {} }],
  ])('refuse what they do not know: %s %j', async (name, value) => {
    const { status, json } = await call(name, value, await openSession())
    expect([status, json.problem?.code]).toEqual([400, 'ERR_SUPPORT_REQUEST'])
  })

  it('have no names but their own', async () => {
    const headers = await openSession()
    for (const name of ['nothing', 'constructor', '__proto__', 'toString', 'session/', 'alive?x']) {
      expect((await call(name, {}, headers)).status).toBe(404)
    }
  })

  it('do not go anywhere without a token', async () => {
    const { status, json } = await call(
      'call',
      { method: 'GET', url: 'https://localhost/', headers: [] },
      await openSession(),
    )
    expect([status, json.problem?.code]).toEqual([422, 'ERR_SUPPORT_NO_TOKEN'])
  })
})

describe('the end', () => {
  it('comes when nobody asks any more', async () => {
    await using idle = await startSupport({ page, idle: 20 })
    expect(await idle.ended).toBe('idle')
    await expect(fetch(idle.origin)).rejects.toThrow()
  })

  it('comes by disposing, twice too', async () => {
    await server[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
    expect(await server.ended).toBe('closed')
  })

  it('listens on 127.0.0.1 alone, and says so when the port is taken', async () => {
    const { port } = new URL(server.origin)
    await expect(startSupport({ page, port: Number(port) })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  })
})

/** What the server says to bytes, until it closes. */
function raw(bytes: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(server.origin).port), '127.0.0.1')
    let said = ''
    socket.setEncoding('latin1').on('data', (data: string) => {
      said += data
      socket.end()
    })
    socket.on('close', () => resolve(said))
    socket.on('error', () => {})
    socket.write(bytes)
  })
}

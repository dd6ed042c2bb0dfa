/** Whom the proxy serves: names, pages of others, paths, the secret, limits, addresses. */
import { chmodSync, existsSync, statSync, writeFileSync } from 'node:fs'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { createServer } from 'node:net'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'
import { startProxy } from '../../../apps/proxy/index.ts'
import { tempDir } from '../../support/tools.ts'
import {
  type Got,
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

const SECRET = 'correct-horse-battery-staple'

describe('Host', () => {
  it('is the address of the proxy, in whatever form', async () => {
    await using both = await startBoth(parties)
    for (const name of ['127.0.0.1', 'localhost', 'LOCALHOST', '[::1]']) {
      const text = message(both.port, 'GET /').replace('127.0.0.1', name)
      expect(statusOf(await raw(both.port, text))).toBe(200)
    }
  })

  it.each([
    'evil.example:PORT',
    '127.0.0.1',
    '127.0.0.1:1',
    'localhost.:PORT',
    'localhost.evil.example:PORT',
    '',
  ])('%j is another, as DNS rebinding makes it: 421', async (host) => {
    let asked = 0
    await using both = await startBoth(parties, (_, response) => {
      asked++
      response.end()
    })
    const given = host.replace('PORT', String(both.port))
    const text = message(both.port, 'GET /').replace(`127.0.0.1:${both.port}`, given)
    const answer = await raw(both.port, text)
    expect([statusOf(answer), asked]).toEqual([421, 0])
    expect(answer).toMatch(/^content-type: application\/problem\+json\r$/im)
  })

  it('may be a further name', async () => {
    await using both = await startBoth(parties, undefined, { allowedHosts: ['Api.Bank', 'two.bank:81'] })
    const status = async (host: string) =>
      statusOf(await raw(both.port, message(both.port, 'GET /').replace(`127.0.0.1:${both.port}`, host)))
    expect(await Promise.all(['api.bank', 'API.bank:99', 'two.bank:81', 'two.bank'].map(status))).toEqual([
      200, 200, 200, 421,
    ])
  })

  it('of a page of another site is right, and its Origin tells', async () => {
    await using both = await startBoth(parties)
    const status = async (field: string) =>
      statusOf(await raw(both.port, message(both.port, 'POST /', [field])))
    expect(await status('Origin: https://evil.example')).toBe(403)
    expect(await status('Origin: null')).toBe(403)
    expect(await status('Sec-Fetch-Site: cross-site')).toBe(403)
    expect(await status(`Origin: http://127.0.0.1:${both.port}`)).toBe(200)
  })
})

describe('the target', () => {
  const PATHS = ['/v1/info', '/v2/*']

  it.each(['/v1/info', '/v1/info?x=/../..', '/v2/', '/v2/a/b', '/v2/a%20b', '/v2/%C3%A4', '/v2/..a'])(
    '%s is on the list',
    async (target) => {
      await using both = await startBoth(parties, undefined, { allowedPaths: PATHS })
      expect(statusOf(await raw(both.port, message(both.port, `GET ${target}`)))).toBe(200)
    },
  )

  it.each([
    ['/', 403],
    ['/v1', 403],
    ['/v1/info/', 403],
    ['/v1/infos', 403],
    ['/V1/info', 403],
    ['/v2', 403],
    ['/v22/', 403],
    ['/%76%32/x', 403],
    ['/v2/../v1/secret', 400],
    ['/v2/..', 400],
    ['/v2/./x', 400],
    ['/v2/..;a=b/x', 400],
    ['/v2/%2e%2e/x', 400],
    ['/v2/.%2E/x', 400],
    ['/v2/%252e%252e/x', 400],
    ['/v2/%2f../x', 400],
    ['/v2/..%5cx', 400],
    ['/v2/..\\x', 400],
    ['/v2/%c0%ae%c0%ae/x', 400],
    ['/v2/%u002e', 400],
    ['/v2/%0d%0aX:y', 400],
    ['/v2/%00', 400],
    ['/v2/%', 400],
    ['/v2/\x80', 400],
    ['/v2/#x', 400],
    ['//evil.example/v2/', 400],
    ['http://evil.example/v2/', 400],
    ['*', 400],
  ])('%j is not: %i', async (target, status) => {
    const urls: unknown[] = []
    await using both = await startBoth(
      parties,
      (request, response) => {
        urls.push(request.url)
        response.end()
      },
      { allowedPaths: PATHS },
    )
    const method = target === '*' ? 'OPTIONS' : 'GET'
    const answer = await raw(both.port, message(both.port, `${method} ${target}`))
    expect([statusOf(answer), urls]).toEqual([status, []])
  })

  it.each(['v1', '/v1*', '/*/x', '/../*', '/a?b', '', '/%2f/*'])(
    '%j cannot stand on the list',
    async (path) => {
      await expect(startBoth(parties, undefined, { allowedPaths: [path] })).rejects.toThrow(TypeError)
    },
  )
})

describe('the secret of the callers', () => {
  it('is needed, and not passed on; nor told by errors and inspection', async () => {
    await using both = await startBoth(parties, undefined, { callerSecret: SECRET })
    const ask = (headers: Record<string, string>) => fetch(both.proxy.url, { headers })
    for (const headers of [
      {},
      { authorization: `Bearer ${SECRET}x` },
      { authorization: 'Bearer ' },
      { authorization: SECRET },
      { authorization: `Basic ${SECRET}` },
    ]) {
      const refusal = await ask(headers as Record<string, string>)
      expect(refusal.status).toBe(401)
      expect(refusal.headers.get('www-authenticate')).toBe('Bearer')
      expect(await refusal.text()).not.toContain(SECRET)
    }
    const got = await ask({ authorization: `Bearer ${SECRET}` })
    expect(got.status).toBe(200)
    expect(await got.text()).not.toContain(SECRET)
    expect(inspect(both.proxy, { depth: 9, showHidden: true })).not.toContain(SECRET)
  })

  it('may come as Proxy-Authorization, where the upstream wants an Authorization of its own', async () => {
    await using both = await startBoth(parties, undefined, { callerSecret: async () => SECRET })
    const ask = async (secret: string) => {
      const fields = [`Proxy-Authorization: Bearer ${secret}`, 'Authorization: Bearer own-token']
      return await raw(both.port, message(both.port, 'GET /', fields))
    }
    const answer = await ask(SECRET)
    const got = JSON.parse(answer.slice(answer.indexOf('{'), answer.lastIndexOf('}') + 1)) as Got
    expect(got.headers['authorization']).toBe('Bearer own-token')
    expect(answer).not.toContain(SECRET)
    expect(statusOf(await ask('wrong-wrong-wrong-wrong'))).toBe(401)
  })

  it.each(['short', '', 'sixteen characters', 'sechzehn-Zeichen-ä'])(
    '%j cannot be one',
    async (callerSecret) => {
      await expect(startBoth(parties, undefined, { callerSecret })).rejects.toThrow(TypeError)
    },
  )
})

describe('what leaves HTTP', () => {
  it('CONNECT and TRACE are refused', async () => {
    await using both = await startBoth(parties)
    expect(statusOf(await raw(both.port, message(both.port, 'CONNECT evil.example:443')))).toBe(405)
    expect(await raw(both.port, message(both.port, 'TRACE /'))).toMatch(/^allow: GET, HEAD/im)
  })

  it('an Upgrade is passed over: Java asks for HTTP/2 so', async () => {
    await using both = await startBoth(parties)
    const fields = ['Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABk']
    const answer = await raw(both.port, message(both.port, 'POST /', [...fields, 'Content-Length: 1'], 'x'))
    expect(statusOf(answer)).toBe(200)
    expect(answer).not.toMatch(/upgrade|http2-settings/i)
  })
})

describe('a head', () => {
  it.each([
    ['one field of 17 kB', [`X-A: ${'a'.repeat(17_000)}`]],
    ['many fields', Array.from({ length: 300 }, (_, i) => `X-${i}: 1`)],
    ['very many fields', Array.from({ length: 3000 }, () => 'a:')],
  ])('of %s is too large: 431', async (_, fields) => {
    let asked = 0
    await using both = await startBoth(parties, (_request, response) => {
      asked++
      response.end()
    })
    expect(statusOf(await raw(both.port, message(both.port, 'GET /', fields)))).toBe(431)
    expect(statusOf(await raw(both.port, message(both.port, `GET /${'a'.repeat(17_000)}`)))).toBe(431)
    expect(asked).toBe(0)
  })
})

describe('where it listens', () => {
  it('is no other address than loopback, unless that is asked for in so many words, with a secret', async () => {
    const start = (options: object) => startBoth(parties, undefined, options)
    for (const host of ['0.0.0.0', '::', '192.0.2.1']) {
      await expect(start({ listen: { host } })).rejects.toThrow('no loopback address')
      await expect(start({ admin: { host } })).rejects.toThrow('no loopback address')
    }
    await expect(start({ exposeToNetwork: true })).rejects.toThrow('callerSecret')
    const options = { listen: { host: '0.0.0.0' }, exposeToNetwork: true, callerSecret: SECRET }
    await using both = await start(options)
    const fields = [`Authorization: Bearer ${SECRET}`]
    const status = async (host: string) =>
      statusOf(await raw(both.port, message(both.port, 'GET /', fields).replace('127.0.0.1', host)))
    expect(await Promise.all(['127.0.0.1', hostname(), 'evil.example'].map(status))).toEqual([200, 200, 421])
  })

  it('a port that is taken is told', async () => {
    await using both = await startBoth(parties)
    await expect(startBoth(parties, undefined, { listen: { port: both.port } })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    })
    await expect(startBoth(parties, undefined, { admin: { port: both.port } })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    })
  })

  it('a UNIX socket is for its owner alone, and goes with the proxy', async () => {
    const path = join(tempDir(), 'proxy.sock')
    await using upstream = await startBoth(parties)
    const options = { ...optionsFor(parties, upstream.upstream.url), listen: { path } }
    const before = process.umask()
    const proxy = await startProxy(options)
    expect(proxy.url).toBe(`unix:${path}`)
    expect([(statSync(path).mode & 0o777).toString(8), process.umask()]).toEqual(['600', before])
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      httpRequest({ socketPath: path, path: '/x', headers: { host: 'whatever' } }, resolve)
        .on('error', reject)
        .end()
    })
    expect(JSON.parse(await textOf(answer))).toMatchObject({ url: '/x', client: 'alice' })
    await expect(startProxy(options)).rejects.toMatchObject({ code: 'EADDRINUSE' })
    await proxy.stop()
    expect(existsSync(path)).toBe(false)
  })

  it('a UNIX socket that nobody listens on is replaced, and nothing else is', async () => {
    const folder = tempDir()
    const [stale, other] = [join(folder, 'stale.sock'), join(folder, 'file')]
    const server = createServer().listen(stale)
    await new Promise((resolve) => server.once('listening', resolve))
    // Kept from being removed, as by a process that was killed.
    const { renameSync } = await import('node:fs')
    renameSync(stale, `${stale}.kept`)
    await new Promise((resolve) => server.close(resolve))
    renameSync(`${stale}.kept`, stale)
    chmodSync(stale, 0o777)
    writeFileSync(other, 'precious')
    await using both = await startBoth(parties)
    const options = optionsFor(parties, both.upstream.url)
    await using _proxy = await startProxy({ ...options, listen: { path: stale } })
    expect((statSync(stale).mode & 0o777).toString(8)).toBe('600')
    await expect(startProxy({ ...options, listen: { path: other } })).rejects.toThrow('no UNIX socket')
  })
})

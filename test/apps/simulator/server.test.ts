/** What all simulators have: the server, and what it does wrong on purpose. The client is curl. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { html, json } from '../../../apps/simulator/answer.ts'
import { ServerAuthority } from '../../../apps/simulator/authority.ts'
import { SimulatorServer } from '../../../apps/simulator/server.ts'
import { describeWith, tempDir } from '../../support/tools.ts'
import { type CurlAnswer, curlFor } from './support/curl.ts'

describeWith(['curl', 'openssl'], 'the server of the simulators', () => {
  let server: SimulatorServer
  let url: string
  let curl: (...args: string[]) => Promise<CurlAnswer>
  beforeAll(async () => {
    const authority = await ServerAuthority.create()
    server = await SimulatorServer.start({
      authority,
      routes: {
        'GET /hello': () => json(200, { hello: 'world' }),
        'GET /page': () => html(200, 'Page', 'text'),
        'POST /form': (request) => json(200, Object.fromEntries(request.form() ?? [['none', true]])),
        'GET /broken': () => {
          throw new Error('a secret in a message')
        },
      },
    })
    url = `${server.url}/hello`
    curl = curlFor(authority.ca)
  })
  afterAll(() => server[Symbol.asyncDispose]())
  beforeEach(() => {
    for (const name of Object.keys(server.faults)) delete server.faults[name as keyof typeof server.faults]
  })

  /** What OpenSSL's own client says to the handshake. */
  async function openssl(...args: string[]): Promise<string> {
    const child = spawn('openssl', ['s_client', '-connect', `127.0.0.1:${server.port}`, '-brief', ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
    return out + err
  }

  it('answers, over TLS 1.2 and 1.3, by name and by address', async () => {
    for (const version of ['1.2', '1.3']) {
      const answer = await curl(`--tlsv${version}`, '--tls-max', version, url)
      expect(answer).toMatchObject({ exit: 0, status: 200, body: '{"hello":"world"}' })
      expect(server.requests.at(-1)).toMatchObject({
        path: '/hello',
        status: 200,
        protocol: `TLSv${version}`,
      })
    }
    expect((await curl(url.replace('localhost', '127.0.0.1'))).status).toBe(200)
    expect((await curl('--tlsv1.0', '--tls-max', '1.1', '--ciphers', 'DEFAULT@SECLEVEL=0', url)).exit).toBe(
      35,
    )
  })

  it('404, 405 with Allow, 413, and 500 that tells nothing', async () => {
    expect((await curl(`${server.url}/nothing?x=1`)).status).toBe(404)
    const wrong = await curl('-X', 'DELETE', url)
    expect([wrong.status, wrong.headers['allow']]).toEqual([405, 'get'])
    const folder = tempDir()
    const sized = (length: number): string => {
      writeFileSync(join(folder, String(length)), 'x'.repeat(length))
      return `@${join(folder, String(length))}`
    }
    const post = async (length: number) =>
      await curl('-H', 'expect:', '--data-binary', sized(length), `${server.url}/form`)
    expect((await post(1024 * 1024)).status).toBe(200)
    expect((await post(1024 * 1024 + 1)).status).toBe(413)
    expect((await post(20 * 1024 * 1024)).status).toBe(0)
    const broken = await curl(`${server.url}/broken`)
    expect([broken.status, broken.body]).toEqual([500, '{"status":500,"error":"Internal Server Error"}'])
    expect(server.problems).toHaveLength(1)
    server.problems.length = 0
  })

  it('reads forms, and takes none with a field twice', async () => {
    const form = `${server.url}/form`
    expect((await curl('--data', 'a=1', '--data-urlencode', 'b=ü&=', form)).body).toBe('{"a":"1","b":"ü&="}')
    expect((await curl('--data', 'a=1&a=2', form)).body).toBe('{"none":true}')
    expect((await curl('-H', 'content-type: application/json', '--data', '{}', form)).body).toBe(
      '{"none":true}',
    )
  })

  it('records no query, and nothing else that is secret', async () => {
    await curl('-u', 'jane:hunter2', `${url}?token=hunter2`)
    expect(JSON.stringify(server.requests)).not.toContain('hunter2')
    expect(server.requests.at(-1)).toMatchObject({ method: 'GET', path: '/hello' })
  })

  it('counts connections: two requests over one', async () => {
    await curl(url, url)
    const [one, two] = server.requests.slice(-2)
    expect(one?.connection).toBe(two?.connection)
    await curl(url)
    expect(server.requests.at(-1)?.connection).not.toBe(two?.connection)
  })

  it('maintenance: 503 with a page on every path', async () => {
    server.faults.maintenance = true
    for (const path of ['/hello', '/nothing']) {
      const answer = await curl(server.url + path)
      expect([answer.status, answer.headers['content-type']]).toEqual([503, 'text/html;charset=utf-8'])
    }
  })

  it('rateLimited: 429 with Retry-After, so many times', async () => {
    server.faults.rateLimited = { retryAfter: 7, times: 2 }
    const answers = [await curl(url), await curl(url), await curl(url)]
    expect(answers.map(({ status }) => status)).toEqual([429, 429, 200])
    expect(answers[0]?.headers['retry-after']).toBe('7')
    server.faults.rateLimited = {}
    const always = [await curl(url), await curl(url), await curl(url)]
    expect(always.map(({ status }) => status)).toEqual([429, 429, 429])
    expect(always[0]?.headers['retry-after']).toBeUndefined()
  })

  it('paths: others are not hit', async () => {
    Object.assign(server.faults, { maintenance: true, drop: 'before-answer', paths: ['/page'] })
    expect((await curl(url)).status).toBe(200)
    expect((await curl(`${server.url}/page`)).exit).toBe(52)
  })

  it('slow: curl that does not wait so long gets nothing, or half', async () => {
    server.faults.slow = { milliseconds: 600_000 }
    expect(await curl('--max-time', '1', url)).toMatchObject({ exit: 28, status: 0 })
    server.faults.slow = { milliseconds: 600_000, where: 'body' }
    expect(await curl('--max-time', '1', url)).toMatchObject({ exit: 28, status: 200, body: '{"hello":' })
    for (const where of ['head', 'body'] as const) {
      server.faults.slow = { milliseconds: 1, where }
      expect((await curl(url)).body).toBe('{"hello":"world"}')
    }
  })

  it('drop: before the answer, and in its body', async () => {
    server.faults.drop = 'before-answer'
    expect(await curl(url)).toMatchObject({ exit: 52, status: 0 })
    expect(server.requests.at(-1)?.status).toBeUndefined()
    server.faults.drop = 'in-body'
    expect(await curl(url)).toMatchObject({ exit: 18, status: 200, body: '{"hello":' })
  })

  it('malformedJson: cut off with its length right; pages stay whole', async () => {
    server.faults.malformedJson = true
    expect(await curl(url)).toMatchObject({ exit: 0, status: 200, body: '{"hello":' })
    expect((await curl(`${server.url}/page`)).body).toContain('</html>')
  })

  it('hugeAnswer: more than is wanted, and the server goes on', async () => {
    server.faults.hugeAnswer = true
    const child = spawn('sh', ['-c', `curl -q -sS -k ${url} | head -c 20000000 | wc -c`])
    expect((await text(child.stdout)).trim()).toBe('20000000')
    server.faults.hugeAnswer = false
    expect((await curl(url)).status).toBe(200)
  })

  it('clockSkew: the header Date', async () => {
    server.faults.clockSkew = -86_400
    const { headers } = await curl(url)
    const off = Date.parse(headers['date'] ?? '') - Date.now()
    expect(Math.round(off / 3_600_000)).toBe(-24)
  })

  it('tls 1.2: no 1.3 from the restart on, and again with the next', async () => {
    server.faults.tls = '1.2'
    expect((await curl('--tlsv1.3', url)).exit).toBe(0)
    await server.restart()
    expect((await curl('--tlsv1.3', url)).exit).toBe(35)
    expect(await openssl()).toContain('Protocol version: TLSv1.2')
    await server.restart({ tls: undefined })
    expect(await openssl()).toContain('Protocol version: TLSv1.3')
  })

  it.each([
    ['expired', 60, /certificate has expired/],
    ['wrong-name', 60, /no alternative certificate subject name matches/],
    ['unknown-root', 60, /unable to get (local )?issuer certificate|self-signed/],
    ['missing-intermediate', 60, /unable to get (local )?issuer certificate/],
  ] as const)('serverCertificate %s: refused by curl', async (serverCertificate, exit, words) => {
    await server.restart({ serverCertificate })
    const answer = await curl(url)
    expect([answer.exit, answer.status]).toEqual([exit, 0])
    expect(answer.stderr).toMatch(words)
    await server.restart({ serverCertificate: undefined })
    expect((await curl(url)).status).toBe(200)
  })

  it('goes on after what is no TLS, and no HTTP', async () => {
    const socket = connect(server.port, '127.0.0.1')
    socket.on('error', () => {})
    socket.write('GET / HTTP/1.1\r\n\r\n')
    await once(socket, 'close')
    const child = spawn('openssl', ['s_client', '-quiet', '-connect', `127.0.0.1:${server.port}`])
    child.stdin.write('\u0000\u0001garbage\r\n\r\n')
    await once(child, 'close')
    expect((await curl(url)).status).toBe(200)
  })

  it('ends at once, with requests on their way; twice is once', async () => {
    const authority = await ServerAuthority.create()
    const own = await SimulatorServer.start({
      authority,
      routes: { 'GET /': () => json(200, {}) },
      faults: { slow: { milliseconds: 600_000 } },
    })
    const waiting = curlFor(authority.ca)(own.url)
    while (own.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 10))
    await own[Symbol.asyncDispose]()
    await own[Symbol.asyncDispose]()
    expect((await waiting).status).toBe(0)
  })

  it('says that a port is taken', async () => {
    const authority = await ServerAuthority.create()
    const again = SimulatorServer.start({ authority, port: server.port, routes: {} })
    await expect(again).rejects.toMatchObject({ code: 'EADDRINUSE', syscall: 'listen' })
  })
})

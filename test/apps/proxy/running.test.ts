/** Tokens put in, certificates that are renewed, the end, health and figures, the log. */
import { once } from 'node:events'
import { renameSync, writeFileSync } from 'node:fs'
import type { RequestListener, ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { startProxy } from '../../../apps/proxy/index.ts'
import { startClearstreamSimulator } from '../../../apps/simulator/index.ts'
import { clearstreamClient } from '../../../src/auth/index.ts'
import { createTransport } from '../../../src/http/index.ts'
import { tempDir } from '../../support/tools.ts'
import { type Got, makeParties, message, type Parties, raw, startBoth, statusOf } from './support/set-up.ts'

let parties: Parties
beforeAll(async () => {
  parties = await makeParties()
})

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await sleep(10)
}

describe('tokens', () => {
  const USER = 'a000012345_00012345'
  const PASSWORD = 'correct horse battery staple'

  async function simulated() {
    const simulator = await startClearstreamSimulator()
    simulator.addConsumer({ username: USER, password: PASSWORD })
    const { pem } = await simulator.issueConsumer(USER)
    const connection = {
      ca: Buffer.from(simulator.ca),
      credential: { certificate: pem },
      proxy: 'none' as const,
    }
    const http = createTransport(connection)
    const { tokens } = clearstreamClient({ url: simulator.url, username: USER, password: PASSWORD, http })
    const proxy = await startProxy({ upstream: simulator.url, ...connection, tokens })
    return {
      simulator,
      proxy,
      tokens,
      async [Symbol.asyncDispose]() {
        for (const each of [proxy, http, simulator]) await each[Symbol.asyncDispose]()
      },
    }
  }
  const logins = (requests: readonly { path: string }[]) =>
    requests.filter(({ path }) => path.includes('access_token')).length

  it('are put on requests: the caller needs neither certificate nor token', async () => {
    await using all = await simulated()
    const echo = `${all.proxy.url}/playground/v1/echo?value=hello`
    const headers = { authorization: 'Bearer what-the-caller-has' }
    for (let i = 0; i < 3; i++) expect(await (await fetch(echo, { headers })).text()).toContain('hello')
    expect(logins(all.simulator.requests)).toBe(1)
  })

  it('that are refused are replaced, once, for requests without a body', async () => {
    await using all = await simulated()
    const info = () => fetch(`${all.proxy.url}/playground/v1/info`)
    expect((await info()).status).toBe(200)
    all.simulator.revokeTokens({ keepRefreshTokens: true })
    expect((await info()).status).toBe(200)
    expect(logins(all.simulator.requests)).toBe(2)
  })

  it('that cannot be had are a problem that tells no password', async () => {
    await using all = await simulated()
    all.simulator.faults.maintenance = true
    const response = await fetch(`${all.proxy.url}/playground/v1/info`)
    const text = await response.text()
    expect(JSON.parse(text)).toMatchObject({ status: 502, phase: 'token', code: 'ERR_AUTH_MAINTENANCE' })
    expect(text).not.toContain(PASSWORD)
  })

  it('refused twice: the second 401 is for the caller; with a body the first is', async () => {
    let asked = 0
    let given = 0
    const refusing: RequestListener = (request, response) => {
      asked++
      request.resume()
      response.writeHead(401, { 'www-authenticate': 'Bearer' }).end('no')
    }
    const { TokenSet, tokenManager } = await import('../../../src/auth/index.ts')
    const login = async () => {
      const issuedAt = Date.now()
      return new TokenSet({ accessToken: `token-${++given}`, issuedAt, expiresAt: issuedAt + 3600_000 })
    }
    const key = { platform: 'test', host: 'x', account: 'y', scope: 'z' }
    await using both = await startBoth(parties, refusing, { tokens: tokenManager({ key, login }) })
    const response = await fetch(both.proxy.url, { method: 'DELETE' })
    expect([response.status, await response.text(), asked, given]).toEqual([401, 'no', 2, 2])
    const posted = await fetch(both.proxy.url, { method: 'POST', body: 'x' })
    expect([posted.status, await posted.text(), asked, given]).toEqual([401, 'no', 3, 3])
  })
})

describe('a certificate that is renewed', () => {
  /** Written aside and renamed, as those who renew certificates do. */
  const replace = (path: string, content: string) => {
    writeFileSync(`${path}.new`, content, { mode: 0o600 })
    renameSync(`${path}.new`, path)
  }

  it('is taken without dropping a request', async () => {
    const file = join(tempDir(), 'client.pem')
    const [bob, carol] = await Promise.all(['bob', 'carol'].map((name) => parties.authority.client(name)))
    replace(file, parties.alice.cert + parties.alice.key)
    let held: ServerResponse | undefined
    const { mirror } = await import('./support/set-up.ts')
    const handler: RequestListener = (request, response) => {
      if (request.url !== '/long') return mirror(request, response)
      response.write('begun ')
      held = response
    }
    await using both = await startBoth(parties, handler, { credential: { certificate: file } })
    const long = fetch(`${both.proxy.url}/long`).then((response) => response.text())
    await until(() => held !== undefined)
    const seen = new Map<string, number>()
    let isDone = false
    let failed = 0
    const caller = async () => {
      while (!isDone) {
        const response = await fetch(`${both.proxy.url}/x`)
        if (response.status !== 200) failed++
        const { client } = (await response.json()) as Got
        seen.set(client, (seen.get(client) ?? 0) + 1)
      }
    }
    const callers = Array.from({ length: 20 }, caller)
    for (const [name, issued] of [
      ['alice', undefined],
      ['bob', bob],
      ['carol', carol],
    ] as const) {
      if (issued !== undefined) replace(file, issued.cert + issued.key)
      await until(() => (seen.get(name) ?? 0) > 20)
      // Half of a renewal is no certificate: the old one holds.
      replace(file, parties.alice.cert)
      await sleep(1200)
    }
    isDone = true
    await Promise.all(callers)
    // Longer than the old connections are kept for those that are just going out.
    await sleep(5500)
    held?.end('and ended')
    expect([failed, await long]).toEqual([0, 'begun and ended'])
    expect([...seen.keys()]).toEqual(['alice', 'bob', 'carol'])
  })
})

describe('the end', () => {
  it('waits for what is on its way, and takes nothing new', async () => {
    let held: ServerResponse | undefined
    const both = await startBoth(parties, (request, response) => {
      if (request.url === '/held') held = response
      else response.end('ok')
    })
    const idle = connect(both.port, '127.0.0.1')
    await once(idle, 'connect')
    const answer = raw(both.port, message(both.port, 'GET /held').replace('Connection: close\r\n', ''))
    await until(() => held !== undefined)
    let isStopped = false
    const stopped = both.proxy.stop().then(() => {
      isStopped = true
    })
    await expect(fetch(both.proxy.url)).rejects.toThrow()
    expect(isStopped).toBe(false)
    held?.end('whole')
    expect(await answer).toMatch(/\r\n\r\nwhole$/)
    await stopped
    idle.destroy()
    await both[Symbol.asyncDispose]()
  })

  it('cuts off what takes too long', async () => {
    let isHeld = false
    await using both = await startBoth(parties, () => {
      isHeld = true
    })
    const answer = fetch(both.proxy.url).catch(() => 'cut')
    await until(() => isHeld)
    await both.proxy.stop({ timeout: 20 })
    expect(await answer).toBe('cut')
  })
})

describe('the second listener', () => {
  it('tells health and readiness, and nothing to other names', async () => {
    await using both = await startBoth(parties, undefined, { admin: {} })
    const { adminUrl = '' } = both.proxy
    const ask = async (path: string, init?: RequestInit) => {
      const response = await fetch(`${adminUrl}${path}`, init)
      return [response.status, await response.text()]
    }
    expect(await ask('/healthz')).toEqual([200, 'ok\n'])
    expect(await ask('/readyz?verbose')).toEqual([200, 'ready\n'])
    expect(await ask('/healthz', { method: 'HEAD' })).toEqual([200, ''])
    expect(await ask('/metrics', { method: 'POST' })).toEqual([405, 'method not allowed\n'])
    expect((await ask('/'))[0]).toBe(404)
    const port = Number(new URL(adminUrl).port)
    const foreign = message(port, 'GET /metrics').replace('127.0.0.1', 'evil.example')
    expect(statusOf(await raw(port, foreign))).toBe(421)
    // And the first one has none of this.
    expect(await (await fetch(`${both.proxy.url}/metrics`)).text()).toContain('"url":"/metrics"')
  })

  it('says that it is not ready while the proxy ends', async () => {
    let held: ServerResponse | undefined
    await using both = await startBoth(
      parties,
      (_request, response) => {
        held = response
      },
      { admin: {} },
    )
    const answer = fetch(both.proxy.url).then((response) => response.text())
    await until(() => held !== undefined)
    const stopped = both.proxy.stop()
    expect((await fetch(`${both.proxy.adminUrl}/readyz`)).status).toBe(503)
    expect((await fetch(`${both.proxy.adminUrl}/healthz`)).status).toBe(200)
    held?.end('done')
    expect(await answer).toBe('done')
    await stopped
  })

  it('gives figures as Prometheus wants them', async () => {
    const handler: RequestListener = (request, response) => {
      if (request.url === '/gone') request.socket.destroy()
      else response.writeHead(request.url === '/404' ? 404 : 200).end('12345')
    }
    await using both = await startBoth(parties, handler, {
      admin: {},
      allowedPaths: ['/ok', '/404', '/gone'],
    })
    const answers = await Promise.all(
      ['/ok', '/ok', '/404', '/forbidden'].map((path) => fetch(`${both.proxy.url}${path}`)),
    )
    await Promise.all(answers.map((each) => each.text()))
    await fetch(`${both.proxy.url}/gone`, { method: 'POST' })
    const response = await fetch(`${both.proxy.adminUrl}/metrics`)
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    const samples = parsed(await response.text())
    const value = (name: string) => samples.get(`sealkit_proxy_${name}`)
    expect(value('requests_total{status="200"}')).toBe(2)
    expect(value('requests_total{status="404"}')).toBe(1)
    expect(value('requests_total{status="403"}')).toBe(1)
    expect(value('requests_total{status="502"}')).toBe(1)
    expect(value('failures_total{phase="http"}') ?? value('failures_total{phase="client-certificate"}')).toBe(
      1,
    )
    expect(value('request_duration_seconds_count')).toBe(5)
    expect(value('request_duration_seconds_bucket{le="+Inf"}')).toBe(5)
    expect(value('response_bytes_total')).toBe(15)
    expect(value('requests_in_flight')).toBe(0)
    expect(value('ready')).toBe(1)
    expect(value('client_certificate_not_after_timestamp_seconds')).toBe(
      parties.alice.certificate.notAfter.getTime() / 1000,
    )
  })
})

/** A strict reader of the text format: HELP, then TYPE, then the samples of that name alone; buckets that never fall. */
function parsed(text: string): Map<string, number> {
  expect(text.endsWith('\n')).toBe(true)
  const samples = new Map<string, number>()
  const types = new Map<string, string>()
  let name = ''
  let bucket = 0
  for (const line of text.trimEnd().split('\n')) {
    const help = /^# HELP ([a-z_:][a-z0-9_:]*) \S.*$/.exec(line)
    const type = /^# TYPE ([a-z_:][a-z0-9_:]*) (counter|gauge|histogram)$/.exec(line)
    if (help !== null) {
      name = help[1] ?? ''
      expect(types.has(name), line).toBe(false)
      bucket = 0
      continue
    }
    if (type !== null) {
      expect(type[1], line).toBe(name)
      types.set(name, type[2] ?? '')
      continue
    }
    const sample = /^([a-z_:][a-z0-9_:]*)(\{[a-z]+="[^"\\\n]*"\})? (\S+)$/.exec(line)
    expect(sample, line).not.toBeNull()
    const [, own = '', labels = '', value = ''] = sample ?? []
    const kind = types.get(name)
    const bare = kind === 'histogram' ? own.replace(/_(bucket|sum|count)$/, '') : own
    expect(bare, line).toBe(name)
    if (kind === 'counter') expect(name, line).toMatch(/_total$/)
    expect(Number.isFinite(Number(value)), line).toBe(true)
    if (own.endsWith('_bucket')) {
      expect(Number(value), line).toBeGreaterThanOrEqual(bucket)
      bucket = Number(value)
    }
    expect(samples.has(own + labels), line).toBe(false)
    samples.set(own + labels, Number(value))
  }
  return samples
}

it('the log has a line of JSON for each request: no query, no fields, no bodies', async () => {
  const lines: string[] = []
  const options = {
    accessLog: (line: string) => void lines.push(line),
    callerSecret: 'correct-horse-battery',
  }
  await using both = await startBoth(parties, undefined, options)
  const headers = { authorization: 'Bearer correct-horse-battery', 'x-secret': 'hidden' }
  await (await fetch(`${both.proxy.url}/a%0Ab?token=hidden`, { headers })).text()
  await (await fetch(`${both.proxy.url}/v1?token=hidden`, { method: 'POST', headers, body: 'hidden' })).text()
  await raw(both.port, message(both.port, 'GET http://user:hidden@x/path?hidden'))
  await until(() => lines.length === 3)
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { method: 'GET', path: '/a%0Ab', status: 400, remote: '127.0.0.1', time: expect.stringMatching(/Z$/) },
    { method: 'POST', path: '/v1', status: 200, bytes: expect.any(Number), milliseconds: expect.any(Number) },
    { method: 'GET', path: null, status: 401 },
  ])
  for (const line of lines) expect(line).not.toMatch(/\n|hidden|correct-horse/)
})

it('a log that throws ends no request', async () => {
  const accessLog = () => {
    throw new Error('disk full')
  }
  const warned = once(process, 'warning')
  await using both = await startBoth(parties, undefined, { accessLog })
  expect((await fetch(both.proxy.url)).status).toBe(200)
  expect(String((await warned)[0])).toContain('disk full')
})

it('speaks TLS with callers that want it', async () => {
  const { cert, key } = parties.server
  await using both = await startBoth(parties, undefined, { tls: { cert, key } })
  expect(both.proxy.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/)
  await using http = createTransport({ ca: Buffer.from(parties.authority.ca), proxy: 'none' })
  expect(await (await http.fetch(`${both.proxy.url}/tls`)).json()).toMatchObject({
    url: '/tls',
    client: 'alice',
  })
})

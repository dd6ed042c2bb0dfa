import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type ClearstreamSimulator, startClearstreamSimulator } from '../../../apps/simulator/index.ts'
import {
  type ClearstreamClient,
  type ClearstreamOptions,
  clearstreamClient,
  findClearstreamCredentials,
} from '../../../src/auth/index.ts'
import { SealkitError } from '../../../src/errors.ts'
import { createTransport, type HttpTransport, type TraceEvent } from '../../../src/http/index.ts'
import { describeWith, tempDir } from '../../support/tools.ts'

const USER = 'a000012345_00012345'
const PASSWORD = 'correct horse & "battery"'
const P12_PASSWORD = 'p12 pass word'

let simulator: ClearstreamSimulator
let pem: string
const p12 = new Map<string, Uint8Array>()
const transports: HttpTransport[] = []
let trace: TraceEvent[] = []
beforeAll(async () => {
  simulator = await startClearstreamSimulator()
  simulator.addConsumer({ username: USER, password: PASSWORD })
  const issued = await simulator.issueConsumer(USER, { keyType: 'RSA-2048' })
  pem = issued.pem
  for (const profile of ['modern', 'legacy'] as const)
    p12.set(profile, await issued.p12(P12_PASSWORD, profile))
})
afterAll(async () => {
  for (const http of transports) await http[Symbol.asyncDispose]()
  await simulator[Symbol.asyncDispose]()
})
beforeEach(() => {
  trace = []
  for (const fault of Object.keys(simulator.faults))
    delete (simulator.faults as Record<string, unknown>)[fault]
})

function transport(certificate: string | Uint8Array, password?: string): HttpTransport {
  const http = createTransport({
    ca: Buffer.from(simulator.ca),
    credential: { certificate, password },
    proxy: 'none',
    retries: 0,
    trace: (event) => trace.push(event),
  })
  transports.push(http)
  return http
}

function client(options: Partial<ClearstreamOptions> = {}): ClearstreamClient {
  const given = { url: simulator.url, username: USER, password: PASSWORD, ...options }
  return clearstreamClient({ ...given, http: given.http ?? transport(pem) })
}

async function errorOf(promise: Promise<unknown>): Promise<SealkitError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof SealkitError)) throw new Error('no SealkitError', { cause: error })
  expect(error.hint).toMatch(/^[a-z]/)
  expectNoSecretIn(inspect(error, { depth: 12 }), JSON.stringify({ ...error, message: error.message }))
  return error
}

/** Passwords in any form, and whatever looks like a JWT. */
function expectNoSecretIn(...texts: string[]): void {
  const all = [...texts, JSON.stringify(trace)].join('\n')
  const key = pem.split('\n').at(-3) ?? ''
  for (const secret of ['battery', 'p12 pass', 'eyJ', key]) expect(all).not.toContain(secret)
}

async function wholeStory(http: HttpTransport): Promise<void> {
  const clearstream = client({ http })
  const token = await clearstream.token()
  expect(token.scope).toBe('allow ocapi-playground-v1')
  expect(clearstream.claims(token)).toMatchObject({ verified: false, subject: USER })
  expect(await clearstream.info()).toMatchObject({ version: '1.221101XP.12' })
  expect(await clearstream.echo('Hello World')).toMatchObject({ json: { value: 'Hello World' } })
  expect(trace.length).toBeGreaterThan(0)
  expectNoSecretIn(inspect(token), JSON.stringify(token))
}

describe('from credentials to the first call', () => {
  it('by PEM', () => wholeStory(transport(pem)))
  it.each(['modern', 'legacy'])('by PKCS#12, %s', (profile) =>
    wholeStory(transport(p12.get(profile) ?? '', P12_PASSWORD)),
  )

  it('by the files that Xact gives out', async () => {
    const folder = tempDir()
    writeFileSync(join(folder, `ocapi-${USER}-ssl.pem`), pem, { mode: 0o600 })
    writeFileSync(join(folder, `ocapi-${USER}-cacert.pem`), simulator.ca)
    const { tls, ca, username, warnings } = await findClearstreamCredentials(folder)
    expect(warnings).toEqual([])
    await using http = createTransport({
      ca: ca ?? 'system',
      credential: { certificate: tls },
      proxy: 'none',
    })
    expect(await client({ http, username }).info()).toMatchObject({ version: '1.221101XP.12' })
  })

  it('with TLS 1.2', async () => {
    await simulator.restart({ tls: '1.2' })
    await wholeStory(transport(pem))
    delete simulator.faults.tls
    await simulator.restart()
  })

  describeWith('openssl', 'by PKCS#12 of OpenSSL', () => {
    it.each([[], ['-legacy']])('with %j', async (...options) => {
      const folder = tempDir()
      const file = (name: string) => join(folder, name)
      writeFileSync(file('ssl.pem'), pem, { mode: 0o600 })
      writeFileSync(file('password'), P12_PASSWORD, { mode: 0o600 })
      const args = ['pkcs12', '-export', '-in', file('ssl.pem'), '-out', file('ssl.p12')]
      const made = spawnSync('openssl', [...args, '-passout', `file:${file('password')}`, ...options.flat()])
      expect(String(made.stderr)).toBe('')
      await wholeStory(transport(readFileSync(file('ssl.p12')), P12_PASSWORD))
    })
  })
})

describe('tokens', () => {
  it('are verified with the platform’s keys', async () => {
    const token = await client({ jwks: new URL(simulator.jwksUrl) }).token()
    expect(token.scope).toBe('allow ocapi-playground-v1')
    const page = new URL('/.well-known/openid-configuration', simulator.url)
    expect(await errorOf(client({ jwks: page }).token())).toMatchObject({ code: 'ERR_AUTH_RESPONSE' })
  })

  it.each([
    ['rotate', ['refresh_token', 'refresh_token']],
    ['keep', ['refresh_token', 'refresh_token']],
    ['single-use', ['refresh_token', 'refresh_token']],
    ['none', ['password', 'password']],
  ] as const)('where refresh tokens are: %s', async (refreshTokens, grants) => {
    simulator.faults.refreshTokens = refreshTokens
    const sent: unknown[] = []
    const http = transport(pem)
    const spy = {
      certificate: undefined as typeof http.certificate,
      ready: async () => {
        await http.ready()
        spy.certificate = http.certificate
      },
      fetch: (async (input, init) => {
        sent.push(new URLSearchParams(String(init?.body)).get('grant_type'))
        return await http.fetch(input, init)
      }) as typeof fetch,
    }
    const clearstream = client({ http: spy })
    const before = await clearstream.token()
    const second = await clearstream.token({ fresh: true })
    const third = await clearstream.token({ fresh: true })
    expect(sent).toEqual(['password', ...grants])
    expect(new Set([before, second, third].map(({ accessToken }) => accessToken)).size).toBe(3)
  })

  it('that were revoked lead to a new one once, refresh tokens too', async () => {
    const clearstream = client()
    await clearstream.info()
    simulator.revokeTokens()
    expect(await clearstream.info()).toMatchObject({ version: '1.221101XP.12' })
  })

  it.each([-7200, 7200])('hold where the server’s clock is off by %i seconds', async (clockSkew) => {
    simulator.faults.clockSkew = clockSkew
    const clearstream = client()
    const token = await clearstream.token()
    expect(Math.abs(token.issuedAt.getTime() - Date.now())).toBeLessThan(60_000)
    expect(await clearstream.info()).toMatchObject({ version: '1.221101XP.12' })
  })
})

describe('what is refused', () => {
  it('a wrong password, once', async () => {
    const before = simulator.requests.length
    const clearstream = client({ password: `${PASSWORD}!` })
    expect(await errorOf(clearstream.token())).toMatchObject({ code: 'ERR_AUTH_REFUSED', status: 403 })
    expect(await errorOf(clearstream.info())).toMatchObject({ code: 'ERR_AUTH_BLOCKED' })
    expect(simulator.requests.length).toBe(before + 1)
    expect(simulator.refusals.at(-1)).toBe('unknown user or wrong password')
  })

  it('another user than that of the certificate, after a warning', async () => {
    const warnings: string[] = []
    const { pem: other } = await simulator.issueConsumer('other_user')
    const clearstream = client({ http: transport(other), onWarning: (warning) => warnings.push(warning) })
    expect(await errorOf(clearstream.token())).toMatchObject({ code: 'ERR_AUTH_REFUSED' })
    expect(warnings).toEqual([expect.stringContaining('the client certificate is for other_user')])
    expect(simulator.refusals.at(-1)).toBe('certificate of another user')
  })

  it('scopes that are not granted', async () => {
    const error = await errorOf(client({ scope: 'allow ocapi-reporting-v1' }).token())
    expect(error).toMatchObject({ code: 'ERR_AUTH_SCOPE', validScopes: ['allow', 'ocapi-playground-v1'] })
  })

  it('a call without its scopes', async () => {
    const error = await errorOf(client().call('GET', '/reporting/v1/positions'))
    expect(error).toMatchObject({
      code: 'ERR_AUTH_FORBIDDEN',
      requiredScopes: ['allow', 'ocapi-reporting-v1', 'ocapi-reporting-admin-v1'],
    })
  })

  it('a call with a token of another user', async () => {
    const { pem: other } = await simulator.issueConsumer('other_user')
    const http = transport(pem)
    const token = await client({ http }).token()
    const stolen = await transport(other).fetch(`${simulator.url}/playground/v1/info`, {
      headers: { authorization: `Bearer ${token.accessToken}` },
    })
    expect(stolen.status).toBe(403)
    expectNoSecretIn()
  })

  it.each([
    [{ maintenance: true }, 'ERR_AUTH_MAINTENANCE'],
    [{ rateLimited: { retryAfter: 60 } }, 'ERR_AUTH_RATE_LIMITED'],
    [{ malformedJson: true }, 'ERR_AUTH_RESPONSE'],
    // TLS 1.3: a server that refuses the certificate closes a new connection in the same way.
    [{ drop: 'before-answer' as const }, /ERR_HTTP_CLIENT_CERTIFICATE|ERR_HTTP_CLOSED/],
    [{ drop: 'in-body' as const }, 'ERR_HTTP_CLOSED'],
    [{ hugeAnswer: true }, 'ERR_AUTH_RESPONSE'],
  ])('%j, at the login and at a call', async (faults, code) => {
    Object.assign(simulator.faults, faults)
    expect((await errorOf(client().token())).code).toMatch(code)
    Object.assign(simulator.faults, { paths: ['/playground'] })
    expect((await errorOf(client().info())).code).toMatch(code)
  })
})

/** The doctor against each fault of Clearstream's simulator: the first step that fails names the true cause. */
import { once } from 'node:events'
import { chmodSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { DoctorReport } from '../../../apps/doctor/index.ts'
import { startConnectProxy } from '../../../apps/simulator/proxy/connect-proxy.ts'
import { memoryTokenStore } from '../../../src/auth/store/memory-store.ts'
import { type Bench, expectNoSecret, outcomes, PASSWORD, startBench, USER } from './support/clearstream.ts'

let bench: Bench

beforeAll(async () => {
  bench = await startBench()
}, 60_000)
afterAll(() => bench[Symbol.asyncDispose]())
afterEach(async () => {
  const { faults } = bench.simulator
  const isOfTls = faults.tls !== undefined || faults.serverCertificate !== undefined
  for (const name of Object.keys(faults)) delete (faults as Record<string, unknown>)[name]
  if (isOfTls) await bench.simulator.restart()
})

/** The first step that failed; all before it passed, and whatever rests on it was skipped. */
function expectCause(report: DoctorReport, name: string, code: string | undefined, ...words: RegExp[]): void {
  const { firstFailure, steps } = report
  const told = steps.map((step) => `${step.outcome} ${step.name}: ${step.seen.join('; ')}`).join('\n')
  expect({ name: firstFailure?.name, code: firstFailure?.code }, told).toEqual({ name, code })
  const text = [...(firstFailure?.seen ?? []), firstFailure?.todo].join('\n')
  for (const word of words) expect(text).toMatch(word)
  expect(firstFailure?.todo ?? '').not.toBe('')
}

const logins = () => bench.simulator.requests.filter(({ path }) => path.endsWith('/access_token')).length

/** What the doctor finds where the password is not sent. */
async function withoutLogin(examining: Promise<DoctorReport>): Promise<DoctorReport> {
  const before = logins()
  const report = await examining
  expect(logins()).toBe(before)
  return report
}

describe('all is well', () => {
  test('every step passes, in order, with one login and one call', async () => {
    const before = logins()
    const report = await bench.examine()
    expect(report.verdict).toBe('pass')
    expect(Object.keys(outcomes(report))).toEqual([
      ...['configuration', 'files', 'key', 'certificate-expiry', 'client-chain', 'user-name', 'ca-bundle'],
      ...['proxy', 'name', 'tcp', 'tls', 'server-certificate', 'client-certificate', 'answer', 'clock'],
      ...['token', 'token-subject', 'scopes', 'api'],
    ])
    expect(new Set(Object.values(outcomes(report)))).toEqual(new Set(['pass']))
    expect(logins()).toBe(before + 1)
    const [chain] = report.steps.filter(({ name }) => name === 'server-certificate')
    expect(chain?.seen.join('\n')).toMatch(/root: .*test root of servers: in the bundle/)
  })

  test('a token that is kept does not stand for the login', async () => {
    const store = memoryTokenStore()
    const before = logins()
    await bench.examine({}, { store })
    await bench.examine({}, { store })
    expect(logins()).toBe(before + 2)
    expect((await store.list())[0]?.token?.accessToken).toMatch(/^eyJ/)
  })

  test('without a login it ends before it', async () => {
    const report = await withoutLogin(bench.examine({}, { login: false }))
    expect(report.verdict).toBe('pass')
    expect(outcomes(report)).toMatchObject({ clock: 'pass', token: 'skipped', api: 'skipped' })
  })

  test('the client CA validates the own certificate', async () => {
    const good = await bench.examine(
      {},
      { login: false, clientCa: bench.put('client-ca.pem', bench.simulator.clientCa) },
    )
    expect(good.steps.find(({ name }) => name === 'client-chain')?.seen[0]).toMatch(/valid by the client CA/)
    const other = await bench.examine(
      {},
      { login: false, clientCa: bench.put('other-ca.pem', bench.simulator.ca) },
    )
    expect(outcomes(other)).toMatchObject({ 'client-chain': 'warning', token: 'skipped' })
  })

  test('TLS 1.2 alone passes, and is said', async () => {
    await bench.simulator.restart({ tls: '1.2' })
    const report = await bench.examine()
    expect(report.verdict).toBe('pass')
    expect(report.steps.find(({ name }) => name === 'tls')?.seen.join()).toMatch(
      /TLS 1\.2.*1\.3 is not spoken/,
    )
  })

  test.each(['rotate', 'single-use', 'keep', 'none'] as const)(
    'refresh tokens: %s',
    async (refreshTokens) => {
      bench.simulator.faults.refreshTokens = refreshTokens
      const store = memoryTokenStore()
      for (let i = 0; i < 2; i++) expect((await bench.examine({}, { store })).verdict).toBe('pass')
    },
  )
})

describe('on this machine', () => {
  test('a setting that is missing', async () => {
    expectCause(
      await bench.examine({ credentials: undefined }),
      'configuration',
      'ERR_CONFIG_MISSING',
      /certificate or credentials/,
    )
  })

  test('a configuration that cannot be read', async () => {
    const { loadProfile } = await import('../../../src/config/index.ts')
    const file = bench.put('broken.toml', '[profiles.x')
    expectCause(
      await bench.examine({}, { load: () => loadProfile({ file, env: {} }) }),
      'configuration',
      'ERR_CONFIG_MALFORMED',
    )
  })

  test('the portal in place of the API', async () => {
    expectCause(
      await bench.examine({ url: 'https://xact.clearstream.com' }),
      'configuration',
      'ERR_HTTP_URL',
      /api\.clearstream\.com/,
    )
  })

  test('a file that is not there', async () => {
    expectCause(
      await bench.examine({ 'password-file': join(bench.folder, 'nowhere') }),
      'files',
      'ERR_CONFIG_SETTING',
      /setting password: .*nowhere/,
    )
  })

  test('files that others can read are a warning', async () => {
    const path = join(bench.folder, `keystores/ocapi-${USER}-ssl.pem`)
    chmodSync(path, 0o644)
    const report = await bench.examine()
    chmodSync(path, 0o600)
    expect(report.verdict).toBe('warning')
    expect(report.steps[1]).toMatchObject({
      name: 'files',
      outcome: 'warning',
      todo: expect.stringContaining('chmod 600'),
    })
  })

  test('so is a certificate file that others can read, where the key is in it', async () => {
    const { pem } = await bench.simulator.issueConsumer(USER)
    const certificate = bench.put('open-ssl.pem', pem, 0o644)
    const ca = [bench.put('ca.pem', bench.simulator.ca)]
    const settings = { credentials: undefined, username: USER, certificate, ca }
    const report = await bench.examine(settings, { login: false })
    expect(report.steps[1]).toMatchObject({ name: 'files', outcome: 'warning' })
    expect(report.steps[1]?.seen.join()).toContain('the key is in it')
  })

  test('a key that is not for the certificate', async () => {
    const [one, other] = [
      await bench.simulator.issueConsumer(USER),
      await bench.simulator.issueConsumer(USER),
    ]
    const settings = { credentials: undefined, username: USER, ca: bench.put('ca.pem', bench.simulator.ca) }
    const files = {
      certificate: bench.put('cert.pem', one.certificatePem),
      key: bench.put('key.pem', other.keyPem),
    }
    expectCause(
      await withoutLogin(bench.examine({ ...settings, ...files })),
      'key',
      'ERR_CREDENTIAL_KEY_MISMATCH',
    )
  })

  test('a CA bundle without any authority', async () => {
    const ca = bench.put('leaf.pem', (await bench.simulator.issueConsumer(USER)).certificatePem)
    expectCause(await bench.examine({ ca: [ca] }), 'ca-bundle', 'ERR_PATH_TRUST_STORE')
  })

  test('a CA bundle without DigiCert is a warning for Clearstream’s own servers', async () => {
    const report = await bench.examine({ url: undefined, proxy: 'http://127.0.0.1:1' }, { login: false })
    expect(report.steps.find(({ name }) => name === 'ca-bundle')).toMatchObject({ outcome: 'warning' })
    expectCause(report, 'proxy', 'ERR_HTTP_PROXY')
  })

  test('an expired client certificate', async () => {
    const { pem } = await bench.simulator.issueConsumer(USER, { expired: true })
    const report = await withoutLogin(bench.examine(withCredential(pem)))
    expectCause(report, 'certificate-expiry', 'ERR_AUTH_CERTIFICATE', /expired on/, /Xact/)
  })

  test('a client certificate that ends soon', async () => {
    const { pem } = await bench.simulator.issueConsumer(USER, { days: 20 })
    const report = await bench.examine(withCredential(pem))
    expect(report.verdict).toBe('warning')
    expect(outcomes(report)).toMatchObject({ 'certificate-expiry': 'warning', api: 'pass' })
  })

  test('a client certificate of another user', async () => {
    const { pem } = await bench.simulator.issueConsumer(USER, { commonName: 'b000099999_00099999' })
    const report = await withoutLogin(bench.examine(withCredential(pem)))
    expectCause(
      report,
      'user-name',
      'ERR_CREDENTIAL_KEY_MISMATCH',
      /b000099999_00099999.*a000012345_00012345/,
    )
  })

  const withCredential = (pem: string) => ({
    credentials: undefined,
    username: USER,
    certificate: bench.put('other-ssl.pem', pem),
    ca: [bench.put('ca.pem', bench.simulator.ca)],
  })
})

describe('on the way', () => {
  test('a name that nobody knows', async () => {
    expectCause(
      await bench.examine({ url: 'https://nowhere.invalid' }),
      'name',
      'ERR_HTTP_DNS',
      /nowhere\.invalid/,
    )
  })

  test('a port where nobody listens', async () => {
    const closed = await closedPort()
    expectCause(await bench.examine({ url: `https://localhost:${closed}` }), 'tcp', 'ERR_HTTP_CONNECT')
  })

  test('a server that speaks no TLS', async () => {
    const plain = createServer((socket) => {
      socket.on('error', () => {})
      socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')
    })
    plain.listen(0, '127.0.0.1')
    await once(plain, 'listening')
    const { port } = plain.address() as AddressInfo
    expectCause(await bench.examine({ url: `https://localhost:${port}` }), 'tls', 'ERR_HTTP_TLS', /TLS/)
    plain.close()
  })

  test('through a proxy all is well too', async () => {
    await using proxy = await startConnectProxy()
    const report = await bench.examine({ proxy: proxy.url })
    expect(report.verdict).toBe('pass')
    const seen = report.steps.find(({ name }) => name === 'proxy')?.seen.join()
    expect(seen).toContain(new URL(proxy.url).host)
    expect(seen).toContain('--proxy')
    // No tunnel is left open behind it.
    while (proxy.open > 0) await sleep(10)
  })

  test('a proxy that is down', async () => {
    const closed = await closedPort()
    expectCause(await bench.examine({ proxy: `http://127.0.0.1:${closed}` }), 'proxy', 'ERR_HTTP_PROXY')
  })

  test('a proxy that wants a password, and one that refuses it', async () => {
    await using proxy = await startConnectProxy({ username: 'jane', password: 'right' })
    expectCause(
      await bench.examine({ proxy: proxy.url }),
      'proxy',
      'ERR_HTTP_PROXY_AUTH',
      /wants a name and password/,
    )
    const secret = 'wrong proxy password'
    const settings = {
      proxy: proxy.url,
      'proxy-username': 'jane',
      'proxy-password-file': bench.put('proxy-password', secret),
    }
    const report = await bench.examine(settings)
    expectCause(report, 'proxy', 'ERR_HTTP_PROXY_AUTH', /refuses/)
    expectNoSecret(JSON.stringify(report.steps), secret)
  })

  test.each([
    ['hangs', { hang: true }, 'ERR_HTTP_TIMEOUT'],
    ['drops connections', { drop: true }, 'ERR_HTTP_PROXY'],
    ['speaks no HTTP', { garbage: true }, 'ERR_HTTP_PROXY'],
    ['cannot reach the server', { badGateway: true }, 'ERR_HTTP_PROXY'],
  ])('a proxy that %s', async (_, faults, code) => {
    await using proxy = await startConnectProxy({ faults })
    expectCause(await bench.examine({ proxy: proxy.url, timeout: '1' }), 'proxy', code)
    expect(proxy.attempts).toBe(1)
  })
})

describe('the server', () => {
  test.each([
    ['expired', /expired/],
    ['wrong-name', /other\.example/],
    ['unknown-root', /an authority of that name with another key/],
    ['missing-intermediate', /without the intermediate that issued it \(.*test issuer of servers\)/],
  ] as const)('its certificate: %s', async (serverCertificate, words) => {
    await bench.simulator.restart({ serverCertificate })
    const report = await withoutLogin(bench.examine())
    expectCause(report, 'server-certificate', 'ERR_HTTP_SERVER_CERTIFICATE', words)
    expect(outcomes(report)).toMatchObject({ tls: 'pass', 'client-certificate': 'skipped', token: 'skipped' })
  })

  test('its root is not in the CA bundle', async () => {
    const ca = [bench.put('other-root.pem', bench.simulator.clientCa)]
    const report = await withoutLogin(bench.examine({ ca }))
    const words = /add to the CA bundle: .*test root of servers/
    expectCause(report, 'server-certificate', 'ERR_HTTP_SERVER_CERTIFICATE', words)
  })

  test.each([undefined, '1.2'] as const)(
    'a client certificate that it does not know (TLS %s)',
    async (tls) => {
      await bench.simulator.restart({ tls })
      await using other = await startBench()
      const { pem } = await other.simulator.issueConsumer(USER)
      const settings = { credentials: undefined, username: USER, certificate: bench.put('foreign.pem', pem) }
      const report = await withoutLogin(
        bench.examine({ ...settings, ca: [bench.put('ca.pem', bench.simulator.ca)] }),
      )
      expectCause(report, 'client-certificate', 'ERR_HTTP_CLIENT_CERTIFICATE')
    },
  )

  test('one that does not ask for a client certificate', async () => {
    const moex = await import('../../../apps/simulator/moex/moex-simulator.ts')
    await using other = await moex.startMoexSimulator()
    const settings = { url: other.url, ca: [bench.put('other-root.pem', other.ca)] }
    const report = await bench.examine(settings, { login: false })
    expect(outcomes(report)).toMatchObject({ 'client-certificate': 'warning' })
  })

  test('under maintenance', async () => {
    bench.simulator.faults.maintenance = true
    expectCause(await withoutLogin(bench.examine()), 'answer', 'ERR_AUTH_MAINTENANCE')
  })

  test('too many requests', async () => {
    bench.simulator.faults.rateLimited = { retryAfter: 30 }
    expectCause(await withoutLogin(bench.examine()), 'answer', 'ERR_AUTH_RATE_LIMITED')
  })

  test('too slow', async () => {
    bench.simulator.faults.slow = { milliseconds: 20_000 }
    expectCause(await withoutLogin(bench.examine({ timeout: '1' })), 'answer', 'ERR_HTTP_TIMEOUT')
  })

  test('slow in the body', async () => {
    bench.simulator.faults.slow = { milliseconds: 20_000, where: 'body' }
    expectCause(await withoutLogin(bench.examine({ timeout: '1' })), 'answer', 'ERR_HTTP_TIMEOUT')
  })

  test('dropping requests is no refused certificate', async () => {
    bench.simulator.faults.drop = 'before-answer'
    const report = await withoutLogin(bench.examine())
    expectCause(report, 'answer', 'ERR_HTTP_CLOSED', /drops the request/)
    expect(outcomes(report)).toMatchObject({ 'client-certificate': 'pass' })
  })

  test('dropping answers', async () => {
    bench.simulator.faults.drop = 'in-body'
    expectCause(await withoutLogin(bench.examine()), 'answer', 'ERR_HTTP_CLOSED')
  })

  test.each([
    [3600, 'fail', /1 hours|60 minutes/, 'behind'],
    [-3600, 'fail', /60 minutes/, 'ahead'],
    [120, 'warning', /2 minutes/, 'behind'],
  ] as const)('a clock that is off by %i s', async (clockSkew, outcome, words, where) => {
    bench.simulator.faults.clockSkew = clockSkew
    const report = await bench.examine()
    const step = report.steps.find(({ name }) => name === 'clock')
    expect(step).toMatchObject({ outcome })
    expect(step?.seen.join()).toMatch(words)
    expect(step?.seen.join()).toContain(where)
    expect(report.firstFailure?.name).toBe(outcome === 'fail' ? 'clock' : undefined)
  })
})

describe('the login', () => {
  test.each([
    ['maintenance there alone', { maintenance: true }, 'ERR_AUTH_MAINTENANCE'],
    ['malformed JSON', { malformedJson: true }, 'ERR_AUTH_RESPONSE'],
    ['an answer without end', { hugeAnswer: true }, 'ERR_AUTH_RESPONSE'],
    ['a dropped answer', { drop: 'in-body' }, 'ERR_HTTP_CLOSED'],
  ] as const)('%s', async (_, faults, code) => {
    Object.assign(bench.simulator.faults, faults, { paths: ['/authmanager'] })
    expectCause(await bench.examine(), 'token', code)
  })

  test('a wrong password is sent once, and then no more', async () => {
    const store = memoryTokenStore()
    const wrong = 'wrong: Tr0ub4dor&3'
    const settings = { 'password-file': bench.put('wrong', wrong) }
    const before = logins()
    const report = await bench.examine(settings, { store })
    expectCause(report, 'token', 'ERR_AUTH_REFUSED', /the password/, /audit log/)
    expectNoSecret(JSON.stringify(report.steps), wrong)
    expect(logins()).toBe(before + 1)
    expectCause(await bench.examine(settings, { store }), 'token', 'ERR_AUTH_BLOCKED', /was refused/)
    expect(logins()).toBe(before + 1)
  })

  test('a refused login leaves the token that is kept', async () => {
    const store = memoryTokenStore()
    await bench.examine({}, { store })
    const [kept] = await store.list()
    await bench.examine({ 'password-file': bench.put('wrong', 'wrong password') }, { store })
    const [after] = await store.list()
    expect(after?.token?.accessToken).toBe(kept?.token?.accessToken)
    expect(after?.refusal?.code).toBe('ERR_AUTH_REFUSED')
  })

  test('a scope that is not granted', async () => {
    const report = await bench.examine({ scope: 'allow ocapi-reporting-v1' })
    expectCause(report, 'token', 'ERR_AUTH_SCOPE', /ocapi-playground-v1/)
  })

  test('a token without the playground is not called with', async () => {
    bench.simulator.addConsumer({
      username: USER,
      password: PASSWORD,
      scopes: ['allow', 'ocapi-reporting-v1'],
    })
    const report = await bench.examine({ scope: 'allow ocapi-reporting-v1' })
    bench.simulator.addConsumer({ username: USER, password: PASSWORD })
    expect(outcomes(report)).toMatchObject({ scopes: 'pass', api: 'skipped' })
    expect(report.verdict).toBe('pass')
  })

  test.each([
    ['maintenance', { maintenance: true }, 'ERR_AUTH_MAINTENANCE'],
    ['malformed JSON', { malformedJson: true }, 'ERR_AUTH_RESPONSE'],
  ] as const)('the API alone: %s', async (_, faults, code) => {
    Object.assign(bench.simulator.faults, faults, { paths: ['/playground'] })
    expectCause(await bench.examine(), 'api', code)
  })
})

test('an abort ends it with the reason, whatever it is at', async () => {
  bench.simulator.faults.slow = { milliseconds: 20_000 }
  const controller = new AbortController()
  const reason = new Error('enough')
  const seen: string[] = []
  const examining = bench.examine(
    {},
    {
      signal: controller.signal,
      onStart: ({ name }) => {
        seen.push(name)
        if (name === 'client-certificate') setTimeout(() => controller.abort(reason), 100)
      },
    },
  )
  await expect(examining).rejects.toBe(reason)
  expect(seen.at(-1)).toBe('client-certificate')
})

/** A port that was free a moment ago. */
async function closedPort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

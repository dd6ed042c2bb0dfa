/** Through a company's proxy: http and https, with Basic, by option and environment, NO_PROXY, and each of its faults. */
import { join } from 'node:path'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { type ConnectProxy, type ProxyFaults, startConnectProxy } from '../../apps/simulator/index.ts'
import { build } from '../../scripts/build.mjs'
import { clearstreamClient } from '../../src/auth/index.ts'
import { createTransport } from '../../src/http/index.ts'
import {
  byCommand,
  byLibrary,
  clearstreamPlatform,
  expectFailure,
  expectSuccess,
  type Platform,
  startPlatform,
  USER,
} from './support/rig.ts'
import { PASSWORD, PROXY_PASSWORD, watchIssuedTokens } from './support/secrets.ts'

beforeAll(async () => {
  watchIssuedTokens()
  await build()
}, 300_000)
afterEach(() => vi.unstubAllEnvs())

const BASIC = { username: 'corporate user', password: PROXY_PASSWORD }

/** The options of a profile for a proxy. */
function options(proxy: ConnectProxy, { folder, put }: Platform): Record<string, string> {
  put('proxy-password', PROXY_PASSWORD)
  return {
    proxy: proxy.url,
    'proxy-username': BASIC.username,
    'proxy-password-file': join(folder, 'proxy-password'),
  }
}

/** As it stands in HTTPS_PROXY. */
function variable(proxy: ConnectProxy): string {
  const url = new URL(proxy.url)
  url.username = encodeURIComponent(BASIC.username)
  url.password = encodeURIComponent(BASIC.password)
  return url.href
}

/** Variables of a process; the library looks at its own. */
function stub(env: Readonly<Record<string, string>>): void {
  for (const name of ['https_proxy', 'all_proxy', 'no_proxy', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY']) {
    vi.stubEnv(name, env[name] ?? '')
  }
}

describe.each(['moex', 'clearstream'] as const)('%s', (name) => {
  it('by options, with name and password', async () => {
    await using proxy = await startConnectProxy(BASIC)
    await using platform = await startPlatform(name)
    const settings = options(proxy, platform)
    expectSuccess(await byLibrary(platform, { settings }))
    expect(proxy.tunnels).toBeGreaterThan(0)
    const before = proxy.tunnels
    expectSuccess(await byCommand(platform, { settings }))
    expect(proxy.tunnels).toBeGreaterThan(before)
  })

  it.each(['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY'])('by %s', async (variableName) => {
    await using proxy = await startConnectProxy(BASIC)
    await using platform = await startPlatform(name)
    const env = { [variableName]: variable(proxy) }
    const settings = { proxy: 'environment' }
    stub(env)
    expectSuccess(await byLibrary(platform, { settings }))
    expect(proxy.tunnels).toBeGreaterThan(0)
    const before = proxy.tunnels
    if (variableName === 'HTTPS_PROXY') {
      expectSuccess(await byCommand(platform, { settings, env }))
      expect(proxy.tunnels).toBeGreaterThan(before)
    }
  })

  it('not for the hosts of NO_PROXY, nor of --no-proxy', async () => {
    await using proxy = await startConnectProxy(BASIC)
    await using platform = await startPlatform(name)
    const env = { HTTPS_PROXY: variable(proxy), NO_PROXY: 'other.example, localhost' }
    stub(env)
    expectSuccess(await byLibrary(platform, { settings: { proxy: 'environment' } }))
    expectSuccess(await byCommand(platform, { settings: { proxy: 'environment' }, env }))
    const settings = { ...options(proxy, platform), 'no-proxy': 'localhost' }
    expectSuccess(await byLibrary(platform, { settings }))
    expectSuccess(await byCommand(platform, { settings }))
    expect(proxy.attempts).toBe(0)
  })
})

describe('an https proxy', () => {
  it('by the library, with its own authority', async () => {
    await using proxy = await startConnectProxy({ ...BASIC, tls: true })
    await using platform = await clearstreamPlatform()
    const { certificate = '', ca = '' } = platform.settings
    const through = { url: proxy.url, ...BASIC, ca: Buffer.from(proxy.ca ?? '') }
    await using http = createTransport({ ca, credential: { certificate }, proxy: through })
    const { url } = platform.simulator
    const client = clearstreamClient({ url, username: USER, password: PASSWORD, http })
    expect(await client.info()).toHaveProperty('version')
    expect(proxy.tunnels).toBeGreaterThan(0)
  })

  it('by the command line, with an authority that Node is told', async () => {
    await using proxy = await startConnectProxy({ ...BASIC, tls: true })
    await using platform = await clearstreamPlatform()
    const env = { NODE_EXTRA_CA_CERTS: platform.put('proxy-ca.pem', proxy.ca ?? '') }
    expectSuccess(await byCommand(platform, { settings: options(proxy, platform), env }))
    expect(proxy.tunnels).toBeGreaterThan(0)
  })

  it('whose authority nobody knows is not told the password', async () => {
    await using proxy = await startConnectProxy({ ...BASIC, tls: true })
    await using platform = await clearstreamPlatform()
    const settings = options(proxy, platform)
    expectFailure(await byLibrary(platform, { settings }), 'ERR_HTTP_PROXY', 5)
    expectFailure(await byCommand(platform, { settings }), 'ERR_HTTP_PROXY', 5)
    expect(proxy.attempts).toBe(0)
  })
})

/** One call; how often the proxy was asked. */
const FAULTS: readonly (readonly [string, ProxyFaults, string])[] = [
  ['drops the connection', { drop: true }, 'ERR_HTTP_PROXY'],
  ['hangs', { hang: true }, 'ERR_HTTP_TIMEOUT'],
  ['answers what is no HTTP', { garbage: true }, 'ERR_HTTP_PROXY'],
  ['answers 502', { badGateway: true }, 'ERR_HTTP_PROXY'],
]

describe.each(['moex', 'clearstream'] as const)('%s: a proxy that', (name) => {
  it.concurrent.each(FAULTS)('%s is asked once, and told', async (_, faults, code) => {
    await using proxy = await startConnectProxy({ ...BASIC, faults })
    await using platform = await startPlatform(name)
    const settings = { ...options(proxy, platform), timeout: '3' }
    const attempts = [byLibrary, byCommand] as const
    for (const [index, attempt] of attempts.entries()) {
      expectFailure(await attempt(platform, { settings }), code, 5)
      expect(proxy.attempts).toBe(index + 1)
    }
    expect(platform.simulator.requests).toEqual([])
  })

  it('wants another password: 407, told at once', async () => {
    await using proxy = await startConnectProxy({ ...BASIC, password: 'another one' })
    await using platform = await startPlatform(name)
    const settings = options(proxy, platform)
    for (const [index, attempt] of [byLibrary, byCommand].entries()) {
      expectFailure(await attempt(platform, { settings }), 'ERR_HTTP_PROXY_AUTH', 5)
      expect(proxy.attempts).toBe(index + 1)
    }
  })

  it('is not there', async () => {
    const proxy = await startConnectProxy(BASIC)
    await proxy[Symbol.asyncDispose]()
    await using platform = await startPlatform(name)
    const settings = options(proxy, platform)
    for (const attempt of [byLibrary, byCommand]) {
      expectFailure(await attempt(platform, { settings }), 'ERR_HTTP_PROXY', 5)
    }
  })
})

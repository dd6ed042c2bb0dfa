/** Every fault of a server, a proxy or the user's own: exit code, a hint, and no secret in any output or bundle. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Faults } from '../../../apps/simulator/faults.ts'
import { type ConnectProxy, startConnectProxy } from '../../../apps/simulator/proxy/connect-proxy.ts'
import { CLIENT_SECRET, expectNoToken, type Platforms, startPlatforms } from './support/platforms.ts'
import { ended, PASSWORD, type Result, start } from './support/program.ts'

const PROXY_PASSWORD = 'Pq8/proxy word'
let platforms: Platforms
let proxy: ConnectProxy
let count = 0

beforeAll(async () => {
  platforms = await startPlatforms()
  proxy = await startConnectProxy({ username: 'corporate', password: PROXY_PASSWORD })
}, 300_000)
afterAll(async () => {
  await platforms[Symbol.asyncDispose]()
  await proxy[Symbol.asyncDispose]()
})
afterEach(async () => {
  for (const { faults } of [platforms.moex, platforms.clearstream, proxy]) clear(faults)
  await platforms.moex.restart()
  await platforms.clearstream.restart()
})

function clear(faults: object): void {
  for (const name of Object.keys(faults)) delete (faults as Record<string, unknown>)[name]
}

/** Runs with a trace and a bundle: in all of them no secret may stand. */
async function run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Result> {
  const bundle = `bundle-${count++}.txt`
  const result = await platforms.run([...args, '--no-store', '-v', '--bundle', bundle], { env })
  const text = readFileSync(join(platforms.folder, bundle), 'utf8')
  expectNoToken({ ...result, stderr: result.stderr + text })
  for (const secret of [PASSWORD, CLIENT_SECRET, PROXY_PASSWORD, encodeURIComponent(PROXY_PASSWORD)]) {
    expect(text + result.stderr).not.toContain(secret)
  }
  const basic = Buffer.from(`corporate:${PROXY_PASSWORD}`).toString('base64')
  expect(text + result.stderr).not.toContain(basic)
  return result
}

/** The error is the last line but the hint and the bundle's. */
function expectError({ code, stderr }: Result, exitCode: number, words: RegExp): void {
  expect({ code, stderr }).toMatchObject({ code: exitCode })
  expect(stderr).toMatch(/^sealkit: .*\n {2}\S.*\n$/m)
  expect(stderr).toMatch(words)
}

const both: readonly (readonly [string, Faults, number, RegExp])[] = [
  ['maintenance', { maintenance: true }, 6, /maintenance/],
  ['429', { rateLimited: { retryAfter: 1 } }, 4, /too many|429/],
  ['a head that does not come', { slow: { milliseconds: 60_000 } }, 5, /time|longer/],
  ['a body that does not come', { slow: { milliseconds: 60_000, where: 'body' } }, 5, /time|longer/],
  ['a drop in the body', { drop: 'in-body' }, 5, /closed|lost|broke/],
  ['an expired server certificate', { serverCertificate: 'expired' }, 5, /certificate/],
  ['a server certificate of another name', { serverCertificate: 'wrong-name' }, 5, /certificate/],
  ['an unknown root', { serverCertificate: 'unknown-root' }, 5, /certificate/],
  ['a missing intermediate', { serverCertificate: 'missing-intermediate' }, 5, /certificate/],
]

const only: Readonly<Record<'moex' | 'clearstream', typeof both>> = {
  moex: [
    ['a drop before the answer', { drop: 'before-answer' }, 5, /closed|lost|broke/],
    ['JSON that is cut off', { malformedJson: true }, 6, /JSON|token response/],
    ['an answer without end', { hugeAnswer: true, paths: ['/auth'] }, 6, /larger|longer|bytes/],
    ['a denied passport', { passport: 'denied-200' }, 4, /denied|refused/],
  ],
  clearstream: [
    // In TLS 1.3 a refused client certificate looks just so.
    ['a drop before the answer', { drop: 'before-answer' }, 3, /client certificate/],
    ['JSON that is cut off', { malformedJson: true }, 6, /JSON|token response/],
    ['an answer without end', { hugeAnswer: true }, 6, /larger|longer|bytes/],
  ],
}

describe.each(['moex', 'clearstream'] as const)('%s token', (platform) => {
  test.each([...both, ...only[platform]])(
    '%s',
    async (_, faults, exitCode, words) => {
      await platforms[platform].restart(faults)
      expectError(await run([platform, 'token', '--timeout', '4']), exitCode, words)
    },
    60_000,
  )

  test.each([
    ['TLS 1.2 alone', { tls: '1.2' }],
    ['a clock that is an hour ahead', { clockSkew: 3600 }],
    ['a clock that is an hour behind', { clockSkew: -3600 }],
    ['no refresh tokens', { refreshTokens: 'none' }],
    ...(platform === 'moex'
      ? ([
          ['a passport by a redirect', { passport: 'redirect' }],
          ['a passport in the body', { passport: 'body' }],
        ] as const)
      : []),
  ] as const)('%s does no harm', async (_, faults) => {
    await platforms[platform].restart(faults)
    const result = await platforms.run([platform, 'token', '--no-store'])
    expect(result).toMatchObject({ code: 0, stderr: '' })
  })
})

describe('proxy', () => {
  const through = (...more: string[]) => [
    ...['clearstream', 'info', '--timeout', '6', '--proxy', proxy.url],
    ...['--proxy-username', 'corporate', '--proxy-password-env', 'PROXY_PASSWORD', ...more],
  ]
  const env = { PROXY_PASSWORD }

  test('with name and password', async () => {
    const tunnels = proxy.tunnels
    const args = through('--no-proxy', 'elsewhere.example')
    expect(await platforms.run([...args, '--no-store'], { env })).toMatchObject({ code: 0, stderr: '' })
    expect(proxy.tunnels).toBeGreaterThan(tunnels)
  })

  test('by the environment', async () => {
    const url = new URL(proxy.url)
    url.username = 'corporate'
    url.password = PROXY_PASSWORD
    const more = { HTTPS_PROXY: url.href, NO_PROXY: '' }
    const result = await run(['clearstream', 'info', '--proxy', 'environment'], more)
    expect(result.code).toBe(0)
  })

  test.each([
    ['drops', { drop: true }],
    ['hangs', { hang: true }],
    ['answers nonsense', { garbage: true }],
    ['answers 502', { badGateway: true }],
  ])(
    'one that %s',
    async (_, faults) => {
      Object.assign(proxy.faults, faults)
      expectError(await run(through(), env), 5, /proxy/)
    },
    60_000,
  )

  test('a wrong password is told as 407 at once', async () => {
    const attempts = proxy.attempts
    expectError(await run(through(), { PROXY_PASSWORD: 'wrong' }), 5, /proxy .* refuses the name or password/)
    expect(proxy.attempts).toBe(attempts + 1)
  })

  test('a password for no proxy is a fault of the configuration', async () => {
    const result = await platforms.run(
      ['clearstream', 'info', '--proxy', 'none', '--proxy-username', 'me', '--no-store'],
      {},
    )
    expectError(result, 3, /proxy-username is set/)
  })
})

describe('Ctrl-C', () => {
  test.each([
    ['the head', { slow: { milliseconds: 60_000 } }],
    ['the body', { slow: { milliseconds: 60_000, where: 'body' } }],
  ] as const)('while %s is waited for: 130, and the bundle is there', async (where, faults) => {
    Object.assign(platforms.clearstream.faults, faults)
    const bundle = `interrupted-${where.replace(' ', '-')}.txt`
    const before = platforms.clearstream.requests.length
    const child = start(['clearstream', 'token', '--no-store', '--bundle', bundle], {
      cwd: platforms.folder,
      env: platforms.env,
    })
    const result = ended(child)
    while (platforms.clearstream.requests.length === before) {
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    child.kill('SIGINT')
    expect(await result).toMatchObject({ code: 130, stderr: `the support bundle is ${bundle}\n` })
    expect(readFileSync(join(platforms.folder, bundle), 'utf8')).toContain('interrupted')
  })
})

/** Every fault switch of the simulators, by library and command line: code, hint, exit code, nothing secret shown. */
import { beforeAll, describe, expect, it } from 'vitest'
import type { Faults } from '../../apps/simulator/index.ts'
import { build } from '../../scripts/build.mjs'
import type { AuthError } from '../../src/errors.ts'
import {
  byCommand,
  byLibrary,
  expectFailure,
  expectSuccess,
  type Platform,
  type Settings,
  startPlatform,
} from './support/rig.ts'
import { watchIssuedTokens } from './support/secrets.ts'

beforeAll(async () => {
  watchIssuedTokens()
  await build()
}, 300_000)

/** Where a fault hits: each request of a login, and the call. */
const PLACES = {
  moex: { passport: '/authenticate', token: '/auth/realms', api: '/api' },
  clearstream: { token: '/authmanager', api: '/playground' },
} as const

type Row = readonly [
  title: string,
  faults: Faults,
  code: string | RegExp,
  exitCode: number,
  settings?: Settings,
]

const ROWS: readonly Row[] = [
  ['maintenance', { maintenance: true }, 'ERR_AUTH_MAINTENANCE', 6],
  ['429 with Retry-After', { rateLimited: { retryAfter: 3600 } }, 'ERR_AUTH_RATE_LIMITED', 4],
  ['429 without', { rateLimited: {} }, 'ERR_AUTH_RATE_LIMITED', 4],
  ['a slow head', { slow: { milliseconds: 60_000 } }, 'ERR_HTTP_TIMEOUT', 5, { timeout: '2' }],
  ['a slow body', { slow: { milliseconds: 60_000, where: 'body' } }, 'ERR_HTTP_TIMEOUT', 5, { timeout: '2' }],
  ['a drop before the answer', { drop: 'before-answer' }, 'ERR_HTTP_CLOSED', 5],
  ['a drop in the body', { drop: 'in-body' }, 'ERR_HTTP_CLOSED', 5],
]
const JSON_ROWS: readonly Row[] = [
  ['JSON that is cut off', { malformedJson: true }, 'ERR_AUTH_RESPONSE', 6],
  ['an answer without end', { hugeAnswer: true }, /^ERR_(HTTP_TOO_LARGE|AUTH_RESPONSE)$/, 6],
]
const CERTIFICATES = ['expired', 'wrong-name', 'unknown-root', 'missing-intermediate'] as const

async function both(
  platform: Platform,
  judge: (outcome: Awaited<ReturnType<typeof byLibrary>>) => void,
  settings: Settings = {},
): Promise<void> {
  judge(await byLibrary(platform, { settings }))
  judge(await byCommand(platform, { settings }))
}

describe.each(['moex', 'clearstream'] as const)('%s', (name) => {
  const cases = Object.entries(PLACES[name]).flatMap(([place, path]) =>
    [...ROWS, ...(place === 'token' ? JSON_ROWS : [])].map((row) => ({ place, path, row, title: row[0] })),
  )

  it.concurrent.each(cases)('$place: $title', async ({ place, path, row }) => {
    const [, faults, code, exitCode, settings] = row
    await using platform = await startPlatform(name, { ...faults, paths: [path] })
    // A server with TLS 1.3 that refuses the certificate does the same: at the first request nobody can tell.
    const isFirst = name === 'clearstream' && place === 'token' && faults.drop === 'before-answer'
    const [expected, exit] = isFirst
      ? (['ERR_HTTP_CLIENT_CERTIFICATE', 3] as const)
      : ([code, exitCode] as const)
    await both(platform, (outcome) => expectFailure(outcome, expected, exit), settings)
    expect(platform.simulator.problems).toEqual([])
  })

  it.concurrent.each(CERTIFICATES)('a server certificate that is: %s', async (serverCertificate) => {
    await using platform = await startPlatform(name, { serverCertificate })
    await both(platform, (outcome) => expectFailure(outcome, 'ERR_HTTP_SERVER_CERTIFICATE', 5))
    expect(platform.simulator.requests).toEqual([])
  })

  it.concurrent.each([
    ['TLS 1.2 alone', { tls: '1.2' }],
    ['a clock an hour ahead', { clockSkew: 3600 }],
    ['a clock an hour behind', { clockSkew: -3600 }],
    ['no refresh tokens', { refreshTokens: 'none' }],
    ['429 once for a call', { rateLimited: { times: 1, retryAfter: 0 }, paths: [PLACES[name].api] }],
    ...(name === 'moex'
      ? ([
          ['a passport by a redirect', { passport: 'redirect' }],
          ['a passport in the body', { passport: 'body' }],
        ] as const)
      : []),
  ] as const)('%s does no harm', async (_, faults) => {
    for (const attempt of [byLibrary, byCommand]) {
      await using platform = await startPlatform(name, structuredClone(faults) as Faults)
      expectSuccess(await attempt(platform))
    }
  })

  it('Retry-After stands in the error', async () => {
    await using platform = await startPlatform(name, { rateLimited: { retryAfter: 3600 } })
    const { error } = await byLibrary(platform)
    const { retryAfter } = error as AuthError
    expect(Math.abs((retryAfter?.getTime() ?? 0) - Date.now() - 3_600_000)).toBeLessThan(60_000)
  })
})

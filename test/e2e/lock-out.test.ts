/** A refused password is sent once: by many callers, by many processes, until the time has passed or it is cleared. */
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { build } from '../../scripts/build.mjs'
import { memoryTokenStore, tokenManager } from '../../src/auth/index.ts'
import { AuthError, type SealkitError } from '../../src/errors.ts'
import {
  byCommand,
  byLibrary,
  expectFailure,
  expectSuccess,
  openClient,
  type Platform,
  runSealkit,
  startPlatform,
} from './support/rig.ts'
import { leaksIn, PASSWORD, shownOf, WRONG_PASSWORD, watchIssuedTokens } from './support/secrets.ts'

beforeAll(async () => {
  watchIssuedTokens()
  await build()
}, 300_000)

const LOGIN = { moex: '/authenticate', clearstream: '/authmanager/oauth2/access_token' } as const
const REFUSED = { moex: 'ERR_AUTH_PASSPORT_DENIED', clearstream: 'ERR_AUTH_REFUSED' } as const
const logins = ({ name, simulator }: Platform) =>
  simulator.requests.filter(({ path }) => path === LOGIN[name]).length

async function errorOf(promise: Promise<unknown>): Promise<SealkitError> {
  return await promise.then(
    () => {
      throw new Error('it worked')
    },
    (error: SealkitError) => error,
  )
}

describe.each(['moex', 'clearstream'] as const)('%s', (name) => {
  const wrongPassword = async () => {
    const platform = await startPlatform(name)
    platform.put('password', WRONG_PASSWORD)
    return platform
  }

  it('by 20 callers of one client, and later ones', async () => {
    await using platform = await wrongPassword()
    await using opened = await openClient(platform)
    const errors = await Promise.all(Array.from({ length: 20 }, () => errorOf(opened.client.token())))
    for (const error of errors) {
      expect(error.code).toMatch(new RegExp(`^(${REFUSED[name]}|ERR_AUTH_BLOCKED)$`))
      expect(leaksIn(shownOf(error))).toEqual([])
    }
    const later = (await errorOf(opened.client.call('GET', platform.api))) as AuthError
    expect(later).toMatchObject({ code: 'ERR_AUTH_BLOCKED', retryAfter: expect.any(Date) })
    expect(later.hint).toMatch(/^[a-z].{15,}/)
    expect(logins(platform)).toBe(1)
  })

  it('by 20 clients of one store', async () => {
    await using platform = await wrongPassword()
    const settings = { store: join(platform.folder, 'tokens') }
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => byLibrary(platform, { settings })))
    for (const outcome of outcomes) {
      expectFailure(outcome, new RegExp(`^(${REFUSED[name]}|ERR_AUTH_BLOCKED)$`), 4)
    }
    expect(logins(platform)).toBe(1)
  })

  it('by 3 processes on one store, until it is cleared', async () => {
    await using platform = await wrongPassword()
    const attempt = () => byCommand(platform, { store: true })
    for (const outcome of await Promise.all([attempt(), attempt(), attempt()])) {
      expectFailure(outcome, new RegExp(`^(${REFUSED[name]}|ERR_AUTH_BLOCKED)$`), 4)
    }
    expect(logins(platform)).toBe(1)
    const blocked = await attempt()
    expectFailure(blocked, 'ERR_AUTH_BLOCKED', 4)
    expect(logins(platform)).toBe(1)
    // Right now, and still not sent: another process could have learned otherwise.
    platform.put('password', PASSWORD)
    const cleared = await runSealkit(['token', 'clear', '--all'], platform.folder)
    expect(cleared).toMatchObject({ exitCode: 0 })
    expectSuccess(await attempt())
    expect(logins(platform)).toBe(2)
  })
})

describe('the time passes', () => {
  it('by the clock of the manager', async () => {
    let [now, asked] = [Date.now(), 0]
    const source = {
      key: { platform: 'moex', host: 'localhost', account: 'jane', scope: 'x' },
      login: async () => {
        asked++
        throw new AuthError('ERR_AUTH_REFUSED', 'no', { hint: 'no way' })
      },
    }
    const tokens = tokenManager(source, { store: memoryTokenStore(), now: () => now })
    await errorOf(tokens.token())
    const { retryAfter } = (await errorOf(tokens.token())) as AuthError
    expect(asked).toBe(1)
    now = (retryAfter?.getTime() ?? 0) + 1
    await errorOf(tokens.token())
    expect(asked).toBe(2)
  })

  it("an account that is locked out by MOEX's Passport is told, and waited for", async () => {
    await using platform = await startPlatform('moex')
    platform.put('password', WRONG_PASSWORD)
    for (let count = 0; count < 6; count++) await byLibrary(platform)
    platform.put('password', PASSWORD)
    const outcome = await byCommand(platform)
    expectFailure(outcome, 'ERR_AUTH_PASSPORT_DENIED', 4)
    expect(platform.simulator.refusals.at(-1)).toBe('locked')
  })
})

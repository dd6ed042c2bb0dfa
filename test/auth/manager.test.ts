import { inspect } from 'node:util'
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  type TokenManagerOptions,
  TokenSet,
  type TokenSource,
  tokenKeyId,
  tokenManager,
} from '../../src/auth/index.ts'
import { memoryTokenStore } from '../../src/auth/store/memory-store.ts'
import type { TokenStore } from '../../src/auth/store/token-store.ts'
import { AuthError, HttpError } from '../../src/errors.ts'

const START = Date.parse('2026-11-21T12:00:00Z')
const LIFETIME = 3_600_000
const key = { platform: 'test', host: 'login.example', account: 'alice', scope: 'a' }
const id = tokenKeyId(key)

let now = START
let monotonic = 0
let logins = 0
let refreshes = 0
let events: string[] = []
let store: TokenStore
let loginFails: (() => Error | undefined) | undefined
let refreshFails: (() => Error | undefined) | undefined
let gate: Promise<void> | undefined
let lastSignal: AbortSignal | undefined

beforeEach(() => {
  now = START
  monotonic = 0
  logins = 0
  refreshes = 0
  events = []
  store = memoryTokenStore()
  loginFails = undefined
  refreshFails = undefined
  gate = undefined
  lastSignal = undefined
})

function pass(milliseconds: number): void {
  now += milliseconds
  monotonic += milliseconds
}

function tokenNamed(accessToken: string, more: object = {}): TokenSet {
  return new TokenSet({ accessToken, issuedAt: now, expiresAt: now + LIFETIME, ...more })
}

async function answer(signal: AbortSignal | undefined, fails: typeof loginFails): Promise<void> {
  lastSignal = signal
  const aborted = new Promise<never>((_, reject) =>
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true }),
  )
  aborted.catch(() => {})
  if (gate !== undefined) await Promise.race([gate, aborted])
  const error = fails?.()
  if (error !== undefined) throw error
}

function source(withRefresh = false): TokenSource {
  const refresh: TokenSource['refresh'] = async (_, { signal }) => {
    refreshes++
    await answer(signal, refreshFails)
    return tokenNamed(`refreshed-${refreshes}`, { refreshToken: `secret-refresh-${refreshes}` })
  }
  return {
    key,
    login: async ({ signal }) => {
      logins++
      await answer(signal, loginFails)
      return tokenNamed(`login-${logins}`, withRefresh ? { refreshToken: 'secret-refresh-0' } : {})
    },
    ...(withRefresh ? { refresh } : {}),
  }
}

function manager(withRefresh = false, options: TokenManagerOptions = {}) {
  return tokenManager(source(withRefresh), {
    store,
    now: () => now,
    monotonic: () => monotonic,
    random: () => 0,
    onEvent: ({ kind }) => events.push(kind),
    ...options,
  })
}

const refused = (more = {}) => new AuthError('ERR_AUTH_REFUSED', 'wrong password, says the server', more)
const network = () => new HttpError('ERR_HTTP_CLOSED', 'lost', { phase: 'http' })

async function codeOf(promise: Promise<unknown>): Promise<string> {
  return await promise.then(
    () => 'none',
    (error: { code?: string }) => {
      expect(inspect(error, { depth: 9 })).not.toMatch(/secret-refresh|login-\d|refreshed-\d/)
      return error.code ?? String(error)
    },
  )
}

describe('a cached token', () => {
  it('is given out until five minutes before its end', async () => {
    const tokens = manager()
    await tokens.token()
    pass(LIFETIME - 300_001)
    expect((await tokens.token()).accessToken).toBe('login-1')
    pass(1)
    expect((await tokens.token()).accessToken).toBe('login-2')
    expect(events).toEqual(['logged-in', 'cached', 'logged-in'])
  })

  it('is fresh until min(300 s, 10 %) with jitter before its end, whatever its life', async () => {
    const lives = fc.integer({ min: 1, max: 10 ** 8 })
    const chance = fc.double({ min: 0, max: 0.999, noNaN: true })
    await fc.assert(
      fc.asyncProperty(
        lives,
        chance,
        fc.double({ min: 0, max: 1.1, noNaN: true }),
        async (life, random, share) => {
          now = START
          let asked = 0
          const login = async () => {
            asked++
            return new TokenSet({ accessToken: 'a', issuedAt: now, expiresAt: now + life })
          }
          const clock = { now: () => now, monotonic: () => now, random: () => random }
          const tokens = tokenManager({ key, login }, { store: memoryTokenStore(), ...clock })
          await tokens.token()
          now += life * share
          await tokens.token()
          const margin = Math.min(300_000, life / 10)
          if (life * share >= life - margin) expect(asked).toBe(2)
          if (life * share < life - margin * 1.1 - 1) expect(asked).toBe(1)
        },
      ),
    )
  })

  it('is not kept alive by a clock that is set back', async () => {
    const tokens = manager()
    await tokens.token()
    monotonic += LIFETIME
    now += LIFETIME - 40 * 60_000
    expect((await tokens.token()).accessToken).toBe('login-2')
    now -= 24 * LIFETIME
    // Another process, which knows only the store.
    expect((await manager().token()).accessToken).toBe('login-3')
  })

  it('of a machine whose clock is a little ahead is taken', async () => {
    now += 30_000
    await manager().token()
    now -= 30_000
    expect((await manager().token()).accessToken).toBe('login-1')
  })

  it('is shared through the store', async () => {
    await manager().token()
    expect((await manager().current())?.accessToken).toBe('login-1')
    expect((await manager().token()).accessToken).toBe('login-1')
    pass(LIFETIME)
    expect(await manager().current()).toBeUndefined()
    expect(logins).toBe(1)
  })
})

describe('many callers', () => {
  it('make one request, of two managers too', async () => {
    const managers = [manager(), manager()]
    const tokens = await Promise.all(Array.from({ length: 100 }, (_, index) => managers[index % 2]?.token()))
    expect(new Set(tokens.map((token) => token?.accessToken))).toEqual(new Set(['login-1']))
    expect(logins).toBe(1)
  })

  it('each may stop waiting; the last one ends the request', async () => {
    let open = () => {}
    gate = new Promise((resolve) => {
      open = resolve
    })
    const tokens = manager()
    const [one, two] = [new AbortController(), new AbortController()]
    const first = tokens.token({ signal: one.signal })
    const second = tokens.token({ signal: two.signal })
    while (lastSignal === undefined) await new Promise(setImmediate)
    one.abort(new Error('one'))
    await expect(first).rejects.toThrow('one')
    expect(lastSignal.aborted).toBe(false)
    const third = tokens.token({ signal: two.signal })
    two.abort(new Error('two'))
    await expect(second).rejects.toThrow('two')
    await expect(third).rejects.toThrow('two')
    expect(lastSignal.aborted).toBe(true)
    open()
    expect((await tokens.token()).accessToken).toBe('login-2')
    await expect(tokens.token({ signal: AbortSignal.abort(new Error('before')) })).rejects.toThrow('before')
  })

  it('fresh asks anew, though one waits for the old', async () => {
    const tokens = manager()
    await tokens.token()
    expect((await tokens.token({ fresh: true })).accessToken).toBe('login-2')
    expect((await tokens.token()).accessToken).toBe('login-2')
  })
})

describe('renewal', () => {
  it('refreshes, and logs in where that is refused or over', async () => {
    const tokens = manager(true)
    await tokens.token()
    pass(LIFETIME)
    expect((await tokens.token()).accessToken).toBe('refreshed-1')
    pass(LIFETIME)
    refreshFails = () => new AuthError('ERR_AUTH_REFRESH_REFUSED', 'no')
    expect((await tokens.token()).accessToken).toBe('login-2')
    expect([logins, refreshes]).toEqual([2, 2])
    await store.write(id, {
      key,
      token: { accessToken: 'x', refreshToken: 'y', issuedAt: 1, expiresAt: 2, refreshExpiresAt: 3 },
    })
    await manager(true).token()
    expect([logins, refreshes]).toEqual([3, 2])
  })

  it('after a refused refresh takes what another process has stored meanwhile', async () => {
    const tokens = manager(true)
    await tokens.token()
    pass(LIFETIME)
    refreshFails = () => {
      void store.write(id, { key, token: tokenNamed('theirs').toStored() })
      return new AuthError('ERR_AUTH_REFRESH_REFUSED', 'used')
    }
    expect((await tokens.token()).accessToken).toBe('theirs')
    expect(logins).toBe(1)
  })

  it.each([
    ['the network', network],
    ['a 5xx', () => new AuthError('ERR_AUTH_SERVER', 'no')],
  ])('failed by %s gives out the old token while it holds', async (_, fails) => {
    const tokens = manager()
    await tokens.token()
    loginFails = fails
    pass(LIFETIME - 1000)
    expect((await tokens.token()).accessToken).toBe('login-1')
    expect((await tokens.token()).accessToken).toBe('login-1')
    expect(logins).toBe(2)
    expect(events).toContain('warning')
    expect(await codeOf(tokens.token({ fresh: true }))).toBe(fails().code)
    pass(1000)
    expect(await codeOf(tokens.token())).toBe(fails().code)
    loginFails = undefined
    expect((await tokens.token()).accessToken).toBe('login-5')
  })
})

describe('a refused login', () => {
  it('is not tried again for a minute, two, up to an hour; clear ends that', async () => {
    loginFails = refused
    const tokens = manager()
    expect(await codeOf(tokens.token())).toBe('ERR_AUTH_REFUSED')
    for (const minutes of [1, 2, 4, 8, 16, 32, 60, 60]) {
      pass(minutes * 60_000 - 1)
      expect(await codeOf(tokens.token())).toBe('ERR_AUTH_BLOCKED')
      expect(await codeOf(tokens.token({ fresh: true }))).toBe('ERR_AUTH_BLOCKED')
      expect(await codeOf(manager().token())).toBe('ERR_AUTH_BLOCKED')
      pass(1)
      expect(await codeOf(tokens.token())).toBe('ERR_AUTH_REFUSED')
    }
    expect(logins).toBe(9)
    expect(events.filter((kind) => kind === 'refused')).toHaveLength(9)
    loginFails = undefined
    await tokens.clear()
    expect((await tokens.token()).accessToken).toBe('login-10')
    expect((await store.read(id))?.refusal).toBeUndefined()
  })

  it('tells its words and when to come back', async () => {
    loginFails = refused
    await codeOf(manager().token())
    const error: AuthError = await manager()
      .token()
      .then(Promise.reject, (thrown) => thrown)
    expect(error.message).toContain('wrong password, says the server')
    expect(error.retryAfter).toEqual(new Date(START + 60_000))
    expect(error.hint).toBeDefined()
    expect(error.cause).toMatchObject({
      code: 'ERR_AUTH_REFUSED',
      message: 'wrong password, says the server',
    })
  })

  it('is not what the network or a scope does', async () => {
    for (const error of [network(), new AuthError('ERR_AUTH_SCOPE', 'no')]) {
      loginFails = () => error
      await codeOf(manager().token())
    }
    expect(await codeOf(manager().token())).toBe('ERR_AUTH_SCOPE')
    expect(logins).toBe(3)
  })
})

describe('Retry-After', () => {
  it('is waited for, by all who share the store', async () => {
    loginFails = () => new AuthError('ERR_AUTH_RATE_LIMITED', 'slow', { retryAfter: new Date(START + 5000) })
    expect(await codeOf(manager().token())).toBe('ERR_AUTH_RATE_LIMITED')
    pass(4999)
    expect(await codeOf(manager().token({ fresh: true }))).toBe('ERR_AUTH_RATE_LIMITED')
    expect(logins).toBe(1)
    loginFails = undefined
    pass(1)
    expect((await manager().token()).accessToken).toBe('login-2')
  })
})

describe('reject', () => {
  it('drops exactly that token', async () => {
    const tokens = manager()
    const old = await tokens.token()
    await tokens.reject(old)
    expect(await tokens.current()).toBeUndefined()
    expect(await manager().current()).toBeUndefined()
    const renewed = await tokens.token()
    expect(renewed.accessToken).toBe('login-2')
    await tokens.reject(old)
    expect((await tokens.token()).accessToken).toBe('login-2')
    expect((await manager().token()).accessToken).toBe('login-2')
  })

  it('keeps the refresh token', async () => {
    const tokens = manager(true)
    await tokens.reject(await tokens.token())
    expect((await tokens.token()).accessToken).toBe('refreshed-1')
  })
})

describe('a store that fails', () => {
  it('to hear of a refused token does not bring it back', async () => {
    let locked = false
    const withLock: TokenStore['withLock'] = async (name, action) => {
      if (locked) throw new AuthError('ERR_AUTH_STORE_LOCKED', 'held')
      return await store.withLock(name, action)
    }
    const tokens = manager(false, { store: { ...store, withLock } })
    const old = await tokens.token()
    locked = true
    await tokens.reject(old)
    locked = false
    expect((await tokens.token()).accessToken).toBe('login-2')
    expect(events).toContain('warning')
  })

  const broken = async (): Promise<never> => {
    throw new AuthError('ERR_AUTH_STORE', 'disk full')
  }

  it.each(['read', 'write', 'withLock'])('in %s costs a warning, not the token', async (method) => {
    const tokens = manager(false, { store: { ...store, [method]: broken } })
    expect((await tokens.token()).accessToken).toBe('login-1')
    expect((await tokens.token()).accessToken).toBe('login-1')
    expect(events).toContain('warning')
    await tokens.reject(await tokens.token())
    expect((await tokens.token()).accessToken).toBe('login-2')
  })

  it('whose lock is held for too long is an error', async () => {
    const withLock = async () => {
      throw new AuthError('ERR_AUTH_STORE_LOCKED', 'held')
    }
    expect(await codeOf(manager(false, { store: { ...store, withLock } }).token())).toBe(
      'ERR_AUTH_STORE_LOCKED',
    )
    expect(logins).toBe(0)
  })

  it('does not make a refused login be tried again', async () => {
    loginFails = refused
    const tokens = manager(false, { store: { ...store, write: broken } })
    await codeOf(tokens.token())
    expect(await codeOf(tokens.token())).toBe('ERR_AUTH_BLOCKED')
  })
})

import { inspect } from 'node:util'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { IssuedSigner } from '../../../apps/simulator/moex/issue-user.ts'
import { type MoexSimulator, startMoexSimulator } from '../../../apps/simulator/moex/moex-simulator.ts'
import { openSoftwareKey } from '../../../providers/software/index.ts'
import { moexClient } from '../../../src/auth/moex/client.ts'
import type { MoexOptions } from '../../../src/auth/moex/options.ts'
import { memoryTokenStore } from '../../../src/auth/store/memory-store.ts'
import { CmsSignature } from '../../../src/cms/index.ts'
import { AuthError } from '../../../src/errors.ts'
import { createTransport, type HttpTransport } from '../../../src/http/index.ts'
import { cmsSigner, type Signer } from '../../../src/signer/index.ts'

const PASSWORD = 'correct hörse "&" %41'
const SECRET = 'application secret +&='
const LOGIN = 'jane@bank.example'
let moex: MoexSimulator
let http: HttpTransport
let rsa: IssuedSigner
let gost: IssuedSigner
let stranger: IssuedSigner
let trace = ''

beforeAll(async () => {
  moex = await startMoexSimulator({ passportExpiresIn: 60 })
  rsa = await moex.issueUser({ login: 'rsa', password: 'x' })
  gost = await moex.issueUser({ login: 'gost', password: 'x', keyType: 'GOST3410-2012-256-A' })
  stranger = await moex.issueUser({ login: 'stranger', password: 'x' })
  const certificates = [rsa.certificate, gost.certificatePem]
  moex.addUser({ login: LOGIN, password: PASSWORD, certificates })
  moex.addClient({ clientId: 'app', clientSecret: SECRET, scopes: ['client_registration', 'profile'] })
  http = createTransport({
    ca: Buffer.from(moex.ca),
    proxy: 'none',
    retries: 2,
    trace: ({ lines }) => {
      trace += `${lines.join('\n')}\n`
    },
  })
})

afterAll(async () => {
  await http[Symbol.asyncDispose]()
  await moex[Symbol.asyncDispose]()
})

const requests = () => moex.requests.slice(before).map(({ method, path }) => `${method} ${path}`)
const refusals = () => moex.refusals.slice(refusedBefore)
let before = 0
let refusedBefore = 0

beforeEach(() => {
  for (const fault of Object.keys(moex.faults)) delete (moex.faults as Record<string, unknown>)[fault]
  moex.unlock(LOGIN)
  before = moex.requests.length
  refusedBefore = moex.refusals.length
  trace = ''
})

async function signerOf({ keyPem, certificatePem }: IssuedSigner): Promise<Signer> {
  return cmsSigner(await openSoftwareKey({ key: keyPem, certificate: certificatePem }))
}

function client(more: Partial<MoexOptions> = {}) {
  return moexClient({
    passportUrl: moex.passportUrl,
    tokenUrl: moex.tokenUrl,
    apiOrigins: [moex.url],
    login: LOGIN,
    password: () => PASSWORD,
    clientId: 'app',
    clientSecret: () => SECRET,
    scope: 'client_registration',
    signer: () => signerOf(rsa),
    http,
    ...more,
  })
}

async function errorOf(promise: Promise<unknown>): Promise<AuthError> {
  const error = await promise.then(
    (value) => new Error(`no error but ${inspect(value)}`),
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof AuthError)) throw error
  expect(error.hint).toMatch(/^[a-z]/)
  const shown = inspect(error, { depth: 9 }) + JSON.stringify({ ...error, message: error.message }) + trace
  const basic = Buffer.from(`${LOGIN}:${PASSWORD}`).toString('base64')
  for (const secret of [PASSWORD, SECRET, basic, encodeURIComponent(SECRET)])
    expect(shown).not.toContain(secret)
  return error
}

const TOKEN_PATH = 'POST /auth/realms/SSO/protocol/openid-connect/token'
const LOGIN_STEPS = ['GET /authenticate', TOKEN_PATH]

describe('the whole way to a token', () => {
  it.each(['cookie', 'redirect', 'body'] as const)(
    'with the passport as %s, RSA and GOST',
    async (passport) => {
      moex.faults.passport = passport
      for (const signer of [rsa, gost]) {
        const jane = client({ signer: () => signerOf(signer) })
        const token = await jane.token()
        expect(token.scope).toBe('client_registration')
        expect(token.refreshToken).toBeDefined()
        const response = await jane.call('GET', `${moex.apiUrl}/me`)
        expect(await response.json()).toMatchObject({ login: LOGIN, client_id: 'app' })
        for (const secret of [
          token.accessToken,
          token.refreshToken ?? '',
          PASSWORD,
          encodeURIComponent(SECRET),
        ]) {
          expect(trace).not.toContain(secret)
        }
      }
      expect(requests()).toEqual([...LOGIN_STEPS, 'GET /api/me', ...LOGIN_STEPS, 'GET /api/me'])
      expect(moex.problems).toEqual([])
    },
  )

  it.each(['cookie', 'redirect', 'body'] as const)(
    'gives the passport alone as %s, not shown',
    async (shape) => {
      moex.faults.passport = shape
      const passport = await client().passport()
      expect(passport.value).toMatch(/%3D$/)
      if (shape !== 'body') expect(passport.expiresAt?.getTime()).toBeGreaterThan(Date.now() + 50_000)
      expect(trace).toContain('GET /authenticate')
      const { value } = passport
      for (const form of [value, decodeURIComponent(value), value.slice(0, 40)]) {
        expect(inspect(passport) + JSON.stringify(passport) + trace).not.toContain(form)
      }
    },
  )

  it('sends the fields of the guide in their order, and by other names', async () => {
    let form: URLSearchParams | undefined
    let signed: string | undefined
    const fetch = (async (input: Parameters<typeof http.fetch>[0], init?: RequestInit) => {
      if (init?.method === 'POST') form = new URLSearchParams(String(init.body))
      return await http.fetch(input, init)
    }) as typeof http.fetch
    const signer: Signer = {
      family: 'RSA',
      signDetached: async (content) => {
        signed = String(content)
        return new CmsSignature(Uint8Array.of(0x30, 0x00))
      },
      [Symbol.asyncDispose]: async () => {},
    }
    await errorOf(client({ http: { fetch }, signer }).token())
    expect([...(form?.keys() ?? [])]).toEqual([
      'grant_type',
      'grant_type_moex',
      'scope',
      'client_id',
      'client_secret',
      'certificate',
      'algorithm',
      'signature',
    ])
    expect(Object.fromEntries(form ?? [])).toEqual({
      grant_type: 'password',
      grant_type_moex: 'passport',
      scope: 'client_registration',
      client_id: 'app',
      client_secret: SECRET,
      certificate: signed,
      algorithm: 'RSA',
      signature: 'MAA=',
    })
    const fields = {
      names: { certificate: 'ticket', grant_type_moex: 'kind' },
      values: { grant_type: 'urn:other', grant_type_moex: 'p2', GOST: 'GOST2012' },
      more: { audience: 'x' },
    }
    const other = { ...signer, family: 'GOST' } as const
    await errorOf(client({ http: { fetch }, signer: other, fields }).token())
    expect([...(form?.keys() ?? [])].join()).toBe(
      'grant_type,kind,scope,client_id,client_secret,ticket,algorithm,signature,audience',
    )
    expect(form?.get('grant_type')).toBe('urn:other')
    expect(form?.get('kind')).toBe('p2')
    expect(form?.get('algorithm')).toBe('GOST2012')
  })

  it('disposes of a signer that it opened, and of no other', async () => {
    let disposed = 0
    const own = await signerOf(rsa)
    const counted: Signer = {
      family: 'RSA',
      signDetached: (content, call) => own.signDetached(content, call),
      [Symbol.asyncDispose]: async () => void disposed++,
    }
    await client({ signer: counted }).token()
    expect(disposed).toBe(0)
    await client({ signer: async () => counted }).token()
    expect(disposed).toBe(1)
    moex.faults.passport = 'denied-200'
    await errorOf(client({ signer: async () => counted }).token())
    expect(disposed).toBe(2)
    await own[Symbol.asyncDispose]()
  })

  it('refuses another key before anybody is asked', async () => {
    const signer: Signer = {
      family: 'EC',
      signDetached: () => Promise.reject(new Error('not to be asked')),
      [Symbol.asyncDispose]: async () => {},
    }
    const error = await errorOf(client({ signer }).token())
    expect(error).toMatchObject({ code: 'ERR_AUTH_SIGNER' })
    expect(error.hint).toContain('GOST')
    expect(requests()).toEqual([])
  })

  it('asks for another passport where the first has ended before it was signed', async () => {
    let time = Date.now()
    const real = await signerOf(rsa)
    const slowSigner = (slow: number): Signer => {
      let left = slow
      return {
        family: 'RSA',
        signDetached: async (content, call) => {
          const signature = await real.signDetached(content, call)
          if (left-- > 0) time += 61_000
          return signature
        },
        [Symbol.asyncDispose]: async () => {},
      }
    }
    const now = () => time
    await client({ signer: slowSigner(1), now }).token()
    expect(requests()).toEqual(['GET /authenticate', ...LOGIN_STEPS])
    const error = await errorOf(client({ signer: slowSigner(2), now }).token())
    expect(error.code).toBe('ERR_AUTH_PASSPORT_MISSING')
    expect(requests().slice(3)).toEqual(['GET /authenticate', 'GET /authenticate'])
    await real[Symbol.asyncDispose]()
  })

  it('warns of scopes that were not granted', async () => {
    const warnings: string[] = []
    const fetch = (async (input: Parameters<typeof http.fetch>[0], init?: RequestInit) => {
      const response = await http.fetch(input, init)
      if (init?.method !== 'POST') return response
      return Response.json({ ...((await response.json()) as object), scope: 'profile' })
    }) as typeof http.fetch
    const scope = 'client_registration profile'
    await client({ http: { fetch }, scope, onWarning: (warning) => warnings.push(warning) }).token()
    expect(warnings).toEqual([expect.stringContaining('client_registration')])
    await client({ scope, onWarning: (warning) => warnings.push(warning) }).token()
    expect(warnings).toHaveLength(1)
  })
})

describe('a login that is refused', () => {
  it('is told once, and a password is not tried again', async () => {
    const jane = client({ password: 'wrong password' })
    const error = await errorOf(jane.token())
    expect(error).toMatchObject({ code: 'ERR_AUTH_PASSPORT_DENIED', status: 401 })
    expect((await errorOf(jane.token())).code).toBe('ERR_AUTH_BLOCKED')
    expect((await errorOf(jane.call('GET', `${moex.apiUrl}/me`))).code).toBe('ERR_AUTH_BLOCKED')
    expect(requests()).toEqual(['GET /authenticate'])
    expect(refusals()).toEqual(['wrong-password'])
  })

  it('denied with 200, whatever the cookie', async () => {
    moex.faults.passport = 'denied-200'
    expect(await errorOf(client().token())).toMatchObject({ code: 'ERR_AUTH_PASSPORT_DENIED', status: 200 })
    expect(requests()).toEqual(['GET /authenticate'])
  })

  it('is not made again where the answer is lost', async () => {
    moex.faults.drop = 'before-answer'
    await expect(client().token()).rejects.toMatchObject({ code: 'ERR_HTTP_CLOSED' })
    expect(requests()).toEqual(['GET /authenticate'])
  })

  it.each<[string, () => Partial<MoexOptions>, string]>([
    ['client_id', () => ({ clientId: 'other' }), 'client-id'],
    ['client_secret', () => ({ clientSecret: 'other' }), 'client-secret'],
    ['certificate', () => ({ signer: () => signerOf(stranger) }), 'signature-wrong'],
    ['algorithm', () => ({ fields: { values: { RSA: 'GOST' } } }), 'algorithm'],
    ['decoded token', () => ({ decodePassport: true }), 'passport-token'],
  ])('by the %s: 403 lists what may be wrong', async (_, options, refusal) => {
    const jane = client(options())
    const error = await errorOf(jane.token())
    expect(error).toMatchObject({ code: 'ERR_AUTH_REFUSED', status: 403 })
    expect(error.message).toMatch(/\((unauthorized_client|invalid_grant): /)
    for (const word of [
      'client_id',
      'client_secret',
      'certificate',
      'registered',
      'signature',
      'algorithm',
    ]) {
      expect(error.hint).toContain(word)
    }
    expect(refusals()).toEqual([refusal])
    expect((await errorOf(jane.token())).code).toBe('ERR_AUTH_BLOCKED')
    expect(requests()).toEqual(LOGIN_STEPS)
  })

  it('by the scope', async () => {
    const error = await errorOf(client({ scope: 'everything' }).token())
    expect(error).toMatchObject({ code: 'ERR_AUTH_SCOPE', status: 400 })
    expect(error.hint).toContain('everything')
  })

  it('by a signature that is not over the token', async () => {
    const real = await signerOf(rsa)
    const signer: Signer = {
      family: 'RSA',
      signDetached: (content, call) => real.signDetached(`${String(content)}\n`, call),
      [Symbol.asyncDispose]: async () => {},
    }
    expect((await errorOf(client({ signer }).token())).code).toBe('ERR_AUTH_REFUSED')
    expect(refusals()).toEqual(['signature-wrong'])
    await real[Symbol.asyncDispose]()
  })
})

describe('a server that is in trouble', () => {
  const paths = ['/auth/realms']
  it.each([
    ['maintenance', { maintenance: true }, { code: 'ERR_AUTH_MAINTENANCE', status: 503 }],
    ['too many requests', { rateLimited: { retryAfter: 9 } }, { code: 'ERR_AUTH_RATE_LIMITED', status: 429 }],
    ['JSON that is cut off', { malformedJson: true }, { code: 'ERR_AUTH_RESPONSE', status: 200 }],
  ])('%s', async (_, faults, expected) => {
    Object.assign(moex.faults, faults, { paths })
    const jane = client()
    const error = await errorOf(jane.token())
    expect(error).toMatchObject(expected)
    if (expected.status === 429) {
      expect(error.retryAfter).toBeInstanceOf(Date)
      expect((await errorOf(jane.token())).message).toContain('not asked again before')
      await jane.tokens.clear()
    }
    for (const fault of Object.keys(moex.faults)) delete (moex.faults as Record<string, unknown>)[fault]
    expect((await jane.token()).accessToken).not.toBe('')
  })

  it('maintenance and too many requests at the passport', async () => {
    moex.faults.maintenance = true
    expect((await errorOf(client().token())).code).toBe('ERR_AUTH_MAINTENANCE')
    delete moex.faults.maintenance
    moex.faults.rateLimited = { retryAfter: 0 }
    expect((await errorOf(client().token())).code).toBe('ERR_AUTH_RATE_LIMITED')
    expect(requests()).toEqual(['GET /authenticate', 'GET /authenticate'])
  })

  it.each([
    ['at the passport', '/authenticate', { drop: 'in-body' }, 'ERR_HTTP_CLOSED'],
    ['at the token endpoint', '/auth/realms', { drop: 'in-body' }, 'ERR_HTTP_CLOSED'],
    ['before the token', '/auth/realms', { drop: 'before-answer' }, 'ERR_HTTP_CLOSED'],
  ])('a connection that is lost %s', async (_, path, faults, code) => {
    Object.assign(moex.faults, faults, { paths: [path] })
    await expect(client().token()).rejects.toMatchObject({ code, hint: expect.any(String) })
    const asked = requests().filter((each) => each === 'GET /authenticate')
    expect(asked).toHaveLength(1)
  })

  it('an answer that does not end', async () => {
    Object.assign(moex.faults, { hugeAnswer: true, paths: ['/auth/realms'] })
    const error = await errorOf(client().token())
    expect(error).toMatchObject({ code: 'ERR_AUTH_RESPONSE', status: 200 })
  })

  it('a clock that is wrong', async () => {
    moex.faults.clockSkew = -7200
    expect((await client().token()).expiresAt.getTime()).toBeGreaterThan(Date.now() + 200_000)
  })
})

describe('calls and refreshes', () => {
  it('a 401 leads to a new token once, by the refresh token', async () => {
    const jane = client()
    const first = await jane.token()
    moex.revokeTokens({ keepRefreshTokens: true })
    const response = await jane.call('POST', `${moex.apiUrl}/echo`, { body: 'hello' })
    expect(await response.json()).toMatchObject({ echo: 'hello' })
    expect(requests()).toEqual([...LOGIN_STEPS, 'POST /api/echo', TOKEN_PATH, 'POST /api/echo'])
    expect((await jane.token()).accessToken).not.toBe(first.accessToken)
  })

  it('the whole way again where the refresh token is refused too', async () => {
    const jane = client()
    await jane.token()
    moex.revokeTokens()
    expect((await jane.fetch(`${moex.apiUrl}/me`)).status).toBe(200)
    expect(requests()).toEqual([...LOGIN_STEPS, 'GET /api/me', TOKEN_PATH, ...LOGIN_STEPS, 'GET /api/me'])
  })

  it.each(['rotate', 'single-use', 'keep', 'none'] as const)('refresh tokens: %s', async (refreshTokens) => {
    moex.faults.refreshTokens = refreshTokens
    const jane = client()
    for (let i = 0; i < 3; i++) {
      await jane.token({ fresh: i > 0 })
      expect((await jane.call('GET', `${moex.apiUrl}/me`)).status).toBe(200)
    }
    const passports = requests().filter((each) => each === 'GET /authenticate').length
    expect(passports).toBe(refreshTokens === 'none' ? 3 : 1)
  })

  it('the whole way where the refresh token has ended', async () => {
    let time = Date.now()
    const jane = client({ now: () => time })
    await jane.token()
    time += 1801_000
    await jane.token({ fresh: true })
    expect(requests()).toEqual([...LOGIN_STEPS, ...LOGIN_STEPS])
  })

  it('403 lists what may be wrong', async () => {
    const error = await errorOf(
      client({ scope: 'profile' }).call('POST', `${moex.apiUrl}/echo`, { body: 'x' }),
    )
    expect(error).toMatchObject({ code: 'ERR_AUTH_FORBIDDEN', status: 403 })
    expect(error.message).toContain('insufficient_scope')
    for (const word of ['scope beside profile', 'approval', 'environment']) expect(error.hint).toContain(word)
  })

  it('404, and other origins', async () => {
    const jane = client()
    expect((await errorOf(jane.call('GET', `${moex.apiUrl}/none`))).code).toBe('ERR_AUTH_NOT_FOUND')
    before = moex.requests.length
    const elsewhere = moexClient({ ...optionsOf(), apiOrigins: ['https://*.moex.com'] })
    expect((await errorOf(elsewhere.call('GET', `${moex.apiUrl}/me`))).code).toBe('ERR_AUTH_ORIGIN')
    expect(requests()).toEqual([])
  })

  it('a login for all callers, and one token for all clients of a store', async () => {
    const store = memoryTokenStore()
    const jane = client({ store })
    await Promise.all(Array.from({ length: 20 }, () => jane.call('GET', `${moex.apiUrl}/me`)))
    await client({ store }).token()
    expect(requests().filter((each) => each === TOKEN_PATH)).toHaveLength(1)
    const other = client({ store, scope: 'profile' })
    expect((await other.token()).scope).toBe('profile')
    expect(other.tokens.key).toMatchObject({ platform: 'moex', account: `${LOGIN} (app)`, scope: 'profile' })
  })

  function optionsOf(): MoexOptions {
    return {
      passportUrl: moex.passportUrl,
      tokenUrl: moex.tokenUrl,
      login: LOGIN,
      password: PASSWORD,
      clientId: 'app',
      clientSecret: SECRET,
      scope: 'profile',
      signer: () => signerOf(rsa),
      http,
    }
  }
})

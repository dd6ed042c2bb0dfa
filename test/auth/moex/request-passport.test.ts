import { inspect } from 'node:util'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type MoexOptions, readMoexOptions } from '../../../src/auth/moex/options.ts'
import { requestPassport } from '../../../src/auth/moex/request-passport.ts'
import { AuthError } from '../../../src/errors.ts'
import type { Signer } from '../../../src/signer/index.ts'
import { type HttpsServer, httpsServer } from '../support/https-server.ts'

const TOKEN = 'QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWY%3D'
const PASSWORD = 'пароль "&" 1'
const LOGIN = 'jäne@bank.example'
const NOW = Date.UTC(2026, 0, 1)

let server: HttpsServer
beforeAll(async () => {
  server = await httpsServer()
})
afterAll(() => server[Symbol.asyncDispose]())
beforeEach(() => {
  ;(server.requests as unknown[]).length = 0
  server.everHidden.length = 0
})

function answers(status: number, headers: Record<string, string | string[]> = {}, body = ''): void {
  server.answer = (_body, _request, response) => response.writeHead(status, headers).end(body)
}

const cookie = `MicexPassportCert=${TOKEN}; Path=/; Secure`

function ask(more: Partial<MoexOptions> = {}, signal?: AbortSignal) {
  const options: MoexOptions = {
    passportUrl: new URL('/authenticate?from=here', server.url),
    login: LOGIN,
    password: PASSWORD,
    clientId: 'app',
    clientSecret: 'app secret',
    scope: 'client_registration',
    signer: {} as Signer,
    http: server.http,
    now: () => NOW,
    ...more,
  }
  return requestPassport(readMoexOptions(options), signal)
}

async function errorOf(promise: Promise<unknown>): Promise<AuthError> {
  const error = await promise.then(
    (value) => new Error(`no error but ${inspect(value)}`),
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof AuthError)) throw error
  expect(error.hint).toMatch(/^[a-z]/)
  const shown = inspect(error, { depth: 9 }) + JSON.stringify({ ...error, message: error.message })
  const basic = Buffer.from(`${LOGIN}:${PASSWORD}`).toString('base64')
  for (const secret of [PASSWORD, basic, TOKEN, 'from=here']) expect(shown).not.toContain(secret)
  return error
}

describe('the request for a MOEX Passport Token', () => {
  it('is one GET with Basic in UTF-8, whose password is hidden in traces while it lasts', async () => {
    answers(200, { 'set-cookie': cookie, 'x-micexpassport-marker': 'granted' })
    const passport = await ask({ password: async () => PASSWORD })
    expect(passport.value).toBe(TOKEN)
    expect(server.requests).toHaveLength(1)
    const [request] = server.requests
    expect(request).toMatchObject({ method: 'GET', path: '/authenticate?from=here', body: '' })
    const [scheme, encoded = ''] = request?.headers.authorization?.split(' ') ?? []
    expect(scheme).toBe('Basic')
    expect(Buffer.from(encoded, 'base64').toString('utf8')).toBe(`${LOGIN}:${PASSWORD}`)
    expect(server.everHidden).toEqual([PASSWORD, encoded])
    expect(server.hidden).toEqual([])
  })

  it('does not follow a redirect', async () => {
    answers(302, { 'set-cookie': cookie, location: '/elsewhere' })
    expect((await ask()).value).toBe(TOKEN)
    expect(server.requests).toHaveLength(1)
  })

  it.each([
    ['401', 401, {}],
    ['401 with a cookie', 401, { 'set-cookie': cookie }],
    ['403', 403, {}],
    ['200 and the marker', 200, { 'x-micexpassport-marker': 'denied', 'set-cookie': cookie }],
    ['302 and the marker', 302, { 'x-micexpassport-marker': 'denied', location: '/login' }],
    ['200 and a deleted cookie', 200, { 'set-cookie': 'MicexPassportCert=; Max-Age=0' }],
  ])('denied by %s is told once and not tried again', async (_, status, headers) => {
    answers(status, headers, `wrong password ${PASSWORD} of ${LOGIN}`)
    const error = await errorOf(ask())
    expect(error).toMatchObject({ code: 'ERR_AUTH_PASSPORT_DENIED', status })
    expect(error.hint).toContain('lock')
    expect(error.message).toContain(`${server.url.origin}/authenticate`)
    expect(server.requests).toHaveLength(1)
    expect(server.hidden).toEqual([])
  })

  it.each([
    ['a page', 200, { 'content-type': 'text/html' }, '<html>Sign in</html>', 'HTML', 'passportUrl'],
    ['a page without type', 200, {}, ' <!DOCTYPE html><p>Sign in', 'HTML', 'passportUrl'],
    ['nothing', 204, {}, '', 'no cookie MicexPassportCert', 'cookie'],
    [
      'a redirect',
      302,
      { location: 'https://moex.example/new?code=s' },
      '',
      'it sends to https://moex.example/new',
      'https://moex.example/new',
    ],
    ['a redirect here', 307, { location: '/new#x' }, '', '/new', 'passportUrl'],
    ['a redirect of another kind', 302, { location: 'javascript:alert(1)' }, '', 'no cookie', 'passportUrl'],
    ['granted, and nothing', 200, { 'x-micexpassport-marker': 'granted' }, 'OK', 'no cookie', 'passportUrl'],
  ])('no token in %s', async (_, status, headers, body, message, hint) => {
    answers(status, headers as Record<string, string>, body)
    const error = await errorOf(ask())
    expect(error).toMatchObject({ code: 'ERR_AUTH_PASSPORT_MISSING', status })
    expect(error.message).toContain(message)
    expect(error.hint).toContain(hint)
    expect(error.message + error.hint).not.toMatch(/code=s|#x|javascript/)
  })

  it.each([
    [429, { 'retry-after': '7' }, 'ERR_AUTH_RATE_LIMITED', NOW + 7000],
    [503, { 'content-type': 'text/html' }, 'ERR_AUTH_MAINTENANCE', undefined],
    [500, {}, 'ERR_AUTH_SERVER', undefined],
    [404, {}, 'ERR_AUTH_NOT_FOUND', undefined],
    [400, {}, 'ERR_AUTH_PASSPORT_DENIED', undefined],
    [423, {}, 'ERR_AUTH_PASSPORT_DENIED', undefined],
  ])('status %s', async (status, headers, code, retryAfter) => {
    answers(status, { ...headers, 'set-cookie': cookie } as Record<string, string>, 'sorry')
    const error = await errorOf(ask())
    expect(error).toMatchObject({ code, status, answer: 'sorry' })
    expect(error.retryAfter?.getTime()).toBe(retryAfter)
    expect(server.requests).toHaveLength(1)
  })

  it('refuses a value that cannot be meant, without showing it', async () => {
    answers(200, { 'set-cookie': `MicexPassportCert=${TOKEN}%zz` })
    const error = await errorOf(ask({ decodePassport: true }))
    expect(error).toMatchObject({ code: 'ERR_AUTH_RESPONSE', status: 200 })
    expect(error.hint).toContain('decodePassport')
    answers(200, { 'set-cookie': 'MicexPassportCert=a\tb' })
    expect((await errorOf(ask())).hint).toContain('MOEX')
  })

  it('takes other names', async () => {
    answers(200, {
      'set-cookie': [cookie, `Ticket=${TOKEN}1`],
      'x-marker': 'granted',
      'x-micexpassport-marker': 'denied',
    })
    const fields = { cookie: 'Ticket', marker: 'X-Marker' }
    expect((await ask({ fields })).value).toBe(`${TOKEN}1`)
  })

  it('ends with its signal', async () => {
    server.answer = () => {}
    const controller = new AbortController()
    const asked = ask({}, controller.signal)
    setTimeout(() => controller.abort(new Error('no more')), 10)
    await expect(asked).rejects.toThrow('no more')
    expect(server.hidden).toEqual([])
  })

  it('sends nothing where the password cannot be written', async () => {
    await expect(ask({ password: 'two\nlines' })).rejects.toThrow(TypeError)
    await expect(ask({ password: '' })).rejects.toThrow(TypeError)
    await expect(ask({ password: () => Promise.reject(new Error('no such file')) })).rejects.toThrow(
      'no such file',
    )
    expect(server.requests).toHaveLength(0)
  })
})

describe('the options', () => {
  const options = {
    login: 'jane',
    password: 'p',
    clientId: 'app',
    clientSecret: 's',
    scope: 'x',
    signer: {} as Signer,
    http: { fetch },
  }

  it('name the addresses of the guide', () => {
    const production = readMoexOptions(options)
    expect(production.passportUrl.href).toBe('https://passport.moex.com/authenticate')
    expect(production.tokenUrl.href).toBe(
      'https://sso.moex.com/auth/realms/SSO/protocol/openid-connect/token',
    )
    const test = readMoexOptions({ ...options, environment: 'test' })
    expect(test.passportUrl.href).toBe('https://passport-test.moex.com/authenticate')
    expect(test.tokenUrl.href).toBe(
      'https://sso2.beta.moex.com/auth/realms/SSO/protocol/openid-connect/token',
    )
    expect(test.apiOrigins).toEqual(['https://*.moex.com'])
  })

  it.each([
    [{ environment: 'toString' }, 'environment'],
    [{ login: 'a:b' }, 'colon'],
    [{ login: '' }, 'login'],
    [{ clientId: ' ' }, 'clientId'],
    [{ scope: undefined }, 'scope'],
    [{ passportUrl: 'http://moex.example/' }, 'passportUrl'],
    [{ passportUrl: 'moex' }, 'passportUrl'],
    [{ tokenUrl: 'https://user:hunter2@moex.example/' }, 'tokenUrl'],
    [{ apiOrigins: ['https://*'] }, 'wildcard'],
  ])('%j is not taken', (wrong, word) => {
    let thrown: unknown
    try {
      readMoexOptions({ ...options, ...wrong } as MoexOptions)
    } catch (error) {
      thrown = error
    }
    expect(thrown).toBeInstanceOf(TypeError)
    expect(String(thrown)).toContain(word)
    expect(String(thrown)).not.toContain('hunter2')
  })
})

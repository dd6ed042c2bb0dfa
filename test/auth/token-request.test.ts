import { inspect } from 'node:util'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { apiError, type RefusedAnswer, requestToken, TokenSet } from '../../src/auth/index.ts'
import { AuthError } from '../../src/errors.ts'
import { type HttpsServer, httpsServer } from './support/https-server.ts'

const TOKEN = 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.c2lnbmF0dXJl'
const GOOD = {
  access_token: TOKEN,
  token_type: 'Bearer',
  expires_in: 3599,
  refresh_token: 'r-e-f-1',
  scope: 'a b',
}
const PASSWORD = 'pass word&"1"'
const NOW = Date.parse('2026-11-21T12:00:00Z')
const parameters = { grant_type: 'password', username: 'alice', password: PASSWORD, scope: 'allow' }

let server: HttpsServer
beforeAll(async () => {
  server = await httpsServer()
})
afterAll(() => server[Symbol.asyncDispose]())
beforeEach(() => {
  ;(server.requests as unknown[]).length = 0
})

function answers(status: number, body: unknown, headers: Record<string, string> = {}): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  server.answer = (_body, _request, response) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text)
}

function ask(more: Partial<Parameters<typeof requestToken>[0]> = {}): Promise<TokenSet> {
  const refused = (answer: RefusedAnswer) => apiError(answer, { now: NOW })
  return requestToken({ http: server.http, url: server.url, parameters, now: () => NOW, refused, ...more })
}

async function errorOf(promise: Promise<unknown>): Promise<AuthError> {
  const error = await promise.then(
    (value) => new Error(`no error but ${inspect(value)}`),
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof AuthError)) throw error
  expect(error.hint).toMatch(/^[a-z]/)
  const shown = inspect(error, { depth: 9 }) + JSON.stringify({ ...error, message: error.message })
  for (const secret of [PASSWORD, TOKEN, 'pass+word', 'r-e-f-1', JSON.stringify(PASSWORD).slice(1, -1)]) {
    expect(shown).not.toContain(secret)
  }
  return error
}

describe('requestToken', () => {
  it('sends the form, and nothing that was not asked for', async () => {
    answers(200, GOOD)
    await ask()
    const [request] = server.requests
    expect(request?.method).toBe('POST')
    expect(request?.body).toBe(String(new URLSearchParams(parameters)))
    expect(request?.headers['content-type']).toMatch(/^application\/x-www-form-urlencoded/)
    expect(request?.headers.accept).toBe('application/json')
    expect(request?.headers.authorization).toBeUndefined()
    expect(request?.headers['user-agent']).not.toContain('oauth4webapi')
  })

  it('takes the token, with times by our clock from before the request', async () => {
    answers(200, { ...GOOD, refresh_expires_in: 7200 }, { date: 'Sat, 01 Jan 2000 00:00:00 GMT' })
    let time = NOW
    const token = await ask({ now: () => time++ })
    expect(token.toStored()).toStrictEqual({
      accessToken: TOKEN,
      refreshToken: 'r-e-f-1',
      scope: 'a b',
      issuedAt: NOW,
      expiresAt: NOW + 3_599_000,
      refreshExpiresAt: NOW + 7_200_000,
    })
  })

  it.each([
    ['seconds in digits', { expires_in: '60' }, 60],
    ['no expires_in', { expires_in: undefined }, 300],
    ['expires_in null', { expires_in: null }, 300],
    ['more than anyone believes', { expires_in: 1e300 }, 10 * 366 * 24 * 3600],
  ])('%s', async (_, fields, lifetime) => {
    answers(200, { ...GOOD, ...fields })
    expect((await ask()).expiresAt).toEqual(new Date(NOW + lifetime * 1000))
  })

  it('takes bearer in any case, and leaves an id_token and other fields alone', async () => {
    answers(200, { ...GOOD, token_type: 'bEARER', id_token: 'not.a.jwt', 'not-before-policy': 0, scope: '' })
    const token = await ask()
    expect(token.accessToken).toBe(TOKEN)
    expect(token.scope).toBeUndefined()
  })

  it('keeps what a refresh does not name', async () => {
    const refreshExpiresAt = NOW + 1000
    const stored = {
      accessToken: 'old',
      issuedAt: 0,
      expiresAt: 1,
      refreshToken: 'kept',
      scope: 's',
      refreshExpiresAt,
    }
    const previous = new TokenSet(stored)
    answers(200, { access_token: 'new', token_type: 'bearer' })
    const kept = (await ask({ previous })).toStored()
    expect(kept).toMatchObject({ accessToken: 'new', refreshToken: 'kept', scope: 's', refreshExpiresAt })
    answers(200, { access_token: 'new', token_type: 'bearer', refresh_token: 'rotated', scope: 't' })
    const rotated = (await ask({ previous })).toStored()
    expect(rotated).toMatchObject({ refreshToken: 'rotated', scope: 't' })
    expect(rotated.refreshExpiresAt).toBeUndefined()
    answers(200, { access_token: 'new', token_type: 'bearer', refresh_token: 'r', refresh_expires_in: 0 })
    expect((await ask({ previous })).refreshExpiresAt).toBeUndefined()
  })

  it.each([
    ['access_token', undefined],
    ['access_token', ''],
    ['access_token', 5],
    ['access_token', [TOKEN]],
    ['access_token', `${TOKEN}\r\nx-evil: 1`],
    ['access_token', `${TOKEN} `],
    ['access_token', `=${TOKEN}`],
    ['token_type', undefined],
    ['token_type', 'mac'],
    ['token_type', 'DPoP'],
    ['token_type', `bearer\n${TOKEN}`],
    ['expires_in', -1],
    ['expires_in', 0],
    ['expires_in', '3599 s'],
    ['expires_in', true],
    ['refresh_expires_in', 'soon'],
    ['refresh_token', 'a\nb'],
    ['refresh_token', { is: 'r-e-f-1' }],
    ['scope', ['a']],
    ['scope', 'a\u0000'],
  ])('refuses %s %j', async (name, value) => {
    answers(200, { ...GOOD, [name]: value })
    const error = await errorOf(ask())
    expect(error.code).toBe('ERR_AUTH_RESPONSE')
    expect(error.message).toContain(`${name} must`)
    expect(error.status).toBe(200)
  })

  it.each([
    ['a page', `<html><title>Welcome</title><a href="/x?access_token=${TOKEN}">`, 'Welcome'],
    ['nothing', '', ''],
    ['an array', `["${TOKEN}"]`, ''],
    ['a bare token', 'q7hJx0Yk3mPz5cVb8nWd', '[redacted]'],
    ['cut off', JSON.stringify(GOOD).slice(0, 40), '[redacted]'],
    ['cut off in a short token', '{"token_type":"bearer","access_token":"abc1', 'token_type'],
    ['a form', 'token_type=bearer&access_token=abc123', '[redacted]'],
    ['the password', `{"message":${JSON.stringify(PASSWORD)}}`, 'message'],
    ['another field', '{"accessToken":"abc123","data":{"t":["abc123"]}}', 'accessToken'],
    ['an error', '{"error":"invalid_grant"}', 'invalid_grant'],
  ])('refuses a 200 that is %s', async (_, body, shown) => {
    answers(200, body)
    const error = await errorOf(ask())
    expect(error.code).toBe('ERR_AUTH_RESPONSE')
    expect(error.answer).toContain(shown)
    for (const secret of ['abc1', 'q7hJx0Yk']) expect(error.answer).not.toContain(secret)
  })

  it('reads no more than 1 MiB', async () => {
    answers(200, JSON.stringify({ ...GOOD, filler: 'x'.repeat(1024 * 1024) }))
    expect((await errorOf(ask())).message).toContain('1 MiB')
    let sent = 0
    server.answer = (_body, _request, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write('x'.repeat(65_536))) sent += 65_536
        if (!response.destroyed) response.once('drain', more)
      }
      response.writeHead(200, { 'content-type': 'application/json' })
      more()
    }
    expect((await errorOf(ask())).message).toContain('1 MiB')
    expect(sent).toBeLessThan(64 * 1024 * 1024)
  })

  it.each([
    [401, 'ERR_AUTH_TOKEN_REFUSED'],
    [403, 'ERR_AUTH_FORBIDDEN'],
    [400, 'ERR_AUTH_REQUEST'],
    [302, 'ERR_AUTH_REDIRECT'],
    [429, 'ERR_AUTH_RATE_LIMITED'],
    [500, 'ERR_AUTH_SERVER'],
    [503, 'ERR_AUTH_MAINTENANCE'],
  ])('hands a %i to the platform', async (status, code) => {
    const body = { error: 'Forbidden', message: `wrong: ${PASSWORD}`, access_token: TOKEN }
    answers(status, body, {
      'www-authenticate': 'Bearer realm="x"',
      'retry-after': '7',
      location: '/elsewhere',
    })
    const error = await errorOf(ask())
    expect(error.code).toBe(code)
    expect(error.status).toBe(status)
    expect(error.retryAfter).toEqual(new Date(NOW + 7000))
    expect(error.answer).toContain('Forbidden')
    expect(server.requests).toHaveLength(1)
  })

  it('a 201 is not taken', async () => {
    answers(201, GOOD)
    expect(await errorOf(ask())).toMatchObject({ status: 201, code: 'ERR_AUTH_RESPONSE' })
  })

  it('hides what is secret for the time of the request', async () => {
    let during: string[] = []
    server.answer = (_body, _request, response) => {
      during = [...server.hidden]
      response.writeHead(500).end()
    }
    await errorOf(
      ask({ parameters: { ...parameters, certificate: 'c', client_secret: 's', client_id: 'i' } }),
    )
    expect(during).toEqual([PASSWORD, 'c', 's'])
    expect(server.hidden).toEqual([])
  })

  it('ends with the reason of the signal', async () => {
    const controller = new AbortController()
    const reason = new Error('enough')
    server.answer = () => controller.abort(reason)
    await expect(ask({ signal: controller.signal })).rejects.toBe(reason)
    server.answer = (_body, _request, response) => {
      response.writeHead(200).write('{')
      setTimeout(() => halfway.abort(reason), 5)
    }
    const halfway = new AbortController()
    await expect(ask({ signal: halfway.signal })).rejects.toBe(reason)
  })

  it('asks https only, and wants a grant_type', async () => {
    const url = new URL(server.url)
    url.protocol = 'http:'
    await expect(ask({ url })).rejects.toMatchObject({ code: 'ERR_HTTP_URL', phase: 'request' })
    await expect(ask({ parameters: { scope: 'a' } })).rejects.toThrow(TypeError)
    expect(server.requests).toHaveLength(0)
  })
})

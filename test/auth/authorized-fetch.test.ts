import { inspect } from 'node:util'
import ky from 'ky'
import createClient from 'openapi-fetch'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { authorizedFetch, callApi, type TokenManager, TokenSet, tokenManager } from '../../src/auth/index.ts'
import { AuthError } from '../../src/errors.ts'
import { type HttpsServer, httpsServer } from './support/https-server.ts'

let server: HttpsServer
let tokens: TokenManager
let logins = 0
let api: typeof fetch
let url: string

beforeAll(async () => {
  server = await httpsServer()
  url = new URL('/orders?secret=q', server.url).href
})
afterAll(() => server[Symbol.asyncDispose]())
beforeEach(() => {
  ;(server.requests as unknown[]).length = 0
  logins = 0
  const login = async () => {
    const issuedAt = Date.now()
    return new TokenSet({ accessToken: `token-${++logins}`, issuedAt, expiresAt: issuedAt + 3_600_000 })
  }
  tokens = tokenManager({ key: { platform: 't', host: 'h', account: 'a', scope: '' }, login })
  api = authorizedFetch(tokens, { fetch: server.http.fetch, origins: [server.url.origin] })
  answer(200, () => '{"ok":true}')
})

/** 401 for the first token, then what is asked for. */
function answer(status: number, body: (sent: string) => string, refuse: readonly string[] = []): void {
  server.answer = (sent, request, response) => {
    const wrong = refuse.includes(request.headers.authorization ?? '')
    const head = { 'content-type': 'application/json', location: 'https://elsewhere.example/?code=x' }
    response.writeHead(wrong ? 401 : status, head).end(wrong ? '' : body(sent))
  }
}

const sent = () => server.requests.map(({ headers, body }) => [headers.authorization, body])

describe('authorizedFetch', () => {
  it('adds the token, to a URL, a text and a Request, and keeps what is there', async () => {
    await api(url, { headers: { 'x-a': '1' } })
    await api(new URL(url))
    await api(new Request(url, { method: 'PUT', body: 'b', headers: { 'x-a': '2' } }))
    expect(sent()).toEqual([
      ['Bearer token-1', ''],
      ['Bearer token-1', ''],
      ['Bearer token-1', 'b'],
    ])
    expect(server.requests.map(({ headers }) => headers['x-a'])).toEqual(['1', undefined, '2'])
    expect(server.requests[2]?.method).toBe('PUT')
  })

  it.each([
    ['a text', () => 'body'],
    ['bytes', () => new TextEncoder().encode('body')],
    ['a form', () => new URLSearchParams({ body: '' })],
    ['a blob', () => new Blob(['body'])],
  ])('after a 401 sends %s once more with another token', async (_, body) => {
    answer(200, (text) => text, ['Bearer token-1'])
    const response = await api(url, { method: 'POST', body: body() })
    expect(await response.text()).toMatch(/^body=?$/)
    expect(sent().map(([token]) => token)).toEqual(['Bearer token-1', 'Bearer token-2'])
    expect((await tokens.current())?.accessToken).toBe('token-2')
  })

  it('sends the body of a Request once more', async () => {
    answer(200, (text) => text, ['Bearer token-1'])
    const response = await api(new Request(url, { method: 'POST', body: 'body' }))
    expect(await response.text()).toBe('body')
  })

  it('does not send a stream twice', async () => {
    answer(200, (text) => text, ['Bearer token-1'])
    const body = new Blob(['body']).stream()
    const response = await api(url, { method: 'POST', body, duplex: 'half' } as RequestInit)
    expect(response.status).toBe(401)
    expect(server.requests).toHaveLength(1)
    expect((await tokens.token()).accessToken).toBe('token-2')
  })

  it('gives back a second 401, and logs in for no 403', async () => {
    answer(200, () => '', ['Bearer token-1', 'Bearer token-2'])
    expect((await api(url)).status).toBe(401)
    expect(server.requests).toHaveLength(2)
    // And the next one does not log in again: it would not help.
    expect((await api(url)).status).toBe(401)
    expect(logins).toBe(2)
    ;(server.requests as unknown[]).length = 2
    answer(403, () => '')
    expect((await api(url)).status).toBe(403)
    expect(server.requests).toHaveLength(3)
    expect(logins).toBe(2)
  })

  it('sends the token nowhere else', async () => {
    for (const other of ['https://elsewhere.example/', 'http://localhost/', 'https://localhost/']) {
      await expect(api(other)).rejects.toMatchObject({ code: 'ERR_AUTH_ORIGIN' })
    }
    expect(logins).toBe(0)
    answer(302, () => '')
    expect((await api(url)).status).toBe(302)
    expect((await api(new Request(url))).status).toBe(302)
  })

  it('does not replace an Authorization header', async () => {
    const headers = { authorization: 'Basic abc' }
    await expect(api(url, { headers })).rejects.toThrow(TypeError)
    await expect(api(new Request(url, { headers }))).rejects.toThrow(TypeError)
    expect(server.requests).toHaveLength(0)
  })

  it('ends with the signal', async () => {
    const signal = AbortSignal.abort(new Error('enough'))
    await expect(api(url, { signal })).rejects.toThrow('enough')
  })

  it('fits ky', async () => {
    answer(200, (text) => text, ['Bearer token-1'])
    const client = ky.create({ fetch: api, retry: 0 })
    expect(await client.post(url, { json: { a: 1 } }).json()).toEqual({ a: 1 })
  })

  it('fits openapi-fetch', async () => {
    answer(200, (text) => text, ['Bearer token-1'])
    interface Paths {
      '/orders': {
        post: {
          requestBody: { content: { 'application/json': object } }
          responses: { 200: { content: { 'application/json': object } } }
        }
      }
    }
    const client = createClient<Paths>({ baseUrl: server.url.origin, fetch: api })
    const { data } = await client.POST('/orders', { body: { a: 1 } })
    expect(data).toEqual({ a: 1 })
  })
})

describe('callApi', () => {
  it('gives back a 2xx', async () => {
    expect(await (await callApi(api, 'POST', url, { body: 'x' })).json()).toEqual({ ok: true })
    expect(sent()).toEqual([['Bearer token-1', 'x']])
  })

  it.each([
    [302, 'ERR_AUTH_REDIRECT'],
    [400, 'ERR_AUTH_REQUEST'],
    [401, 'ERR_AUTH_TOKEN_REFUSED'],
    [403, 'ERR_AUTH_FORBIDDEN'],
    [404, 'ERR_AUTH_NOT_FOUND'],
    [409, 'ERR_AUTH_REQUEST'],
    [429, 'ERR_AUTH_RATE_LIMITED'],
    [500, 'ERR_AUTH_SERVER'],
    [503, 'ERR_AUTH_MAINTENANCE'],
  ])('throws for a %i', async (status, code) => {
    answer(status, () => '{"message":"no such thing","access_token":"token-77"}')
    const error = await callApi(api, 'GET', url).then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    expect(error).toBeInstanceOf(AuthError)
    expect(error).toMatchObject({ code, status, hint: expect.stringMatching(/^[a-z]/) })
    expect((error as AuthError).message).toContain(`GET ${server.url.origin}/orders`)
    expect(inspect(error, { depth: 9 })).not.toMatch(/secret=q|token-\d|code=x/)
  })

  it('leaves the word to the platform', async () => {
    answer(403, () => '{"required_scopes":["a"]}')
    const explain = ({ json }: { json: unknown }) =>
      new AuthError('ERR_AUTH_FORBIDDEN', 'x', {
        requiredScopes: (json as { required_scopes: string[] }).required_scopes,
      })
    await expect(callApi(api, 'GET', url, { explain })).rejects.toMatchObject({ requiredScopes: ['a'] })
  })
})

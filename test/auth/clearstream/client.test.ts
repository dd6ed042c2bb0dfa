import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { bare, html, json } from '../../../apps/simulator/answer.ts'
import { bearerOf } from '../../../apps/simulator/request.ts'
import { TokenKey } from '../../../apps/simulator/token-key.ts'
import { CLEARSTREAM_ENVIRONMENTS, clearstreamClient, type JSONWebKeySet } from '../../../src/auth/index.ts'
import type { HttpTransport } from '../../../src/http/index.ts'
import { PASSWORD, Platform, TOKEN_PATH, USER } from './support/platform.ts'

const INFO = { info_str: 'Welcome to OCAPI Playground API ... ', version: '1.221101XP.12' }

let platform: Platform
let http: HttpTransport
beforeAll(async () => {
  platform = await Platform.start()
  http = platform.transport((await platform.issue()).pem)
})
afterAll(() => platform[Symbol.asyncDispose]())
beforeEach(() => {
  platform.requests.length = 0
  platform.answers = {
    [`POST ${TOKEN_PATH}`]: () => platform.tokens(),
    'GET /playground/v1/info': () => json(200, INFO),
    'GET /playground/v1/echo': ({ url }) => json(200, { value: url.searchParams.get('value') }),
    'POST /orders': ({ body }) => json(201, { body }),
  }
})

describe('a token', () => {
  it('is asked for as the guide says, with these fields and no others', async () => {
    const token = await platform.client(http).token()
    const [request] = platform.requests
    expect(`${request?.method} ${request?.url.href}`).toBe(`POST ${platform.url}${TOKEN_PATH}`)
    expect([...(request?.form() ?? [])]).toEqual([
      ['grant_type', 'password'],
      ['scope', 'allow ocapi-playground-v1'],
      ['username', USER],
      ['password', PASSWORD],
    ])
    expect(request?.headers.authorization).toBeUndefined()
    expect(request?.client?.subject.commonName).toBe(USER)
    expect(token.scope).toBe('allow ocapi-playground-v1')
    platform.expectNoSecretIn()
  })

  it('is kept, and its key names host, user and sorted scopes', async () => {
    const client = platform.client(http, { scope: ' ocapi-x-v1  allow ' })
    const first = await client.token()
    expect((await client.token()).accessToken).toBe(first.accessToken)
    expect(platform.requests).toHaveLength(1)
    const host = new URL(platform.url).host
    expect(client.tokens.key).toEqual({
      platform: 'clearstream',
      host,
      account: USER,
      scope: 'allow ocapi-x-v1',
    })
  })

  it('is refreshed by the refresh token', async () => {
    let now = Date.now()
    const client = platform.client(http, { now: () => now })
    const { refreshToken } = await client.token()
    now += 3599_000
    await client.token()
    expect([...(platform.requests[1]?.form() ?? [])]).toEqual([
      ['grant_type', 'refresh_token'],
      ['scope', 'allow ocapi-playground-v1'],
      ['refresh_token', refreshToken],
    ])
  })

  it.each([400, 401, 403])('whose refresh is refused by %i leads to a login', async (status) => {
    let now = Date.now()
    const client = platform.client(http, { now: () => now })
    await client.token()
    platform.answers[`POST ${TOKEN_PATH}`] = (request) =>
      request.form()?.get('grant_type') === 'password' ? platform.tokens() : bare(status)
    now += 3599_000
    await client.token()
    const grants = platform.requests.map((request) => request.form()?.get('grant_type'))
    expect(grants).toEqual(['password', 'refresh_token', 'password'])
  })

  it('shows its claims as unverified', async () => {
    const client = platform.client(http)
    const token = await client.token()
    expect(client.claims(token)).toMatchObject({ verified: false, subject: USER })
    expect(client.claims(token.accessToken).expiresAt).toBeInstanceOf(Date)
  })
})

describe('a key set', () => {
  it('verifies each new token, given as it is or by its URL', async () => {
    const jwks = await platform.key.jwks()
    await platform.client(http, { jwks }).token()
    platform.answers['GET /jwks'] = () => json(200, jwks)
    await platform.client(http, { jwks: new URL(`${platform.url}/jwks`) }).token()
    expect(platform.requests.at(-1)?.url.pathname).toBe('/jwks')
    expect(platform.requests.at(-1)?.headers.authorization).toBeUndefined()
  })

  it('lets no token through that another key has signed', async () => {
    const jwks = await platform.key.jwks()
    const other = await TokenKey.create()
    platform.answers[`POST ${TOKEN_PATH}`] = () => platform.tokens(USER, {}, other)
    const error = await platform.errorOf(platform.client(http, { jwks }).token())
    expect(error).toMatchObject({ code: 'ERR_AUTH_JWT' })
  })

  it('that is no JSON is an error before anyone gets the token', async () => {
    platform.answers['GET /.well-known/jwks.json'] = () => html(200, 'API Platform', 'Welcome')
    const jwks = new URL(`${platform.url}/.well-known/jwks.json`)
    const error = await platform.errorOf(platform.client(http, { jwks }).token())
    expect(error).toMatchObject({ code: 'ERR_AUTH_RESPONSE', status: 200 })
    expect(error.message).toContain('text/html')
  })

  it('that is none is told when the client is made', () => {
    expect(() => platform.client(http, { jwks: { keys: 1 } as unknown as JSONWebKeySet })).toThrow(
      expect.objectContaining({ code: 'ERR_AUTH_JWT' }),
    )
    expect(() => platform.client(http, { jwks: new URL('http://localhost/jwks') })).toThrow(TypeError)
  })
})

describe('calls', () => {
  it('info', async () => {
    const info = await platform.client(http).info()
    expect(info).toEqual({ infoStr: INFO.info_str, version: INFO.version, raw: INFO })
    expect(bearerOf(platform.requests[1] as never)).toMatch(/^eyJ/)
  })

  it('echo', async () => {
    const value = 'Hello World & ä+%/?#'
    expect(await platform.client(http).echo(value)).toMatchObject({ json: { value } })
    expect(platform.requests[1]?.url.search).toContain('?value=Hello%20World%20')
  })

  it('any, with what is given along', async () => {
    const headers = { 'content-type': 'application/json' }
    const response = await platform.client(http).call('POST', 'orders', { body: '{"a":1}', headers })
    expect(await response.json()).toEqual({ body: '{"a":1}' })
    expect(platform.requests[1]?.headers['content-type']).toBe('application/json')
  })

  it('by fetch get the token, and other answers back', async () => {
    const response = await platform.client(http).fetch(`${platform.url}/nothing`)
    expect(response.status).toBe(404)
    expect(bearerOf(platform.requests[1] as never)).toMatch(/^eyJ/)
  })

  it('get a new token once after a 401', async () => {
    let refused = 0
    platform.answers['GET /playground/v1/info'] = () => (refused++ === 0 ? bare(401) : json(200, INFO))
    expect((await platform.client(http).info()).version).toBe(INFO.version)
    expect(platform.requests).toHaveLength(4)
  })

  it('end with the signal', async () => {
    const signal = AbortSignal.abort(new Error('enough'))
    await expect(platform.client(http).call('GET', '/x', { signal })).rejects.toThrow('enough')
    expect(platform.requests).toHaveLength(0)
  })

  it.each([
    'https://elsewhere.example/x',
    'http://localhost/x',
    'HTTPS://elsewhere.example',
    ' https://elsewhere.example/x',
    'https://localhost.elsewhere.example/',
    'https://xact.clearstream.com/authmanager',
  ])('do not go to %s, and no token is asked for', async (url) => {
    const error = await platform.errorOf(platform.client(http).call('GET', url))
    expect(error).toMatchObject({ code: 'ERR_AUTH_ORIGIN' })
    if (url.includes('xact')) expect(error.hint).toContain('https://api.clearstream.com')
    expect(platform.requests).toHaveLength(0)
  })

  it.each(['//elsewhere.example/x', '\\\\elsewhere.example', '@elsewhere.example/', '../../x', ':80/x'])(
    '%s is a path of the same host',
    async (path) => {
      const error = await platform.errorOf(platform.client(http).call('GET', path))
      expect(error).toMatchObject({ code: 'ERR_AUTH_NOT_FOUND' })
      expect(platform.requests).toHaveLength(2)
    },
  )

  it('go below the path of a gateway', async () => {
    platform.answers[`POST /gateway${TOKEN_PATH}`] = () => platform.tokens()
    platform.answers['GET /gateway/playground/v1/info'] = () => json(200, INFO)
    const client = platform.client(http, { url: `${platform.url}/gateway/` })
    expect((await client.info()).version).toBe(INFO.version)
  })
})

describe('options', () => {
  const options = { username: USER, password: PASSWORD, http: { fetch } }

  it('environments are those of the guide', () => {
    expect(CLEARSTREAM_ENVIRONMENTS).toEqual({
      production: { url: 'https://api.clearstream.com' },
      occt: { url: 'https://api-t2s-test.clearstream.com' },
    })
    expect(clearstreamClient(options).tokens.key.host).toBe('api.clearstream.com')
    expect(clearstreamClient({ ...options, environment: 'occt' }).tokens.key.host).toBe(
      'api-t2s-test.clearstream.com',
    )
  })

  it.each([
    'https://xact.clearstream.com',
    'https://XACT.clearstream.com./x',
    'https://a.xact.clearstream.com:8443',
  ])('the portal %s is refused with the right address', (url) => {
    expect(() => clearstreamClient({ ...options, url })).toThrow(
      expect.objectContaining({
        code: 'ERR_HTTP_URL',
        hint: expect.stringContaining('https://api.clearstream.com'),
      }),
    )
  })

  it.each([
    { url: 'http://api.clearstream.com' },
    { url: 'https://user:s3cret@api.clearstream.com' },
    { url: 'https://api.clearstream.com/?a' },
    { url: 'https://api.clearstream.com/#a' },
    { url: 'nothing' },
    { environment: 'toString' as 'occt' },
    { username: '' },
    { username: undefined as unknown as string },
    { scope: ' ' },
    { warnDays: -1 },
    { warnDays: Number.NaN },
  ])('%j is a TypeError that shows no password', (wrong) => {
    let thrown: unknown
    try {
      clearstreamClient({ ...options, ...wrong })
    } catch (error) {
      thrown = error
    }
    expect(thrown).toBeInstanceOf(TypeError)
    expect(String(thrown)).not.toContain('s3cret')
  })
})

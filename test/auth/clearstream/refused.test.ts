import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Answer, bare, html, json, text } from '../../../apps/simulator/answer.ts'
import type { HttpTransport } from '../../../src/http/index.ts'
import { PASSWORD, Platform, TOKEN_PATH } from './support/platform.ts'

let platform: Platform
let http: HttpTransport
beforeAll(async () => {
  platform = await Platform.start()
  http = platform.transport((await platform.issue()).pem)
})
afterAll(() => platform[Symbol.asyncDispose]())
beforeEach(() => {
  platform.requests.length = 0
  platform.answers = { [`POST ${TOKEN_PATH}`]: () => platform.tokens() }
})

const PAGE = html(503, 'Maintenance', 'The API platform is under maintenance.')
const SCOPES = ['allow', 'ocapi-playground-v1']

describe('a login', () => {
  const login = (answer: Answer, options = {}) => {
    platform.answers[`POST ${TOKEN_PATH}`] = () => answer
    return platform.errorOf(platform.client(http, options).token())
  }

  it('with a scope that is not valid: which are', async () => {
    const error_description =
      'Unknown/invalid scope(s): [ocapi-x]. Valid scopes: [allow, ocapi-playground-v1]'
    const error = await login(json(400, { error: 'invalid_scope', error_description }), {
      scope: 'allow ocapi-x',
    })
    expect(error).toMatchObject({ code: 'ERR_AUTH_SCOPE', status: 400, validScopes: SCOPES })
    expect(error.hint).toContain('allow ocapi-playground-v1; not valid: ocapi-x')
  })

  it.each([bare(400), json(400, { error: 'invalid_scope' }), text(400, 'no')])(
    'refused by 400 without a list',
    async (answer) => {
      const error = await login(answer)
      expect(error).toMatchObject({ code: 'ERR_AUTH_SCOPE', status: 400, validScopes: undefined })
    },
  )

  it.each([
    bare(403),
    bare(401),
    html(403, 'Forbidden', 'no'),
    json(403, { error: 'Forbidden', message: `not with ${PASSWORD}` }),
    json(400, { error: 'invalid_grant' }),
  ])('refused: what may be wrong, and it is not tried again', async (answer) => {
    const client = platform.client(http)
    platform.answers[`POST ${TOKEN_PATH}`] = () => answer
    const error = await platform.errorOf(client.token())
    expect(error).toMatchObject({ code: 'ERR_AUTH_REFUSED', status: answer.status })
    for (const part of ['user name', 'password', 'grants', 'CN', 'audit log'])
      expect(error.hint).toContain(part)
    expect(await platform.errorOf(client.token())).toMatchObject({ code: 'ERR_AUTH_BLOCKED' })
    expect(platform.requests).toHaveLength(1)
  })

  it.each([
    [json(400, { error: 'unsupported_grant_type' }), 'ERR_AUTH_REQUEST'],
    [PAGE, 'ERR_AUTH_MAINTENANCE'],
    [html(200, 'API Platform', 'Welcome'), 'ERR_AUTH_RESPONSE'],
    [json(200, { access_token: 1 }), 'ERR_AUTH_RESPONSE'],
    [text(200, '{"access_token":"secret-that-was-cut-', 'application/json'), 'ERR_AUTH_RESPONSE'],
    [bare(404), 'ERR_AUTH_NOT_FOUND'],
    [bare(500), 'ERR_AUTH_SERVER'],
    [bare(302, { location: 'https://xact.clearstream.com/' }), 'ERR_AUTH_REDIRECT'],
  ])('%j', async (answer, code) => {
    const error = await login(answer)
    expect(error).toMatchObject({ code, status: answer.status })
    expect(JSON.stringify(error)).not.toContain('secret-that')
  })

  it('too often: when it may be tried again', async () => {
    const error = await login(bare(429, { 'retry-after': '60' }))
    expect(error).toMatchObject({ code: 'ERR_AUTH_RATE_LIMITED', retryAfter: expect.any(Date) })
  })

  it('during maintenance is no refusal: the next one is tried', async () => {
    const client = platform.client(http)
    platform.answers[`POST ${TOKEN_PATH}`] = () => PAGE
    await platform.errorOf(client.token())
    platform.answers[`POST ${TOKEN_PATH}`] = () => platform.tokens()
    expect((await client.token()).scope).toBe('allow ocapi-playground-v1')
  })
})

describe('a call', () => {
  const call = (answer: Answer) => {
    platform.answers['GET /x'] = () => answer
    return platform.errorOf(platform.client(http).call('GET', '/x?secret=in-the-query'))
  }

  it('that lacks scopes: which the API wants', async () => {
    const required_scopes = { mandatory: ['allow'], at_least_one_of: ['ocapi-a', 'ocapi-b', 'allow'] }
    const message = 'Missing scopes\u001b[31m'
    const error = await call(json(403, { status: 403, error: 'Forbidden', required_scopes, message }))
    expect(error).toMatchObject({ code: 'ERR_AUTH_FORBIDDEN', status: 403 })
    expect(error).toMatchObject({ requiredScopes: ['allow', 'ocapi-a', 'ocapi-b'] })
    expect(error.message).toContain('Missing scopes')
    expect(error.message).not.toContain('\u001b')
    expect(error.hint).toContain('all of allow and one of ocapi-a ocapi-b')
    expect(error.hint).toContain('granted: allow ocapi-playground-v1')
  })

  it.each([
    [{ mandatory: 'a, b', at_least_one_of: null }, ['a', 'b']],
    [{ at_least_one_of: [1, ' c ', {}, ''] }, ['c']],
    [{ mandatory: ['x\u202e'] }, ['x\\u{202e}']],
    [{ mandatory: { a: 1 } }, undefined],
    ['a', undefined],
    [null, undefined],
  ])('with required_scopes %j', async (required_scopes, requiredScopes) => {
    expect(await call(json(403, { required_scopes }))).toMatchObject({
      code: 'ERR_AUTH_FORBIDDEN',
      requiredScopes,
    })
  })

  it.each([bare(403), html(403, 'Forbidden', 'no'), json(403, []), json(403, null)])(
    'forbidden without a word: the certificate, the connection',
    async (answer) => {
      const error = await call(answer)
      expect(error).toMatchObject({ code: 'ERR_AUTH_FORBIDDEN', requiredScopes: undefined })
      expect(error.hint).toMatch(/^one of these is wrong: .*CN.*subject.*without a client certificate.*pool/)
    },
  )

  it.each([
    [bare(401), 'ERR_AUTH_TOKEN_REFUSED'],
    [bare(404), 'ERR_AUTH_NOT_FOUND'],
    [json(422, { message: 'no' }), 'ERR_AUTH_REQUEST'],
    [bare(429, { 'retry-after': '1' }), 'ERR_AUTH_RATE_LIMITED'],
    [bare(500), 'ERR_AUTH_SERVER'],
    [PAGE, 'ERR_AUTH_MAINTENANCE'],
    [bare(302, { location: 'https://elsewhere.example/' }), 'ERR_AUTH_REDIRECT'],
  ])('%j', async (answer, code) => {
    const error = await call(answer)
    expect(error).toMatchObject({ code, status: answer.status })
    expect(error.message).not.toContain('in-the-query')
  })

  it('that is named with the user of the certificate where the token has another', async () => {
    platform.answers[`POST ${TOKEN_PATH}`] = () => platform.tokens('someone_else')
    const error = await call(bare(403))
    expect(error.hint).toMatch(
      /^the token is for someone_else, the client certificate for a000012345_00012345: /,
    )
  })
})

describe('the playground', () => {
  it.each([
    html(200, 'API Platform', 'Welcome'),
    text(200, '<html>', 'application/json'),
    json(200, { info_str: 'x' }),
    json(200, []),
    json(200, null),
    text(200, '{', 'application/json'),
    bare(200),
    text(200, ' '.repeat(1024 * 1024 + 1), 'application/json'),
  ])('is not what answers $headers', async (answer) => {
    platform.answers['GET /playground/v1/info'] = () => answer
    const error = await platform.errorOf(platform.client(http).info())
    expect(error).toMatchObject({ code: 'ERR_AUTH_RESPONSE', status: 200 })
  })

  it('echoes no page, but any text', async () => {
    const client = platform.client(http)
    platform.answers['GET /playground/v1/echo'] = () => html(200, 'API Platform', 'Welcome')
    expect(await platform.errorOf(client.echo('a'))).toMatchObject({ code: 'ERR_AUTH_RESPONSE' })
    platform.answers['GET /playground/v1/echo'] = () => text(200, 'a b')
    expect(await client.echo('a b')).toEqual({ text: 'a b', json: undefined })
  })
})

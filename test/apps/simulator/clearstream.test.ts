/** The simulator of Clearstream, by curl with certificates, and by jose for its tokens. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createLocalJWKSet, jwtVerify } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type ClearstreamSimulator, startClearstreamSimulator } from '../../../apps/simulator/index.ts'
import { describeWith, tempDir } from '../../support/tools.ts'
import { type CurlAnswer, curlFor } from './support/curl.ts'

const USER = 'a000012345_00012345'
const PASSWORD = 'correct horse battery staple'
const SCOPE = 'allow ocapi-playground-v1'

describeWith('curl', 'the simulator of Clearstream', () => {
  const folder = tempDir()
  let simulator: ClearstreamSimulator
  let curl: (...args: string[]) => Promise<CurlAnswer>
  let cert: string[]

  const put = (name: string, data: string | Uint8Array): string => {
    writeFileSync(join(folder, name), data, { mode: 0o600 })
    return join(folder, name)
  }
  /** A token request, with fields changed or left out. */
  const ask = (changed: Readonly<Record<string, string | undefined>> = {}, ...args: string[]) => {
    const fields = { grant_type: 'password', scope: SCOPE, username: USER, password: PASSWORD, ...changed }
    const given = Object.entries(fields).filter(([, value]) => value !== undefined)
    const data = given.flatMap(([name, value]) => ['--data-urlencode', `${name}=${value}`])
    return curl(...cert, ...data, ...args, simulator.tokenUrl)
  }
  const tokens = async (changed = {}) => JSON.parse((await ask(changed)).body)
  const call = (path: string, token: string, ...args: string[]) =>
    curl(...cert, ...args, '-H', `authorization: Bearer ${token}`, simulator.url + path)

  beforeAll(async () => {
    simulator = await startClearstreamSimulator()
    curl = curlFor(simulator.ca)
    simulator.addConsumer({ username: USER, password: PASSWORD })
    simulator.addConsumer({ username: 'other', password: PASSWORD })
    cert = ['--cert', put('ssl.pem', (await simulator.issueConsumer(USER)).pem)]
  })
  afterAll(() => simulator[Symbol.asyncDispose]())
  beforeEach(() => {
    for (const name of Object.keys(simulator.faults)) delete simulator.faults[name as 'tls']
  })

  const reason = () => simulator.refusals.at(-1)

  it('the token: as the guide has it, a JWT that the key set verifies', async () => {
    const answer = await ask({}, '-u', 'ignored:placeholder')
    expect([answer.status, answer.headers['cache-control']]).toEqual([200, 'no-store'])
    const body = JSON.parse(answer.body)
    expect(body).toEqual({
      access_token: expect.stringMatching(/^eyJ/),
      refresh_token: expect.any(String),
      scope: SCOPE,
      token_type: 'Bearer',
      expires_in: 3599,
    })
    const jwks = JSON.parse((await curl(...cert, simulator.jwksUrl)).body)
    const { payload } = await jwtVerify(body.access_token, createLocalJWKSet(jwks))
    expect(payload).toMatchObject({ sub: USER, scope: SCOPE, iss: `${simulator.url}/oauth2` })
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(3599)
  })

  it.each([
    ['grant_type', 'client_credentials', 'unsupported grant type'],
    ['grant_type', undefined, 'unsupported grant type'],
    ['password', 'wrong', 'unknown user or wrong password'],
    ['password', undefined, 'unknown user or wrong password'],
    ['username', 'nobody', 'unknown user or wrong password'],
    ['username', 'other', 'certificate of another user'],
  ])('a bare 403 for %s %s; the cause is in the audit log alone', async (name, value, why) => {
    const answer = await ask({ [name]: value })
    expect([answer.status, answer.body, reason()]).toEqual([403, '', why])
  })

  it.each([['allow secret-api'], [undefined], ['']])(
    'scope %s: 400 with those that are valid',
    async (scope) => {
      const answer = await ask({ scope })
      expect(answer.status).toBe(400)
      expect(JSON.parse(answer.body)).toMatchObject({
        error: 'invalid_scope',
        error_description: expect.stringContaining('[allow, ocapi-playground-v1]'),
      })
    },
  )

  it('the playground, and an API that wants another scope', async () => {
    const { access_token: token } = await tokens()
    const info = await call('/playground/v1/info', token)
    expect(JSON.parse(info.body)).toMatchObject({ info_str: expect.any(String), version: expect.any(String) })
    const echo = await call('/playground/v1/echo?value=Hello%20W%C3%B6rld', token)
    expect(JSON.parse(echo.body)).toEqual({ value: 'Hello Wörld' })
    const other = await call('/reporting/v1/positions', token)
    expect(other.status).toBe(403)
    expect(JSON.parse(other.body)).toEqual({
      status: 403,
      error: 'Forbidden',
      required_scopes: {
        mandatory: ['allow'],
        at_least_one_of: ['ocapi-reporting-v1', 'ocapi-reporting-admin-v1'],
      },
      message: expect.any(String),
    })
    const { access_token: less } = await tokens({ scope: 'allow' })
    expect((await call('/playground/v1/info', less)).status).toBe(403)
  })

  it('a consumer with the other scope is let in there', async () => {
    simulator.addConsumer({ username: USER, password: PASSWORD, scopes: ['allow', 'ocapi-reporting-v1'] })
    const { access_token: token } = await tokens({ scope: 'allow ocapi-reporting-v1' })
    expect((await call('/reporting/v1/positions', token)).status).toBe(200)
    simulator.addConsumer({ username: USER, password: PASSWORD })
  })

  it('401 for a token that is unknown, revoked or missing', async () => {
    const { access_token: token } = await tokens()
    simulator.revokeTokens()
    for (const each of [token, 'unknown']) {
      const answer = await call('/playground/v1/info', each)
      expect([answer.status, answer.headers['www-authenticate']]).toEqual([
        401,
        'bearer error="invalid_token"',
      ])
    }
    expect((await curl(...cert, `${simulator.url}/playground/v1/info`)).status).toBe(401)
  })

  it("403 where the token is another user's than the certificate", async () => {
    const { access_token: token } = await tokens()
    const other = put('other.pem', (await simulator.issueConsumer('other')).pem)
    const answer = await curl(
      '--cert',
      other,
      '-H',
      `authorization: Bearer ${token}`,
      `${simulator.url}/playground/v1/info`,
    )
    expect([answer.status, reason()]).toEqual([403, 'certificate of another user'])
  })

  it('without a certificate, with one that has run out or is of others: no handshake', async () => {
    const stranger = await startClearstreamSimulator()
    await using _ = stranger
    const wrong = {
      expired: (await simulator.issueConsumer(USER, { expired: true })).pem,
      stranger: (await stranger.issueConsumer(USER)).pem,
    }
    for (const version of ['1.2', '1.3']) {
      const at = ['--tls-max', version, simulator.jwksUrl]
      const answer = await curl(...at)
      expect([answer.exit, answer.status]).toEqual([version === '1.2' ? 35 : 56, 0])
      expect(answer.stderr).toMatch(version === '1.2' ? /handshake failure/ : /certificate required/)
      for (const [name, pem] of Object.entries(wrong)) {
        expect((await curl('--cert', put(`${name}.pem`, pem), ...at)).status, name).toBe(0)
      }
      expect((await curl(...cert, ...at)).status).toBe(200)
    }
  })

  it('PKCS#12, RSA keys and another common name', async () => {
    const rsa = await simulator.issueConsumer(USER, { keyType: 'RSA-2048' })
    const p12 = put('ssl.p12', await rsa.p12('secret'))
    const answer = await curl('--cert-type', 'P12', '--cert', `${p12}:secret`, simulator.jwksUrl)
    expect(answer.status).toBe(200)
    const other = put('cn.pem', (await simulator.issueConsumer(USER, { commonName: 'Иван, "x"' })).pem)
    expect((await curl('--cert', other, simulator.jwksUrl)).status).toBe(200)
    expect(simulator.requests.at(-1)?.client).toBe('Иван, "x"')
  })

  it('a page where metadata could be, the CA certificates, 404', async () => {
    const page = await curl(...cert, `${simulator.url}/.well-known/openid-configuration`)
    expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html;charset=utf-8'])
    expect((await curl(...cert, `${simulator.url}/server-cert-cacerts.pem`)).body).toBe(simulator.ca)
    expect((await curl(...cert, `${simulator.url}/client-cert-cacerts.pem`)).body).toBe(simulator.clientCa)
    expect((await curl(...cert, `${simulator.url}/nothing`)).status).toBe(404)
  })

  it('maintenance is on the token endpoint too', async () => {
    simulator.faults.maintenance = true
    expect((await ask()).status).toBe(503)
  })

  it('clockSkew: times in the JWT', async () => {
    simulator.faults.clockSkew = 3600
    const { access_token: token } = await tokens()
    const payload = JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString())
    expect(Math.round((payload.iat * 1000 - Date.now()) / 60_000)).toBe(60)
    expect((await call('/playground/v1/info', token)).status).toBe(200)
  })

  describe('refresh tokens', () => {
    const refresh = async (token: string) => {
      const answer = await ask({
        grant_type: 'refresh_token',
        refresh_token: token,
        username: undefined,
        password: undefined,
        scope: undefined,
      })
      return { status: answer.status, ...(answer.body === '' ? {} : JSON.parse(answer.body)) }
    }

    it('rotate: a new one each time, the old one is refused and nothing more', async () => {
      const first = await tokens()
      const second = await refresh(first.refresh_token)
      expect(second.status).toBe(200)
      expect(second.refresh_token).not.toBe(first.refresh_token)
      expect((await refresh(first.refresh_token)).status).toBe(403)
      expect((await refresh(second.refresh_token)).status).toBe(200)
      expect((await call('/playground/v1/info', second.access_token)).status).toBe(200)
    })

    it('single-use: an old one that comes again ends all of the login', async () => {
      simulator.faults.refreshTokens = 'single-use'
      const first = await tokens()
      const second = await refresh(first.refresh_token)
      expect(second.status).toBe(200)
      expect((await refresh(first.refresh_token)).status).toBe(403)
      expect((await refresh(second.refresh_token)).status).toBe(403)
      expect((await call('/playground/v1/info', second.access_token)).status).toBe(401)
    })

    it('keep: none comes with a refresh, the first stays good', async () => {
      simulator.faults.refreshTokens = 'keep'
      const first = await tokens()
      for (const _ of [1, 2]) {
        const next = await refresh(first.refresh_token)
        expect([next.status, next.refresh_token]).toEqual([200, undefined])
      }
    })

    it('none: there are none', async () => {
      simulator.faults.refreshTokens = 'none'
      expect(await tokens()).not.toHaveProperty('refresh_token')
    })

    it('is good under the certificate of its user only', async () => {
      const { refresh_token: token } = await tokens()
      const other = put('other.pem', (await simulator.issueConsumer('other')).pem)
      const form = ['--data', 'grant_type=refresh_token', '--data-urlencode', `refresh_token=${token}`]
      expect((await curl('--cert', other, ...form, simulator.tokenUrl)).status).toBe(403)
      expect(reason()).toBe('refresh token not good')
      expect((await refresh(token)).status).toBe(200)
    })
  })

  it('optional certificates: the handshake goes on, and the answer is 403', async () => {
    await using own = await startClearstreamSimulator({
      clientCertificates: 'optional',
      consumers: [{ username: USER, password: PASSWORD }],
    })
    const bare = curlFor(own.ca)
    const form = [
      '--data',
      `grant_type=password&username=${USER}`,
      '--data',
      `password=${PASSWORD}&scope=allow`,
    ]
    expect(await bare(...form, own.tokenUrl)).toMatchObject({ status: 403, body: '' })
    expect((await bare(`${own.url}/playground/v1/info`)).status).toBe(403)
    expect(own.refusals).toEqual(['no client certificate', 'no client certificate'])
    expect((await bare(own.jwksUrl)).status).toBe(200)
  })

  it('failed at nothing itself', () => {
    expect(simulator.problems).toEqual([])
    expect(JSON.stringify(simulator.requests)).not.toMatch(/correct horse|eyJ/)
  })
})

import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { bare, json } from '../../../apps/simulator/answer.ts'
import { createTransport } from '../../../src/http/index.ts'
import { tempDir } from '../../support/tools.ts'
import { Platform, TOKEN_PATH, USER } from './support/platform.ts'

const DAY = 86_400_000
const INFO = { info_str: 'Welcome', version: '1' }

let platform: Platform
beforeAll(async () => {
  platform = await Platform.start()
})
afterAll(() => platform[Symbol.asyncDispose]())
beforeEach(() => {
  platform.requests.length = 0
  platform.answers = {
    [`POST ${TOKEN_PATH}`]: () => platform.tokens(),
    'GET /playground/v1/info': () => json(200, INFO),
  }
})

/** A client with its warnings. */
async function clientWith(issue: Parameters<Platform['issue']>[1], options = {}) {
  const warnings: string[] = []
  const { pem, certificate } = await platform.issue(USER, issue)
  const client = platform.client(platform.transport(pem), {
    onWarning: (warning) => warnings.push(warning),
    ...options,
  })
  return { client, warnings, certificate }
}

describe('a client certificate', () => {
  it('that has expired: nothing is sent', async () => {
    const { client, certificate } = await clientWith({ expired: true })
    const error = await platform.errorOf(client.info())
    expect(error).toMatchObject({ code: 'ERR_AUTH_CERTIFICATE', status: undefined })
    expect(error.message).toContain(certificate.notAfter.toISOString())
    expect(error.message).toContain(USER)
    expect(error.hint).toContain('Xact')
    expect(platform.requests).toHaveLength(0)
  })

  it('that expires while the program runs: no call with the cached token either', async () => {
    let now = Date.now()
    const { client } = await clientWith({ days: 40 }, { now: () => now })
    await client.info()
    now += 41 * DAY
    const sent = platform.requests.length
    expect(await platform.errorOf(client.info())).toMatchObject({ code: 'ERR_AUTH_CERTIFICATE' })
    const fetched = client.fetch(`${platform.url}/playground/v1/info`)
    expect(await platform.errorOf(fetched)).toMatchObject({ code: 'ERR_AUTH_CERTIFICATE' })
    expect(platform.requests).toHaveLength(sent)
  })

  it('that was replaced in its file is taken', async () => {
    const file = join(tempDir(), `ocapi-${USER}-ssl.pem`)
    const write = (pem: string) => {
      writeFileSync(file, pem)
      chmodSync(file, 0o600)
    }
    write((await platform.issue(USER, { expired: true })).pem)
    const client = platform.client(platform.transport(file))
    expect(await platform.errorOf(client.token())).toMatchObject({ code: 'ERR_AUTH_CERTIFICATE' })
    write((await platform.issue()).pem)
    // The transport looks at its files at most once a second.
    await expect
      .poll(
        () =>
          client.token().then(
            () => 'a token',
            () => 'none',
          ),
        { timeout: 10_000 },
      )
      .toBe('a token')
  })

  it('that ends soon is warned of, once, with the date and the way out', async () => {
    const { client, warnings, certificate } = await clientWith({ days: 20 })
    await client.info()
    await client.token({ fresh: true })
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toContain(certificate.notAfter.toISOString().slice(0, 10))
    expect(warnings[0]).toMatch(/two years.*Xact/)
  })

  it('is warned of from the day that was asked for', async () => {
    const before = await clientWith({ days: 40 })
    await before.client.token()
    expect(before.warnings).toEqual([])
    const asked = await clientWith({ days: 40 }, { warnDays: 60 })
    await asked.client.token()
    expect(asked.warnings).toHaveLength(1)
  })

  it('of another user is warned of, before and after the login, and named in a 403', async () => {
    const { client, warnings } = await clientWith({ commonName: 'other_user' })
    platform.answers['GET /playground/v1/info'] = () => bare(403)
    const error = await platform.errorOf(client.info())
    await client.token({ fresh: true })
    expect(warnings).toEqual([
      expect.stringContaining(`the client certificate is for other_user, the user name is ${USER}`),
      expect.stringContaining(`the token is for ${USER}, the client certificate for other_user`),
    ])
    expect(error.hint).toMatch(/^the token is for a000012345_00012345, the client certificate for other_user/)
  })

  it('is not compared with a token that cannot be read', async () => {
    platform.answers[`POST ${TOKEN_PATH}`] = () => platform.tokens(USER, { access_token: 'opaque' })
    const { client, warnings } = await clientWith({ commonName: USER })
    await client.token()
    expect(warnings).toEqual([])
  })

  it('that is missing: nothing is sent', async () => {
    await using http = createTransport({ ca: Buffer.from(platform.ca), proxy: 'none' })
    const error = await platform.errorOf(platform.client(http).token())
    expect(error).toMatchObject({ code: 'ERR_AUTH_CERTIFICATE', status: undefined })
    expect(error.hint).toContain('ocapi-USERID-ssl.pem')
    expect(platform.requests).toHaveLength(0)
  })

  it('of which a plain fetch says nothing is the fetch’s own matter', async () => {
    const http = platform.transport((await platform.issue()).pem)
    const client = platform.client({ fetch: http.fetch })
    expect(await client.info()).toMatchObject({ version: '1' })
  })

  it('that the server refuses is told by the transport', async () => {
    await using other = await Platform.start()
    const http = platform.transport((await other.issue()).pem)
    const error = await platform.errorOf(platform.client(http).token())
    expect(error).toMatchObject({ code: 'ERR_HTTP_CLIENT_CERTIFICATE', phase: 'client-certificate' })
  })
})

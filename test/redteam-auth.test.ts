/** What an attack on the auth clients and the transport once found; each failed before its fix. */
import type { ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  authorizedFetch,
  memoryTokenStore,
  moexClient,
  TokenSet,
  type TokenSource,
  tokenManager,
} from '../src/auth/index.ts'
import { AuthError } from '../src/errors.ts'
import { createTransport, type HttpTransport } from '../src/http/index.ts'
import { makeAuthority, type TestAuthority } from './http/support/authority.ts'
import { startServer, type TestServer } from './http/support/server.ts'

let authority: TestAuthority
let server: TestServer
let http: HttpTransport
let answer: (response: ServerResponse) => void
let asked = 0

beforeAll(async () => {
  authority = await makeAuthority()
  server = await startServer(await authority.server(), (_, response) => {
    asked++
    answer(response)
  })
  http = createTransport({ ca: Buffer.from(authority.ca), proxy: 'none', retries: 0 })
})
afterAll(async () => {
  await http[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
})

const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'done',
    (error: unknown) => (error as AuthError).code ?? error,
  )

describe('an answer', () => {
  it('that is not compressed as it says ends no process, whoever reads it, and when', async () => {
    answer = (response) => response.writeHead(401, { 'content-encoding': 'gzip' }).end('not packed at all')
    // Nobody listens for a while; an error that nobody hears ends the test run.
    const late = await http.fetch(server.url)
    const cancelled = await http.fetch(server.url)
    const controller = new AbortController()
    await http.fetch(server.url, { signal: controller.signal })
    await sleep(100)
    controller.abort(new Error('no more'))
    expect(await codeOf(late.text())).toBe('ERR_HTTP_PROTOCOL')
    await cancelled.body?.cancel()
    await sleep(50)
  })

  it.each([
    ['a status that there is not', 'HTTP/1.1 999 Odd\r\ncontent-length: 2\r\n\r\nok'],
    ['a status of three digits too few', 'HTTP/1.1 1 Odd\r\ncontent-length: 2\r\n\r\nok'],
  ])('with %s is a typed error', async (_, text) => {
    answer = (response) => response.socket?.end(text)
    expect(await codeOf(http.fetch(server.url))).toBe('ERR_HTTP_PROTOCOL')
  })

  it('with other bytes than ASCII in its head can be read, each byte a character', async () => {
    const head =
      'HTTP/1.1 200 Tr\xc3\xa8s bien\r\nx-name: \xd0\x96\r\nx-latin: \xe9\r\ncontent-length: 2\r\n\r\nok'
    answer = (response) => response.socket?.end(head, 'latin1')
    const response = await http.fetch(server.url)
    expect(response.headers.get('x-name')).toBe('\xd0\x96')
    expect(response.statusText).toBe('Tr\xc3\xa8s bien')
    expect(await response.text()).toBe('ok')
  })
})

describe('a server certificate', () => {
  it.each([
    ['without alternative names', []],
    ['with addresses only', ['IP:10.0.0.1']],
  ])('%s is not taken for its common name', async (_, subjectAltNames) => {
    await using other = await startServer(await authority.server({ subjectAltNames }), (_, response) => {
      response.end('ok')
    })
    const error = await http.fetch(other.url).catch((error: unknown) => error)
    expect(error).toMatchObject({ code: 'ERR_HTTP_SERVER_CERTIFICATE' })
    expect((error as Error).message).toContain('name-mismatch')
  })
})

describe('a refused password', () => {
  const sourceOf = (account: string, scope: string, login: TokenSource['login']): TokenSource => ({
    key: { platform: 'test', host: 'login.example', account, scope },
    login,
  })
  const refuse = async () => {
    asked++
    await sleep(5)
    throw new AuthError('ERR_AUTH_REFUSED', 'no')
  }

  it('is not tried again for other scopes and applications of the account, by whomever at once', async () => {
    asked = 0
    const store = memoryTokenStore()
    const managers = ['a', 'b', 'c'].flatMap((scope) =>
      ['jane (app)', 'jane (other)', 'jane'].map((account) =>
        tokenManager(sourceOf(account, scope, refuse), { store }),
      ),
    )
    const codes = await Promise.all(managers.map((tokens) => codeOf(tokens.token())))
    expect(asked).toBe(1)
    expect(codes.filter((code) => code === 'ERR_AUTH_BLOCKED')).toHaveLength(managers.length - 1)
    // Another account is not in the way.
    const good = async () =>
      new TokenSet({ accessToken: 't', issuedAt: Date.now(), expiresAt: Date.now() + 1e6 })
    expect(await codeOf(tokenManager(sourceOf('joe', 'a', good), { store }).token())).toBe('done')
    // Whichever is cleared: the password was corrected.
    const right = tokenManager(sourceOf('jane', 'd', good), { store })
    expect(await codeOf(right.token())).toBe('ERR_AUTH_BLOCKED')
    await right.clear()
    expect(await codeOf(right.token())).toBe('done')
  })

  it.each([
    ['a page', (response: ServerResponse) => response.end('<html>Wrong password</html>')],
    [
      'a redirect',
      (response: ServerResponse) => response.writeHead(302, { location: '/login?failed' }).end(),
    ],
    ['nothing', (response: ServerResponse) => response.end()],
  ])('that MOEX Passport answers with %s is not sent again', async (_, how) => {
    asked = 0
    answer = how
    const { tokens } = moexClient({
      passportUrl: `${server.url}/authenticate`,
      tokenUrl: `${server.url}/token`,
      apiOrigins: [server.url],
      login: 'jane',
      password: 'wrong',
      clientId: 'app',
      clientSecret: 'secret',
      scope: 'a',
      signer: () => Promise.resolve({ family: 'RSA', [Symbol.asyncDispose]: async () => {} } as never),
      http,
    })
    expect(await codeOf(tokens.token())).toBe('ERR_AUTH_PASSPORT_MISSING')
    expect(await codeOf(tokens.token())).toBe('ERR_AUTH_BLOCKED')
    expect(asked).toBe(1)
  })
})

it('a token is for https alone: not for a blob that has the origin of its maker', async () => {
  const token = new TokenSet({ accessToken: 't', issuedAt: Date.now(), expiresAt: Date.now() + 1e6 })
  const tokens = { token: async () => token } as never
  const fetch = authorizedFetch(tokens, {
    fetch: async () => new Response(),
    origins: ['https://api.example'],
  })
  expect(await codeOf(fetch('blob:https://api.example/1'))).toBe('ERR_AUTH_ORIGIN')
})

it('one signal for many requests is no leak: Node does not warn', async () => {
  const warnings: string[] = []
  const heard = ({ name }: Error) => warnings.push(name)
  process.on('warning', heard)
  const { signal } = new AbortController()
  answer = (response) => setTimeout(() => response.end('ok'), 20)
  const key = { platform: 'test', host: 'login.example', account: 'jane', scope: 'a' }
  const login = async () => {
    await sleep(5)
    return new TokenSet({ accessToken: 't', issuedAt: Date.now(), expiresAt: Date.now() + 1e6 })
  }
  const tokens = tokenManager({ key, login })
  const fetch = authorizedFetch(tokens, { fetch: http.fetch, origins: [server.url] })
  await Promise.all(
    Array.from({ length: 20 }, async () => await (await fetch(server.url, { signal })).text()),
  )
  await sleep(1)
  process.off('warning', heard)
  expect(warnings).toEqual([])
})

it('a passport that was denied is not asked for again, nor a token', async () => {
  answer = (response) => response.writeHead(401).end()
  asked = 0
  const client = moexClient({
    passportUrl: `${server.url}/authenticate`,
    tokenUrl: `${server.url}/token`,
    apiOrigins: [server.url],
    login: 'jane',
    password: 'wrong',
    clientId: 'app',
    clientSecret: 'secret',
    scope: 'read',
    signer: () => Promise.reject(new Error('there is nothing to sign')),
    http,
  })
  expect(await codeOf(client.passport())).toBe('ERR_AUTH_PASSPORT_DENIED')
  for (let i = 0; i < 3; i++) expect(await codeOf(client.passport())).toBe('ERR_AUTH_BLOCKED')
  expect(await codeOf(client.token())).toBe('ERR_AUTH_BLOCKED')
  expect(asked).toBe(1)
})

it('a CA bundle with one lonely intermediate makes no root of the others', async () => {
  const expired = { days: 2, notBefore: new Date(Date.now() - 5 * 86_400_000) }
  const root = await makeAuthority('Root that has expired', expired)
  const below = await root.intermediate('Below it')
  const lonely = await (await makeAuthority('Root that is not there')).intermediate('Lonely')
  const identity = await below.server()
  const sent = { ...identity, cert: identity.cert + below.ca }
  await using service = await startServer(sent, (_, response) => void response.end())
  await using wary = createTransport({ ca: root.ca + below.ca + lonely.ca, proxy: 'none', retries: 0 })
  expect(await codeOf(wary.fetch(service.url))).toBe('ERR_HTTP_SERVER_CERTIFICATE')
  await using known = await startServer(await lonely.server(), (_, response) => void response.end())
  expect((await wary.fetch(known.url)).status).toBe(200)
})

/** The commands of MOEX and Clearstream against the simulators, as their users run them. */
import { once } from 'node:events'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { CLIENT_SECRET, expectNoToken, type Platforms, startPlatforms, USER } from './support/platforms.ts'
import { PASSWORD, type Result } from './support/program.ts'

let platforms: Platforms

beforeAll(async () => {
  platforms = await startPlatforms()
}, 300_000)
afterAll(() => platforms[Symbol.asyncDispose]())
afterEach(() => {
  for (const { faults } of [platforms.moex, platforms.clearstream]) {
    for (const name of Object.keys(faults)) delete (faults as Record<string, unknown>)[name]
  }
})

const run = (...args: string[]): Promise<Result> => platforms.run(args)
const text = ({ stdout }: Result): string => stdout.toString()
const json = (result: Result) => JSON.parse(text(result))
const requests = (path: string) =>
  [...platforms.moex.requests, ...platforms.clearstream.requests].filter((each) => each.path.includes(path))
    .length

describe('moex token', () => {
  test('prints the access token alone, and takes it from the store the next time', async () => {
    const first = await run('moex', 'token')
    expect(first).toMatchObject({ code: 0, stderr: '' })
    expect(text(first)).toMatch(/^eyJ[\w.-]+\n$/)
    const logins = requests('/authenticate')
    expect(text(await run('moex', 'token'))).toBe(text(first))
    expect(requests('/authenticate')).toBe(logins)
    expect(text(await run('moex', 'token', '--fresh'))).not.toBe(text(first))
    const mode = statSync(join(platforms.folder, 'state/sealkit/tokens')).mode & 0o777
    expect(mode).toBe(0o700)
  })

  test('--json', async () => {
    const result = await run('moex', 'token', '--json')
    expect(json(result)).toMatchObject({
      tokenType: 'Bearer',
      platform: 'moex',
      account: 'jane (bank-app)',
      host: new URL(platforms.moex.url).host,
      hasRefreshToken: true,
      claims: { verified: false, payload: {} },
    })
    expect(json(result).expiresIn).toBeGreaterThan(0)
  })

  test('--no-store leaves nothing and takes nothing', async () => {
    const cached = text(await run('moex', 'token'))
    expect(text(await run('moex', 'token', '--no-store'))).not.toBe(cached)
    expect(text(await run('moex', 'token'))).toBe(cached)
  })

  test('without a file, everything by options, the password by a descriptor', async () => {
    const { moex, folder } = platforms
    writeFileSync(join(folder, 'empty.toml'), '')
    const args = [
      ...['moex', 'token', '--config', 'empty.toml', '--no-store', '--proxy', 'none', '--ca', 'moex-ca.pem'],
      ...['--passport-url', moex.passportUrl, '--token-url', moex.tokenUrl, '--login', 'jane'],
      ...['--client-id', 'bank-app', '--client-secret-env', 'SECRET', '--scope', 'client_registration'],
      ...['--key', 'key.pem', '--certificate', 'cert.pem', '--password-fd', '0'],
    ]
    const result = await platforms.run(args, { input: `${PASSWORD}\n`, env: { SECRET: CLIENT_SECRET } })
    expect(result).toMatchObject({ code: 0, stderr: '' })
    expect(text(result)).toMatch(/^eyJ/)
  })

  test('-v tells all and no secret', async () => {
    const result = await run('moex', 'token', '--no-store', '-v')
    expect(result.code).toBe(0)
    expectNoToken({ ...result, stdout: Buffer.of() })
    expect(result.stderr).toContain('> GET /authenticate HTTP/1.1')
    expect(result.stderr).toMatch(/> authorization: Basic \[redacted\]/i)
    expect(result.stderr).toMatch(/< set-cookie: MicexPassportCert=\[redacted\]/i)
    expect(result.stderr).toMatch(
      /} grant_type=password&grant_type_moex=passport&.*client_secret=\[redacted\]/,
    )
    expect(result.stderr).toContain('"access_token":"[redacted]"')
  })

  test('--bundle keeps it in a file that is private', async () => {
    const result = await run('moex', 'token', '--no-store', '--bundle', 'moex.txt')
    expect(result.stderr).toBe('the support bundle is moex.txt\n')
    const path = join(platforms.folder, 'moex.txt')
    const bundle = readFileSync(path, 'utf8')
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(bundle).toContain('sealkit moex token --no-store --bundle moex.txt\n')
    expect(bundle).toContain('> GET /authenticate HTTP/1.1')
    expectNoToken({ ...result, stdout: Buffer.from(bundle) })
    expect(bundle).not.toContain(PASSWORD)
    const again = await run('moex', 'token', '--no-store', '--bundle', 'moex.txt')
    expect(again.code).toBe(2)
    expect(again.stderr).toContain('moex.txt exists')
  })
})

describe('moex passport and call', () => {
  test('passport', async () => {
    const result = await run('moex', 'passport')
    expect(result).toMatchObject({ code: 0, stderr: '' })
    expect(text(result)).toMatch(/^\S{10,}\n$/)
    expect(json(await run('moex', 'passport', '--json'))).toMatchObject({ shape: 'cookie' })
  })

  test('call', async () => {
    const result = await run('moex', 'call', 'GET', `${platforms.moex.apiUrl}/me`, '--include')
    expect(result.code).toBe(0)
    expect(json(result)).toBeTypeOf('object')
    expect(result.stderr).toMatch(/^< HTTP\/1\.1 200 OK\n/)
    expectNoToken(result)
  })

  test('call with a body from stdin', async () => {
    const args = [
      'moex',
      'call',
      'post',
      `${platforms.moex.apiUrl}/echo`,
      '--data-file',
      '-',
      '-H',
      'X-Mine: 1',
    ]
    const result = await platforms.run(args, { input: '{"a":"b"}' })
    expect(result).toMatchObject({ code: 0, stderr: '' })
    expect(json(result)).toMatchObject({ echo: '{"a":"b"}' })
  })

  test('a token is not sent elsewhere', async () => {
    const result = await run('moex', 'call', 'GET', `${platforms.clearstream.url}/me`)
    expect(result.code).toBe(2)
    expect(result.stderr).toContain('the token is not for')
    expect(text(result)).toBe('')
  })

  test('a refused call: the answer on stdout, the error on stderr', async () => {
    const result = await run('moex', 'call', 'GET', `${platforms.moex.url}/nothing`)
    expect(result.code).toBe(4)
    expect(text(result)).not.toBe('')
    expect(result.stderr).toMatch(/^sealkit: .*404.*\n {2}\S/)
  })

  test.each([
    [['-H', 'Authorization: Bearer Zq9x7'], 'authorization is not taken from an argument'],
    [['-H', 'Zq9x7'], '--header must be "Name: value"'],
    [['-H', 'Host: x'], 'host is made by itself'],
    [['--data-file', 'nowhere'], 'GET has no body'],
    [['--client-secret', 'Zq9x7'], 'a secret is never taken from an argument'],
    [['--password', 'Zq9x7'], 'a password is never taken from an argument'],
    [['--force'], '--force is for --bundle'],
    [['--bundle', '-'], '--bundle needs the name of a file'],
  ])('refused: %j', async (args, message) => {
    const result = await run('moex', 'call', 'GET', `${platforms.moex.apiUrl}/me`, ...args)
    expect(result.code).toBe(2)
    expect(result.stderr).toContain(message)
    expect(result.stderr).not.toContain('Zq9x7')
  })

  test.each([
    [['GET'], 'URL is missing'],
    [['GET', 'http://host/'], 'URL must be a whole https URL'],
    [['GET', 'https://me:Zq9x7@host/'], 'URL must be a whole https URL'],
    [['TRACE', 'https://host/'], 'METHOD must be one of'],
    [['GET', 'https://host/', 'Zq9x7'], 'takes 2 arguments at most'],
  ])('refused: call %j', async (args, message) => {
    const result = await run('moex', 'call', ...args)
    expect(result.code).toBe(2)
    expect(result.stderr).toContain(message)
    expect(result.stderr).not.toContain('Zq9x7')
  })
})

describe('clearstream', () => {
  test("token, with Xact's files", async () => {
    const result = await run('clearstream', 'token')
    expect(result.code).toBe(0)
    expect(text(result)).toMatch(/^eyJ[\w.-]+\n$/)
    expect(result.stderr).toBe('')
  })

  test('claims: unverified, or verified by the keys', async () => {
    const shown = json(await run('clearstream', 'token', '--json'))
    expect(shown).toMatchObject({ account: USER, claims: { verified: false, payload: { sub: USER } } })
    const keys = json(await run('clearstream', 'token', '--json', '--jwks', platforms.clearstream.jwksUrl))
    expect(keys.claims.verified).toBe(true)
    writeFileSync(join(platforms.folder, 'other.json'), '{"keys":[]}')
    const wrong = await run('clearstream', 'token', '--json', '--jwks', 'other.json')
    expect(wrong.code).toBe(6)
    expectNoToken(wrong)
  })

  test('info and echo', async () => {
    const info = await run('clearstream', 'info')
    expect(info).toMatchObject({ code: 0, stderr: '' })
    expect(text(info)).toMatch(/\nversion \S+\n$/)
    expect(json(await run('clearstream', 'info', '--json'))).toHaveProperty('info_str')
    expect(text(await run('clearstream', 'echo', 'Hello World'))).toContain('Hello World')
    expect((await run('clearstream', 'echo')).stderr).toContain('TEXT is missing')
  })

  test('call: a path, and what lacks a scope', async () => {
    const result = await run('clearstream', 'call', 'GET', '/playground/v1/info')
    expect(json(result)).toHaveProperty('version')
    const refused = await run('clearstream', 'call', 'GET', '/reporting/v1/positions', '--include')
    expect(refused.code).toBe(4)
    expect(json(refused)).toHaveProperty('required_scopes')
    expect(refused.stderr).toMatch(/^< HTTP\/1\.1 403/)
    expect(refused.stderr).toContain('ask for a token with')
    expectNoToken(refused)
    const elsewhere = await run('clearstream', 'call', 'GET', 'https://localhost:1/x')
    expect(elsewhere.code).toBe(2)
    expect((await run('clearstream', 'call', 'GET', '//host/x')).code).toBe(2)
  })

  test('maintenance is exit code 6, and in the bundle', async () => {
    platforms.clearstream.faults.maintenance = true
    const result = await run('clearstream', 'info', '--no-store', '--bundle', 'down.txt')
    expect(result.code).toBe(6)
    expect(result.stderr).toContain('maintenance')
    const bundle = readFileSync(join(platforms.folder, 'down.txt'), 'utf8')
    expect(bundle).toContain('ERR_AUTH_MAINTENANCE')
    expect(bundle).toContain('< HTTP/1.1 503')
    expect(bundle).not.toContain(PASSWORD)
  })

  test('nobody listens: exit code 5', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    await new Promise((resolve) => server.close(resolve))
    const result = await run('clearstream', 'info', '--no-store', '--url', `https://127.0.0.1:${port}`)
    expect(result.code).toBe(5)
    expect(result.stderr).toMatch(/^sealkit: .*\n {2}\S/)
  })

  test('a wrong password is refused with exit code 4, and not tried again', async () => {
    writeFileSync(join(platforms.folder, 'wrong'), 'Zq9x7 wrong', { mode: 0o600 })
    const wrong = ['clearstream', 'token', '--scope', 'allow', '--password-file', 'wrong', '-v']
    const first = await run(...wrong)
    expect(first.code).toBe(4)
    const asked = requests('access_token')
    const second = await run(...wrong)
    expect(second.code).toBe(4)
    expect(requests('access_token')).toBe(asked)
    for (const { stderr } of [first, second]) expect(stderr).not.toContain('Zq9x7')
  })

  test('nothing configured: what is missing is told, exit code 3', async () => {
    writeFileSync(join(platforms.folder, 'empty.toml'), '')
    const result = await run('clearstream', 'token', '--config', 'empty.toml')
    expect(result.code).toBe(3)
    expect(result.stderr).toMatch(/username is missing|certificate is missing/)
    expect(result.stderr).toContain('--')
  })
})

describe('token', () => {
  test('list, show and clear', async () => {
    const secret = text(await run('moex', 'token')).trim()
    await run('clearstream', 'token')
    const list = await run('token', 'list')
    expect(list.code).toBe(0)
    expectNoToken(list)
    expect(text(list)).toMatch(
      /^\S{8} {2}moex {2}jane \(bank-app\) {2}localhost:\d+ {2}\[client_registration\] {2}good for /m,
    )
    const [entry] = json(await run('token', 'list', '--json', '--platform', 'moex'))
    expect(entry).toMatchObject({ platform: 'moex', account: 'jane (bank-app)', hasRefreshToken: true })

    const shown = await run('token', 'show', entry.id.slice(0, 8))
    expect(shown.code).toBe(0)
    expectNoToken(shown)
    expect(text(shown)).toMatch(/^state +good for /)
    const revealed = json(await run('token', 'show', entry.id, '--reveal', '--json'))
    expect(revealed.accessToken).toBe(secret)
    expect(text(await run('token', 'show', entry.id, '--reveal'))).toContain(secret)
    expect(json(await run('token', 'show', entry.id, '--json'))).not.toHaveProperty('accessToken')

    expect((await run('token', 'show')).code).toBe(2)
    expect((await run('token', 'show', '--account', 'nobody')).code).toBe(1)
    expect((await run('token', 'show', '--account', 'jane')).code).toBe(0)
    expect((await run('token', 'clear')).code).toBe(2)
    expect(await run('token', 'clear', entry.id)).toMatchObject({
      code: 0,
      stderr: 'one token is forgotten\n',
    })
    expect((await run('token', 'show', entry.id)).code).toBe(1)
    expect((await run('token', 'clear', '--all')).code).toBe(0)
    expect(await run('token', 'list')).toMatchObject({ code: 0, stderr: 'there are no tokens\n' })
  })
})

import { execFile, spawn } from 'node:child_process'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createRemoteJWKSet, customFetch, jwtVerify } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { IssuedSigner } from '../../../apps/simulator/moex/issue-user.ts'
import { startMoexSimulator } from '../../../apps/simulator/moex/moex-simulator.ts'
import { openSoftwareKey } from '../../../providers/software/index.ts'
import { encodePem } from '../../../src/asn1/index.ts'
import { sign } from '../../../src/cms/index.ts'
import { generateKey, issueTestCertificate } from '../../../src/credentials/index.ts'
import { createTransport } from '../../../src/http/index.ts'
import { cmsSigner } from '../../../src/signer/index.ts'
import { describeWith, tempDir } from '../../support/tools.ts'

const run = promisify(execFile)
const LOGIN = 'jane@bank.example'
const PASSWORD = 'correct hörse "&" %41'
const SECRET = 'application secret +&='

interface Answer {
  status: number
  headers: Record<string, string[]>
  text: string
  json: Record<string, unknown>
}

type Fields = Record<string, string>

/** What a real curl process makes of a request; what is secret goes over its standard input. */
async function curl(ca: string, url: string, config: readonly string[] = []): Promise<Answer> {
  const child = spawn('curl', [
    '--silent',
    '--show-error',
    '--include',
    '--config',
    '-',
    '--noproxy',
    '*',
    url,
  ])
  child.stdin.end([`cacert = ${quoted(ca)}`, ...config].join('\n'))
  const [out, errors, code] = await Promise.all([
    textOf(child.stdout),
    textOf(child.stderr),
    new Promise<number | null>((resolve) => child.on('close', resolve)),
  ])
  if (code !== 0) throw new Error(`curl: ${code}: ${errors}`)
  const end = out.indexOf('\r\n\r\n')
  const [first = '', ...lines] = out.slice(0, end).split('\r\n')
  const headers: Record<string, string[]> = {}
  for (const line of lines) {
    const colon = line.indexOf(':')
    const name = line.slice(0, colon).toLowerCase()
    headers[name] = [...(headers[name] ?? []), line.slice(colon + 1).trim()]
  }
  const text = out.slice(end + 4)
  const json = text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {}
  return { status: Number(first.split(' ')[1]), headers, text, json }
}

async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, '\\$&')}"`
}

const basic = (login: string, password: string) => [`user = ${quoted(`${login}:${password}`)}`]
const form = (fields: Fields) =>
  Object.entries(fields).map(([name, value]) => `data-urlencode = ${quoted(`${name}=${value}`)}`)
const bearer = (token: unknown) => [`header = ${quoted(`Authorization: Bearer ${String(token)}`)}`]

function cookieOf({ headers }: Answer): string {
  const cookie = headers['set-cookie']?.find((each) => each.startsWith('MicexPassportCert='))
  return /^MicexPassportCert=([^;]*)/.exec(cookie ?? '')?.[1] ?? ''
}

/** Signs as a person with OpenSSL does. */
async function opensslSign(token: string, signer: IssuedSigner, more: string[] = []): Promise<string> {
  const folder = tempDir()
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text, { mode: 0o600 })
    return join(folder, name)
  }
  const input = ['-in', file('token', token), '-inkey', file('key.pem', signer.keyPem)]
  const options = ['-signer', file('cert.pem', signer.certificatePem), '-outform', 'DER', '-binary', ...more]
  const out = await run('openssl', ['cms', '-sign', ...input, ...options], { encoding: 'buffer' })
  return out.stdout.toString('base64')
}

/** The simulator with jane, an application, and the ways to it. */
async function setUp(verifier: 'openssl' | 'sealkit' | 'auto') {
  const moex = await startMoexSimulator({ verifier, maxWrongPasswords: 3 })
  const rsa = await moex.issueUser({ login: 'a', password: 'x' })
  const gost = await moex.issueUser({ login: 'b', password: 'x', keyType: 'GOST3410-2012-256-A' })
  const stranger = await moex.issueUser({ login: 'stranger', password: 'x' })
  moex.addUser({ login: LOGIN, password: PASSWORD, certificates: [rsa.certificate, gost.certificate] })
  moex.addClient({ clientId: 'app', clientSecret: SECRET })
  moex.addClient({ clientId: 'app2', clientSecret: SECRET })
  const ca = join(tempDir(), 'ca.pem')
  writeFileSync(ca, moex.ca)
  const passport = async () => cookieOf(await curl(ca, moex.passportUrl, basic(LOGIN, PASSWORD)))
  const fields = (certificate: string, signature: string, more: Fields = {}): Fields => ({
    grant_type: 'password',
    grant_type_moex: 'passport',
    scope: 'client_registration',
    client_id: 'app',
    client_secret: SECRET,
    certificate,
    algorithm: 'RSA',
    signature,
    ...more,
  })
  const post = (given: Fields) => curl(ca, moex.tokenUrl, form(given))
  return { moex, rsa, gost, stranger, ca, passport, fields, post }
}

type SetUp = Awaited<ReturnType<typeof setUp>>

async function ourSignature(token: string, { keyPem, certificatePem }: IssuedSigner): Promise<string> {
  await using signer = cmsSigner(await openSoftwareKey({ key: keyPem, certificate: certificatePem }))
  return (await signer.signDetached(token)).base64()
}

describeWith(['openssl', 'gost-engine', 'curl'], 'the simulator of MOEX, by curl and OpenSSL', () => {
  let all: SetUp
  let refusedBefore = 0
  beforeAll(async () => {
    all = await setUp('openssl')
  })
  afterAll(() => all.moex[Symbol.asyncDispose]())
  beforeEach(() => {
    for (const fault of Object.keys(all.moex.faults))
      delete (all.moex.faults as Record<string, unknown>)[fault]
    all.moex.unlock(LOGIN)
    refusedBefore = all.moex.refusals.length
  })
  const refusals = () => all.moex.refusals.slice(refusedBefore)

  it('says what it is', () => {
    expect(all.moex.banner).toMatch(/simulator of MOEX at https:\/\/localhost:\d+: a test double, not MOEX/)
    expect(all.moex.banner).toMatch(/OpenSSL \d/)
  })

  it('the whole way: passport, openssl cms -sign, token, calls, refresh', async () => {
    const { moex, rsa, ca, passport, fields, post } = all
    const token = await passport()
    const answer = await post(fields(token, await opensslSign(token, rsa)))
    expect(answer.status).toBe(200)
    expect(Object.keys(answer.json).sort()).toEqual([
      'access_token',
      'expires_in',
      'not-before-policy',
      'refresh_expires_in',
      'refresh_token',
      'scope',
      'session_state',
      'token_type',
    ])
    expect(answer.json).toMatchObject({ token_type: 'Bearer', scope: 'client_registration', expires_in: 300 })
    const access = answer.json['access_token']
    const me = await curl(ca, `${moex.apiUrl}/me`, bearer(access))
    expect(me.json).toEqual({ login: LOGIN, client_id: 'app', scope: 'client_registration', simulated: true })
    const echo = await curl(ca, `${moex.apiUrl}/echo`, [...bearer(access), 'data = "hello"'])
    expect(echo.json).toMatchObject({ echo: 'hello' })
    const refreshed = await post({
      grant_type: 'refresh_token',
      refresh_token: String(answer.json['refresh_token']),
      client_id: 'app',
      client_secret: SECRET,
    })
    expect(refreshed.status).toBe(200)
    expect(refreshed.json['access_token']).not.toBe(access)
    expect(refusals()).toEqual([])
    expect(moex.problems).toEqual([])
    expect(JSON.stringify(moex.requests)).not.toMatch(/correct|secret/)
  })

  it('access tokens are JWTs that its own keys verify', async () => {
    const { moex, rsa, passport, fields, post } = all
    const token = await passport()
    const { json } = await post(fields(token, await opensslSign(token, rsa)))
    await using http = createTransport({ ca: Buffer.from(moex.ca), proxy: 'none' })
    const issuer = `${moex.url}/auth/realms/SSO`
    const keys = createRemoteJWKSet(new URL(`${issuer}/protocol/openid-connect/certs`), {
      [customFetch]: (url, init) => http.fetch(url, init as RequestInit),
    })
    const { payload } = await jwtVerify(String(json['access_token']), keys, { issuer, subject: LOGIN })
    expect(payload).toMatchObject({ azp: 'app', typ: 'Bearer', scope: 'client_registration' })
  })

  it('a signature by GOST, made by OpenSSL and by us', async () => {
    const { gost, passport, fields, post } = all
    const engine = ['-engine', 'gost', '-md', 'md_gost12_256']
    for (const make of [
      (token: string) => opensslSign(token, gost, engine),
      (token: string) => ourSignature(token, gost),
    ]) {
      const token = await passport()
      const signature = await make(token)
      expect((await post(fields(token, signature))).json['error']).toBe('invalid_grant')
      expect((await post(fields(token, signature, { algorithm: 'GOST' }))).status).toBe(200)
    }
    expect(refusals()).toEqual(['algorithm', 'algorithm'])
  })

  it('a signature without the certificate in it', async () => {
    const { rsa, passport, fields, post } = all
    const token = await passport()
    expect((await post(fields(token, await opensslSign(token, rsa, ['-nocerts'])))).status).toBe(200)
  })

  describe('the passport', () => {
    it('comes in three shapes', async () => {
      const { moex, ca } = all
      const login = () => curl(ca, moex.passportUrl, basic(LOGIN, PASSWORD))
      const cookie = await login()
      expect(cookie.status).toBe(200)
      expect(cookie.headers['x-micexpassport-marker']).toEqual(['granted'])
      expect(cookie.headers['set-cookie']?.join()).toMatch(/MicexPassportCert=[\w%]+; .*Max-Age=300; Secure/)
      moex.faults.passport = 'redirect'
      const redirect = await login()
      expect(redirect.status).toBe(302)
      expect(cookieOf(redirect)).toMatch(/%3D$/)
      moex.faults.passport = 'body'
      const body = await login()
      expect(cookieOf(body)).toBe('')
      expect(body.text).toMatch(/^[\w%]{100,}%3D$/)
      expect(new Set([cookieOf(cookie), cookieOf(redirect), body.text]).size).toBe(3)
    })

    it('is at /en/registration too', async () => {
      const answer = await curl(all.ca, `${all.moex.url}/en/registration`, basic(LOGIN, PASSWORD))
      expect(cookieOf(answer)).not.toBe('')
    })

    it('denies with 200 where that is wanted', async () => {
      all.moex.faults.passport = 'denied-200'
      const answer = await curl(all.ca, all.moex.passportUrl, basic(LOGIN, PASSWORD))
      expect(answer.status).toBe(200)
      expect(answer.headers['x-micexpassport-marker']).toEqual(['denied'])
      expect(cookieOf(answer)).toBe('')
    })

    it('denies without credentials, with wrong ones, and locks out', async () => {
      const { moex, ca } = all
      const statuses: number[] = []
      statuses.push((await curl(ca, moex.passportUrl)).status)
      statuses.push((await curl(ca, moex.passportUrl, basic('nobody', PASSWORD))).status)
      for (const password of ['1', '2', PASSWORD, '3', '4', '5', PASSWORD]) {
        const answer = await curl(ca, moex.passportUrl, basic(LOGIN, password))
        statuses.push(answer.status)
        if (answer.status === 401)
          expect(answer.headers['www-authenticate']?.[0]).toMatch(/^Basic .*charset="UTF-8"/)
        if (answer.status !== 200) expect(answer.headers['x-micexpassport-marker']).toEqual(['denied'])
      }
      expect(statuses).toEqual([401, 401, 401, 401, 200, 401, 401, 401, 403])
      expect(refusals().slice(-1)).toEqual(['locked'])
      moex.unlock(LOGIN)
      expect((await curl(ca, moex.passportUrl, basic(LOGIN, PASSWORD))).status).toBe(200)
    })
  })

  describe('the token endpoint refuses', () => {
    const lines = (base64: string) => base64.replaceAll(/.{64}/g, '$&\n')
    it.each<[string, (good: Fields) => Fields, number, string, string]>([
      ['another client_id', (f) => ({ ...f, client_id: 'other' }), 403, 'unauthorized_client', 'client-id'],
      [
        'another client_secret',
        (f) => ({ ...f, client_secret: 'x' }),
        403,
        'unauthorized_client',
        'client-secret',
      ],
      ['no client_secret', ({ client_secret: _, ...f }) => f, 403, 'unauthorized_client', 'client-secret'],
      ['another scope', (f) => ({ ...f, scope: 'client_registration admin' }), 400, 'invalid_scope', 'scope'],
      ['another grant', (f) => ({ ...f, grant_type_moex: 'x' }), 400, 'unsupported_grant_type', 'grant-type'],
      ['no grant', ({ grant_type: _, ...f }) => f, 400, 'invalid_request', 'grant-type'],
      ['no signature', ({ signature: _, ...f }) => f, 400, 'invalid_request', 'field-missing'],
      [
        'base64 with line ends',
        (f) => ({ ...f, signature: lines(f['signature'] ?? '') }),
        403,
        'invalid_grant',
        'signature-encoding',
      ],
      [
        'base64 with a line end',
        (f) => ({ ...f, signature: `${f['signature']}\n` }),
        403,
        'invalid_grant',
        'signature-encoding',
      ],
      ['no CMS', (f) => ({ ...f, signature: 'AAAA' }), 403, 'invalid_grant', 'signature-form'],
      ['another token', (f) => ({ ...f, certificate: 'x' }), 403, 'invalid_grant', 'passport-token'],
      [
        'the decoded token',
        (f) => ({ ...f, certificate: decodeURIComponent(f['certificate'] ?? '') }),
        403,
        'invalid_grant',
        'passport-token',
      ],
      ['algorithm GOST', (f) => ({ ...f, algorithm: 'GOST' }), 403, 'invalid_grant', 'algorithm'],
      ['algorithm rsa', (f) => ({ ...f, algorithm: 'rsa' }), 403, 'invalid_grant', 'algorithm'],
    ])('%s', async (_, change, status, error, reason) => {
      const { rsa, passport, fields, post } = all
      const token = await passport()
      const good = fields(token, await opensslSign(token, rsa))
      const answer = await post(change(good))
      expect(answer).toMatchObject({ status, json: { error, error_description: expect.any(String) } })
      expect(answer.headers['content-type']?.[0]).toMatch(/^application\/json/)
      expect(refusals()).toEqual([reason])
      expect((await post(good)).status).toBe(200)
    })

    it.each<[string, (token: string, all: SetUp) => Promise<string>, string]>([
      ['a stranger', (token, { stranger }) => opensslSign(token, stranger), 'signature-wrong'],
      ['a token with a line end', (token, { rsa }) => opensslSign(`${token}\n`, rsa), 'signature-wrong'],
      [
        'the decoded token',
        (token, { rsa }) => opensslSign(decodeURIComponent(token), rsa),
        'signature-wrong',
      ],
      [
        'an attached signature',
        (token, { rsa }) => opensslSign(token, rsa, ['-nodetach']),
        'signature-attached',
      ],
    ])('a signature of %s', async (_, make, reason) => {
      const { passport, fields, post } = all
      const token = await passport()
      expect((await post(fields(token, await make(token, all)))).status).toBe(403)
      expect(refusals()).toEqual([reason])
    })

    it('two signatures, one of them a stranger', async () => {
      const { rsa, stranger, passport, fields, post } = all
      const token = await passport()
      const keys = [rsa, stranger].map(({ keyPem, certificatePem }) =>
        openSoftwareKey({ key: keyPem, certificate: certificatePem }),
      )
      const both = await sign(token, { signers: await Promise.all(keys), detached: true })
      expect((await post(fields(token, both.base64()))).status).toBe(403)
      for (const key of keys) await (await key)[Symbol.asyncDispose]()
    })

    it("another user's token, a used one, one that has ended", async () => {
      const { moex, rsa, stranger, ca, passport, fields, post } = all
      const others = cookieOf(await curl(ca, moex.passportUrl, basic('stranger', 'x')))
      expect((await post(fields(others, await opensslSign(others, rsa)))).status).toBe(403)
      const own = fields(others, await opensslSign(others, stranger))
      expect((await post(own)).status).toBe(200)
      expect((await post(own)).status).toBe(403)
      const token = await passport()
      const good = fields(token, await opensslSign(token, rsa))
      moex.faults.clockSkew = 301
      expect((await post(good)).status).toBe(403)
      delete moex.faults.clockSkew
      moex.revokePassports()
      expect((await post(good)).status).toBe(403)
      expect(refusals()).toEqual(['signature-wrong', 'passport-token', 'passport-token', 'passport-token'])
    })

    it('a certificate that has expired', async () => {
      const { moex, ca, fields, post } = all
      using key = await generateKey('RSA-2048')
      const notBefore = new Date(Date.now() - 3 * 86_400_000)
      const certificate = await issueTestCertificate({ key, subject: 'CN=old', days: 1, notBefore })
      moex.addUser({ login: 'old', password: 'x', certificates: [certificate] })
      const old = {
        certificate,
        certificatePem: certificate.toPem(),
        keyPem: encodePem('PRIVATE KEY', key.pkcs8()),
      }
      const token = cookieOf(await curl(ca, moex.passportUrl, basic('old', 'x')))
      expect((await post(fields(token, await opensslSign(token, old)))).status).toBe(403)
      expect(refusals()).toEqual(['signature-wrong'])
    })

    it('a certificate that a registered one issued', async () => {
      const { moex, ca, fields, post } = all
      using caKey = await generateKey('RSA-2048')
      const authority = await issueTestCertificate({
        key: caKey,
        subject: 'CN=registered',
        days: 1,
        ca: true,
      })
      using key = await generateKey('RSA-2048')
      const issuer = { certificate: authority, key: caKey }
      const certificate = await issueTestCertificate({ key, subject: 'CN=below', days: 1, issuer })
      moex.addUser({ login: 'ca', password: 'x', certificates: [authority] })
      const below = {
        certificate,
        certificatePem: certificate.toPem(),
        keyPem: encodePem('PRIVATE KEY', key.pkcs8()),
      }
      const token = cookieOf(await curl(ca, moex.passportUrl, basic('ca', 'x')))
      expect((await post(fields(token, await opensslSign(token, below)))).status).toBe(403)
      expect(refusals()).toEqual(['signature-wrong'])
    })

    it('a body that is no form, and fields that come twice', async () => {
      const { moex, ca } = all
      const json = await curl(ca, moex.tokenUrl, ['header = "Content-Type: application/json"', 'data = "{}"'])
      expect(json).toMatchObject({ status: 400, json: { error: 'invalid_request' } })
      const twice = await curl(ca, moex.tokenUrl, ['data = "grant_type=password&grant_type=password"'])
      expect(twice.status).toBe(400)
      expect((await curl(ca, moex.tokenUrl)).status).toBe(405)
      expect(refusals()).toEqual(['form', 'form'])
    })

    it('refresh tokens that are unknown, used, or of another application', async () => {
      const { rsa, passport, fields, post } = all
      const token = await passport()
      const { json } = await post(fields(token, await opensslSign(token, rsa)))
      const refresh = (refresh_token: unknown, client_id = 'app') =>
        post({
          grant_type: 'refresh_token',
          refresh_token: String(refresh_token),
          client_id,
          client_secret: SECRET,
        })
      expect(await refresh('unknown')).toMatchObject({ status: 400, json: { error: 'invalid_grant' } })
      const next = await refresh(json['refresh_token'])
      expect(next.status).toBe(200)
      expect((await refresh(json['refresh_token'])).status).toBe(400)
      expect((await refresh(next.json['refresh_token'], 'app2')).status).toBe(400)
      expect(refusals()).toEqual(['refresh-token', 'refresh-token', 'refresh-token'])
    })
  })

  describe('the API refuses', () => {
    it('calls without a token, with a wrong one and with one that has ended', async () => {
      const { moex, ca, rsa, passport, fields, post } = all
      const me = `${moex.apiUrl}/me`
      const none = await curl(ca, me)
      expect(none.status).toBe(401)
      expect(none.headers['www-authenticate']?.[0]).toMatch(/^Bearer (?!.*error)/)
      const wrong = await curl(ca, me, bearer('wrong'))
      expect(wrong).toMatchObject({ status: 401, json: { error: 'invalid_token' } })
      const token = await passport()
      const { json } = await post(fields(token, await opensslSign(token, rsa)))
      moex.faults.clockSkew = 301
      expect((await curl(ca, me, bearer(json['access_token']))).status).toBe(401)
      delete moex.faults.clockSkew
      moex.revokeTokens()
      expect((await curl(ca, me, bearer(json['access_token']))).status).toBe(401)
    })

    it('echo to a token without its scope', async () => {
      const { moex, ca, rsa, passport, fields, post } = all
      const token = await passport()
      const { json } = await post(fields(token, await opensslSign(token, rsa), { scope: 'profile' }))
      const echo = await curl(ca, `${moex.apiUrl}/echo`, [...bearer(json['access_token']), 'data = "x"'])
      expect(echo).toMatchObject({ status: 403, json: { error: 'insufficient_scope' } })
      expect(echo.headers['www-authenticate']?.[0]).toContain('scope="client_registration"')
    })
  })
})

describeWith(['curl'], 'the simulator of MOEX with our own verifier', () => {
  it('verifies by itself: RSA and GOST; refuses strangers, other bytes and expired certificates', async () => {
    const { moex, rsa, gost, stranger, passport, fields, post } = await setUp('sealkit')
    await using _ = moex
    expect(moex.banner).toContain('verified by sealkit')
    const post1 = async (signer: IssuedSigner, algorithm: string, content?: (token: string) => string) => {
      const token = await passport()
      return (await post(fields(token, await ourSignature(content?.(token) ?? token, signer), { algorithm })))
        .status
    }
    expect(await post1(rsa, 'RSA')).toBe(200)
    expect(await post1(gost, 'GOST')).toBe(200)
    expect(await post1(gost, 'RSA')).toBe(403)
    expect(await post1(stranger, 'RSA')).toBe(403)
    expect(await post1(rsa, 'RSA', (token) => `${token}\n`)).toBe(403)
    using key = await generateKey('RSA-2048')
    const notBefore = new Date(Date.now() - 3 * 86_400_000)
    const certificate = await issueTestCertificate({ key, subject: 'CN=old', days: 1, notBefore })
    moex.addUser({ login: LOGIN, password: PASSWORD, certificates: [certificate] })
    const old = {
      certificate,
      certificatePem: certificate.toPem(),
      keyPem: encodePem('PRIVATE KEY', key.pkcs8()),
    }
    expect(await post1(old, 'RSA')).toBe(403)
    expect(moex.refusals).toEqual(['algorithm', 'signature-wrong', 'signature-wrong', 'signature-wrong'])
    expect(moex.problems).toEqual([])
  })
})

describe('where there is no OpenSSL', () => {
  it('auto is our own verifier, and openssl is refused', async () => {
    const path = process.env['PATH']
    const empty = join(tempDir(), 'bin')
    mkdirSync(empty)
    chmodSync(empty, 0o700)
    process.env['PATH'] = empty
    try {
      await using moex = await startMoexSimulator()
      expect(moex.banner).toContain('verified by sealkit')
      await expect(startMoexSimulator({ verifier: 'openssl' })).rejects.toThrow('openssl is not on the path')
    } finally {
      process.env['PATH'] = path
    }
  })
})

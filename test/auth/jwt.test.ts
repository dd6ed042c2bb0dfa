import fc from 'fast-check'
import { type CryptoKey, exportJWK, generateKeyPair, type JWTHeaderParameters, SignJWT } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  decodeJwt,
  type JSONWebKeySet,
  type JwtKeys,
  jwtKeys,
  verifyAccessToken,
} from '../../src/auth/index.ts'
import { AuthError } from '../../src/errors.ts'
import { expectOnlyTypedErrors } from '../support/malformed.ts'
import { variant } from '../support/variant.ts'
import { type HttpsServer, httpsServer } from './support/https-server.ts'

const NOW = Date.parse('2026-11-21T12:00:00Z')
const SECONDS = NOW / 1000
const now = () => NOW

const part = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')
const unsigned = (payload: unknown, header: unknown = { alg: 'ES256' }) =>
  `${part(header)}.${part(payload)}.${part('signature')}`

async function errorOf(action: () => unknown): Promise<AuthError> {
  try {
    await action()
  } catch (error) {
    if (error instanceof AuthError) return error
    throw error
  }
  throw new Error('no error')
}

describe('what a JWT says of itself', () => {
  it('is read, and said to be unverified', () => {
    const payload = {
      iss: 'https://a.example',
      sub: 'a000012345_00012345',
      aud: 'x',
      scope: ['allow', 'b'],
      iat: 1.5,
      nbf: 2,
      exp: 3,
      more: { a: [1] },
    }
    expect(decodeJwt(unsigned(payload, { alg: 'none', kid: 'k' }))).toEqual({
      verified: false,
      header: { alg: 'none', kid: 'k' },
      payload,
      issuer: 'https://a.example',
      subject: 'a000012345_00012345',
      audience: ['x'],
      scope: 'allow b',
      issuedAt: new Date(1500),
      notBefore: new Date(2000),
      expiresAt: new Date(3000),
    })
    expect(decodeJwt(unsigned({ aud: ['x', 'y'], scope: 'a b' }))).toMatchObject({
      audience: ['x', 'y'],
      scope: 'a b',
    })
    expect(decodeJwt(unsigned({}))).toMatchObject({ subject: undefined, audience: [], expiresAt: undefined })
    expect(decodeJwt(`${part({ alg: 'none' })}.${part({})}.`).verified).toBe(false)
  })

  it.each([
    '',
    '.',
    '..',
    'a.b',
    'opaque',
    'a.b.c',
    'a.b.c.d',
    'a.b.c.d.e',
    ` ${unsigned({})}`,
    `${unsigned({})}\n`,
    unsigned('not JSON'),
    unsigned([]),
    unsigned('null'),
    unsigned('1'),
    unsigned({}, []),
    unsigned({}, '{'),
    `${part({ alg: 'ES256' })}.${Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]).toString('base64url')}.a`,
    unsigned({ sub: 1 }),
    unsigned({ iss: {} }),
    unsigned({ aud: [1] }),
    unsigned({ scope: 1 }),
    unsigned({ exp: '1' }),
    unsigned({ exp: -1 }),
    unsigned({ exp: 1e20 }),
    unsigned({ iat: null }),
    unsigned(`{"a":${'['.repeat(17)}${']'.repeat(17)}}`),
    unsigned({}, `{"alg":"none","a":${'['.repeat(17)}${']'.repeat(17)}}`),
    unsigned(`{"a":${'['.repeat(5000)}${']'.repeat(5000)}}`),
    unsigned({ a: 'x'.repeat(16 * 1024) }),
  ])('is an error for %.40s', async (token) => {
    const error = await errorOf(() => decodeJwt(token))
    expect(error.code).toBe('ERR_AUTH_JWT')
    expect(error.hint).toMatch(/^[a-z]/)
    if (token.length > 20) expect(error.message).not.toContain(token.slice(0, 20))
  })

  it('an encrypted one is told as such', async () => {
    const error = await errorOf(() => decodeJwt(`${part({ alg: 'dir', enc: 'A256GCM' })}..a.b.c`))
    expect(error.message).toContain('encrypted')
  })

  it('misuse is a TypeError', () => {
    expect(() => decodeJwt(undefined as unknown as string)).toThrow(TypeError)
  })

  it('claims named like parts of every object are claims', () => {
    const claims = decodeJwt(unsigned('{"__proto__":{"sub":"x"},"constructor":"y","toString":1}'))
    expect(claims.subject).toBeUndefined()
    expect(({} as { sub?: string }).sub).toBeUndefined()
  })

  it('whatever is damaged, nothing but our own errors comes out', async () => {
    const bytes = Buffer.from(
      unsigned({ sub: 'a', exp: 1, aud: ['x'], a: { b: [1, 'ä'] } }, { alg: 'ES256' }),
    )
    const variants = [...bytes.keys()].flatMap((at) =>
      [0x00, 0x2e, 0x41, 0x5f, 0x80, 0xff].map((byte) => {
        const damaged = Uint8Array.from(bytes)
        damaged[at] = byte
        return variant('truncated', `byte ${at} is ${byte}`, damaged)
      }),
    )
    const cut = [...bytes.keys()].map((end) => variant('truncated', `cut at ${end}`, bytes.subarray(0, end)))
    const parse = (damaged: Uint8Array) => decodeJwt(Buffer.from(damaged).toString('latin1'))
    const accepted = await expectOnlyTypedErrors(parse, [...variants, ...cut])
    const whole = bytes.toString().split('.', 2).join('.')
    // Without a signature or with another one it is still what it says.
    const otherwise = accepted.filter(({ name }) => name.startsWith('cut'))
    for (const { bytes: kept } of otherwise) expect(Buffer.from(kept).toString()).toContain(whole)
  })

  it('any JSON comes out as it went in, or as our own error', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 6 })), (payload) => {
        const text = JSON.stringify(payload)
        try {
          const { payload: read, verified } = decodeJwt(unsigned(text))
          expect(verified).toBe(false)
          expect(JSON.stringify(read)).toBe(JSON.stringify(JSON.parse(text)))
        } catch (error) {
          if (!(error instanceof AuthError)) throw error
          expect(text.length > 11_000 || /"(?:iss|sub|aud|scope|iat|nbf|exp)"/.test(text)).toBe(true)
        }
      }),
    )
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.base64String()), (text) => {
        for (const token of [text, unsigned(text), unsigned({}, text), `${unsigned({})}${text}`]) {
          try {
            decodeJwt(token)
          } catch (error) {
            if (!(error instanceof AuthError)) throw error
          }
        }
      }),
    )
  })
})

interface Issuer {
  readonly jwks: JSONWebKeySet
  sign(claims?: object, header?: Partial<JWTHeaderParameters>): Promise<string>
}

async function issuer(alg: string, kid: string | undefined = 'key-1', more = {}): Promise<Issuer> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true, ...more })
  const jwk = { ...(await exportJWK(publicKey as CryptoKey)), ...(kid === undefined ? {} : { kid }) }
  return {
    jwks: { keys: [jwk] },
    sign: (claims = {}, header = {}) =>
      new SignJWT({ sub: 'a', exp: SECONDS + 600, ...claims })
        .setProtectedHeader({ alg, ...(kid === undefined ? {} : { kid }), ...header })
        .sign(privateKey),
  }
}

describe('a verified access token', () => {
  let es: Issuer
  let keys: JwtKeys
  beforeAll(async () => {
    es = await issuer('ES256')
    keys = jwtKeys(es.jwks, fetch)
  })

  it.each([
    'RS256',
    'RS384',
    'RS512',
    'PS256',
    'PS384',
    'PS512',
    'ES256',
    'ES384',
    'ES512',
    'EdDSA',
    'Ed25519',
  ])('by %s', async (alg) => {
    const { jwks, sign } = await issuer(alg)
    const options = { keys: jwtKeys(jwks, fetch), now }
    expect(await verifyAccessToken(await sign(), options)).toMatchObject({ verified: true, subject: 'a' })
  })

  it.each(['HS256', 'HS384', 'HS512'])('is never one by %s, whatever the keys would give', async (alg) => {
    const secret = new TextEncoder().encode('a secret that everyone who checks would have '.repeat(2))
    const token = await new SignJWT({ sub: 'a', exp: SECONDS + 600 }).setProtectedHeader({ alg }).sign(secret)
    const careless = (async () => secret) as unknown as JwtKeys
    await expect(verifyAccessToken(token, { keys: careless, now })).rejects.toMatchObject({
      code: 'ERR_AUTH_JWT',
    })
  })

  it('of which the signature, a claim or the header was changed', async () => {
    const [header = '', payload = '', signature = ''] = (await es.sign()).split('.')
    const changed = [
      `${header}.${part({ sub: 'b', exp: SECONDS + 600 })}.${signature}`,
      `${part({ alg: 'ES256', kid: 'key-1', typ: 'JWT' })}.${payload}.${signature}`,
      `${header}.${payload}.${part('another signature')}`,
      `${header}.${payload}.`,
      `${part({ alg: 'none' })}.${payload}.`,
      `${part({ alg: 'none', kid: 'key-1' })}.${payload}.${signature}`,
      `${part({ kid: 'key-1' })}.${payload}.${signature}`,
      `${part({ alg: 'ES256', kid: 'key-1', crit: ['x'], x: 1 })}.${payload}.${signature}`,
    ]
    for (const token of changed) {
      const error = await errorOf(() => verifyAccessToken(token, { keys, now }))
      expect(error.code).toBe('ERR_AUTH_JWT')
      expect(error.message).not.toContain(payload)
    }
  })

  it('never by HMAC, with the public key as its key or a secret one', async () => {
    const { jwks } = await issuer('RS256')
    const secret = Buffer.from(JSON.stringify(jwks.keys[0]))
    const hmac = { kty: 'oct', kid: 'key-1', k: secret.toString('base64url') }
    const token = await new SignJWT({ exp: SECONDS + 600 })
      .setProtectedHeader({ alg: 'HS256', kid: 'key-1' })
      .sign(secret)
    for (const set of [jwks, { keys: [hmac] }]) {
      const error = await errorOf(() => verifyAccessToken(token, { keys: jwtKeys(set, fetch), now }))
      expect(error.code).toBe('ERR_AUTH_JWT')
    }
  })

  it.each([
    [{ exp: SECONDS - 59 }, true],
    [{ exp: SECONDS - 61 }, false],
    [{ exp: undefined }, false],
    [{ nbf: SECONDS + 59 }, true],
    [{ nbf: SECONDS + 61 }, false],
    [{ iat: SECONDS + 3600 }, true],
    [{ sub: 1 }, false],
  ])('by its claims %j: %s', async (claims, isGood) => {
    const outcome = verifyAccessToken(await es.sign(claims), { keys, now })
    if (isGood) await expect(outcome).resolves.toMatchObject({ verified: true })
    else await expect(outcome).rejects.toMatchObject({ code: 'ERR_AUTH_JWT' })
  })

  it('by issuer and audience where they are asked for', async () => {
    const token = await es.sign({ iss: 'https://a.example', aud: ['x', 'y'] })
    const options = { keys, now }
    await verifyAccessToken(token, { ...options, issuer: 'https://a.example', audience: 'y' })
    for (const wrong of [{ issuer: 'https://b.example' }, { audience: 'z' }]) {
      const error = await errorOf(() => verifyAccessToken(token, { ...options, ...wrong }))
      expect(error.code).toBe('ERR_AUTH_JWT')
    }
  })

  it('by no key that is not in the set, or too weak', async () => {
    const other = await issuer('ES256', 'key-2')
    const error = await errorOf(async () => verifyAccessToken(await other.sign(), { keys, now }))
    expect(error.hint).toContain('key set')
    const token = await (await issuer('RS256')).sign()
    const weak = {
      keys: [{ kty: 'RSA', kid: 'key-1', e: 'AQAB', n: Buffer.alloc(128, 0xc1).toString('base64url') }],
    }
    const refused = await errorOf(() => verifyAccessToken(token, { keys: jwtKeys(weak, fetch), now }))
    expect(refused.code).toBe('ERR_AUTH_JWT')
  })

  it.each([null, {}, { keys: {} }, { keys: [1] }, 'keys'])('%j is no key set', (set) => {
    expect(() => jwtKeys(set as unknown as JSONWebKeySet, fetch)).toThrow(
      expect.objectContaining({ code: 'ERR_AUTH_JWT' }),
    )
  })

  describe('with keys behind a URL', () => {
    let server: HttpsServer
    beforeAll(async () => {
      server = await httpsServer()
    })
    afterAll(() => server[Symbol.asyncDispose]())
    beforeEach(() => {
      ;(server.requests as unknown[]).length = 0
    })

    const answers = (status: number, body: string, type = 'application/json', more = {}) => {
      server.answer = (_body, _request, response) =>
        response.writeHead(status, { 'content-type': type, ...more }).end(body)
    }
    const verify = async (): Promise<unknown> => {
      const remote = jwtKeys(server.url, server.http.fetch)
      return await verifyAccessToken(await es.sign(), { keys: remote, now })
    }

    it.each(['application/json', 'application/JSON; charset=utf-8', 'application/jwk-set+json'])(
      'as %s',
      async (type) => {
        answers(200, JSON.stringify(es.jwks), type)
        expect(await verify()).toMatchObject({ verified: true })
      },
    )

    it('reads them once for many tokens', async () => {
      answers(200, JSON.stringify(es.jwks))
      const remote = jwtKeys(server.url, server.http.fetch)
      const token = await es.sign()
      await Promise.all(Array.from({ length: 10 }, () => verifyAccessToken(token, { keys: remote, now })))
      expect(server.requests).toHaveLength(1)
      expect(server.requests[0]?.headers.authorization).toBeUndefined()
    })

    it.each([
      [200, '{"keys":[]}', 'text/html', 'ERR_AUTH_RESPONSE'],
      [200, '<html>', 'application/json', 'ERR_AUTH_RESPONSE'],
      [200, '{"keys":{}}', 'application/json', 'ERR_AUTH_RESPONSE'],
      [200, '[]', 'application/json', 'ERR_AUTH_RESPONSE'],
      [200, 'null', 'application/json', 'ERR_AUTH_RESPONSE'],
      [200, '{"keys":[null]}', 'application/json', 'ERR_AUTH_RESPONSE'],
      [200, `{"keys":[${'{},'.repeat(100)}{}]}`, 'application/json', 'ERR_AUTH_RESPONSE'],
      [200, `{"keys":[]}${' '.repeat(256 * 1024)}`, 'application/json', 'ERR_AUTH_RESPONSE'],
      [200, '{"keys":[]}', 'application/json', 'ERR_AUTH_JWT'],
      [302, '', 'application/json', 'ERR_AUTH_REDIRECT'],
      [404, '{}', 'application/json', 'ERR_AUTH_NOT_FOUND'],
      [503, '<html>', 'text/html', 'ERR_AUTH_MAINTENANCE'],
    ])('%i %.20s as %s is %s', async (status, body, type, code) => {
      answers(status, body, type, status === 302 ? { location: '/elsewhere' } : {})
      expect((await errorOf(verify)).code).toBe(code)
      expect(server.requests).toHaveLength(1)
    })
  })

  it.each(['http://localhost/keys', 'https://a:b@localhost/keys'])('not with keys at %s', (url) => {
    expect(() => jwtKeys(new URL(url), fetch)).toThrow(TypeError)
  })
})

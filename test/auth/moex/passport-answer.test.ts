import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { type PassportAnswer, readPassportAnswer } from '../../../src/auth/moex/passport-answer.ts'
import { PassportToken } from '../../../src/auth/moex/passport-token.ts'

const now = Date.UTC(2026, 0, 1)
const secret = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDE='
const cookieOf = (value: string, rest = '') => `MicexPassportCert=${value}${rest}`

interface Given {
  status?: number
  cookies?: string[]
  marker?: string
  headers?: Record<string, string>
  text?: string
}

function answer({ status = 200, cookies = [], marker, headers = {}, text = '' }: Given): PassportAnswer {
  const all = new Headers(headers)
  for (const cookie of cookies) all.append('set-cookie', cookie)
  if (marker !== undefined) all.set('X-MicexPassport-Marker', marker)
  return { status, headers: all, text }
}

function read(given: Given, options: { decode?: boolean; cookie?: string; marker?: string } = {}) {
  const { decode = false, cookie = 'MicexPassportCert', marker = 'X-MicexPassport-Marker' } = options
  return readPassportAnswer(answer(given), { cookie, marker, now, decode })
}

function tokenIn(given: Given, options?: Parameters<typeof read>[1]): string | undefined {
  const found = read(given, options)
  return found instanceof PassportToken ? found.value : undefined
}

describe('the MOEX Passport: where the token is', () => {
  it('in the cookie, of a 200 and of a 302', () => {
    for (const status of [200, 302, 303]) {
      const found = read({
        status,
        cookies: ['JSESSIONID=1', cookieOf(secret, '; Path=/; Secure')],
        marker: 'granted',
      })
      expect(found).toMatchObject({ value: secret, shape: 'cookie', expiresAt: undefined })
    }
  })

  it('in the body, where there is no cookie', () => {
    for (const text of [
      secret,
      `${secret}\n`,
      `${secret}\r\n`,
      JSON.stringify({ MicexPassportCert: secret }),
    ]) {
      expect(read({ text, marker: 'granted' })).toMatchObject({ value: secret, shape: 'body' })
      expect(tokenIn({ text })).toBe(secret)
    }
  })

  it.each([
    ['a page', '<html><body>Sign in</body></html>'],
    ['a word', 'denied'],
    ['a long sentence', 'The service is not available at this time, please come back'],
    ['two lines', `${secret}\n${secret}`],
    ['a line before', `\n${secret}`],
    ['a blank', `${secret} `],
    ['other JSON', JSON.stringify({ error: secret })],
    ['deep JSON', JSON.stringify({ MicexPassportCert: { value: secret } })],
    ['JSON that is cut off', `{"MicexPassportCert":"${secret}"`],
    ['JSON with a message', JSON.stringify({ MicexPassportCert: 'wrong user name or password, try again' })],
    ['a list', JSON.stringify([secret])],
    ['null', '{"MicexPassportCert":null}'],
    ['nothing', ''],
  ])('not in a body that is %s', (_, text) => {
    expect(read({ text })).toBe('missing')
    expect(read({ text, marker: 'granted' })).toBe('missing')
  })

  it('not in the body of a redirect', () => {
    expect(read({ status: 302, text: secret })).toBe('missing')
  })

  it('not in a cookie of another name', () => {
    for (const name of ['micexpassportcert', 'MicexPassportCert2', 'xMicexPassportCert']) {
      expect(read({ cookies: [`${name}=${secret}`] })).toBe('missing')
    }
    expect(read({ cookies: [`x=MicexPassportCert=${secret}`, 'y=1; MicexPassportCert=2'] })).toBe('missing')
  })

  it('by other names where they are told', () => {
    const options = { cookie: 'Ticket', marker: 'X-Marker' }
    expect(tokenIn({ cookies: [`Ticket=${secret}`], marker: 'denied' }, options)).toBe(secret)
    expect(tokenIn({ text: JSON.stringify({ Ticket: secret }) }, options)).toBe(secret)
    expect(read({ cookies: [`Ticket=${secret}`], headers: { 'x-marker': 'denied' } }, options)).toBe('denied')
  })
})

describe('the MOEX Passport: what is denied', () => {
  it.each(['denied', 'Denied', ' DENIED ', 'granted, denied'])(
    'the marker says %s, whatever else is there',
    (marker) => {
      for (const status of [200, 302]) {
        expect(read({ status, marker, cookies: [cookieOf(secret)], text: secret })).toBe('denied')
      }
    },
  )

  it.each([
    ['Max-Age=0', cookieOf('x', '; Max-Age=0')],
    ['Max-Age below 0', cookieOf('x', '; Max-Age=-1')],
    ['an Expires in the past', cookieOf('x', '; Expires=Thu, 01 Jan 1970 00:00:00 GMT')],
    ['an Expires of this moment', cookieOf('x', '; Expires=Thu, 01 Jan 2026 00:00:00 GMT')],
    ['an empty value', cookieOf('')],
    ['an empty value in quotes', cookieOf('""')],
  ])('a cookie that is deleted by %s', (_, cookie) => {
    expect(read({ cookies: [cookie] })).toBe('denied')
    expect(read({ cookies: [cookie], text: secret })).toBe('denied')
    expect(read({ cookies: [cookie], marker: 'granted' })).toBe('missing')
  })

  it('a cookie that is set and then deleted', () => {
    expect(read({ cookies: [cookieOf(secret, '; Path=/'), cookieOf('', '; Path=/; Max-Age=0')] })).toBe(
      'denied',
    )
  })
})

describe('the MOEX Passport: the value', () => {
  it('is the last of several', () => {
    const old = cookieOf('old', '; Path=/old')
    expect(tokenIn({ cookies: [old, cookieOf(secret, '; Path=/')] })).toBe(secret)
    expect(tokenIn({ cookies: [cookieOf('', '; Max-Age=0'), cookieOf(secret)] })).toBe(secret)
    expect(tokenIn({ cookies: [cookieOf(secret, '; Path=/'), cookieOf('', '; Path=/old; Max-Age=0')] })).toBe(
      secret,
    )
    expect(tokenIn({ cookies: [cookieOf('first'), cookieOf('second', '; path=/'), cookieOf(secret)] })).toBe(
      secret,
    )
  })

  it.each(['%41%2B', '"quoted"', 'a b', 'a=b==', 'a,b', '\\"'])(
    'is taken exactly as it stands: %s',
    (value) => {
      expect(tokenIn({ cookies: [cookieOf(value)] })).toBe(value)
    },
  )

  it('is URL-decoded where that is asked for', () => {
    expect(tokenIn({ cookies: [cookieOf('a%2Fb%3D+')] }, { decode: true })).toBe('a/b=+')
    expect(tokenIn({ text: `${secret}%3D` }, { decode: true })).toBe(`${secret}=`)
    for (const value of ['%', '%zz', '%ff', '%0a', '%00']) {
      expect(read({ cookies: [cookieOf(value)] }, { decode: true })).toBe('unreadable')
    }
  })

  it('is not taken with characters that are not ASCII, or when it is longer than 16 KiB', () => {
    expect(read({ cookies: [cookieOf('caf\u00e9')] })).toBe('unreadable')
    expect(read({ cookies: [cookieOf('a\tb')] })).toBe('unreadable')
    expect(tokenIn({ cookies: [cookieOf('a'.repeat(16_384))] })).toHaveLength(16_384)
    expect(read({ cookies: [cookieOf('a'.repeat(16_385))] })).toBe('unreadable')
    expect(read({ text: 'a'.repeat(16_385) })).toBe('unreadable')
  })

  it('ends by Max-Age first, and by the clock of the server', () => {
    const expires = '; Expires=Thu, 01 Jan 2026 01:00:00 GMT'
    const ends = (cookie: string, headers: Record<string, string> = {}) => {
      const found = read({ cookies: [cookie], headers })
      return found instanceof PassportToken ? found.expiresAt?.getTime() : found
    }
    expect(ends(cookieOf(secret, `${expires}; Max-Age=60`))).toBe(now + 60_000)
    expect(ends(cookieOf(secret, expires))).toBe(now + 3_600_000)
    expect(ends(cookieOf(secret, expires), { date: 'Thu, 01 Jan 2026 00:59:00 GMT' })).toBe(now + 60_000)
    expect(ends(cookieOf(secret, expires), { date: 'Thu, 01 Jan 2026 01:00:00 GMT' })).toBe('denied')
  })

  it('is not shown', () => {
    const found = read({ cookies: [cookieOf(secret, '; Max-Age=60')] })
    expect(
      `${inspect(found, { depth: 9, showHidden: true })}${JSON.stringify(found)}${String(found)}`,
    ).not.toContain(secret)
    expect(JSON.parse(JSON.stringify(found))).toEqual({
      shape: 'cookie',
      length: secret.length,
      expiresAt: '2026-01-01T00:01:00.000Z',
    })
  })
})

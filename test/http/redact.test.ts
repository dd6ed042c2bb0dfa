import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { REDACTED, Redactor } from '../../src/http/redact.ts'

/** Everything but what the marker itself says. */
const rest = (text: string) => text.split(REDACTED)
const secrets = fc
  .string({ unit: 'binary', minLength: 4, maxLength: 40 })
  .filter((text) => !/\p{Cs}/u.test(text))
const around = fc.string({ unit: fc.constantFrom(...'ab ,.-!/\n'), maxLength: 12 })

const percent = (text: string) =>
  Array.from(Buffer.from(text, 'utf8'), (byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
const escapeAll = (text: string) =>
  text.replace(/[\s\S]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)

const encodings: Readonly<Record<string, (secret: string) => string>> = {
  literal: (secret) => secret,
  'percent-encoded': encodeURIComponent,
  'percent-encoded, every byte': percent,
  'percent-encoded, capitals': (secret) => percent(secret).toUpperCase(),
  'percent-encoded twice': (secret) => encodeURIComponent(encodeURIComponent(secret)),
  form: (secret) => new URLSearchParams({ x: secret }).toString().slice(2),
  base64: (secret) => Buffer.from(secret).toString('base64'),
  base64url: (secret) => Buffer.from(secret).toString('base64url'),
  'base64, percent-encoded': (secret) => encodeURIComponent(Buffer.from(secret).toString('base64')),
  'base64 behind one byte': (secret) => Buffer.from(`u${secret}`).toString('base64'),
  'base64 behind two bytes': (secret) => Buffer.from(`u:${secret}`).toString('base64'),
  'base64 between others': (secret) => Buffer.from(`user:${secret}:more`).toString('base64'),
  JSON: (secret) => JSON.stringify(secret).slice(1, -1),
  'JSON, every unit': escapeAll,
  'JSON in a form': (secret) => encodeURIComponent(JSON.stringify(secret)),
  HTML: (secret) => secret.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`),
}

/** What undoes the encoding again, so that the secret is looked for in every reading of the output. */
function readings(text: string): string[] {
  const unescaped = text
    .replace(/\\u([0-9a-f]{4})/gi, (_, digits) => String.fromCharCode(Number.parseInt(digits, 16)))
    .replace(/\\(["\\/])/g, '$1')
  return [text, unescaped, decoded(text), decoded(text.replaceAll('+', ' ')), decoded(decoded(text))]
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

describe('a hidden secret', () => {
  for (const [name, encode] of Object.entries(encodings)) {
    test(`does not survive: ${name}`, () => {
      fc.assert(
        fc.property(secrets, around, around, (secret, before, after) => {
          const redactor = new Redactor()
          redactor.hide(secret)
          const encoded = encode(secret)
          for (const output of [
            redactor.text(before + encoded + after),
            redactor.body(before + encoded + after, 'application/json'),
            redactor.url(`https://host/${encoded}`),
            ...redactor.headers([['x-thing', `${before} ${encoded} ${after}`]]).map(([, value]) => value),
          ]) {
            for (const piece of rest(output).flatMap(readings)) {
              expect(piece).not.toContain(secret)
              expect(piece).not.toContain(encoded)
            }
          }
        }),
        { numRuns: 150 },
      )
    })

    test(`the words around it stay: ${name}`, () => {
      const redactor = new Redactor()
      redactor.hide('Tr0ub4dor & "3"')
      const output = redactor.text(`before ${encode('Tr0ub4dor & "3"')} after`)
      expect(output).toMatch(/^before "?(%22)?\[redacted\]"?(%22)? after$/)
    })
  }

  test('is found once and many times, beside itself and overlapping itself', () => {
    const redactor = new Redactor()
    redactor.hide('abab')
    expect(redactor.text('-abab-ababab-abababab-aba-')).toBe('-[redacted]-[redacted]-[redacted]-aba-')
  })

  test('is found where only its first twelve characters are left', () => {
    const redactor = new Redactor()
    redactor.hide('0123456789abcdefghij')
    expect(redactor.text('x 0123456789abcde, y')).toBe('x [redacted], y')
    expect(redactor.text('x 0123456789, y')).toBe('x 0123456789, y')
    expect(redactor.text('cut at 01234')).toBe('cut at [redacted]')
  })

  test('of fewer than four characters is found alone', () => {
    const redactor = new Redactor()
    redactor.hide('abc')
    expect(redactor.text('abc abcd xabc (abc) é abc')).toBe('[redacted] abcd xabc ([redacted]) é [redacted]')
  })

  test('is shown again when each who hid it let go', () => {
    const redactor = new Redactor()
    const one = redactor.hide('correct horse')
    const other = redactor.hide('correct horse')
    one[Symbol.dispose]()
    one[Symbol.dispose]()
    expect(redactor.text('correct horse')).toBe('[redacted]')
    other[Symbol.dispose]()
    expect(redactor.text('correct horse')).toBe('correct horse')
  })

  test('is not shown by inspecting the redactor', async () => {
    const { inspect } = await import('node:util')
    const redactor = new Redactor()
    redactor.hide('correct horse')
    expect(inspect(redactor, { depth: 9, showHidden: true }) + JSON.stringify(redactor)).not.toContain(
      'horse',
    )
  })
})

describe('text', () => {
  const redactor = new Redactor()
  test.each([
    ['Authorization: Bearer abcdef', 'Authorization: Bearer [redacted]'],
    ['> authorization: Basic dTpw', '> authorization: Basic [redacted]'],
    ['12:00:01 > authorization: secret stuff', '12:00:01 > authorization: [redacted]'],
    ['Proxy-Authorization: mine alone', 'Proxy-Authorization: [redacted]'],
    ['sent Bearer 8Zk3-abc_1 to it', 'sent Bearer [redacted] to it'],
    ['the server wants Basic authentication', 'the server wants Basic authentication'],
    ['token eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln ends', 'token [redacted] ends'],
    ['https://user:pa@ss@host/path', 'https://[redacted]@host/path'],
    ['via http://proxy.example:8080', 'via http://proxy.example:8080'],
    ['a client_secret=abc%26d&x=1', 'a client_secret=[redacted]&x=1'],
    ['client%5Fsecret=abc', 'client%5Fsecret=[redacted]'],
    ['status code=404', 'status code=404'],
    ['-----BEGIN PRIVATE KEY-----\nMIIE\nabc', '-----BEGIN PRIVATE KEY-----[redacted]'],
    ['{"token_type":"Bearer","expires_in":3599}', '{"token_type":"Bearer","expires_in":3599}'],
  ])('%s', (text, expected) => {
    expect(redactor.text(text)).toBe(expected)
    expect(redactor.text(expected)).toBe(expected)
  })

  test('keeps what holds no secret, and redacting twice changes nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => {
        const once = redactor.text(text)
        expect(redactor.text(once)).toBe(once)
      }),
    )
  })
})

describe('headers', () => {
  const redactor = new Redactor()
  test.each([
    ['authorization', 'Bearer a b', 'Bearer [redacted]'],
    ['Authorization', 'custom-secret', '[redacted]'],
    ['cookie', 'a=1; MicexPassportCert=abc==; odd', 'a=[redacted]; MicexPassportCert=[redacted]; [redacted]'],
    [
      'set-cookie',
      'MicexPassportCert=abc; Path=/; HttpOnly',
      'MicexPassportCert=[redacted]; Path=/; HttpOnly',
    ],
    [
      'Set-Cookie',
      'x="a;b"; Secure; Expires=Wed, 21 Oct 2026 07:28:00 GMT',
      'x=[redacted];[redacted]; Secure; Expires=Wed, 21 Oct 2026 07:28:00 GMT',
    ],
    ['X-API-Key', 'abc', '[redacted]'],
    [
      'location',
      'https://h/?access_token=abc&x=1#id_token=d',
      'https://h/?access_token=[redacted]&x=1#id_token=[redacted]',
    ],
    ['content-type', 'application/json; charset=UTF-8', 'application/json; charset=UTF-8'],
    [
      'www-authenticate',
      'Bearer realm="x", error="invalid_token"',
      'Bearer realm="x", error="invalid_token"',
    ],
  ])('%s: %s', (name, value, expected) => {
    expect(redactor.headers([[name, value]])).toEqual([[name, expected]])
  })

  test('the value of any cookie', () => {
    const words = fc.string({ unit: fc.constantFrom(...'abc=/;+ "%'), maxLength: 12 })
    fc.assert(
      fc.property(words, words, (before, after) => {
        const [[, value] = []] = redactor.headers([['set-cookie', `n=${before}Zq9x7${after}; Path=/`]])
        expect(value).not.toContain('Zq9x7')
      }),
    )
  })
})

describe('JSON', () => {
  const redactor = new Redactor()
  const names = fc.constantFrom(
    'access_token',
    'refresh-token',
    'IdToken',
    'PASSWORD',
    'client_secret',
    'x.api.key',
    'userPassword',
    'Proxy-Authorization',
  )
  const values = fc.oneof(
    fc.string().map((text) => `Zq9x7${text}`),
    fc.string().map((text) => [`Zq9x7${text}`]),
    fc.string().map((text) => ({ deep: [{ x: `]}"${text}Zq9x7` }] })),
  )
  const wrap = fc.constantFrom<((inner: unknown) => unknown)[]>(
    (inner) => inner,
    (inner) => ({ data: inner }),
    (inner) => [1, { more: [inner] }],
    (inner) => ({ 'a "quoted" name': 'a \\ value', z: inner }),
  )

  test('secret members, nested, in any case, whole or cut off', () => {
    fc.assert(
      fc.property(names, values, wrap, fc.nat(), fc.boolean(), (name, value, outer, cut, pretty) => {
        const body = JSON.stringify(
          outer({ first: 1, [name]: value, last: 'kept' }),
          undefined,
          pretty ? 2 : 0,
        )
        expect(redactor.body(body, 'application/json')).not.toContain('Zq9x7')
        expect(redactor.body(body.slice(0, cut % body.length), 'application/json')).not.toContain('Zq9x7')
        expect(redactor.text(`5" wide: ${body}`)).not.toContain('Zq9x7')
        const inside = JSON.stringify({ message: body })
        expect(redactor.body(inside, 'application/json')).not.toContain('Zq9x7')
      }),
      { numRuns: 300 },
    )
  })

  test('stays JSON where the value was a string', () => {
    const body = '{"a":"x","password":"p\\"q","n":{"id_token":""},"b":null,"pin":null}'
    expect(redactor.body(body, 'application/json')).toBe(
      '{"a":"x","password":"[redacted]","n":{"id_token":""},"b":null,"pin":null}',
    )
  })

  test('an escaped name', () => {
    expect(redactor.body('{"pass\\u0077ord":"a\\"b"}', 'application/json')).toBe(
      '{"pass\\u0077ord":"[redacted]"}',
    )
  })

  test.each([
    '"',
    '\\"',
    '{"pin":[',
    '{"pin":"',
    '"pin":',
    '%22',
    '&quot;',
    '"a" ',
    'eyJ',
    'a=',
    '://',
    '@',
    'Bearer ',
    '-----BEGIN PRIVATE KEY-----',
    'cookie:',
    'aaaa',
  ])(
    'a megabyte of %s is done with',
    (piece) => {
      const hostile = new Redactor()
      hostile.hide(`${'a'.repeat(5000)}b`)
      hostile.hide('another secret')
      const output = hostile.body(piece.repeat(Math.ceil(1_100_000 / piece.length)), 'application/json')
      expect(output.length).toBeLessThan(15_000_000)
      expect(output).toMatch(/ more characters\]$/)
    },
    20_000,
  )
})

describe('forms and other bodies', () => {
  const redactor = new Redactor()
  const form = 'application/x-www-form-urlencoded;charset=UTF-8'

  test("MOEX's token request", () => {
    const body =
      'grant_type=password&grant_type_moex=passport&scope=client_registration&client_id=me&client_secret=Zq9;x7&certificate=Zq9x7&algorithm=RSA&signature=Zq9%2Bx7'
    expect(redactor.body(body, form)).toBe(
      'grant_type=password&grant_type_moex=passport&scope=client_registration&client_id=me&client_secret=[redacted]&certificate=[redacted]&algorithm=RSA&signature=[redacted]',
    )
    expect(redactor.body('code=abc&state=1', form)).toBe('code=[redacted]&state=1')
  })

  test('a value with anything in it', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        const body = `a=1&password=${value.replaceAll('&', '')}Zq9x7&b=2`
        expect(redactor.body(body, form)).not.toContain('Zq9x7')
      }),
    )
  })

  test('a passport that is the whole body', () => {
    expect(redactor.body('AbCd0123+/=AbCd0123+/=AbCd0123\n', 'text/plain')).toBe('[redacted]')
    expect(redactor.body('<html>Maintenance</html>', 'text/html')).toBe('<html>Maintenance</html>')
  })
})

test('url', () => {
  const redactor = new Redactor()
  expect(redactor.url(new URL('https://me:pw@host/a?code=abc&state=1'))).toBe(
    'https://[redacted]@host/a?code=[redacted]&state=1',
  )
})

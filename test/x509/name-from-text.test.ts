import { execFileSync } from 'node:child_process'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodePem, der, readDer, toHex } from '../../src/asn1/index.ts'
import { NameError } from '../../src/errors.ts'
import { Name } from '../../src/x509/index.ts'
import { describeWith, tempDir } from '../support/tools.ts'
import { attribute, name, utf8 } from './build.ts'

const [PRINTABLE, IA5, NUMERIC] = [0x13, 0x16, 0x12]
const same = (text: string, expected: Uint8Array): void => {
  expect(toHex(Name.fromText(text).der)).toBe(toHex(expected))
}
const errorOf = (text: string): NameError => {
  try {
    Name.fromText(text)
  } catch (error) {
    if (error instanceof NameError) return error
    throw error
  }
  throw new Error(`${text} was taken`)
}

describe('Name.fromText', () => {
  const bank = name(
    [attribute('2.5.4.6', utf8(PRINTABLE, 'LU'))],
    [attribute('2.5.4.10', 'Bank, Inc.')],
    [attribute('2.5.4.3', 'api')],
  )

  it.each([
    'CN=api,O=Bank\\, Inc.,C=LU',
    'cn=api, o=Bank\\2C Inc., c=LU',
    'CN = api , O = Bank\\, Inc. , C = LU ',
    'commonName=api,organizationName=Bank\\, Inc.,countryName=LU',
    '2.5.4.3=api,OID.2.5.4.10=Bank\\, Inc.,2.5.4.6=LU',
    'CN=#0c03617069,O=#0C0A42616E6B2C20496E632E,C=#13024c55',
    '/C=LU/O=Bank, Inc./CN=api',
    '/C=LU/O=Bank\\, Inc./CN=api',
    '/c=LU/organizationName=Bank, Inc./2.5.4.3=api',
  ])('%s', (text) => same(text, bank))

  it('writes each type in its string type', () => {
    same(
      'emailAddress=a@b.example,DC=bank,serialNumber=12-3,INN=123456789012,CN=äöü€😀',
      name(
        [attribute('2.5.4.3', 'äöü€😀')],
        [attribute('1.2.643.3.131.1.1', utf8(NUMERIC, '123456789012'))],
        [attribute('2.5.4.5', utf8(PRINTABLE, '12-3'))],
        [attribute('0.9.2342.19200300.100.1.25', utf8(IA5, 'bank'))],
        [attribute('1.2.840.113549.1.9.1', utf8(IA5, 'a@b.example'))],
      ),
    )
    same('1.2.3.4=free', name([attribute('1.2.3.4', 'free')]))
  })

  it('an RDN of several attributes is sorted as DER wants it', () => {
    const rdn = der.setOf([attribute('2.5.4.11', 'Sales'), attribute('2.5.4.3', 'J.  Smith')])
    same('OU=Sales+CN=J.  Smith', der.sequence([rdn]))
    same('CN=J.  Smith + OU=Sales', der.sequence([rdn]))
    same('/OU=Sales+CN=J.  Smith', der.sequence([rdn]))
  })

  it('escapes of RFC 4514 section 4, and its spaces', () => {
    same('CN=James \\"Jim\\" Smith\\, III', name([attribute('2.5.4.3', 'James "Jim" Smith, III')]))
    same('CN=Before\\0dAfter', name([attribute('2.5.4.3', 'Before\rAfter')]))
    same('CN=Lu\\C4\\8Di\\C4\\87', name([attribute('2.5.4.3', 'Lučić')]))
    same('CN=\\ a \\ ', name([attribute('2.5.4.3', ' a  ')]))
    same('CN=\\20a\\20', name([attribute('2.5.4.3', ' a ')]))
    same('CN=\\#a=b', name([attribute('2.5.4.3', '#a=b')]))
    same('/CN=#a\\/b\\+c\\\\', name([attribute('2.5.4.3', '#a/b+c\\')]))
  })

  it('nothing is the empty name', () => {
    for (const text of ['', '  ', '/']) same(text, der.sequence([]))
  })

  it.each([
    ['api', 0, 'TYPE=VALUE expected'],
    ['CN=api,', 7, 'TYPE=VALUE expected'],
    ['CN=api,,C=LU', 7, 'TYPE=VALUE expected'],
    ['=api', 0, 'unknown attribute type ""'],
    ['CN=api,XX=1', 7, 'unknown attribute type "XX"'],
    ['1=a', 0, 'unknown attribute type "1"'],
    ['C=LUX', 2, 'C must have 2 characters, not 3'],
    ['C=L\\C3\\9C', 2, 'C with characters that it cannot have'],
    ['O=', 2, 'O must have 1 to 64 characters, not 0'],
    [`CN=${'x'.repeat(65)}`, 3, 'CN must have 1 to 64 characters, not 65'],
    ['emailAddress=ä@b', 13, 'emailAddress with characters that it cannot have'],
    ['INN=12345678901x', 4, 'INN with characters that it cannot have'],
    ['CN=a;C=LU', 4, '; must be written as \\;'],
    ['CN="a"', 3, '" must be written as \\"'],
    ['CN=a\\x', 4, 'nothing that a backslash can stand before'],
    ['CN=a\\', 4, 'nothing that a backslash can stand before'],
    ['CN=\\C3', 3, 'the value is no UTF-8'],
    ['CN=\ud800', 3, 'a control character or half a character'],
    ['CN=a\nb', 4, 'a control character or half a character'],
    ['CN=#0c0', 3, 'hexadecimal digits expected'],
    ['CN=#', 3, 'hexadecimal digits expected'],
    ['CN=#0c0261', 3, 'the hexadecimal digits are no DER'],
    ['CN=#0c01610500', 3, 'the hexadecimal digits are no DER'],
    ['CN=a+CN=b', 5, 'CN stands twice in one RDN'],
    ['/CN=a/b', 6, 'TYPE=VALUE expected'],
    ['CN=a/O=b,', 9, 'TYPE=VALUE expected'],
    [`CN=${'x'.repeat(70_000)}`, 65_536, 'a name of more than 65536 characters'],
  ])('refuses %j', (text, position, message) => {
    const error = errorOf(text)
    expect(error.code).toBe('ERR_NAME_MALFORMED')
    expect(error.position).toBe(position)
    expect(error.message).toBe(`${message} (at character ${position + 1})`)
    expect(error.hint).toContain('CN=api')
  })

  it('wants a string', () => {
    expect(() => Name.fromText(undefined as never)).toThrow(TypeError)
  })

  it('reads what toString writes: the same name, byte for byte', () => {
    const type = fc.constantFrom('2.5.4.3', '2.5.4.10', '2.5.4.11', '2.5.4.7', '1.2.3.4.5')
    const value = fc
      .string({ minLength: 1, maxLength: 60, unit: 'binary' })
      .filter((all) => Array.from(all).length <= 60)
    const rdn = fc.uniqueArray(fc.tuple(type, value), {
      selector: ([oid]) => oid,
      minLength: 1,
      maxLength: 3,
    })
    fc.assert(
      fc.property(fc.array(rdn, { maxLength: 5 }), (rdns) => {
        const made = Name.parse(
          der.sequence(
            rdns.map((each) => der.setOf(each.map(([oid, text]) => attribute(oid, der.utf8String(text))))),
          ),
        )
        expect(toHex(Name.fromText(made.toString()).der)).toBe(toHex(made.der))
      }),
    )
  })

  it('any text is a name or a NameError', () => {
    const piece = fc.constantFrom(
      'CN',
      'C',
      '=',
      ',',
      '+',
      '/',
      '\\',
      '#',
      '0c',
      '41',
      ' ',
      '"',
      'é',
      '\ud800',
      '1.2.3',
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece).map((all) => all.join('')),
        ),
        (text) => {
          try {
            Name.parse(Name.fromText(text).der)
          } catch (error) {
            expect(error).toBeInstanceOf(NameError)
            expect((error as NameError).position).toBeLessThanOrEqual(text.length)
          }
        },
      ),
      { numRuns: 1000 },
    )
  })
})

describeWith('openssl', 'Name.fromText and openssl req -subj', () => {
  const folder = tempDir()
  it.each([
    '/C=LU/O=Bank, Inc./CN=api',
    '/DC=example/DC=bank/CN=a\\/b',
    '/C=LU/ST=x/L=Luxembourg/O=O\\+O/OU=a+CN=b/emailAddress=a@b.example',
    '/CN=Łódź ünïcode/serialNumber=42',
  ])('%s', (subject) => {
    const args = [
      'req',
      '-new',
      '-newkey',
      'ed25519',
      '-nodes',
      '-keyout',
      'key.pem',
      '-utf8',
      '-subj',
      subject,
    ]
    const pem = execFileSync('openssl', args, {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const made = readDer(decodePem(pem)[0]?.der as Uint8Array, '', (r) =>
      r.sequence('', (s) => {
        const subjectOf = s.sequence('', (info) => {
          info.element('')
          const bytes = info.nextBytes
          while (!info.done) info.element('')
          return bytes
        })
        while (!s.done) s.element('')
        return subjectOf
      }),
    )
    same(subject, made)
  })
})

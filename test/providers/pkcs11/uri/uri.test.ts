/** pkcs11: URIs (RFC 7512): its examples, the pitfalls, what is refused, there and back. */
import { format, inspect } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatPkcs11Uri, type Pkcs11Uri, parsePkcs11Uri } from '../../../../providers/pkcs11/uri/index.ts'
import { SignerError } from '../../../../src/errors.ts'

/** RFC 7512 section 3, those that name no vendor's attribute in the path. */
const EXAMPLES: readonly (readonly [string, Pkcs11Uri])[] = [
  ['pkcs11:', {}],
  ['pkcs11:object=my-pubkey;type=public', { object: 'my-pubkey', type: 'public' }],
  [
    'pkcs11:object=my-key;type=private?pin-source=file:/etc/token',
    { object: 'my-key', type: 'private', pinSource: 'file:/etc/token' },
  ],
  [
    'pkcs11:token=The%20Software%20PKCS%2311%20Softtoken;manufacturer=Snake%20Oil,%20Inc.;model=1.0;object=my-certificate;type=cert;id=%69%95%3E%5C%F4%BD%EC%91;serial=?pin-source=file:/etc/token_pin',
    {
      token: 'The Software PKCS#11 Softtoken',
      manufacturer: 'Snake Oil, Inc.',
      model: '1.0',
      object: 'my-certificate',
      type: 'cert',
      id: Uint8Array.of(0x69, 0x95, 0x3e, 0x5c, 0xf4, 0xbd, 0xec, 0x91),
      serial: '',
      pinSource: 'file:/etc/token_pin',
    },
  ],
  [
    'pkcs11:object=my-sign-key;type=private?module-name=mypkcs11',
    { object: 'my-sign-key', type: 'private', moduleName: 'mypkcs11' },
  ],
  [
    'pkcs11:object=my-sign-key;type=private?module-path=/mnt/libmypkcs11.so.1',
    { object: 'my-sign-key', type: 'private', modulePath: '/mnt/libmypkcs11.so.1' },
  ],
  ['pkcs11:slot-description=Sun%20Metaslot', { slotDescription: 'Sun Metaslot' }],
  [
    'pkcs11:library-manufacturer=Snake%20Oil,%20Inc.;library-description=Soft%20Token%20Library;library-version=1.23',
    {
      libraryManufacturer: 'Snake Oil, Inc.',
      libraryDescription: 'Soft Token Library',
      libraryVersion: '1.23',
    },
  ],
  [
    'pkcs11:token=My%20token%25%20created%20by%20Joe;library-version=3;id=%01%02%03%Ba%dd%Ca%fe%04%05%06',
    {
      token: 'My token% created by Joe',
      libraryVersion: '3',
      id: Uint8Array.of(1, 2, 3, 0xba, 0xdd, 0xca, 0xfe, 4, 5, 6),
    },
  ],
]

describe('the examples of RFC 7512 section 3', () => {
  it.each(EXAMPLES)('%s', (text, expected) => {
    expect(parsePkcs11Uri(text)).toEqual(expected)
    expect(parsePkcs11Uri(formatPkcs11Uri(expected))).toEqual(expected)
  })

  it('a vendor’s attribute in the path is refused: it would narrow what is meant', () => {
    const text = 'pkcs11:token=A;x-vend-aaa=value-a?pin-source=file:/etc/token_pin&x-vend-bbb=value-b'
    expect(() => parsePkcs11Uri(text)).toThrow('unknown attribute')
    expect(parsePkcs11Uri(text.replace('x-vend-aaa=value-a', 'model=M'))).toEqual({
      token: 'A',
      model: 'M',
      pinSource: 'file:/etc/token_pin',
    })
  })
})

describe('pitfalls', () => {
  it('a plus sign is no blank', () => {
    expect(parsePkcs11Uri('pkcs11:token=a+b?module-name=c+d')).toEqual({ token: 'a+b', moduleName: 'c+d' })
  })
  it('an ampersand belongs to a value of the path, a semicolon must be %3B', () => {
    expect(parsePkcs11Uri('pkcs11:token=a&b').token).toBe('a&b')
    expect(parsePkcs11Uri('pkcs11:token=a%3Bb').token).toBe('a;b')
    expect(() => parsePkcs11Uri('pkcs11:?module-name=a;pin-value=1234')).toThrow(SignerError)
  })
  it('an id is bytes: no UTF-8, NUL and raw characters too', () => {
    expect(parsePkcs11Uri('pkcs11:id=%FF%00a~').id).toEqual(Uint8Array.of(0xff, 0, 0x61, 0x7e))
  })
  it('the scheme in capitals, an attribute’s value with an equals sign', () => {
    expect(parsePkcs11Uri('PKCS11:token=a=b').token).toBe('a=b')
  })
  it('labels as people paste them: blanks and letters beyond ASCII', () => {
    expect(parsePkcs11Uri('pkcs11:token=Ключ обмена').token).toBe('Ключ обмена')
  })
})

const MALFORMED: readonly (readonly [string, string])[] = [
  ['no scheme', 'token=secret-1234'],
  ['another scheme', 'file:secret-1234'],
  ['% at the end', 'pkcs11:token=secret-1234%'],
  ['% with one digit', 'pkcs11:token=secret-1234%2'],
  ['% without hex', 'pkcs11:token=secret-1234%zz'],
  ['not UTF-8', 'pkcs11:token=secret-1234%FF'],
  ['overlong UTF-8', 'pkcs11:token=secret-1234%C0%AF'],
  ['a surrogate in UTF-8', 'pkcs11:token=secret-1234%ED%A0%80'],
  ['half a surrogate pair', 'pkcs11:token=secret-1234\ud800'],
  ['NUL', 'pkcs11:token=secret-1234%00'],
  ['NUL in the PIN', 'pkcs11:?pin-value=secret-1234%00'],
  ['a line end', 'pkcs11:token=secret-1234\n'],
  ['a fragment', 'pkcs11:token=a#secret-1234'],
  ['letters beyond ASCII in an id', 'pkcs11:id=secret-1234é'],
  ['a double', 'pkcs11:token=secret-1234;token=b'],
  ['a double in the query', 'pkcs11:?pin-value=secret-1234&pin-value=b'],
  ['a semicolon at the end', 'pkcs11:token=secret-1234;'],
  ['no name', 'pkcs11:=secret-1234'],
  ['no value', 'pkcs11:token'],
  ['a PIN in the place of a name', 'pkcs11:?secret-1234'],
  ['a PIN with a raw ampersand', 'pkcs11:?pin-value=a&secret'],
  ['a name in capitals', 'pkcs11:TOKEN=secret-1234'],
  ['an unknown attribute', 'pkcs11:colour=secret-1234'],
  ['a name of Object', 'pkcs11:constructor=secret-1234'],
  ['pin-value in the path', 'pkcs11:pin-value=secret-1234'],
  ['token in the query', 'pkcs11:?token=secret-1234'],
  ['pin-source with pin-value', 'pkcs11:?pin-source=/etc/pin&pin-value=secret-1234'],
  ['a negative slot', 'pkcs11:slot-id=-1'],
  ['a hexadecimal slot', 'pkcs11:slot-id=0x10'],
  ['a slot beyond what a number holds', 'pkcs11:slot-id=9007199254740993'],
  ['no slot', 'pkcs11:slot-id='],
  ['an unknown type', 'pkcs11:type=secret-1234'],
  ['a type in capitals', 'pkcs11:type=PRIVATE'],
  ['a version of three numbers', 'pkcs11:library-version=1.2.3'],
  ['a module-name that is a path', 'pkcs11:?module-name=../secret-1234'],
  ['too long', `pkcs11:token=${'a'.repeat(8192)}`],
]

describe('what is refused', () => {
  it.each(MALFORMED)('%s', (_, text) => {
    let error: unknown
    try {
      parsePkcs11Uri(text)
    } catch (thrown) {
      error = thrown
    }
    expect(error).toBeInstanceOf(SignerError)
    expect(error).toMatchObject({ code: 'ERR_SIGNER_URI', hint: expect.any(String) })
    expect(inspect(error)).not.toMatch(/secret(?!-key)/)
  })
})

describe('pin-value', () => {
  const uri = parsePkcs11Uri('pkcs11:token=A?pin-value=s%65cret-1234')
  it('is there for who asks', () => expect(uri.pinValue?.reveal()).toBe('secret-1234'))
  it('is in no printing', () => {
    const shown = [
      inspect(uri, { depth: null, showHidden: true, getters: true }),
      JSON.stringify(uri),
      format('%s %o %j %O', uri.pinValue, uri, uri, uri),
      `${uri.pinValue}`,
      JSON.stringify({ ...uri.pinValue }),
      formatPkcs11Uri(uri),
    ]
    for (const text of shown) expect(text).not.toContain('secret-1234')
    expect(formatPkcs11Uri(uri)).toBe('pkcs11:token=A')
  })
})

const label = fc.string({ unit: 'binary', maxLength: 32 }).filter((text) => !text.includes('\0'))

describe('there and back', () => {
  it('any attributes come back as they were', () => {
    const uris = fc.record(
      {
        token: label,
        manufacturer: label,
        model: label,
        serial: label,
        libraryManufacturer: label,
        libraryDescription: label,
        libraryVersion: fc.constantFrom('0', '2', '2.6', '255.255'),
        slotManufacturer: label,
        slotDescription: label,
        slotId: fc.oneof(fc.nat(), fc.constantFrom(0xffff_ffff, Number.MAX_SAFE_INTEGER)),
        object: label,
        id: fc.uint8Array({ maxLength: 40 }),
        type: fc.constantFrom('private', 'public', 'cert', 'secret-key', 'data'),
        modulePath: label,
        moduleName: fc.stringMatching(/^[A-Za-z0-9_.+-]{1,20}$/),
        pinSource: label,
      },
      { requiredKeys: [], noNullPrototype: true },
    )
    fc.assert(
      fc.property(uris, (uri) => {
        const text = formatPkcs11Uri(uri as Pkcs11Uri)
        expect(text).toMatch(/^[\x21-\x7e]+$/)
        expect(parsePkcs11Uri(text)).toEqual(uri)
      }),
    )
  })
  it('any text is a URI or a SignerError', () => {
    const pieces = fc.constantFrom(
      'pkcs11:',
      'token=',
      'id=',
      'pin-value=',
      ';',
      '&',
      '?',
      '%',
      '%4',
      '%C3',
      '\ud800',
    )
    const texts = fc.array(fc.oneof(pieces, fc.string({ unit: 'binary', maxLength: 4 })), { maxLength: 8 })
    fc.assert(
      fc.property(texts, (parts) => {
        try {
          parsePkcs11Uri(`pkcs11:${parts.join('')}`)
        } catch (error) {
          expect(error).toBeInstanceOf(SignerError)
        }
      }),
    )
  })
})

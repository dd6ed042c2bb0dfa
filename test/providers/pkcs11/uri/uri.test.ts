/** RFC 7512: pkcs11: URIs taken apart and written, and the pitfalls that other parsers fall into. */
import { inspect } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  formatPkcs11Uri,
  matchesLibrary,
  matchesSlot,
  matchesToken,
  type Pkcs11Uri,
  parsePkcs11Uri,
} from '../../../../providers/pkcs11/uri/index.ts'
import { SignerError } from '../../../../src/errors.ts'

const plain = (uri: string): unknown => {
  const { pinValue, id, ...rest } = parsePkcs11Uri(uri)
  return {
    ...rest,
    ...(id === undefined ? {} : { id: Buffer.from(id).toString('hex') }),
    ...(pinValue === undefined ? {} : { pin: pinValue.reveal() }),
  }
}

const refusal = (uri: string): SignerError => {
  try {
    parsePkcs11Uri(uri)
  } catch (error) {
    if (error instanceof SignerError) return error
    throw error
  }
  throw new Error('it was taken')
}

describe('examples of RFC 7512 section 3', () => {
  it.each<[string, object]>([
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
        id: '69953e5cf4bdec91',
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
    [
      'pkcs11:token=Software%20PKCS%2311%20softtoken;manufacturer=Snake%20Oil,%20Inc.?pin-value=the-pin',
      { token: 'Software PKCS#11 softtoken', manufacturer: 'Snake Oil, Inc.', pin: 'the-pin' },
    ],
    [
      'pkcs11:slot-description=Sun%20Metaslot;slot-manufacturer=Sun;slot-id=327',
      { slotDescription: 'Sun Metaslot', slotManufacturer: 'Sun', slotId: 327 },
    ],
    [
      'pkcs11:library-manufacturer=Snake%20Oil,%20Inc.;library-description=Soft%20Token%20Library;library-version=1.23',
      {
        libraryManufacturer: 'Snake Oil, Inc.',
        libraryDescription: 'Soft Token Library',
        libraryVersion: '1.23',
      },
    ],
    ['pkcs11:token=A%20name%20with%20a%20substring%20%25%3B', { token: 'A name with a substring %;' }],
    [
      'pkcs11:token=Name%20with%20a%20small%20A%20with%20acute:%20%C3%A1',
      { token: 'Name with a small A with acute: á' },
    ],
    ['pkcs11:token=my-token?vendor-bbb=x&x-other=%20', { token: 'my-token' }],
  ])('%s', (uri, expected) => {
    expect(plain(uri)).toEqual(expected)
  })
})

describe('pitfalls', () => {
  it('a plus sign is no blank', () => {
    expect(plain('pkcs11:token=a+b?pin-value=1+2')).toEqual({ token: 'a+b', pin: '1+2' })
  })

  it('an ampersand in the path and an equals sign in a value are letters', () => {
    expect(plain('pkcs11:token=a&b=c')).toEqual({ token: 'a&b=c' })
  })

  it('an id is bytes, which need be no UTF-8', () => {
    expect(plain('pkcs11:id=%00%ffa~')).toEqual({ id: '00ff617e' })
  })

  it('slashes, question marks and bars are letters of the query', () => {
    expect(plain('pkcs11:?module-path=/a/b?c|d')).toEqual({ modulePath: '/a/b?c|d' })
  })

  it('the scheme may be in capitals', () => {
    expect(plain('PKCS11:token=a')).toEqual({ token: 'a' })
  })

  it.each([
    ['an attribute of the path that is not known', 'pkcs11:tokn=a', /unknown attribute/],
    ['an attribute of the query in the path', 'pkcs11:token=a;pin-source=/x', /behind|pin-source/],
    ['an attribute of the path in the query', 'pkcs11:?token=a', /query/],
    ['one that is there twice', 'pkcs11:token=a;token=b', /twice/],
    ['twice in the query', 'pkcs11:?module-name=a&module-name=b', /twice/],
    ['an empty attribute', 'pkcs11:token=a;', /no name/],
    ['one without a value', 'pkcs11:token', /no value/],
    ['a blank', 'pkcs11:token=My Token', /%XX/],
    ['a letter that is not ASCII', 'pkcs11:token=Schlüssel', /%XX/],
    ['a percent sign alone', 'pkcs11:token=100%', /%XX/],
    ['a percent sign with one digit', 'pkcs11:token=%2', /%XX/],
    ['a slash in the path', 'pkcs11:token=a/b', /%XX/],
    ['bytes that are no UTF-8', 'pkcs11:token=%ff', /UTF-8/],
    ['a lone surrogate', 'pkcs11:token=\ud800', /%XX/],
    ['an overlong UTF-8', 'pkcs11:token=%c0%80', /UTF-8/],
    ['a NUL', 'pkcs11:token=a%00', /NUL/],
    ['a slot-id in hexadecimal', 'pkcs11:slot-id=0x1', /decimal/],
    ['a slot-id beyond any', 'pkcs11:slot-id=99999999999999999', /decimal/],
    ['a type that is none', 'pkcs11:type=key', /type/],
    ['a version that is none', 'pkcs11:library-version=1.2.3', /MAJOR/],
    ['a module-name with a path', 'pkcs11:?module-name=../evil', /bare name/],
    ['pin-source and pin-value', 'pkcs11:?pin-source=/a&pin-value=1', /both/],
    ['another scheme', 'pkcs12:token=a', /begin/],
    ['a fragment', 'pkcs11:token=a#b', /%XX/],
    ['more than 8192 characters', `pkcs11:token=${'a'.repeat(9000)}`, /longer/],
    ['__proto__ as attribute', 'pkcs11:__proto__=a', /unknown/],
    ['constructor as attribute', 'pkcs11:constructor=a', /unknown/],
  ])('refuses %s', (_what, uri, message) => {
    const error = refusal(uri)
    expect(error.code).toBe('ERR_SIGNER_URI')
    expect(error.message).toMatch(message)
    expect(error.hint).toBeTruthy()
  })
})

describe('the PIN', () => {
  const uri = 'pkcs11:token=a?pin-value=S3cret!'

  it('is not shown by inspecting, JSON, text or formatting', () => {
    const parsed = parsePkcs11Uri(uri)
    const shown = [
      inspect(parsed, { depth: 9, showHidden: true }),
      JSON.stringify(parsed),
      `${parsed.pinValue}`,
    ]
    expect([...shown, formatPkcs11Uri(parsed)].join()).not.toContain('S3cret')
    expect(parsed.pinValue?.reveal()).toBe('S3cret!')
  })

  it.each([
    'pkcs11:token=a?pin-value=S3cret %',
    'pkcs11:token=a?pin-value=S3cret&pin-value=S3cret',
    'pkcs11:token=a?pin-value=S3cret&pin-source=S3cret',
    'pkcs11:S3cret',
    'pkcs11:token=a;S3cret',
    'pkcs11:token=a?S3cret',
    'pkcs11:token=a;pin-value=S3cret',
    'pkcs11:token=S3cret%',
    'pkcs11:?pin-value=ab&S3cret',
    'pkcs11:?pin-value=ab&s3cret=1&s3cret=2;S3cret',
  ])('is in no error: %s', (text) => {
    const { message, hint, stack } = refusal(text)
    expect(`${message} ${hint} ${stack}`).not.toContain('S3cret')
  })
})

describe('written', () => {
  const name = fc
    .string({ minLength: 1, maxLength: 40 })
    .filter((text) => !text.includes('\0') && !/\p{Surrogate}/u.test(text))

  it('reads back as the same', () => {
    const uris = fc.record(
      {
        token: name,
        manufacturer: name,
        serial: name,
        model: name,
        object: name,
        id: fc.uint8Array({ minLength: 1, maxLength: 20 }),
        slotId: fc.nat(),
        type: fc.constantFrom('private', 'public', 'cert'),
        modulePath: name,
        pinSource: name,
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(uris, (uri) => {
        expect(parsePkcs11Uri(formatPkcs11Uri(uri as Pkcs11Uri))).toEqual(uri)
      }),
    )
  })

  it('never throws another error than its own for any text', () => {
    const text = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'pkcs11:;?&=%token-id/\0é ') }))
    fc.assert(
      fc.property(text, (rest) => {
        try {
          parsePkcs11Uri(`pkcs11:${rest}`)
        } catch (error) {
          expect(error).toBeInstanceOf(SignerError)
        }
      }),
      { numRuns: 2000 },
    )
  })
})

describe('matching', () => {
  const token = { label: 'Trader', manufacturer: 'ACME', model: 'X', serial: '01' }
  const library = {
    manufacturerID: 'ACME                            ',
    libraryDescription: 'Lib\0\0\0',
    libraryVersion: { major: 2, minor: 6 },
  }
  const slot = { slotId: 7, slotDescription: 'Reader 0', slotManufacturer: 'ACME' }

  it.each<[string, boolean]>([
    ['pkcs11:', true],
    ['pkcs11:token=Trader', true],
    ['pkcs11:token=trader', false],
    ['pkcs11:token=Trader;serial=01;model=X;manufacturer=ACME', true],
    ['pkcs11:token=Trader;serial=1', false],
    ['pkcs11:token=Trader%20%20', true],
    ['pkcs11:token=', false],
    ['pkcs11:slot-id=7', true],
    ['pkcs11:slot-id=8', false],
    ['pkcs11:slot-description=Reader%200;slot-manufacturer=ACME', true],
    ['pkcs11:slot-description=Reader', false],
    ['pkcs11:library-manufacturer=ACME;library-description=Lib', true],
    ['pkcs11:library-version=2.6', true],
    ['pkcs11:library-version=2', true],
    ['pkcs11:library-version=2.60', false],
    ['pkcs11:library-version=3', false],
  ])('%s: %s', (text, expected) => {
    const uri = parsePkcs11Uri(text)
    expect(matchesToken(uri, token) && matchesSlot(uri, slot) && matchesLibrary(uri, library)).toBe(expected)
  })
})

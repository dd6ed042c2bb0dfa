import { describe, expect, it } from 'vitest'
import { der } from '../../src/asn1/index.ts'
import { Certificate, Name } from '../../src/x509/index.ts'
import { codeOf, hex, vector } from '../algorithms/helpers.ts'
import { attribute, cat, commonName, name, utf8 } from './build.ts'

const [CN, O, OU, L, UID, DC, SN] = [
  ...[
    '2.5.4.3',
    '2.5.4.10',
    '2.5.4.11',
    '2.5.4.7',
    '0.9.2342.19200300.100.1.1',
    '0.9.2342.19200300.100.1.25',
    '2.5.4.4',
  ],
] as [string, string, string, string, string, string, string]
const [UTF8, PRINTABLE, TELETEX, IA5, BMP, NUMERIC, UNIVERSAL] = [
  0x0c, 0x13, 0x14, 0x16, 0x1e, 0x12, 0x1c,
] as const

const text = (...rdns: Uint8Array[][]): string => Name.parse(name(...rdns)).toString()
const of = (value: string | Uint8Array, type = CN): string => text([attribute(type, value)])

describe('as text: the examples of RFC 4514 section 4', () => {
  it('several RDNs, the most specific first', () => {
    const dc = (label: string): Uint8Array[] => [attribute(DC, utf8(IA5, label))]
    expect(text(dc('net'), dc('example'), [attribute(UID, 'jsmith')])).toBe('UID=jsmith,DC=example,DC=net')
  })

  it('an RDN of two attributes', () => {
    const rdn = [attribute(OU, 'Sales'), attribute(CN, 'J.  Smith')]
    expect(text([attribute(DC, utf8(IA5, 'net'))], [attribute(DC, utf8(IA5, 'example'))], rdn)).toBe(
      'OU=Sales+CN=J.  Smith,DC=example,DC=net',
    )
  })

  it('quotes, a comma, a carriage return', () => {
    expect(of('James "Jim" Smith, III')).toBe('CN=James \\"Jim\\" Smith\\, III')
    expect(of('Before\rAfter')).toBe('CN=Before\\0DAfter')
  })

  it('a type without a short name: OID and hexadecimal', () => {
    expect(of(der.octetString(hex('4869')), '1.3.6.1.4.1.1466.0')).toBe('1.3.6.1.4.1.1466.0=#04024869')
  })

  it('letters beyond ASCII stand for themselves', () => {
    expect(of('Lučić', SN)).toBe('SN=Lučić')
  })
})

describe('escaping (RFC 4514 2.4)', () => {
  it.each([
    ['', 'CN='],
    [' ', 'CN=\\ '],
    ['  ', 'CN=\\ \\ '],
    [' a ', 'CN=\\ a\\ '],
    ['#1', 'CN=\\#1'],
    ['1#', 'CN=1#'],
    ['a+b,c;d<e>f\\g"h', 'CN=a\\+b\\,c\\;d\\<e\\>f\\\\g\\"h'],
    ['a=b', 'CN=a=b'],
    ['a\\', 'CN=a\\\\'],
    ['\u0000', 'CN=\\00'],
  ])('%j: %s', (value, expected) => expect(of(value)).toBe(expected))

  it.each([
    ['a line end', 'x\nCN=Root', 'CN=x\\0ACN=Root'],
    ['a terminal sequence', '\u001b[31mx', 'CN=\\1B[31mx'],
    ['C1 control', '\u009b31m', 'CN=\\C2\\9B31m'],
    ['DEL', '\u007f', 'CN=\\7F'],
    ['right-to-left override', 'abc\u202egnp.exe', 'CN=abc\\E2\\80\\AEgnp.exe'],
    ['zero width space', 'a\u200bb', 'CN=a\\E2\\80\\8Bb'],
    ['line separator', 'a\u2028b', 'CN=a\\E2\\80\\A8b'],
    ['byte order mark', '\ufeffa', 'CN=\\EF\\BB\\BFa'],
    ['a tag character', 'a\u{e0041}', 'CN=a\\F3\\A0\\81\\81'],
  ])('nothing is injected: %s', (_, value, expected) => expect(of(value)).toBe(expected))

  it('leaves no control character in any name', () => {
    for (let point = 0; point < 0x300; point++) {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      expect(of(String.fromCodePoint(point))).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u00ad]/)
    }
  })
})

describe('string types', () => {
  it.each([
    ['UTF8String', utf8(UTF8, 'Ω'), 'CN=Ω'],
    ['UTF8String that is none', cat(hex('0c01ff')), 'CN=#0c01ff'],
    ['PrintableString', utf8(PRINTABLE, 'Test 1'), 'CN=Test 1'],
    ['PrintableString with an asterisk, as CAs write it', utf8(PRINTABLE, '*.a_b@c&d'), 'CN=*.a_b@c&d'],
    ['PrintableString with Latin-1', hex('1301e9'), 'CN=#1301e9'],
    ['PrintableString with a control character', hex('13010a'), 'CN=#13010a'],
    ['NumericString with letters', utf8(NUMERIC, '12a'), 'CN=12a'],
    ['TeletexString, read as Latin-1', hex('1401e9'), 'CN=é'],
    ['IA5String', utf8(IA5, 'a@b'), 'CN=a@b'],
    ['IA5String beyond ASCII', hex('1601e9'), 'CN=#1601e9'],
    ['BMPString', hex('1e0403a90041'), 'CN=ΩA'],
    ['BMPString of three bytes', hex('1e0303a900'), 'CN=#1e0303a900'],
    ['BMPString with half a surrogate pair', hex('1e02d83d'), 'CN=#1e02d83d'],
    ['UniversalString', hex('1c0400010300'), 'CN=𐌀'],
    ['no string', der.integer(5), 'CN=#020105'],
    ['a SEQUENCE', der.sequence([der.null()]), 'CN=#30020500'],
  ])('%s', (_, value, expected) => expect(of(value)).toBe(expected))

  it('covers the tags named here', () => expect([TELETEX, BMP, UNIVERSAL]).toEqual([0x14, 0x1e, 0x1c]))

  it('stays quick with 60 kB of text', () => {
    const long = der.utf8String('a b'.repeat(20_000))
    expect(of(long)).toHaveLength(3 + 60_000)
    const printable = cat(hex('1382ea60'), Buffer.from('*'.repeat(60_000)))
    expect(of(printable)).toHaveLength(3 + 60_000)
  })
})

describe('attributes', () => {
  const parsed = Name.parse(
    name([attribute(O, 'General')], [attribute(CN, 'outer')], [attribute(CN, 'inner'), attribute(UID, 'u')]),
  )

  it('are found, the most specific first', () => {
    expect([parsed.commonName, parsed.attribute(O), parsed.attribute(UID), parsed.attribute(L)]).toEqual([
      'inner',
      'General',
      'u',
      undefined,
    ])
    expect(Name.parse(name([attribute(CN, 'text')], [attribute(CN, der.null())])).commonName).toBe('text')
    expect(Name.parse(name()).commonName).toBeUndefined()
  })

  it('stand as they are encoded', () => {
    expect(parsed.rdns.map((rdn) => rdn.map(({ type, text: value }) => [type, value]))).toEqual([
      [[O, 'General']],
      [[CN, 'outer']],
      [
        [CN, 'inner'],
        [UID, 'u'],
      ],
    ])
    expect(parsed.rdns[0]?.[0]?.value.bytes).toEqual(der.utf8String('General'))
    expect(JSON.stringify({ parsed })).toBe('{"parsed":"CN=inner+UID=u,CN=outer,O=General"}')
  })

  it('of Russian certificates have the names that their readers know', () => {
    const rdn = (oid: string): Uint8Array[] => [attribute(oid, utf8(NUMERIC, '123'))]
    expect(text(rdn('1.2.643.3.131.1.1'), rdn('1.2.643.100.1'), rdn('1.2.643.100.3'))).toBe(
      'SNILS=123,OGRN=123,INN=123',
    )
  })
})

describe('comparison (RFC 5280 7.1)', () => {
  const equal = (a: Uint8Array, b: Uint8Array): boolean => {
    const [x, y] = [Name.parse(a), Name.parse(b)]
    expect(y.equals(x)).toBe(x.equals(y))
    return x.equals(y)
  }

  it.each([
    ['case', 'Example CA', 'EXAMPLE ca'],
    ['spaces', '  Example   CA ', 'Example CA'],
    ['other white space', 'Example\tCA', 'Example CA'],
    ['case beyond ASCII', 'ПРИМЕР', 'пример'],
    ['case with two letters for one', 'Straße', 'STRASSE'],
    ['final sigma', 'ΟΔΟΣ', 'οδοσ'],
    ['composed and decomposed', 'e\u0301', '\u00e9'],
    ['compatibility forms', 'ＣＡ', 'CA'],
  ])('does not count: %s', (_, a, b) => expect(equal(commonName(a), commonName(b))).toBe(true))

  it('does not count: the string type', () => {
    for (const [tag, other] of [
      [PRINTABLE, UTF8],
      [IA5, UTF8],
      [TELETEX, PRINTABLE],
    ] as const) {
      expect(equal(commonName(utf8(tag, 'Test CA')), commonName(utf8(other, 'test ca')))).toBe(true)
    }
    expect(equal(commonName(hex('1e0400430041')), commonName('CA'))).toBe(true)
  })

  it('does not count: the order inside an RDN', () => {
    const [a, b] = [attribute(CN, 'x'), attribute(O, 'y')]
    expect(equal(name([a, b]), name([b, a]))).toBe(true)
  })

  it.each([
    ['letters', commonName('a'), commonName('b')],
    ['the type', name([attribute(CN, 'a')]), name([attribute(O, 'a')])],
    [
      'the order of RDNs',
      name([attribute(O, 'a')], [attribute(CN, 'b')]),
      name([attribute(CN, 'b')], [attribute(O, 'a')]),
    ],
    [
      'one RDN or two',
      name([attribute(O, 'a'), attribute(CN, 'b')]),
      name([attribute(O, 'a')], [attribute(CN, 'b')]),
    ],
    ['a RDN more', name([attribute(O, 'a')]), name([attribute(O, 'a')], [attribute(O, 'a')])],
    ['an attribute more', name([attribute(O, 'a')]), name([attribute(O, 'a'), attribute(O, 'a')])],
    ['a space inside', commonName('Example CA'), commonName('ExampleCA')],
    ['control characters', commonName('a\u0000b'), commonName('ab')],
    ['a soft hyphen', commonName('a\u00adb'), commonName('ab')],
    ['dotted and dotless i', commonName('ı'), commonName('i')],
    ['look-alikes', commonName('СА'), commonName('CA')],
    ['text and other values', commonName('#020105'), commonName(der.integer(5))],
    ['other values', commonName(der.integer(5)), commonName(der.integer(6))],
    [
      'what looks like two attributes',
      commonName('a","2.5.4.10=b'),
      name([attribute(CN, 'a'), attribute(O, 'b')]),
    ],
    ['empty and not', name(), commonName('')],
  ])('counts: %s', (_, a, b) => expect(equal(a, b)).toBe(false))
})

describe('malformed', () => {
  const code = (bytes: Uint8Array): string => codeOf(() => Name.parse(bytes))
  const rdn = (...attributes: Uint8Array[]): Uint8Array => der.sequence([der.set(attributes)])

  it.each([
    ['an RDN without attributes', name([]), 'ERR_ASN1_VALUE'],
    ['an attribute without value', rdn(der.sequence([der.oid(CN)])), 'ERR_ASN1_TRUNCATED'],
    [
      'an attribute with two values',
      rdn(der.sequence([der.oid(CN), der.null(), der.null()])),
      'ERR_ASN1_TRAILING_DATA',
    ],
    ['a SEQUENCE for a SET', der.sequence([der.sequence([attribute(CN, 'a')])]), 'ERR_ASN1_UNEXPECTED_TAG'],
    ['a SET for the SEQUENCE', der.set([der.set([attribute(CN, 'a')])]), 'ERR_ASN1_UNEXPECTED_TAG'],
    ['a string in pieces', rdn(der.sequence([der.oid(CN), hex('2c030c0161')])), 'ERR_ASN1_NOT_DER'],
    ['no element', new Uint8Array(), 'ERR_ASN1_TRUNCATED'],
  ])('%s', (_, bytes, expected) => expect(code(bytes)).toBe(expected))
})

it('reads the name that OpenSSL made', () => {
  const { subject } = Certificate.fromPem(vector('x509', 'names.pem'))
  expect(subject.toString()).toBe(
    'emailAddress=a@example.org,CN=\\#hash+UID=u=1,OU=\\ lead and trail\\ ,O=ООО \\"Ромашка\\"\\, \\+1\\; \\<x\\>\\\\,C=RU',
  )
  expect([subject.commonName, subject.attribute(O)]).toEqual(['#hash', 'ООО "Ромашка", +1; <x>\\'])
  expect(Name.parse(subject.der).equals(subject)).toBe(true)
})

describe('names made to be slow', () => {
  const parse = (text: string): Name => Name.parse(commonName(text))
  /** The same text to Unicode; bringing the marks into order takes the square of their number. */
  const marks = (a: number, b: number): [string, string] => [
    `e${'\u0301'.repeat(a)}${'\u0316'.repeat(b)}`,
    `e${'\u0316'.repeat(b)}${'\u0301'.repeat(a)}`,
  ]

  it('marks on a letter have no order, up to 30 of them', () => {
    const [one, other] = marks(15, 15)
    expect(parse(one).equals(parse(other))).toBe(true)
  })

  it.each([
    ['31 marks', marks(15, 16)],
    ['30,000 marks', marks(15_000, 15_000)],
    [
      'halfwidth marks',
      [`e${'\u094d'.repeat(15)}${'\uff9e'.repeat(16)}`, `e${'\uff9e'.repeat(16)}${'\u094d'.repeat(15)}`],
    ],
  ] as [string, [string, string]][])('%s in a row are compared as they are', (_, [one, other]) => {
    expect(one.normalize('NFKC')).toBe(other.normalize('NFKC'))
    expect(parse(one).equals(parse(other))).toBe(false)
    expect(parse(one).equals(parse(one))).toBe(true)
  })

  it('more than 64 KiB are refused', () => {
    const overhead = commonName('x'.repeat(60_000)).length - 60_000
    expect(parse('x'.repeat(65_536 - overhead)).der.length).toBe(65_536)
    expect(codeOf(() => parse('x'.repeat(65_537 - overhead)))).toBe('ERR_ASN1_LIMIT')
  })
})

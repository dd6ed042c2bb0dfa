import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeString, der, readDer, Tag } from '../../src/asn1/index.ts'
import { latin1 } from '../../src/asn1/strings.ts'
import { hex } from './helpers.ts'

const ascii = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'))

/** The single octets that a type takes. */
function repertoire(tag: number): string {
  let taken = ''
  for (let octet = 0; octet < 256; octet++) taken += decodeString(tag, Uint8Array.of(octet)) ?? ''
  return taken
}

const ASCII = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code)).join('')

describe('repertoires', () => {
  it.each([
    [
      'PrintableString',
      Tag.PRINTABLE_STRING,
      " '()+,-./0123456789:=?ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
    ],
    ['NumericString', Tag.NUMERIC_STRING, ' 0123456789'],
    ['IA5String', Tag.IA5_STRING, ASCII],
    ['VisibleString', Tag.VISIBLE_STRING, ASCII.slice(0x20, 0x7f)],
    ['UTF8String', Tag.UTF8_STRING, ASCII],
  ])('%s', (_, tag, characters) => expect(repertoire(tag)).toBe(characters))

  it('TeletexString is ISO 8859-1', () => {
    expect(repertoire(Tag.TELETEX_STRING)).toHaveLength(256)
    expect(decodeString(Tag.TELETEX_STRING, hex('4dfc80'))).toBe('M\u00fc\u0080')
  })

  it('one wrong character anywhere spoils the string, however long', () => {
    for (const length of [1, 64, 65, 100_000]) {
      const text = 'A'.repeat(length)
      expect(decodeString(Tag.PRINTABLE_STRING, ascii(text))).toBe(text)
      expect(decodeString(Tag.PRINTABLE_STRING, ascii(`${text}*`))).toBeUndefined()
      expect(decodeString(Tag.PRINTABLE_STRING, ascii(`\n${text}`))).toBeUndefined()
      expect(decodeString(Tag.IA5_STRING, ascii(`${text}\xff`))).toBeUndefined()
    }
  })

  it('gives undefined for tags that are no strings', () => {
    for (const tag of [Tag.OCTET_STRING, Tag.UTC_TIME, Tag.SEQUENCE, 0x1b, 0x80, 0x2c])
      expect(decodeString(tag, ascii('A'))).toBeUndefined()
  })
})

describe('UTF8String', () => {
  const utf8 = (digits: string): string | undefined => decodeString(Tag.UTF8_STRING, hex(digits))

  it('reads all of Unicode, a byte order mark too', () => {
    expect(utf8('d098d0b2d0b0d0bd')).toBe('Иван')
    expect(utf8('f09f9890')).toBe('😐')
    expect(utf8('f48fbfbf')).toBe('\u{10ffff}')
    expect(utf8('efbbbf41')).toBe('\ufeffA')
    expect(utf8('4100')).toBe('A\0')
    expect(utf8('')).toBe('')
  })

  it.each([
    ['a lone continuation', '80'],
    ['a cut sequence', 'd0'],
    ['an overlong NUL', 'c080'],
    ['an overlong slash', 'e080af'],
    ['a surrogate', 'eda080'],
    ['a surrogate pair (CESU-8)', 'eda0bdedb890'],
    ['beyond U+10FFFF', 'f4908080'],
    ['five octets', 'f888808080'],
  ])('refuses %s', (_, digits) => expect(utf8(digits)).toBeUndefined())
})

describe('BMPString, UniversalString', () => {
  it('read big-endian units', () => {
    expect(decodeString(Tag.BMP_STRING, hex('04180432'))).toBe('Ив')
    expect(decodeString(Tag.BMP_STRING, hex('feff0041'))).toBe('\ufeffA')
    expect(decodeString(Tag.BMP_STRING, hex(''))).toBe('')
    expect(decodeString(Tag.UNIVERSAL_STRING, hex('000004180001f610'))).toBe('И😐')
  })

  it('take pairs of surrogates in BMPString, as Windows writes them, but none alone', () => {
    expect(decodeString(Tag.BMP_STRING, hex('d83dde10'))).toBe('😐')
    for (const digits of ['d83d', 'de10', 'de10d83d', '0041d83d0041', 'd83dd83dde10'])
      expect(decodeString(Tag.BMP_STRING, hex(digits)), digits).toBeUndefined()
  })

  it('refuse half units and what is no character', () => {
    expect(decodeString(Tag.BMP_STRING, hex('004100'))).toBeUndefined()
    for (const digits of ['000041', '0000004100', '0000d83d', '0000dfff', '00110000', 'ffffffff'])
      expect(decodeString(Tag.UNIVERSAL_STRING, hex(digits)), digits).toBeUndefined()
  })

  it('do not change the input', () => {
    const content = hex('04180432')
    decodeString(Tag.BMP_STRING, content)
    expect(content).toEqual(hex('04180432'))
  })

  it('read long ones', () => {
    const character = hex('0001f610')
    const content = new Uint8Array(40_000).map((_, i) => character[i % 4] as number)
    expect(decodeString(Tag.UNIVERSAL_STRING, content)).toBe('😐'.repeat(10_000))
  })
})

describe('latin1', () => {
  it('is the same for short and long input, and for views', () => {
    const all = Uint8Array.from({ length: 300 }, (_, i) => i % 256)
    for (const length of [0, 1, 64, 65, 256]) {
      const text = Array.from({ length }, (_, i) => String.fromCharCode((i + 3) % 256)).join('')
      expect(latin1(all.subarray(3, 3 + length))).toBe(text)
    }
  })
})

describe('writing', () => {
  it('comes back', () => {
    const unicode = fc.string({ unit: 'binary', maxLength: 100 })
    fc.assert(
      fc.property(unicode, (text) => {
        expect(readDer(der.utf8String(text), '', (r) => r.string(''))).toBe(text)
      }),
    )
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii' }), (text) => {
        expect(readDer(der.ia5String(text), '', (r) => r.string(''))).toBe(text)
      }),
    )
  })

  it('refuses what the type cannot hold', () => {
    for (const text of ['*', '@', '_', '&', 'Ж', 'a\n', '\0'])
      expect(() => der.printableString(text)).toThrow(TypeError)
    for (const text of ['Ж', '\x80', '😐']) expect(() => der.ia5String(text)).toThrow(TypeError)
    for (const text of ['\ud83d', 'a\ude10b']) expect(() => der.utf8String(text)).toThrow(TypeError)
    expect(() => der.utf8String(5 as never)).toThrow(TypeError)
    expect(der.printableString("AZaz09 '()+,-./:=?")).toHaveLength(20)
  })
})

import { describe, expect, it } from 'vitest'
import { definiteForm } from '../../src/asn1/ber.ts'
import { contextTag, der, encode, readDer, toDefinite } from '../../src/asn1/index.ts'
import { failure, hex, repeat, show } from './helpers.ts'

const definite = (digits: string): string => show(toDefinite(hex(digits)))

describe('what is definite already', () => {
  it.each([
    ['DER', '3006 0500 a0020500'],
    ['a SET out of order, a TRUE of 01: values are not looked at', '3109 020105 020104 010101'],
    ['an implicitly tagged string in pieces, which looks like any other', 'a006 040161 040162'],
    ['an empty element', '0400'],
    ['a high tag number', 'bf8100 03 020105'],
  ])('is returned as it is, without a copy: %s', (_, digits) => {
    const bytes = hex(digits)
    expect(toDefinite(bytes)).toBe(bytes)
  })
})

describe('lengths', () => {
  it.each([
    ['indefinite', '3080 020105 0000', '30 03 02 01 05'],
    ['indefinite and empty', '3080 0000', '30 00'],
    ['indefinite inside definite', '3007 a080 020105 0000', '30 05 a0 03 02 01 05'],
    ['definite inside indefinite', '3080 a003 020105 0000', '30 05 a0 03 02 01 05'],
    ['indefinite three deep', '3080 3080 3080 0000 0000 0000', '30 04 30 02 30 00'],
    ['long form for a short length', '028101 05', '02 01 05'],
    ['leading zeros', '0284 00000001 05', '02 01 05'],
    ['126 octets of length', `02fe${'00'.repeat(125)}01 05`, '02 01 05'],
    ['only one of several', '3009 020105 028101 06 3000', '30 08 02 01 05 02 01 06 30 00'],
    ['of a high tag', 'bf8100 80 020105 0000', 'bf 81 00 03 02 01 05'],
    [
      'end-of-contents lookalikes inside primitives',
      '3080 0402 0000 020100 0000',
      '30 07 04 02 00 00 02 01 00',
    ],
  ])('%s', (_, ber, der) => expect(definite(ber)).toBe(der))

  it('become longer where the content does', () => {
    for (const length of [127, 128, 255, 256, 65535, 65536, 70000]) {
      const inner = der.octetString(new Uint8Array(length).fill(7))
      const ber = Buffer.concat([hex('3080'), inner, hex('0000')])
      expect(toDefinite(ber)).toEqual(der.sequence([inner]))
    }
  })

  it('keep what stands before and after a rewritten element', () => {
    const before = der.sequence([der.integer(1), der.sequence([der.null()])])
    const after = der.octetString(new Uint8Array(300).fill(3))
    const ber = encode(0x30, [before, hex('a080 020105 0000'), after])
    expect(toDefinite(ber)).toEqual(encode(0x30, [before, hex('a003 020105'), after]))
  })

  it('gives errors the offset in what it was given', () => {
    const view = hex('ffff 3080 020105').subarray(2)
    expect(failure(() => toDefinite(view))).toEqual({ code: 'ERR_ASN1_TRUNCATED', offset: 5, path: '' })
  })
})

describe('strings in pieces', () => {
  it.each([
    ['two pieces', '2406 040161 040162', '04 02 61 62'],
    ['indefinite', '2480 040161 040162 0000', '04 02 61 62'],
    ['none', '2400', '04 00'],
    ['none, indefinite', '2480 0000', '04 00'],
    ['empty ones', '2480 0400 0401aa 0400 0000', '04 01 aa'],
    ['nested', '2480 2406 040161 040162 2480 040163 0000 0400 2400 0000', '04 03 61 62 63'],
    ['pieces with long lengths', '2405 04 820001 61', '04 01 61'],
    ['inside other elements', '3080 a080 2480 0401aa 0401bb 0000 0000 0000', '30 06 a0 04 04 02 aa bb'],
    // X.690 8.23.5.2: "Jones" as VisibleString in pieces
    ['X.690 8.23, definite', '3a09 04034a6f6e 04026573', '1a 05 4a 6f 6e 65 73'],
    ['X.690 8.23, indefinite', '3a80 04034a6f6e 04026573 0000', '1a 05 4a 6f 6e 65 73'],
    ['UTF8String', '2c80 0401d0 0401af 0000', '0c 02 d0 af'],
    [
      'a time',
      '3780 0406 323631313231 0407 3030303030305a 0000',
      `17 0d ${show(Buffer.from('261121000000Z'))}`,
    ],
  ])('%s', (_, ber, der) => expect(definite(ber)).toBe(der))

  it.each([
    // X.690 8.6.4.2
    ['the example of X.690 8.6', '2380 0303000a3b 0305045f291cd0 0000', '03 07 04 0a 3b 5f 29 1c d0'],
    ['none', '2300', '03 01 00'],
    ['empty ones', '2380 030100 030200ff 030100 0000', '03 02 00 ff'],
    [
      'nested, unused bits in the last',
      '2380 2380 030200aa 030200bb 0000 2304 030204c0 0000',
      '03 04 04 aa bb c0',
    ],
    ['nested, all of it', '2306 2304 030207 80', '03 02 07 80'],
  ])('BIT STRING: %s', (_, ber, der) => expect(definite(ber)).toBe(der))

  it('are read as one', () => {
    const bytes = toDefinite(hex('2380 0303000a3b 0305045f291cd0 0000'))
    const value = readDer(bytes, '', (r) => r.bitString(''), { rules: 'definite' })
    expect([show(value.bytes), value.unusedBits]).toEqual(['0a 3b 5f 29 1c d0', 4])
  })

  it('may be many', () => {
    const pieces = repeat(hex('0402abcd'), 50_000)
    const ber = Buffer.concat([hex('2480'), pieces, hex('0000')])
    expect(toDefinite(ber)).toEqual(der.octetString(repeat(hex('abcd'), 50_000)))
  })

  it.each([
    ['another type as a piece', '2480 020105 0000', 'ERR_ASN1_VALUE', 2],
    ['another string type as a piece', '2c80 0c0161 0000', 'ERR_ASN1_VALUE', 2],
    ['a tagged piece', '2480 0401aa 800161 0000', 'ERR_ASN1_VALUE', 5],
    ['a BIT STRING piece of an OCTET STRING', '2480 030200ff 0000', 'ERR_ASN1_VALUE', 2],
    ['an OCTET STRING piece of a BIT STRING', '2380 0401ff 0000', 'ERR_ASN1_VALUE', 2],
    ['another type in a nested piece', '2480 2480 0500 0000 0000', 'ERR_ASN1_VALUE', 4],
    ['a SEQUENCE as a piece', '2480 3000 0000', 'ERR_ASN1_VALUE', 2],
    ['unused bits before the last piece', '2380 030204f0 030200ff 0000', 'ERR_ASN1_VALUE', 6],
    ['unused bits before the last, nested', '2380 2380 030204f0 0000 030200ff 0000', 'ERR_ASN1_VALUE', 10],
    ['unused bits of no byte', '2380 030200ff 030105 0000', 'ERR_ASN1_VALUE', 6],
    ['more than 7 unused bits', '2380 030208ff 0000', 'ERR_ASN1_VALUE', 2],
    ['a BIT STRING piece without its first octet', '2380 0300 0000', 'ERR_ASN1_VALUE', 2],
  ])('refuses %s', (_, ber, code, offset) => {
    expect(failure(() => toDefinite(hex(ber)))).toEqual({ code, offset, path: '' })
  })
})

describe('what stood there as it is', () => {
  it('is all of what is definite already', () => {
    const { bytes, isVerbatim } = definiteForm(hex('3003020101'))
    expect(isVerbatim(0, bytes.length)).toBe(true)
  })

  it('is the elements that were not rewritten, with all that is in them', () => {
    // SEQUENCE { INTEGER 1, SEQUENCE { INTEGER 2 }, SEQUENCE { INTEGER 3 } in BER, INTEGER 4 }
    const { bytes, isVerbatim } = definiteForm(hex('3080 020101 3003020102 3080 020103 0000 020104 0000'))
    expect(show(bytes)).toBe('30 10 02 01 01 30 03 02 01 02 30 03 02 01 03 02 01 04')
    const elements = {
      '02-05': true,
      '05-10': true,
      '07-10': true,
      '10-15': false,
      '12-15': true,
      '15-18': true,
    }
    for (const [name, verbatim] of Object.entries(elements)) {
      const [start, end] = name.split('-').map(Number) as [number, number]
      expect(isVerbatim(start, end), name).toBe(verbatim)
    }
    expect(isVerbatim(0, bytes.length)).toBe(false)
    // Two of them side by side are none.
    expect(isVerbatim(2, 10)).toBe(false)
  })
})

describe('malformed BER', () => {
  it.each([
    ['nothing', '', 'ERR_ASN1_TRUNCATED', 0],
    ['a tag alone', '30', 'ERR_ASN1_TRUNCATED', 1],
    ['no end-of-contents', '3080 020105', 'ERR_ASN1_TRUNCATED', 5],
    ['half an end-of-contents', '3080 020105 00', 'ERR_ASN1_TRUNCATED', 5],
    ['end-of-contents with a length', '3080 0001 00 0000', 'ERR_ASN1_LENGTH', 2],
    ['end-of-contents inside definite length', '3002 0000', 'ERR_ASN1_VALUE', 2],
    ['end-of-contents alone', '0000', 'ERR_ASN1_VALUE', 0],
    ['end-of-contents beyond the parent', '3004 a080 0500 0000', 'ERR_ASN1_TRUNCATED', 6],
    ['indefinite length on a primitive', '0480 0000', 'ERR_ASN1_LENGTH', 1],
    ['a second element', '3000 0500', 'ERR_ASN1_TRAILING_DATA', 2],
    ['bytes after end-of-contents', '3080 0000 00', 'ERR_ASN1_TRAILING_DATA', 4],
    ['a child longer than its parent', '3003 040561', 'ERR_ASN1_TRUNCATED', 2],
    ['a claim of 100 MB', '3084 06400000 0500', 'ERR_ASN1_TRUNCATED', 0],
    ['the reserved length', '30ff', 'ERR_ASN1_LENGTH', 1],
  ])('refuses %s', (_, ber, code, offset) => {
    expect(failure(() => toDefinite(hex(ber)))).toEqual({ code, offset, path: '' })
  })

  it('wants a Uint8Array', () => {
    expect(() => toDefinite('3000' as never)).toThrow(TypeError)
  })
})

it('leaves its input alone', () => {
  const ber = hex('3080 2480 040161 040162 0000 028101 05 0000')
  const before = show(ber)
  expect(show(toDefinite(ber))).toBe('30 07 04 02 61 62 02 01 05')
  expect(show(ber)).toBe(before)
})

it('leaves pieces under a context tag to the reader', () => {
  const bytes = toDefinite(hex('3080 a080 2480 040161 0000 040162 0000 0000'))
  expect(show(bytes)).toBe('30 08 a0 06 04 01 61 04 01 62')
  const content = readDer(bytes, '', (r) => r.sequence('', (s) => s.octetString('', contextTag(0, false))), {
    rules: 'definite',
  })
  expect(show(content)).toBe('61 62')
})

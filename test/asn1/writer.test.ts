import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contextTag, der, encode, layout, readDer, Tag, tagName } from '../../src/asn1/index.ts'
import { hex, show } from './helpers.ts'

/** An independent INTEGER: two's complement of the fewest octets that hold the value. */
function integer(value: bigint): string {
  let octets = 1
  while (BigInt.asIntN(octets * 8, value) !== value) octets++
  return BigInt.asUintN(octets * 8, value)
    .toString(16)
    .padStart(octets * 2, '0')
}

describe('lengths (X.690 8.1.3, 10.1)', () => {
  it.each([
    [0, '04 00'],
    [127, '04 7f'],
    [128, '04 81 80'],
    [255, '04 81 ff'],
    [256, '04 82 01 00'],
    [65535, '04 82 ff ff'],
    [65536, '04 83 01 00 00'],
    [16777216, '04 84 01 00 00 00'],
  ])('%d bytes', (length, head) => {
    const out = der.octetString(new Uint8Array(length))
    expect(show(out.subarray(0, out.length - length))).toBe(head)
  })
})

describe('tags', () => {
  it('has context tags of any number', () => {
    expect([contextTag(0, false), contextTag(0, true), contextTag(30, true)]).toEqual([0x80, 0xa0, 0xbe])
    expect(show(encode(contextTag(31, true), []))).toBe('bf 1f 00')
    expect(show(encode(contextTag(128, false), [hex('07')]))).toBe('9f 81 00 01 07')
    for (const number of [-1, 1.5, 2 ** 21, Number.NaN, '1' as never])
      expect(() => contextTag(number, false)).toThrow(TypeError)
  })

  it('are named as ASN.1 writes them', () => {
    const names = [
      0x30,
      0x02,
      0x24,
      0xa0,
      0x80,
      0x61,
      0xc2,
      0x00,
      contextTag(31, true),
      contextTag(200, false),
    ].map(tagName)
    expect(names).toEqual([
      ...['SEQUENCE', 'INTEGER', 'constructed OCTET STRING', '[0]', '[0] primitive', '[APPLICATION 1]'],
      ...['[PRIVATE 2] primitive', '[UNIVERSAL 0] primitive', '[31]', '[200] primitive'],
    ])
  })

  it('tags implicitly and explicitly', () => {
    expect(show(der.explicit(0, hex('020105')))).toBe('a0 03 02 01 05')
    expect(show(der.implicit(0, hex('020105')))).toBe('80 01 05')
    expect(show(der.implicit(1, hex('3003020105')))).toBe('a1 03 02 01 05')
    expect(show(der.implicit(31, hex('020105')))).toBe('9f 1f 01 05')
    expect(() => der.implicit(0, hex('1f1f00'))).toThrow(TypeError)
    expect(() => der.implicit(0, new Uint8Array(0))).toThrow(TypeError)
  })

  it('leaves the element it is given alone', () => {
    const element = hex('020105')
    der.implicit(0, element)
    expect(show(element)).toBe('02 01 05')
  })

  // X.690 8.14: Type1 ::= VisibleString, Type2 ::= [APPLICATION 3] IMPLICIT Type1, Type3 ::= [2] Type2,
  // Type4 ::= [APPLICATION 7] IMPLICIT Type3, Type5 ::= [2] IMPLICIT Type2, with the value "Jones".
  it('agrees with the examples of X.690 8.14', () => {
    const jones = Buffer.from('Jones')
    const type1 = encode(Tag.VISIBLE_STRING, [jones])
    expect(show(type1)).toBe('1a 05 4a 6f 6e 65 73')
    const type2 = encode(0x43, [jones])
    expect(show(type2)).toBe('43 05 4a 6f 6e 65 73')
    expect(show(der.explicit(2, type2))).toBe('a2 07 43 05 4a 6f 6e 65 73')
    expect(show(encode(0x67, [type2]))).toBe('67 07 43 05 4a 6f 6e 65 73')
    expect(show(der.implicit(2, type2))).toBe('82 05 4a 6f 6e 65 73')
  })
})

describe('INTEGER (X.690 8.3)', () => {
  it.each([
    [0, '00'],
    [127, '7f'],
    [128, '00 80'],
    [255, '00 ff'],
    [256, '01 00'],
    [-1, 'ff'],
    [-128, '80'],
    [-129, 'ff 7f'],
    [-256, 'ff 00'],
    [-32768, '80 00'],
    [Number.MAX_SAFE_INTEGER, '1f ff ff ff ff ff ff'],
  ])('%d', (value, content) => {
    expect(show(der.integer(value).subarray(2))).toBe(content)
    expect(show(der.integer(BigInt(value)).subarray(2))).toBe(content)
  })

  it('is the shortest two’s complement of any bigint', () => {
    const values = fc.oneof(
      fc.bigInt(-(2n ** 70n), 2n ** 70n),
      fc.bigInt(-300n, 300n),
      fc.bigInt({ min: -(2n ** 600n), max: 2n ** 600n }),
    )
    fc.assert(
      fc.property(values, (value) => {
        const content = readDer(der.integer(value), '', (r) => r.integerBytes(''))
        expect(Buffer.from(content).toString('hex')).toBe(integer(value))
      }),
    )
  })

  it('takes bytes as an unsigned magnitude', () => {
    const cases = {
      '': '00',
      '00': '00',
      '0000': '00',
      '7f': '7f',
      '80': '00 80',
      '0080': '00 80',
      '00000105': '01 05',
      ff00: '00 ff 00',
    }
    for (const [magnitude, content] of Object.entries(cases))
      expect(show(der.integer(hex(magnitude)).subarray(2)), magnitude).toBe(content)
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const value = BigInt(`0x0${Buffer.from(bytes).toString('hex')}`)
        expect(show(der.integer(bytes))).toBe(show(der.integer(value)))
      }),
    )
  })

  it('refuses numbers that are not exact', () => {
    for (const value of [
      1.5,
      Number.NaN,
      2 ** 53,
      Number.POSITIVE_INFINITY,
      '5' as never,
      undefined as never,
    ])
      expect(() => der.integer(value)).toThrow(TypeError)
  })
})

describe('SET and SET OF', () => {
  it('sorts SET OF by encoding (X.690 11.6)', () => {
    const items = ['02020100', '020105', '0500', '020104', '0403000000', '020105'].map(hex)
    expect(show(der.setOf(items))).toBe('31 14 02 01 04 02 01 05 02 01 05 02 02 01 00 04 03 00 00 00 05 00')
    expect(show(der.setOf(items.slice(0, 2), contextTag(0, true)))).toBe('a0 07 02 01 05 02 02 01 00')
  })

  it('sorts the attributes of a signature as Bouncy Castle wants them (facts/cms.md)', () => {
    const contentType = der.sequence([
      der.oid('1.2.840.113549.1.9.3'),
      der.set([der.oid('1.2.840.113549.1.7.1')]),
    ])
    const messageDigest = der.sequence([
      der.oid('1.2.840.113549.1.9.4'),
      der.set([der.octetString(new Uint8Array(32))]),
    ])
    const signingTime = der.sequence([der.oid('1.2.840.113549.1.9.5'), der.set([der.time(new Date(0))])])
    const sorted = der.setOf([contentType, messageDigest, signingTime])
    expect(show(sorted.subarray(2))).toBe([contentType, signingTime, messageDigest].map(show).join(' '))
  })

  it('gives one encoding whatever the order, and leaves the array alone', () => {
    const items = fc.array(
      fc.uint8Array({ maxLength: 6 }).map((bytes) => der.octetString(bytes)),
      { maxLength: 12 },
    )
    fc.assert(
      fc.property(items, (list) => {
        const before = [...list]
        const encoding = der.setOf(list)
        expect(list).toEqual(before)
        expect(der.setOf(list.toReversed())).toEqual(encoding)
        expect(readDer(encoding, '', (r) => r.setOf('', (s, i) => s.octetString(i)))).toHaveLength(
          list.length,
        )
      }),
    )
  })

  it('orders SET by tag, whatever the lengths (X.690 10.3)', () => {
    const elements = ['80020000', 'a100', '0500', '3000', '020400000000'].map(hex)
    expect(show(der.set(elements))).toBe('31 10 02 04 00 00 00 00 05 00 30 00 80 02 00 00 a1 00')
  })
})

describe('layout', () => {
  it('writes elements within others as if each had been encoded first', () => {
    const parts = fc.array(fc.uint8Array({ maxLength: 100 }), { maxLength: 4 })
    const tag = fc.oneof(
      fc.constantFrom(0x30, 0xa0, 0x04),
      fc.nat(2 ** 21 - 1).map((n) => contextTag(n, true)),
    )
    fc.assert(
      fc.property(parts, parts, tag, tag, (before, inside, outer, inner) => {
        const plain = encode(outer, [...before, encode(inner, inside), ...inside])
        expect(encode(outer, [...before, layout(inner, inside), ...inside])).toEqual(plain)
        expect(encode(0x30, [layout(outer, [layout(inner, inside)])])).toEqual(
          der.sequence([encode(outer, [encode(inner, inside)])]),
        )
      }),
    )
  })

  it('is sorted in SET OF by its encoding', () => {
    const integer = (value: number): ReturnType<typeof layout> => layout(0x02, [Uint8Array.of(value)])
    expect(show(der.setOf([integer(5), hex('020103'), integer(4)]))).toBe('31 09 02 01 03 02 01 04 02 01 05')
    expect(show(der.setOf([integer(5)], 0xa0))).toBe('a0 03 02 01 05')
  })

  it('refuses parts that are neither bytes nor layouts', () => {
    for (const part of ['0500', [5, 0], null, undefined, {}])
      expect(() => layout(0x30, [part as never])).toThrow(TypeError)
  })
})

describe('the other types', () => {
  it('write DER', () => {
    expect(show(der.boolean(true))).toBe('01 01 ff')
    expect(show(der.boolean(false))).toBe('01 01 00')
    expect(show(der.null())).toBe('05 00')
    expect(show(der.bitString(hex('0a3b5f291cd0'), 4))).toBe('03 07 04 0a 3b 5f 29 1c d0')
    expect(show(der.bitString(new Uint8Array(0)))).toBe('03 01 00')
    expect(show(der.sequence([]))).toBe('30 00')
    // X.690 8.9.3: SEQUENCE {name IA5String, ok BOOLEAN}, {name "Smith", ok TRUE}
    expect(show(der.sequence([der.ia5String('Smith'), der.boolean(true)]))).toBe(
      '30 0a 16 05 53 6d 69 74 68 01 01 ff',
    )
  })

  it('refuse a BIT STRING with unused bits that are set, missing or too many', () => {
    for (const [digits, unused] of [
      ['81', 1],
      ['80', 8],
      ['80', -1],
      ['', 1],
      ['80', 0.5],
    ] as const)
      expect(() => der.bitString(hex(digits), unused), `${digits} ${unused}`).toThrow(TypeError)
  })

  it('refuse parts that are no bytes, which would be written as zeros', () => {
    expect(() => der.octetString('text' as never)).toThrow(TypeError)
    expect(() => der.sequence([[2, 1, 5]] as never)).toThrow(TypeError)
    expect(() => der.bitString('text' as never)).toThrow(TypeError)
    expect(() => der.explicit(0, '0500' as never)).toThrow(TypeError)
  })
})

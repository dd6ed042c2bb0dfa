import { describe, expect, it } from 'vitest'
import { contextTag, type DerReader, der, readDer, Tag } from '../../src/asn1/index.ts'
import { failure, hex, show } from './helpers.ts'

const read = <T>(digits: string, field: string, take: (r: DerReader) => T): T =>
  readDer(hex(digits), field, take)

describe('readDer', () => {
  it('gives what the callback gives', () => {
    expect(read('020105', 'Version', (r) => r.smallInteger('', 0, 9))).toBe(5)
  })

  it('refuses what the callback leaves unread, with the place of the first byte too many', () => {
    const two = '020105 0500'
    const outcome = failure(() => read(two, 'Version', (r) => r.smallInteger('', 0, 9)))
    expect(outcome).toEqual({ code: 'ERR_ASN1_TRAILING_DATA', offset: 3, path: 'Version' })
  })

  it('refuses empty input where an element is asked for', () => {
    const outcome = failure(() => read('', 'A', (r) => r.null('b')))
    expect(outcome).toEqual({ code: 'ERR_ASN1_TRUNCATED', offset: 0, path: 'A.b' })
  })

  it('wants a Uint8Array', () => {
    expect(() => readDer('0500' as never, 'A', (r) => r.null(''))).toThrow(TypeError)
    expect(readDer(Buffer.from([5, 0]), 'A', (r) => r.null(''))).toBeUndefined()
  })

  it('reads a view in the middle of a larger buffer, and gives views of it', () => {
    const large = hex('ffff 0403010203 ffff')
    const view = large.subarray(2, 7)
    const content = readDer(view, 'A', (r) => r.octetString(''))
    expect(show(content)).toBe('01 02 03')
    expect(content.buffer).toBe(large.buffer)
    expect(content.byteOffset).toBe(4)
  })
})

describe('the path of an error', () => {
  const nested = hex('30 0f a0 0d 31 0b 30 03 02 01 01 30 04 02 02 00 05')
  const version = (s: DerReader, name: string): number =>
    s.sequence(name, (i) => i.smallInteger('version', 0, 9))

  it('names every field from the outermost inwards, and items by index', () => {
    const outcome = failure(() =>
      readDer(nested, 'SignedData', (r) =>
        r.sequence('', (s) => s.constructed(0xa0, 'signers', (c) => c.setOf('infos', version))),
      ),
    )
    expect(outcome).toEqual({
      code: 'ERR_ASN1_VALUE',
      offset: 13,
      path: 'SignedData.signers.infos[1].version',
    })
  })

  it('stands in the message with the offset', () => {
    expect(() => read('02020005', 'Serial', (r) => r.integerBytes(''))).toThrow(
      'Serial: INTEGER not minimal (at byte 0)',
    )
  })

  it('is there for the errors of a caller', () => {
    const outcome = failure(() =>
      read('3003020107', 'A', (r) => r.sequence('b', (s) => s.fail('ERR_ASN1_VALUE', 'x'))),
    )
    expect(outcome).toEqual({ code: 'ERR_ASN1_VALUE', offset: 2, path: 'A.b' })
    const placed = failure(() => read('0500', 'A', (r) => r.fail('ERR_ASN1_VALUE', 'x', 1, 'c')))
    expect(placed).toEqual({ code: 'ERR_ASN1_VALUE', offset: 1, path: 'A.c' })
    expect(read('0500', '', (r) => [r.path('x'), r.null('')])).toEqual(['x', undefined])
  })
})

describe('the header', () => {
  const cases: [name: string, digits: string, code: string, offset: number][] = [
    ['tag alone', '04', 'ERR_ASN1_TRUNCATED', 1],
    ['content cut off', '0402ff', 'ERR_ASN1_TRUNCATED', 0],
    ['length octets cut off', '0482ff', 'ERR_ASN1_TRUNCATED', 2],
    ['a claim of 100 MB', '0484064000 00', 'ERR_ASN1_TRUNCATED', 0],
    ['a claim of 4 GiB less one', '0484ffffffff', 'ERR_ASN1_TRUNCATED', 0],
    ['a length of 5 octets', '04850100000000', 'ERR_ASN1_LENGTH', 1],
    ['a length of 126 octets', `04fe${'ff'.repeat(126)}`, 'ERR_ASN1_LENGTH', 1],
    ['the reserved length FF', '04ff00', 'ERR_ASN1_LENGTH', 1],
    ['long form for a short length', '048101ff', 'ERR_ASN1_NOT_DER', 0],
    ['leading zero in the length', `04820080${'00'.repeat(128)}`, 'ERR_ASN1_NOT_DER', 0],
    ['indefinite length on a primitive', '04800000', 'ERR_ASN1_LENGTH', 1],
    ['indefinite length', '3080020105 0000', 'ERR_ASN1_NOT_DER', 0],
    ['end-of-contents', '0000', 'ERR_ASN1_VALUE', 0],
    ['the reserved tag 0, constructed', '2000', 'ERR_ASN1_VALUE', 0],
    ['the reserved tag 15', '0f00', 'ERR_ASN1_VALUE', 0],
    ['a primitive SEQUENCE', '1000', 'ERR_ASN1_VALUE', 0],
    ['a primitive SET', '1100', 'ERR_ASN1_VALUE', 0],
    ['a constructed INTEGER', '2203020105', 'ERR_ASN1_NOT_DER', 0],
    ['a constructed OCTET STRING', '2403040105', 'ERR_ASN1_NOT_DER', 0],
    ['a constructed NULL', '2500', 'ERR_ASN1_NOT_DER', 0],
    ['a high tag cut off', '9f81', 'ERR_ASN1_TRUNCATED', 2],
    ['a high tag for a low number', '9f1e00', 'ERR_ASN1_VALUE', 0],
    ['a high tag with a leading zero', '9f802000', 'ERR_ASN1_VALUE', 0],
    ['a tag number beyond 2^21', '9f8180800000', 'ERR_ASN1_VALUE', 0],
    ['an endless tag', `9f${'ff'.repeat(1000)}`, 'ERR_ASN1_VALUE', 0],
  ]
  it.each(cases)('refuses %s', (_, digits, code, offset) => {
    expect(failure(() => read(digits, 'A', (r) => r.element('b')))).toEqual({ code, offset, path: 'A.b' })
  })

  it('says what is wrong', () => {
    const say = (digits: string) => (): unknown => read(digits, '', (r) => r.element(''))
    expect(say('0000')).toThrow('end-of-contents outside indefinite length (at byte 0)')
    expect(say('0f00')).toThrow('[UNIVERSAL 15] primitive is reserved')
    expect(say('2500')).toThrow('constructed NULL must be primitive')
    expect(say('1000')).toThrow('[UNIVERSAL 16] primitive must be constructed')
    expect(say('3080')).toThrow('indefinite length')
    expect(say('048100')).toThrow('length not in its shortest form')
    expect(say('04820400')).toThrow('length 1024 where 0 bytes are left')
  })

  it.each([
    ['length 127', 127, '04 7f'],
    ['length 128', 128, '04 81 80'],
    ['length 255', 255, '04 81 ff'],
    ['length 256', 256, '04 82 01 00'],
    ['length 65536', 65536, '04 83 01 00 00'],
  ])('takes %s in its shortest form', (_, length, head) => {
    const bytes = new Uint8Array([...hex(head), ...new Uint8Array(length)])
    expect(readDer(bytes, '', (r) => r.octetString('')).length).toBe(length)
  })

  it('refuses a child longer than its parent, though the input goes on', () => {
    const outcome = failure(() =>
      read('3008 3003 0402aa 020105', 'A', (r) =>
        r.sequence('', (s) => s.sequence('b', (t) => t.octetString('c'))),
      ),
    )
    expect(outcome).toEqual({ code: 'ERR_ASN1_TRUNCATED', offset: 4, path: 'A.b.c' })
  })

  it('reads tag numbers above 30 (X.690 8.1.2.4)', () => {
    const tags = [31, 127, 128, 16383, 16384, 2 ** 21 - 1].map((number) => contextTag(number, false))
    for (const tag of tags) {
      const element = readDer(der.sequence([derOf(tag)]), '', (r) =>
        r.sequence('', (s) => s.element('', tag)),
      )
      expect(element.tag).toBe(tag)
      expect(show(element.content)).toBe('07')
    }
    expect(show(derOf(contextTag(31, false)))).toBe('9f 1f 01 07')
    expect(show(derOf(contextTag(2 ** 21 - 1, false)))).toBe('9f ff ff 7f 01 07')
  })

  function derOf(tag: number): Uint8Array {
    return der.implicit(tag > 0xff ? tag % 2 ** 24 : tag & 0x1f, hex('0401 07'))
  }
})

describe('moving over elements', () => {
  it('peeks at tag and bytes without moving', () => {
    const seen = read('3005 020105 0500', '', (r) =>
      r.sequence('', (s) => {
        const first = [s.nextTag, show(s.nextBytes), s.offset, s.done]
        s.smallInteger('', 0, 9)
        s.null('')
        return [...first, s.nextTag, s.done, show(s.content)]
      }),
    )
    expect(seen).toEqual([2, '02 01 05', 2, false, -1, true, '02 01 05 05 00'])
  })

  it('fails to peek where there is no whole element', () => {
    expect(failure(() => read('3001', 'A', (r) => r.nextTag))).toEqual({
      code: 'ERR_ASN1_TRUNCATED',
      offset: 0,
      path: 'A',
    })
    expect(failure(() => read('', 'A', (r) => r.nextBytes))).toMatchObject({ code: 'ERR_ASN1_TRUNCATED' })
    expect(failure(() => read('30800000', 'A', (r) => r.nextBytes))).toMatchObject({
      code: 'ERR_ASN1_NOT_DER',
    })
  })

  it('names both tags where another stands', () => {
    expect(() => read('0500', 'A', (r) => r.integerBytes('b'))).toThrow('A.b: INTEGER expected, found NULL')
    const outcome = failure(() => read('30020500', 'A', (r) => r.sequence('', (s) => s.oid('b'))))
    expect(outcome).toEqual({ code: 'ERR_ASN1_UNEXPECTED_TAG', offset: 2, path: 'A.b' })
  })

  it('wants all of a structure read', () => {
    const outcome = failure(() =>
      read('3005 020105 0500', 'A', (r) => r.sequence('b', (s) => s.smallInteger('', 0, 9))),
    )
    expect(outcome).toEqual({ code: 'ERR_ASN1_TRAILING_DATA', offset: 5, path: 'A.b' })
  })

  it('takes an optional element only where its tag comes next', () => {
    const take = (digits: string): unknown[] =>
      read(digits, '', (r) =>
        r.sequence('', (s) => [
          s.optional(contextTag(0, true), 'zero', (c) => c.smallInteger('', 0, 9)),
          s.optional(contextTag(1, true), 'one', (c) => c.smallInteger('', 0, 9)),
        ]),
      )
    expect(take('3000')).toEqual([undefined, undefined])
    expect(take('3005 a103020107')).toEqual([undefined, 7])
    expect(take('300a a003020105 a103020107')).toEqual([5, 7])
    expect(failure(() => take('300a a103020107 a003020105'))).toMatchObject({
      code: 'ERR_ASN1_TRAILING_DATA',
    })
  })

  it('reads SEQUENCE OF, also under another tag', () => {
    const numbers = (r: DerReader, tag?: number): number[] =>
      r.sequenceOf('', (s, name) => s.smallInteger(name, 0, 9), tag)
    expect(read('3000', '', numbers)).toEqual([])
    expect(read('3006 020105 020104', '', numbers)).toEqual([5, 4])
    expect(read('a206 020105 020104', '', (r) => numbers(r, 0xa2))).toEqual([5, 4])
  })

  it('does not go round for ever where the callback takes nothing', () => {
    for (const digits of ['30020500', '31020500']) {
      const list = (r: DerReader): unknown =>
        digits.startsWith('30') ? r.sequenceOf('b', () => 1) : r.setOf('b', () => 1)
      expect(failure(() => read(digits, 'A', list))).toEqual({
        code: 'ERR_ASN1_UNEXPECTED_TAG',
        offset: 2,
        path: 'A.b',
      })
    }
  })

  it('gives an element whole', () => {
    const element = read('3003020105', '', (r) => r.element(''))
    expect([element.tag, element.offset, show(element.bytes), show(element.content)]).toEqual([
      Tag.SEQUENCE,
      0,
      '30 03 02 01 05',
      '02 01 05',
    ])
  })
})

describe('SET OF', () => {
  const numbers = (r: DerReader, unsorted?: () => void): number[] =>
    r.setOf('items', (s, name) => s.smallInteger(name, 0, 999), unsorted === undefined ? {} : { unsorted })

  it('takes ascending encodings, equal ones too (X.690 11.6)', () => {
    expect(read('310a 020104 020105 02020100', '', numbers)).toEqual([4, 5, 256])
    expect(read('3106 020105 020105', '', numbers)).toEqual([5, 5])
    expect(read('3100', '', numbers)).toEqual([])
  })

  it('refuses descending ones at the first that is out of order', () => {
    expect(failure(() => read('3109 020103 020105 020104', 'A', numbers))).toEqual({
      code: 'ERR_ASN1_NOT_DER',
      offset: 8,
      path: 'A.items',
    })
  })

  it('compares encodings, so that a shorter one comes first', () => {
    expect(failure(() => read('3107 02020100 020105', 'A', numbers))).toMatchObject({
      code: 'ERR_ASN1_NOT_DER',
    })
  })

  it('tells where `unsorted` is given, and takes any order under definite rules', () => {
    let calls = 0
    expect(read('3109 020105 020104 020103', '', (r) => numbers(r, () => calls++))).toEqual([5, 4, 3])
    expect(calls).toBe(2)
    const bytes = hex('3106 020105 020104')
    expect(readDer(bytes, '', (r) => numbers(r), { rules: 'definite' })).toEqual([5, 4])
    expect(readDer(bytes, '', (r) => numbers(r, () => calls++), { rules: 'definite' })).toEqual([5, 4])
    expect(calls).toBe(3)
  })

  it('takes another tag', () => {
    const list = (r: DerReader): number[] =>
      r.setOf('', (s, name) => s.smallInteger(name, 0, 9), { tag: contextTag(0, true) })
    expect(read('a006 020104 020105', '', list)).toEqual([4, 5])
  })
})

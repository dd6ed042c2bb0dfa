import { describe, expect, it } from 'vitest'
import {
  type DerReader,
  decodePem,
  decodeString,
  der,
  type Limits,
  readDer,
  Tag,
  toDefinite,
} from '../../src/asn1/index.ts'
import { failure, hex, pemFailure, repeat } from './helpers.ts'
import { walk } from './walk.ts'

const MB = 1024 * 1024
const UNBOUND: Limits = { maxElements: Number.POSITIVE_INFINITY, maxDepth: 1000, maxOidBytes: 4096 }

/** Bytes that count how often one of them is read, be it alone or in a view: work, without a clock. */
function counted(bytes: Uint8Array): { bytes: Uint8Array; reads: () => number } {
  let reads = 0
  const proxy = new Proxy(bytes, {
    get(target, key) {
      if (typeof key === 'string' && key.charCodeAt(0) <= 0x39) {
        reads++
        return target[Number(key)]
      }
      if (key !== 'subarray') return Reflect.get(target, key, target)
      return (from: number, to: number): Uint8Array => {
        const view = target.subarray(from, to)
        reads += view.length
        return view
      }
    },
  })
  return { bytes: proxy, reads: () => reads }
}

const join = (...parts: Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat(parts))
const wrap = (depth: number, open: string, inside: Uint8Array): Uint8Array =>
  join(repeat(hex(open), depth), inside, new Uint8Array(depth * 2))

const hostileBer = (size: number): [name: string, bytes: Uint8Array][] => [
  ['30 80', repeat(hex('3080'), size / 2)],
  ['24 80', repeat(hex('2480'), size / 2)],
  ['23 80', repeat(hex('2380'), size / 2)],
  ['a0 80 24 80', repeat(hex('a0802480'), size / 4)],
  ['30 84 06 40 00 00', repeat(hex('308406400000'), size / 6)],
  ['04 84 06 40 00 00', repeat(hex('048406400000'), size / 6)],
  ['zeros', new Uint8Array(size)],
  ['ff', new Uint8Array(size).fill(0xff)],
  ['empty pieces', join(hex('2480'), repeat(hex('0400'), size / 2), hex('0000'))],
  ['pieces of one byte', join(hex('2480'), repeat(hex('040161'), size / 3), hex('0000'))],
  ['BIT STRING pieces', join(hex('2380'), repeat(hex('030200aa'), size / 4), hex('0000'))],
  ['empty strings in pieces', join(hex('3080'), repeat(hex('2400'), size / 2), hex('0000'))],
  ['indefinite SEQUENCEs', join(hex('3080'), repeat(hex('30800000'), size / 4), hex('0000'))],
  ['900 indefinite SEQUENCEs around the rest', wrap(900, '3080', der.octetString(new Uint8Array(size)))],
  ['900 OCTET STRINGs in pieces around the rest', wrap(900, '2480', repeat(hex('040161'), size / 3))],
  ['40 indefinite SEQUENCEs around NULLs', wrap(40, '3080', repeat(hex('0500'), size / 2))],
  [
    'lengths of 126 octets',
    join(hex('3080'), repeat(hex(`05fe${'00'.repeat(126)}`), size / 128), hex('0000')),
  ],
]

describe('BER: work in proportion to size', () => {
  it.each(hostileBer(MB / 8))('%s', (_, bytes) => {
    for (const limits of [{}, UNBOUND]) {
      const input = counted(bytes)
      let size = 0
      const outcome = failure(() => {
        size = toDefinite(input.bytes, limits).length
      })
      if (outcome === 'nothing thrown') expect(size).toBeGreaterThan(0)
      // Two passes over the headers, and one copy.
      expect(input.reads()).toBeLessThanOrEqual(bytes.length * 4)
      expect(size).toBeLessThanOrEqual(bytes.length * 1.5)
    }
  })

  it('ends in a limit or a result for 1 MB of each', () => {
    const outcomes = hostileBer(MB).map(([, bytes]) => {
      const outcome = failure(() => toDefinite(bytes, UNBOUND))
      return outcome === 'nothing thrown' ? 'read' : outcome.code.replace('ERR_ASN1_', '')
    })
    const bombs = ['LIMIT', 'LIMIT', 'LIMIT', 'VALUE', 'TRUNCATED', 'TRUNCATED', 'VALUE', 'VALUE']
    expect(outcomes).toEqual([...bombs, ...new Array(outcomes.length - bombs.length).fill('read')])
  })

  it('claims of 100 MB take no memory', () => {
    for (const claim of [
      '048406400000',
      '308406400000',
      '248406400000',
      '3080 0484064000 00',
      '2480 048406400000',
    ]) {
      expect(failure(() => toDefinite(hex(claim)))).toMatchObject({ code: 'ERR_ASN1_TRUNCATED' })
      expect(failure(() => walk(hex(claim)))).not.toBe('nothing thrown')
    }
  })
})

/** SETs of two elements each, one inside the other, so that each level compares all that is below it. */
function nestedSets(depth: number, size: number): Uint8Array {
  let bytes = der.octetString(new Uint8Array(size))
  for (let i = 0; i < depth; i++) bytes = der.set([der.null(), bytes])
  return bytes
}

const DER: [name: string, bytes: Uint8Array][] = [
  [
    'SET OF two equal halves',
    der.setOf([der.octetString(new Uint8Array(MB)), der.octetString(new Uint8Array(MB))]),
  ],
  ['SET OF many equal elements', der.setOf(new Array(10_000).fill(der.octetString(new Uint8Array(18))))],
  ['a SEQUENCE of 60,000 NULLs', der.sequence([repeat(der.null(), 60_000)])],
  ['an INTEGER of 1 MB', der.integer(new Uint8Array(MB).fill(0x7f))],
  [
    'an OBJECT IDENTIFIER of one arc of 4096 bytes',
    join(hex('06821000'), new Uint8Array(4095).fill(0xff), hex('01')),
  ],
  ['a UTF8String of 1 MB', der.utf8String('Я'.repeat(MB / 2))],
  ['a PrintableString of 1 MB', der.printableString('A'.repeat(MB))],
]

describe('DER: work in proportion to size', () => {
  it.each(DER)('%s', (_, bytes) => {
    const input = counted(bytes)
    expect(walk(input.bytes, UNBOUND).elements).toBeLessThanOrEqual(bytes.length / 2)
    expect(input.reads()).toBeLessThanOrEqual(bytes.length * 6)
  })

  it('SETs in SETs: at most the size once for each level', () => {
    const input = counted(nestedSets(40, MB / 4))
    expect(walk(input.bytes).elements).toBe(81)
    expect(input.reads()).toBeLessThanOrEqual(input.bytes.length * 42)
  })

  it('an OBJECT IDENTIFIER of 1 MB is over the limit', () => {
    const bytes = join(hex('0683100000'), new Uint8Array(MB - 1).fill(0xff), hex('01'))
    expect(failure(() => walk(bytes))).toMatchObject({ code: 'ERR_ASN1_LIMIT' })
  })

  it('reading on after an error costs nothing more', () => {
    const input = counted(repeat(hex('3080'), MB / 2))
    const read = (r: DerReader): unknown => r.sequence('', (s) => s.null(''))
    expect(failure(() => readDer(input.bytes, '', read))).toMatchObject({
      code: 'ERR_ASN1_NOT_DER',
      offset: 0,
    })
    expect(input.reads()).toBeLessThan(10)
  })
})

describe('strings of 16 MB are decoded without exhausting a regular expression or the heap', () => {
  it.each([
    ['UTF8String', Tag.UTF8_STRING, 1],
    ['PrintableString', Tag.PRINTABLE_STRING, 1],
    ['IA5String', Tag.IA5_STRING, 1],
    ['TeletexString', Tag.TELETEX_STRING, 1],
    ['BMPString', Tag.BMP_STRING, 2],
    ['UniversalString', Tag.UNIVERSAL_STRING, 4],
  ])('%s', (_, tag, width) => {
    const content = new Uint8Array(16 * MB)
    for (let i = width - 1; i < content.length; i += width) content[i] = 0x41
    expect(decodeString(tag, content)?.length).toBe(content.length / width)
  })
})

describe('PEM', () => {
  const size = 4 * MB
  it.each([
    ['dashes', '-'.repeat(size)],
    ['dashes and line ends', '-----\n'.repeat(size / 6)],
    ['BEGIN without an end, in one line', '-----BEGIN '.repeat(size / 11)],
    ['a label without end', `-----BEGIN ${'A '.repeat(size / 2)}`],
    ['a label of 4 MB', `-----BEGIN ${'A '.repeat(size / 2)}A-----\n`],
    ['line ends', '\n'.repeat(size)],
    ['CR', '\r'.repeat(size)],
    ['spaces', ' '.repeat(size)],
    ['spaces before dashes', `${' '.repeat(1000)}-----`.repeat(size / 1005)],
    ['text', 'x'.repeat(size)],
  ])('no block in 4 MB of %s', (_, text) => {
    expect(decodePem(text)).toEqual([])
    expect(decodePem(Buffer.from(text, 'latin1'))).toEqual([])
  })

  it.each([
    ['BEGIN lines', '-----BEGIN X-----\n'.repeat(size / 18), 'line 2 should be'],
    ['base64 without an end', `-----BEGIN X-----\n${'AQID'.repeat(size / 4)}`, 'is missing'],
    ['a header of spaces', `-----BEGIN X-----\nA: b${' '.repeat(size)}x`, 'is missing'],
    ['a header of spaces, ended', `-----BEGIN X-----\nA: b${' '.repeat(size)}x\n-----END X-----`, 'is empty'],
    ['header lines', `-----BEGIN X-----\n${'A: b\n'.repeat(size / 5)}-----END X-----`, 'is empty'],
    ['a header name', `-----BEGIN X-----\n${'A'.repeat(size)}: b!\n*\n-----END X-----`, 'malformed header'],
    ['padding', `-----BEGIN X-----\n${'='.repeat(size)}\n-----END X-----`, 'is damaged'],
    ['blank lines', `-----BEGIN X-----\n${'\n'.repeat(size)}-----END X-----`, 'is empty'],
  ])('an error for 4 MB of %s', (_, text, message) => {
    expect(pemFailure(() => decodePem(text))).toMatchObject({
      message: expect.stringContaining(message),
      line: 1,
    })
  })

  it('reads 500 kB of base64, in one line or with each character in its own', () => {
    const body = 'AQID'.repeat(size / 32)
    for (const text of [body, body.replaceAll('', '\n')]) {
      expect(decodePem(`-----BEGIN X-----\n${text}\n-----END X-----`)[0]?.der.length).toBe((size / 32) * 3)
    }
  })

  it('gives 20,000 blocks, with the right lines', () => {
    const blocks = decodePem('-----BEGIN X-----\nAQI=\n-----END X-----\n'.repeat(20_000))
    expect(blocks).toHaveLength(20_000)
    expect(blocks.at(-1)?.line).toBe(59_998)
  })
})

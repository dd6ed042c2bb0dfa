import { describe, expect, it } from 'vitest'
import {
  DEFAULT_LIMITS,
  type DerReader,
  der,
  type Limits,
  readDer,
  toDefinite,
} from '../../src/asn1/index.ts'
import { failure, hex, repeat } from './helpers.ts'

/** `depth` SEQUENCEs around a NULL. */
function nested(depth: number): Uint8Array {
  let bytes: Uint8Array = der.null()
  for (let i = 0; i < depth; i++) bytes = der.sequence([bytes])
  return bytes
}

function descend(reader: DerReader): number {
  if (reader.nextTag !== 0x30) {
    reader.null('')
    return 0
  }
  return 1 + reader.sequence('', descend)
}

const skim = (reader: DerReader): number => reader.sequenceOf('', (r, name) => r.null(name)).length
const LIMIT = { code: 'ERR_ASN1_LIMIT' }

describe('depth', () => {
  it.each([0, 1, 48, 1000])(
    'takes %d constructed elements one inside the other, no more, reading or rewriting',
    (maxDepth) => {
      const fits = nested(maxDepth)
      const deeper = nested(maxDepth + 1)
      expect(readDer(fits, 'A', descend, { maxDepth })).toBe(maxDepth)
      expect(failure(() => readDer(deeper, 'A', descend, { maxDepth }))).toMatchObject({
        ...LIMIT,
        path: 'A',
      })
      expect(toDefinite(fits, { maxDepth })).toBe(fits)
      expect(failure(() => toDefinite(deeper, { maxDepth }))).toMatchObject(LIMIT)
    },
  )

  it('counts the pieces of strings', () => {
    const string = hex('2480 2480 0401aa 0000 0000')
    expect(toDefinite(string, { maxDepth: 2 })).toEqual(hex('0401aa'))
    expect(failure(() => toDefinite(string, { maxDepth: 1 }))).toEqual({ ...LIMIT, offset: 2, path: '' })
  })

  it('is 48 unless told otherwise', () => {
    expect(readDer(nested(48), '', descend)).toBe(48)
    expect(failure(() => readDer(nested(49), '', descend))).toMatchObject(LIMIT)
    expect(failure(() => toDefinite(nested(49)))).toMatchObject(LIMIT)
  })

  it.each(['3080', 'a080', '2480', '2380', '3080a080'])('stops a bomb of %s', (bomb) => {
    const bytes = repeat(hex(bomb), 200_000)
    for (const maxDepth of [48, 1000]) {
      expect(failure(() => toDefinite(bytes, { maxDepth }))).toEqual({
        ...LIMIT,
        offset: maxDepth * 2,
        path: '',
      })
    }
    expect(failure(() => readDer(bytes, '', descend))).not.toBe('nothing thrown')
  })
})

describe('bytes', () => {
  it('may be as many as the limit says', () => {
    const bytes = der.octetString(new Uint8Array(98))
    const read = (maxBytes: number): number =>
      readDer(bytes, 'A', (r) => r.octetString('').length, { maxBytes })
    expect(read(100)).toBe(98)
    expect(failure(() => read(99))).toEqual({ ...LIMIT, offset: 0, path: 'A' })
    expect(toDefinite(bytes, { maxBytes: 100 })).toBe(bytes)
    expect(failure(() => toDefinite(bytes, { maxBytes: 99 }))).toEqual({ ...LIMIT, offset: 0, path: '' })
  })

  it('are 64 MiB unless told otherwise', () => {
    const bytes = new Uint8Array(DEFAULT_LIMITS.maxBytes + 1)
    expect(failure(() => readDer(bytes, '', (r) => r.null('')))).toMatchObject(LIMIT)
    expect(failure(() => toDefinite(bytes))).toMatchObject(LIMIT)
  })
})

describe('elements', () => {
  const many = (count: number): Uint8Array => der.sequence([repeat(der.null(), count)])

  it('may be as many as the limit says', () => {
    expect(readDer(many(9), 'A', skim, { maxElements: 10 })).toBe(9)
    expect(failure(() => readDer(many(10), 'A', skim, { maxElements: 10 }))).toEqual({
      ...LIMIT,
      offset: 20,
      path: 'A[9]',
    })
    expect(toDefinite(many(9), { maxElements: 10 })).toHaveLength(20)
    expect(failure(() => toDefinite(many(10), { maxElements: 10 }))).toEqual({
      ...LIMIT,
      offset: 20,
      path: '',
    })
  })

  it('are counted in strings in pieces', () => {
    const string = hex('2480 0401aa 0401bb 0000')
    expect(toDefinite(string, { maxElements: 3 })).toEqual(hex('0402aabb'))
    expect(failure(() => toDefinite(string, { maxElements: 2 }))).toEqual({ ...LIMIT, offset: 5, path: '' })
  })

  it('are 200,000 unless told otherwise', () => {
    expect(readDer(many(199_999), '', skim)).toBe(199_999)
    expect(failure(() => readDer(many(200_000), '', skim))).toMatchObject(LIMIT)
    expect(failure(() => toDefinite(many(200_000)))).toMatchObject(LIMIT)
  })
})

describe('limits given', () => {
  const nothing = der.sequence([])
  const read = (limits: Limits): unknown => readDer(nothing, '', (r) => r.element(''), limits)

  it.each([
    { maxDepth: Number.NaN },
    { maxBytes: Number.NaN },
    { maxElements: Number.NaN },
    { maxOidBytes: Number.NaN },
    { maxDepth: 1001 },
    { maxDepth: Number.POSITIVE_INFINITY },
    { maxOidBytes: 4097 },
    { maxBytes: -1 },
    { maxDepth: '48' as never },
    { maxElements: null as never },
  ])('refuses %o, which would switch the limit off or let the stack overflow', (limits) => {
    expect(() => read(limits)).toThrow(TypeError)
    expect(() => toDefinite(nothing, limits)).toThrow(TypeError)
  })

  it('take the default where undefined', () => {
    const limits = { maxDepth: undefined as never }
    expect(failure(() => readDer(nested(49), '', descend, limits))).toMatchObject(LIMIT)
    expect(failure(() => toDefinite(nested(49), limits))).toMatchObject(LIMIT)
  })

  it('may be without bound for bytes and elements', () => {
    expect(read({ maxBytes: Number.POSITIVE_INFINITY, maxElements: Number.POSITIVE_INFINITY })).toBeDefined()
  })

  it('cannot be changed for everyone', () => {
    expect(Object.isFrozen(DEFAULT_LIMITS)).toBe(true)
  })
})

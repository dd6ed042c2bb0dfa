/** What was parsed is found again, and what is kept of it is bounded. */
import { describe, expect, it } from 'vitest'
import { Known } from '../../src/cms/known.ts'

let parsed = 0
const known = (): Known<{ der: Uint8Array }> =>
  new Known((der) => {
    parsed++
    return { der }
  })
/** Encodings that end alike, or not. */
const encoding = (length: number, number: number, end = number): Uint8Array => {
  const bytes = new Uint8Array(length)
  new DataView(bytes.buffer).setUint32(0, number)
  new DataView(bytes.buffer).setUint32(length - 4, end)
  return bytes
}

describe('known values', () => {
  it('are found by their bytes, and do not change with those that were given', () => {
    const values = known()
    const given = encoding(100, 1)
    const value = values.parse(given)
    given[50] = 1
    expect(values.find(given)).toBeUndefined()
    expect(values.find(encoding(100, 1))).toBe(value)
    expect(values.parse(encoding(100, 1))).toBe(value)
  })

  it('that end alike are not taken for each other', () => {
    const values = known()
    const one = values.parse(encoding(100, 1, 7))
    expect(values.find(encoding(100, 2, 7))).toBeUndefined()
    expect(values.parse(encoding(100, 2, 7))).not.toBe(one)
    expect(values.find(encoding(100, 2, 7))?.der).toEqual(encoding(100, 2, 7))
  })

  it.each([
    [100, 512],
    [1024, 512],
    [4096, 128],
    [8192, 64],
    [8193, 0],
  ])('of %i bytes: the latest %i are kept', (length, kept) => {
    const values = known()
    for (let round = 0; round < 2; round++) {
      for (let i = 0; i < 1000; i++) values.parse(encoding(length, i))
    }
    const found = Array.from({ length: 1000 }, (_, i) => i).filter((i) => values.find(encoding(length, i)))
    expect(found).toEqual(Array.from({ length: kept }, (_, i) => 1000 - kept + i))
  })

  it('of different sizes share the room, also where one takes the place of another that ends alike', () => {
    const values = known()
    for (let i = 0; i < 600; i++) values.parse(encoding(8000, i, 7))
    for (let i = 0; i < 400; i++) values.parse(encoding(1000, i + 100))
    const found = Array.from({ length: 400 }, (_, i) => i).filter((i) => values.find(encoding(1000, i + 100)))
    expect(found).toHaveLength(400)
    expect(values.find(encoding(8000, 599, 7))).toBeDefined()
  })

  it('are parsed once', () => {
    const values = known()
    const before = parsed
    for (let i = 0; i < 10; i++) values.parse(encoding(100, 1))
    expect(parsed - before).toBe(1)
  })
})

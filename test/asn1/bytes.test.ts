import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareBytes, concatBytes, equalBytes, toHex } from '../../src/asn1/index.ts'
import { hex, show } from './helpers.ts'

const bytes = fc.uint8Array({ maxLength: 8, max: 3 })

describe('equalBytes', () => {
  it.each([
    ['', '', true],
    ['01', '01', true],
    ['01', '02', false],
    ['01', '0100', false],
    ['', '00', false],
    ['0102', '0103', false],
  ])('[%s] and [%s]: %s', (a, b, equal) => {
    expect(equalBytes(hex(a), hex(b))).toBe(equal)
    expect(equalBytes(hex(b), hex(a))).toBe(equal)
  })

  it('looks at the view, not at the buffer behind it', () => {
    expect(equalBytes(hex('ff0102ff').subarray(1, 3), Buffer.from([1, 2]))).toBe(true)
  })
})

describe('compareBytes (X.690 11.6)', () => {
  it.each([
    ['01', '02', -1],
    ['02', '01', 1],
    ['7f', '80', -1],
    ['0101', '02', -1],
    ['01', '0100', -1],
    ['', '00', -1],
    ['0102', '0102', 0],
  ])('[%s] and [%s]: %d', (a, b, order) => expect(Math.sign(compareBytes(hex(a), hex(b)))).toBe(order))

  it('is the order of hexadecimal digits', () => {
    fc.assert(
      fc.property(bytes, bytes, (a, b) => {
        const [x, y] = [toHex(a), toHex(b)]
        expect(Math.sign(compareBytes(a, b))).toBe(x < y ? -1 : x > y ? 1 : 0)
        expect(equalBytes(a, b)).toBe(x === y)
      }),
    )
  })
})

it('concatBytes joins into new bytes', () => {
  const parts = [hex('01'), hex(''), hex('0203')]
  const joined = concatBytes(parts)
  expect(show(joined)).toBe('01 02 03')
  joined[0] = 9
  expect(parts[0]).toEqual(hex('01'))
  expect(concatBytes([])).toHaveLength(0)
})

it('toHex writes lower case, with a separator if one is given', () => {
  expect(toHex(hex('00abFF'))).toBe('00abff')
  expect(toHex(hex('00abff'), ':')).toBe('00:ab:ff')
  expect(toHex(hex(''))).toBe('')
})

/** Long numbers by words, beside bigint. */
import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { addNumber, addWords, loadWords, wordBytes } from '../../../src/algorithms/gost/words.ts'

const toWords = (bytes: Uint8Array): Int32Array => {
  const words = new Int32Array(bytes.length / 4)
  loadWords(words, bytes, 0)
  return words
}
const toBigInt = (words: Int32Array): bigint =>
  BigInt(`0x${Buffer.from(wordBytes(words)).reverse().toString('hex')}`)
const MODULUS = 1n << 512n
const ONES = new Uint8Array(64).fill(0xff)

describe('words', () => {
  it('are read from an offset, lowest byte first, and written back', () => {
    const words = new Int32Array(2)
    loadWords(words, Uint8Array.of(9, 1, 2, 3, 0x84, 5, 6, 7, 0xf8), 1)
    expect([...words]).toEqual([0x84030201 | 0, 0xf8070605 | 0])
    expect([...wordBytes(words)]).toEqual([1, 2, 3, 0x84, 5, 6, 7, 0xf8])
  })

  it('are added modulo their length', () => {
    for (const a of [ONES, new Uint8Array(64).fill(0x80), randomBytes(64), randomBytes(64)]) {
      for (const b of [ONES, new Uint8Array(64).fill(0x80), randomBytes(64), new Uint8Array(64)]) {
        const [sum, words] = [toWords(a), toWords(b)]
        const expected = (toBigInt(sum) + toBigInt(words)) % MODULUS
        addWords(sum, words)
        expect(toBigInt(sum)).toBe(expected)
      }
    }
  })

  it.each([0, 1, 512, 0xffff_ffff])('a number is added with its carries: %i', (number) => {
    for (const bytes of [ONES, new Uint8Array(64), randomBytes(64), ONES.slice().fill(0, 60)]) {
      const sum = toWords(bytes)
      const expected = (toBigInt(sum) + BigInt(number)) % MODULUS
      addNumber(sum, number)
      expect(toBigInt(sum)).toBe(expected)
    }
  })
})

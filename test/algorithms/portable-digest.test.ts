import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CompressionName, portableDigest } from '../../src/algorithms/compression.ts'

const NAMES: readonly CompressionName[] = ['SHA-1', 'SHA-224', 'SHA-256', 'SHA-384', 'SHA-512']
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const byNode = (name: CompressionName, data: Uint8Array): string =>
  createHash(name.replace('-', '')).update(data).digest('hex')

describe.each(NAMES)('%s without node:crypto', (name) => {
  it('is what node:crypto gives at each length around two block ends', () => {
    const data = Uint8Array.from({ length: 300 }, (_, i) => (i * 151 + 7) & 0xff)
    for (let length = 0; length <= data.length; length++) {
      expect(hex(portableDigest(name, data.subarray(0, length))), `${length}`).toBe(
        byNode(name, data.subarray(0, length)),
      )
    }
  })

  it('is what node:crypto gives for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), (data) => {
        expect(hex(portableDigest(name, data))).toBe(byNode(name, data))
      }),
      { numRuns: 100 },
    )
  })

  it('leaves its input and its starting values as they are', () => {
    const data = Uint8Array.from({ length: 200 }, (_, i) => i)
    const first = hex(portableDigest(name, data))
    expect([...data.subarray(0, 3), data[199]]).toEqual([0, 1, 2, 199])
    expect(hex(portableDigest(name, data))).toBe(first)
  })
})

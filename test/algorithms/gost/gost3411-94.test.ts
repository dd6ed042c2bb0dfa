/** GOST R 34.11-94 by known answers, however the message is cut, and beside OpenSSL's gost engine. */
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { Gost341194 } from '../../../src/algorithms/gost/gost3411-94.ts'
import { describeWith, root } from '../../support/tools.ts'
import { engineDigest } from './engine.ts'

const hash = (message: Uint8Array): string =>
  Buffer.from(new Gost341194().update(message).digest()).toString('hex')
const { vectors } = JSON.parse(readFileSync(`${root}vectors/gost/gost3411-94.json`, 'utf8')) as {
  vectors: { message: string; repeat?: number; digest: string }[]
}

describe('Gost341194', () => {
  it.each(vectors.map((vector) => [`${vector.message.slice(0, 20)}`, vector] as const))(
    'hashes "%s" as others do',
    (_, { message, repeat = 1, digest }) => {
      expect(hash(Buffer.from(message.repeat(repeat)))).toBe(digest)
    },
  )

  it('gives the same for every way to cut a message in two', () => {
    const message = randomBytes(100)
    const whole = hash(message)
    for (let at = 0; at <= message.length; at++) {
      const cut = new Gost341194().update(message.subarray(0, at)).update(message.subarray(at)).digest()
      expect(Buffer.from(cut).toString('hex')).toBe(whole)
    }
  })

  it('keeps no reference to the bytes it was given', () => {
    const bytes = Buffer.from('abc')
    const running = new Gost341194().update(bytes)
    bytes.fill(0)
    expect(Buffer.from(running.digest()).toString('hex')).toBe(hash(Buffer.from('abc')))
  })

  it('gives its digest once', () => {
    const running = new Gost341194()
    running.digest()
    expect(() => running.digest()).toThrow(TypeError)
    expect(() => running.update(Buffer.of(1))).toThrow(TypeError)
  })
})

describeWith('gost-engine', 'Gost341194 beside OpenSSL', () => {
  // Not of nothing, for which the engine gives something else than all others.
  it.each([1, 31, 32, 33, 63, 64, 65, 1000, 100_000])('%i random bytes', (length) => {
    const message = randomBytes(length)
    expect(hash(message)).toBe(engineDigest('md_gost94', message))
  })

  it('carries in the sum: all ones', () => {
    const message = new Uint8Array(32 * 40).fill(0xff)
    expect(hash(message)).toBe(engineDigest('md_gost94', message))
  })
})

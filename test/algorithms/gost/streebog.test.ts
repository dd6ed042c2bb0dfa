/** Streebog by the examples of RFC 6986 and other implementations' vectors. */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { streebog } from '../../../src/algorithms/gost/streebog.ts'
import { describeShared, shared } from '../../support/tools.ts'

interface Vector {
  hash: 'Streebog-256' | 'Streebog-512'
  message: string
  digest: string
}

const lengthOf = { 'Streebog-256': 32, 'Streebog-512': 64 } as const

describeShared('vectors of other implementations', () => {
  const read = (name: string) => JSON.parse(readFileSync(shared('vectors', 'gost', name), 'utf8'))
  const files: Record<string, Vector[]> = {
    Botan: read('botan-streebog.json').vectors,
    'gost-engine': read('gost-engine-streebog.json').hash,
    pygost: read('pygost-streebog.json').hash,
  }
  it.each(Object.entries(files))('%s', (_, vectors) => {
    expect(vectors.length).toBeGreaterThan(4)
    for (const { hash, message, digest } of vectors) {
      const bytes = streebog(lengthOf[hash], Buffer.from(message, 'hex'))
      expect(Buffer.from(bytes).toString('hex')).toBe(digest)
    }
  })
})

import { describe, expect, it } from 'vitest'
import { importPublicKey, parseSignatureAlgorithm, verifySignature } from '../../src/algorithms/index.ts'
import { hex, vector } from './helpers.ts'

interface Case {
  name: string
  spki: string
  algorithm: string
  message: string
  signature: string
}

const FILES = { 'rfc6979-ecdsa.json': 24, 'rfc8032-eddsa.json': 7, 'rsa-openssl.json': 12 }
const cases = Object.entries(FILES).map(([file, count]) => {
  const { cases: list } = JSON.parse(vector('algorithms', file)) as { cases: Case[] }
  return { file, count, list }
})

function verify({ spki, algorithm, message, signature }: Case): boolean {
  const parsed = parseSignatureAlgorithm(hex(algorithm))
  return verifySignature(parsed, importPublicKey(hex(spki)), hex(message), hex(signature), {
    allowWeakHashes: true,
  })
}

/** The hexadecimal text with one bit of a byte flipped; at -1, of the last byte. */
function flip(text: string, at: number): string {
  const bytes = hex(text)
  const index = at < 0 ? bytes.length + at : at
  bytes[index] = (bytes[index] as number) ^ 1
  return Buffer.from(bytes).toString('hex')
}

describe.each(cases)('$file', ({ list, count }) => {
  it(`has ${count} cases`, () => expect(list).toHaveLength(count))

  it.each(list)('$name: right, and wrong once anything is changed', (each) => {
    expect(verify(each)).toBe(true)
    expect(verify({ ...each, message: `${each.message}00` })).toBe(false)
    expect(verify({ ...each, signature: `${each.signature}00` })).toBe(false)
    expect(verify({ ...each, signature: each.signature.slice(0, -2) })).toBe(false)
    expect(verify({ ...each, signature: `00${each.signature}` })).toBe(false)
    expect(verify({ ...each, signature: '' })).toBe(false)
    for (const at of [0, 5, -1]) expect(verify({ ...each, signature: flip(each.signature, at) })).toBe(false)
  })

  it('tells the keys, messages and algorithms apart', () => {
    for (const a of list) {
      for (const b of list) {
        if (a === b) continue
        const sameKind = a.spki.length === b.spki.length && a.algorithm === b.algorithm
        if (sameKind && a.message !== b.message) expect(verify({ ...a, message: b.message })).toBe(false)
        if (sameKind && a.spki !== b.spki) expect(verify({ ...a, spki: b.spki })).toBe(false)
        if (a.spki === b.spki && a.algorithm !== b.algorithm) {
          expect(verify({ ...a, algorithm: b.algorithm }), `${a.name} as ${b.name}`).toBe(false)
        }
      }
    }
  })
})

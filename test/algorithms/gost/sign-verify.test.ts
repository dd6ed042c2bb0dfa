import { inspect } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gostParameterSets } from '../../../src/algorithms/gost/parameter-sets.ts'
import { type GostPrivateKey, generateGostKey } from '../../../src/algorithms/gost/private-key.ts'
import { orderGostSignature } from '../../../src/algorithms/gost/token-signature.ts'
import { verifyGost } from '../../../src/algorithms/gost/verify.ts'
import { concatBytes, toHex } from '../../../src/asn1/index.ts'
import { codeOf } from '../helpers.ts'
import { big, setOf } from './vectors.ts'

const named = gostParameterSets().map((set) => [set.name, set] as const)

function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  const out = Uint8Array.from(bytes)
  out[bit >> 3] = (out[bit >> 3] as number) ^ (1 << (bit & 7))
  return out
}

function numberBytes(value: bigint, length: number): Uint8Array {
  return Uint8Array.from(Buffer.from(value.toString(16).padStart(2 * length, '0'), 'hex'))
}

describe.each(named)('signing and verifying with %s', (_, set) => {
  const { bytes, q, p, cofactor } = set
  const key = generateGostKey(set)
  const digests = fc.uint8Array({ minLength: bytes, maxLength: bytes })

  it('what was signed verifies, and nothing else', () => {
    fc.assert(
      fc.property(digests, fc.nat(8 * bytes - 1), fc.nat(16 * bytes - 1), fc.boolean(), (...given) => {
        const [digest, digestBit, signatureBit, deterministic] = given
        const signature = key.sign(digest, { deterministic })
        expect(signature).toHaveLength(2 * bytes)
        expect(verifyGost(key.publicKey, digest, signature)).toBe(true)
        expect(verifyGost(key.publicKey, flipped(digest, digestBit), signature)).toBe(false)
        expect(verifyGost(key.publicKey, digest, flipped(signature, signatureBit))).toBe(false)
      }),
      { numRuns: 8 },
    )
  })

  it('another key refuses it', () => {
    const digest = new Uint8Array(bytes).fill(7)
    expect(verifyGost(generateGostKey(set).publicKey, digest, key.sign(digest))).toBe(false)
  })

  it('a digest of 0 modulo q counts as 1', () => {
    const one = Uint8Array.from({ length: bytes }, (_, i) => (i === 0 ? 1 : 0))
    const multiple = numberBytes(q, bytes).reverse()
    const signature = key.sign(new Uint8Array(bytes))
    for (const digest of [new Uint8Array(bytes), one, multiple]) {
      expect(verifyGost(key.publicKey, digest, signature)).toBe(true)
    }
  })

  it('r and s out of range, and other lengths, verify nothing', () => {
    const digest = new Uint8Array(bytes).fill(3)
    const signature = key.sign(digest)
    const s = signature.subarray(0, bytes)
    const r = signature.subarray(bytes)
    const limit = 1n << BigInt(8 * bytes)
    for (const wrong of [0n, q, q + 1n, limit - 1n, big(toHex(r)) + q, big(toHex(s)) + q]) {
      if (wrong >= limit) continue
      const number = numberBytes(wrong, bytes)
      expect(verifyGost(key.publicKey, digest, concatBytes([s, number]))).toBe(false)
      expect(verifyGost(key.publicKey, digest, concatBytes([number, r]))).toBe(false)
    }
    const zero = Uint8Array.of(0)
    for (const wrong of [new Uint8Array(0), s, signature.subarray(1), concatBytes([zero, signature])]) {
      expect(verifyGost(key.publicKey, digest, wrong)).toBe(false)
    }
    const long = concatBytes([zero, s, zero, r])
    expect(verifyGost(key.publicKey, digest, long)).toBe(false)
    expect(cofactor === 4 ? q < p / 2n : q > p / 2n).toBe(true)
  })

  it('a digest of another size is an error', () => {
    for (const length of [0, bytes - 1, bytes + 1, 96 - bytes]) {
      const digest = new Uint8Array(length)
      expect(codeOf(() => key.sign(digest))).toBe('ERR_ALGORITHM_PARAMETERS')
      expect(codeOf(() => verifyGost(key.publicKey, digest, new Uint8Array(2 * bytes)))).toBe(
        'ERR_ALGORITHM_PARAMETERS',
      )
    }
  })

  it("a token's signature is put in order, whatever its order", () => {
    const digest = new Uint8Array(bytes).fill(9)
    const signature = key.sign(digest)
    const s = signature.slice(0, bytes)
    const r = signature.slice(bytes)
    const [sr, rr] = [s.slice().reverse(), r.slice().reverse()]
    for (const raw of [signature, concatBytes([r, s]), concatBytes([rr, sr]), concatBytes([sr, rr])]) {
      expect(orderGostSignature(raw, key.publicKey, digest)).toEqual(signature)
      expect(orderGostSignature(flipped(raw, 5), key.publicKey, digest)).toBeUndefined()
    }
    expect(orderGostSignature(signature.subarray(1), key.publicKey, digest)).toBeUndefined()
    expect(orderGostSignature(new Uint8Array(0), key.publicKey, digest)).toBeUndefined()
  })
})

describe('k', () => {
  const digest = new Uint8Array(32).fill(1)
  const key = generateGostKey(setOf('1.2.643.7.1.2.1.1.1'))
  const sign = (of: GostPrivateKey, data: Uint8Array, deterministic: boolean): string =>
    toHex(of.sign(data, { deterministic }))

  it('is from the key and the digest alone where that is asked for', () => {
    expect(sign(key, digest, true)).toBe(sign(key, digest, true))
    const r = (signature: string): string => signature.slice(64)
    expect(r(sign(key, digest, true))).not.toBe(r(sign(key, flipped(digest, 0), true)))
    expect(r(sign(key, digest, true))).not.toBe(r(sign(generateGostKey(key.parameterSet), digest, true)))
  })

  it('has random bytes in it otherwise', () => {
    const signatures = Array.from({ length: 5 }, () => sign(key, digest, false).slice(64))
    expect(new Set(signatures).size).toBe(5)
  })
})

describe('a private key', () => {
  it('does not show its number', () => {
    const key = generateGostKey(setOf('1.2.643.7.1.2.1.1.2'))
    const d = big(toHex(key.privateKeyOctets().reverse()))
    const shown = [inspect(key, { showHidden: true, depth: 9 }), JSON.stringify(key), String(key)].join()
    for (const secret of [d.toString(), d.toString(16), toHex(key.privateKeyOctets())]) {
      expect(shown).not.toContain(secret)
    }
    expect(shown).toContain('id-tc26-gost-3410-2012-256-paramSetB')
  })

  it('is of no use once it was wiped, but its public key stays', () => {
    const key = generateGostKey(setOf('1.2.643.7.1.2.1.1.2'))
    const { publicKey } = key
    key[Symbol.dispose]()
    expect(codeOf(() => key.sign(new Uint8Array(32)))).toBe('ERR_KEY_INVALID')
    expect(codeOf(() => key.privateKeyOctets())).toBe('ERR_KEY_INVALID')
    expect(key.publicKey).toBe(publicKey)
  })
})

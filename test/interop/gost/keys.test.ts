/** Malformed and hostile keys and signatures of GOST: typed errors and plain no, never yes. */
import { describe, expect, it } from 'vitest'
import { gostParameterSet } from '../../../src/algorithms/gost/parameter-sets.ts'
import { importGostPublicKey } from '../../../src/algorithms/gost/public-key.ts'
import { verifyGost } from '../../../src/algorithms/gost/verify.ts'
import { importPublicKey } from '../../../src/algorithms/index.ts'
import { integer, octets, oid, sequence, tlv } from '../support/forge.ts'
import {
  add,
  bigEndian,
  fromLittleEndian,
  lift,
  littleEndian,
  multiply,
  type Point,
  signBy,
} from './support/ec.ts'
import { codeOf } from './support/errors.ts'
import { curveOf, type GostSet, gostSets } from './support/pki.ts'

const bytesOf = ({ bits }: GostSet): number => bits / 8
const keyOid = (bits: number): Uint8Array => oid(bits === 256 ? '1.2.643.7.1.1.1.1' : '1.2.643.7.1.1.1.2')
const bitString = (content: Uint8Array): Uint8Array => tlv(0x03, Buffer.of(0), content)
const octetsOf = (point: { x: bigint; y: bigint }, bytes: number): Buffer =>
  Buffer.concat([littleEndian(point.x, bytes), littleEndian(point.y, bytes)])

function spki(set: GostSet, point: Uint8Array, parameters = sequence(oid(set.oid))): Uint8Array {
  return sequence(sequence(keyOid(set.bits), parameters), bitString(octets(point)))
}

const D = 0x1234567890abcdef1234567890abcdef1234567890abcdefn
const K = 0x0fedcba987654321fedcba987654321fedcba9876543210fn

function keyOf(set: GostSet): { x: bigint; y: bigint } {
  const curve = curveOf(set)
  const point = multiply(curve, D, curve)
  if (point === undefined) throw new Error('no key')
  return point
}

describe.each(gostSets)('public keys of $name', (set) => {
  const curve = curveOf(set)
  const bytes = bytesOf(set)
  const point = keyOf(set)
  const code = (bits: Uint8Array) => codeOf(() => importPublicKey(spki(set, bits)))

  it('a good one is read', () => {
    expect(importPublicKey(spki(set, octetsOf(point, bytes))).gost).toMatchObject(point)
  })

  it('off the curve', () => {
    for (const wrong of [
      { x: point.x, y: point.y ^ 1n },
      { x: point.y, y: point.x },
      { x: 0n, y: 0n },
      { x: 0n, y: 1n },
      { x: curve.p - 1n, y: curve.p - 1n },
    ]) {
      expect(code(octetsOf(wrong, bytes))).toBe('ERR_KEY_INVALID')
    }
    // Big-endian, as other curves have it.
    expect(code(Buffer.concat([bigEndian(point.x, bytes), bigEndian(point.y, bytes)]))).toBe(
      'ERR_KEY_INVALID',
    )
  })

  it('coordinates not below p', () => {
    const limit = 1n << BigInt(8 * bytes)
    const over = [curve.p, curve.p + 1n, limit - 1n, point.x + curve.p].filter((value) => value < limit)
    for (const value of over) {
      expect(code(octetsOf({ x: value, y: point.y }, bytes))).toBe('ERR_KEY_INVALID')
      expect(code(octetsOf({ x: point.x, y: value }, bytes))).toBe('ERR_KEY_INVALID')
    }
    expect(over.length).toBeGreaterThan(1)
  })

  it('another length', () => {
    const good = octetsOf(point, bytes)
    for (const wrong of [
      Buffer.alloc(0),
      good.subarray(1),
      Buffer.concat([good, Buffer.of(0)]),
      good.subarray(bytes),
    ]) {
      expect(code(wrong)).toBe('ERR_KEY_INVALID')
    }
  })

  it('the set of the other size, or none', () => {
    const good = octetsOf(point, bytes)
    const other = set.bits === 256 ? '1.2.643.7.1.2.1.2.1' : '1.2.643.7.1.2.1.1.1'
    const withParameters = (...parameters: readonly Uint8Array[]) =>
      codeOf(() =>
        importPublicKey(sequence(sequence(keyOid(set.bits), ...parameters), bitString(octets(good)))),
      )
    expect(withParameters(sequence(oid(other)))).toBe('ERR_ALGORITHM_PARAMETERS')
    expect(withParameters()).toBe('ERR_ALGORITHM_PARAMETERS')
    expect(withParameters(tlv(0x05))).toBe('ERR_ALGORITHM_PARAMETERS')
    expect(withParameters(sequence(oid('1.2.643.7.1.2.1.1.9')))).toBe('ERR_ALGORITHM_UNKNOWN')
    expect(withParameters(sequence(oid('1.2.840.10045.3.1.7')))).toBe('ERR_ALGORITHM_UNKNOWN')
    expect(withParameters(sequence())).toMatch(/^ERR_ASN1_/)
    expect(withParameters(sequence(oid(set.oid), integer(1)))).toMatch(/^ERR_ASN1_/)
    expect(withParameters(sequence(oid(set.oid)), tlv(0x05))).toMatch(/^ERR_(ASN1|KEY)_/)
  })
})

/** Points outside the group of order q: of order 2 and 4, and a good key moved by one of them. */
describe.each(gostSets.filter(({ name }) => name === '256-a' || name === '512-c'))(
  'cofactor 4: $name',
  (set) => {
    const curve = curveOf(set)
    const bytes = bytesOf(set)

    function torsion(): NonNullable<Point>[] {
      const found = new Map<string, NonNullable<Point>>()
      for (let x = 1n; found.size < 3; x++) {
        const moved = multiply(curve, curve.q, lift(curve, x))
        for (const one of [moved, add(curve, moved, moved), multiply(curve, 3n, moved)]) {
          if (one !== undefined) found.set(`${one.x},${one.y}`, one)
        }
      }
      return [...found.values()]
    }

    it('points of small order are refused', () => {
      const points = torsion()
      expect(points).toHaveLength(3)
      expect(points.filter(({ y }) => y === 0n)).toHaveLength(1)
      for (const point of points) {
        expect(multiply(curve, 4n, point)).toBeUndefined()
        expect(codeOf(() => importPublicKey(spki(set, octetsOf(point, bytes))))).toBe('ERR_KEY_INVALID')
      }
    })

    it('a good key moved by one of them is refused', () => {
      const key = keyOf(set)
      for (const point of torsion()) {
        const moved = add(curve, key, point)
        if (moved === undefined) throw new Error('infinity')
        // On the curve: its cofactor multiple is that of the good key.
        expect(multiply(curve, 4n, moved)).toEqual(multiply(curve, 4n, key))
        expect(codeOf(() => importPublicKey(spki(set, octetsOf(moved, bytes))))).toBe('ERR_KEY_INVALID')
      }
    })
  },
)

describe.each(gostSets)('signatures of $name', (set) => {
  const curve = curveOf(set)
  const bytes = bytesOf(set)
  const type = `GOST3410-2012-${set.bits}` as const
  const parameterSet = gostParameterSet(set.oid)
  if (parameterSet === undefined) throw new Error(`no set ${set.oid}`)
  const key = importGostPublicKey(
    { type, parameterSet, digestParamSet: undefined },
    octets(octetsOf(keyOf(set), bytes)),
  )
  const digest = Buffer.alloc(bytes, 0x5a)
  const signature = signBy(curve, D, K, digest, bytes)
  const s = BigInt(`0x${signature.subarray(0, bytes).toString('hex')}`)
  const r = BigInt(`0x${signature.subarray(bytes).toString('hex')}`)
  const pair = (first: bigint, second: bigint) =>
    Buffer.concat([bigEndian(first, bytes), bigEndian(second, bytes)])

  it('one made by plain arithmetic is good', () => {
    expect(verifyGost(key, digest, signature)).toBe(true)
    expect(verifyGost(key, Buffer.alloc(bytes, 0x5b), signature)).toBe(false)
  })

  it('r and s out of range', () => {
    const { q } = curve
    const limit = 1n << BigInt(8 * bytes)
    const wrong = [
      [0n, 0n],
      [0n, r],
      [s, 0n],
      [q, r],
      [s, q],
      [q, q],
      [q - s, r],
      [s, q - r],
      // The same numbers modulo q.
      [s + q, r],
      [s, r + q],
      [s + 3n * q, r],
      [s, r + 3n * q],
      [limit - 1n, limit - 1n],
      [1n, 1n],
      [r, s],
    ] as const
    const fitting = wrong.filter(([first, second]) => first < limit && second < limit)
    for (const [first, second] of fitting) {
      expect(verifyGost(key, digest, pair(first, second)), `${first} ${second}`).toBe(false)
    }
    expect(fitting.length).toBeGreaterThanOrEqual(11)
  })

  it('other lengths and orders', () => {
    for (const wrong of [
      Buffer.alloc(0),
      signature.subarray(1),
      signature.subarray(0, -1),
      Buffer.concat([Buffer.of(0), signature]),
      Buffer.concat([signature, Buffer.of(0)]),
      Buffer.concat([Buffer.of(0), signature.subarray(0, bytes), Buffer.of(0), signature.subarray(bytes)]),
      Buffer.concat([signature, signature]),
      Buffer.from(signature).reverse(),
      sequence(tlv(0x02, bigEndian(r, bytes)), tlv(0x02, bigEndian(s, bytes))),
    ]) {
      expect(verifyGost(key, digest, wrong)).toBe(false)
    }
  })

  it('a digest of the other length is an error, not cut or reduced', () => {
    for (const length of [0, bytes - 1, bytes + 1, bytes === 32 ? 64 : 32]) {
      const error = codeOf(() => verifyGost(key, Buffer.alloc(length, 0x5a), signature))
      expect(error).toBe('ERR_ALGORITHM_PARAMETERS')
    }
  })

  it('a digest that is a multiple of q counts as 1', () => {
    const one = littleEndian(1n, bytes)
    const made = signBy(curve, D, K, one, bytes)
    for (const zero of [littleEndian(0n, bytes), littleEndian(curve.q, bytes), one]) {
      expect(verifyGost(key, zero, made)).toBe(true)
    }
    expect(verifyGost(key, littleEndian(2n, bytes), made)).toBe(false)
  })

  it('where the sum of points is infinity or has equal parts', () => {
    // Q = -G, G and 2G: additions of a point to itself and to its negative on the way.
    for (const d of [1n, 2n, 3n, curve.q - 1n, curve.q - 2n]) {
      const point = multiply(curve, d, curve)
      if (point === undefined) throw new Error('infinity')
      const own = { ...key, x: point.x, y: point.y }
      for (const k of [1n, 2n, 3n, curve.q - 1n, K]) {
        const made = signBy(curve, d, k, digest, bytes)
        // CryptoPro-C has a generator whose x is 0: with k = 1 there is no signature.
        const isOne = made.subarray(bytes).some((octet) => octet !== 0)
        expect(verifyGost(own, digest, made), `d ${d}, k ${k}`).toBe(isOne)
        expect(verifyGost(own, Buffer.alloc(bytes, 1), made)).toBe(false)
      }
    }
    // z1 G + z2 Q is infinity: s = r d. There is no signature with such numbers, whatever r is.
    for (const other of [1n, 2n, r]) {
      expect(verifyGost(key, digest, pair((other * D) % curve.q, other))).toBe(false)
    }
    expect(fromLittleEndian(digest) % curve.q).not.toBe(0n)
  })
})

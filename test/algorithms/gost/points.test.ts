import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { liesInSubgroup, sumOfMultiples } from '../../../src/algorithms/gost/curve.ts'
import { gostParameterSets } from '../../../src/algorithms/gost/parameter-sets.ts'
import { CurveArithmetic } from '../../../src/algorithms/gost/points.ts'
import { reduction } from '../../../src/algorithms/gost/reduction.ts'
import { multiplyBase } from '../../../src/algorithms/gost/secret-multiple.ts'
import { describeShared } from '../../support/tools.ts'
import { add, inverse, lift, modulo, multiply, type Point } from './textbook.ts'
import { big, setOf, sharedVectors } from './vectors.ts'

const curves = [...new Map(gostParameterSets().map((set) => [set.curve, set])).values()]
const named = curves.map((set) => [set.name, set] as const)

describe.each(named)('points of %s', (_, { curve, q, p }) => {
  const base = { x: curve.x, y: curve.y }
  const scalar = fc.bigInt({ min: 1n, max: q - 1n })
  const few = { numRuns: 4 }

  it('k times G is what the textbook says', () => {
    fc.assert(
      fc.property(scalar, (k) => {
        expect(multiplyBase(curve, k)).toEqual(multiply(curve, k, base))
      }),
      few,
    )
    for (const k of [1n, 2n, q - 1n]) expect(multiplyBase(curve, k)).toEqual(multiply(curve, k, base))
  })

  it('u * G + v * P is what the textbook says', () => {
    fc.assert(
      fc.property(scalar, scalar, scalar, (u, v, k) => {
        const point = multiply(curve, k, base) as { x: bigint; y: bigint }
        const sum = add(curve, multiply(curve, u, base), multiply(curve, v, point))
        expect(sumOfMultiples(curve, u, v, point)).toBe(sum?.x)
      }),
      few,
    )
  })

  it('u * G + v * P meets its own negative and its double on the way', () => {
    const minus = { x: base.x, y: p - base.y }
    for (const k of [1n, 2n, 3n, 64n, 129n, q - 2n]) {
      expect(sumOfMultiples(curve, k, k, minus)).toBeUndefined()
      expect(sumOfMultiples(curve, k, k, base)).toBe(multiply(curve, 2n * k, base)?.x)
      expect(sumOfMultiples(curve, k, q - k, base)).toBeUndefined()
    }
  })

  it('sums and doubles of points are what the textbook says, in any coordinates', () => {
    const arithmetic = new CurveArithmetic(curve)
    const one = multiply(curve, 5n, base) as { x: bigint; y: bigint }
    const other = multiply(curve, 7n, base) as { x: bigint; y: bigint }
    const spread = (point: { x: bigint; y: bigint }, z: bigint) => ({
      x: modulo(point.x * z * z, p),
      y: modulo(point.y * z ** 3n, p),
      z,
    })
    const affine = (point: { x: bigint; y: bigint; z: bigint }): Point =>
      modulo(point.z, p) === 0n
        ? undefined
        : {
            x: modulo(point.x * inverse(point.z ** 2n, p), p),
            y: modulo(point.y * inverse(point.z ** 3n, p), p),
          }
    const a = spread(one, 11n)
    expect(affine(arithmetic.double(a))).toEqual(add(curve, one, one))
    expect(affine(arithmetic.add(a, spread(other, p - 2n)))).toEqual(add(curve, one, other))
    expect(affine(arithmetic.add(a, spread(one, 13n)))).toEqual(add(curve, one, one))
    expect(affine(arithmetic.addAffine(a, other))).toEqual(add(curve, one, other))
    expect(affine(arithmetic.addAffine(a, one))).toEqual(add(curve, one, one))
    expect(affine(arithmetic.addAffine(a, { x: one.x, y: -one.y }))).toBeUndefined()
    const infinity = { x: 1n, y: 1n, z: 0n }
    expect(affine(arithmetic.add(infinity, a))).toEqual(one)
    expect(affine(arithmetic.add(a, infinity))).toEqual(one)
    expect(arithmetic.toAffine([a, spread(other, 3n)])).toEqual([one, other])
  })

  it('reduces numbers of any sign to about the size of p', () => {
    const reduce = reduction(p)
    const largest = (p * p) << 12n
    fc.assert(
      fc.property(fc.bigInt({ min: -largest, max: largest }), (value) => {
        const small = reduce(value)
        expect(modulo(small, p)).toBe(modulo(value, p))
        expect(small > -p && small < 2n * p).toBe(true)
      }),
    )
    for (const edge of [0n, p, -p, p - 1n, p * p, largest, -largest]) {
      expect(modulo(reduce(edge), p)).toBe(modulo(edge, p))
    }
  })
})

describe.each(named.filter(([, { cofactor }]) => cofactor === 4))(
  'the points of %s beside its group',
  (_, set) => {
    const { curve, q } = set
    const base = { x: curve.x, y: curve.y }
    const points = [base, add(curve, base, base)]
      .concat(Array.from({ length: 20 }, (_, i) => lift(curve, BigInt(i + 1))))
      .filter((point) => point !== undefined)

    it('are told from those in it', () => {
      const inside = points.map((point) => multiply(curve, q, point) === undefined)
      expect(points.map((point) => liesInSubgroup(curve, point))).toEqual(inside)
      expect(new Set(inside)).toEqual(new Set([true, false]))
    })

    it('are refused where their order is 2 or 4', () => {
      const small = points.map((point) => multiply(curve, q, point)).filter((point) => point !== undefined)
      const orders = small.map((point) => (add(curve, point, point) === undefined ? 2 : 4))
      expect(new Set(orders)).toEqual(new Set([2, 4]))
      for (const point of small) expect(liesInSubgroup(curve, point)).toBe(false)
    })
  },
)

describeShared('multiples of points in RFC 8133', () => {
  type Multiple = Record<'curve' | 'k' | 'px' | 'py' | 'rx' | 'ry', string>
  const { curves: others, vectors } = sharedVectors<Multiple>('pygost-rfc8133-ecmult.json')
  const oidOf = (curve: string): string => others.find(({ name }) => name === curve)?.oid ?? ''
  it.each(vectors)('$curve, $k', (each) => {
    const set = setOf(oidOf(each.curve))
    const point = { x: big(each.px), y: big(each.py) }
    const k = big(each.k) % set.q
    // 1 * G is added and taken away again by adding (q - 1) * G to what has it.
    const withBase = add(set, { x: big(each.rx), y: big(each.ry) }, { x: set.x, y: set.y })
    expect(sumOfMultiples(set.curve, 1n, k, point)).toBe(withBase?.x)
  })
})

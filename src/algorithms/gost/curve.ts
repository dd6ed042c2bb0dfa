import type { GostCurveValues } from './curve-values.ts'
import { oddMultiples, sumOfProducts } from './multiples.ts'
import { type AffinePoint, CurveArithmetic } from './points.ts'

/** Whether y² = x³ + ax + b. */
export function liesOnCurve({ p, a, b }: GostCurveValues, { x, y }: AffinePoint): boolean {
  return (y * y - (x * x + a) * x - b) % p === 0n
}

/** Whether a point of the curve is one of those that G generates: always, where the cofactor is 1. */
export function liesInSubgroup(curve: GostCurveValues, point: AffinePoint): boolean {
  if (curve.cofactor === 1) return true
  const { arithmetic } = tablesOf(curve)
  // Points of order 1, 2 or 4 first: on the way to q times P the formulas would meet a double of y = 0.
  const isInfinity = (z: bigint): boolean => z % curve.p === 0n
  if (isInfinity(arithmetic.double(arithmetic.double({ ...point, z: 1n })).z)) return false
  const table = oddMultiples(arithmetic, point, POINT_WIDTH)
  return isInfinity(sumOfProducts(arithmetic, [{ scalar: curve.q, table, width: POINT_WIDTH }]).z)
}

/**
 * The x of u * G + v * P, or undefined for the point at infinity. For public numbers: its time tells them.
 *
 * Measured with P new each time, on the machine of docs/speed.md: 0.6 to 0.9 ms at 256 bits and 1.7 to 1.9 ms at
 * 512 (4.8 ms for the test set, whose prime has no special form); `mulAddUnsafe` of noble takes 1.8 to 2.8 and 7 to
 * 9 ms.
 */
export function sumOfMultiples(
  curve: GostCurveValues,
  u: bigint,
  v: bigint,
  point: AffinePoint,
): bigint | undefined {
  const { arithmetic, base } = tablesOf(curve)
  const sum = sumOfProducts(arithmetic, [
    { scalar: u, table: base, width: BASE_WIDTH },
    { scalar: v, table: oddMultiples(arithmetic, point, POINT_WIDTH), width: POINT_WIDTH },
  ])
  return sum.z === 0n ? undefined : arithmetic.toAffine([sum])[0]?.x
}

/** Widths of the walks: 64 multiples of G, which are kept, and 8 of a point. */
const BASE_WIDTH = 8
const POINT_WIDTH = 5

interface Tables {
  readonly arithmetic: CurveArithmetic
  readonly base: readonly AffinePoint[]
}

const TABLES = new Map<GostCurveValues, Tables>()

/** Made at the curve's first use, in half a millisecond. */
function tablesOf(curve: GostCurveValues): Tables {
  let tables = TABLES.get(curve)
  if (tables === undefined) {
    const arithmetic = new CurveArithmetic(curve)
    tables = { arithmetic, base: oddMultiples(arithmetic, curve, BASE_WIDTH) }
    TABLES.set(curve, tables)
  }
  return tables
}

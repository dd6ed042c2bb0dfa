import {
  type WeierstrassPoint,
  type WeierstrassPointCons,
  weierstrass,
} from '@noble/curves/abstract/weierstrass.js'
import type { GostCurveValues } from './curve-values.ts'

const CURVES = new Map<GostCurveValues, WeierstrassPointCons<bigint>>()

/** The curve's points by noble, made at their first use. */
export function curvePoints(curve: GostCurveValues): WeierstrassPointCons<bigint> {
  let points = CURVES.get(curve)
  if (points === undefined) {
    const { p, q, cofactor, a, b, x, y } = curve
    points = weierstrass({ p, n: q, h: BigInt(cofactor), a, b, Gx: x, Gy: y })
    CURVES.set(curve, points)
  }
  return points
}

/** Whether y² = x³ + ax + b. */
export function liesOnCurve({ p, a, b }: GostCurveValues, x: bigint, y: bigint): boolean {
  return (y * y - (x * x + a) * x - b) % p === 0n
}

/** Whether a point of the curve is one of the q that G generates. */
export function liesInSubgroup(curve: GostCurveValues, x: bigint, y: bigint): boolean {
  if (curve.cofactor === 1) return true
  // Of order 2, which noble has no point for.
  if (y === 0n) return false
  return curvePoints(curve).fromAffine({ x, y }).isTorsionFree()
}

/** k times G. k is secret: noble's multiplication is blinded, with the same steps for every k. */
export function multiplyBase(curve: GostCurveValues, k: bigint): { x: bigint; y: bigint } {
  return curvePoints(curve).BASE.multiply(k).toAffine()
}

/** The x of u * G + v * (x, y), or undefined for the point at infinity. For public numbers: the time tells them. */
export function sumOfMultiples(
  curve: GostCurveValues,
  u: bigint,
  v: bigint,
  { x, y }: { x: bigint; y: bigint },
): bigint | undefined {
  const points = curvePoints(curve)
  const sum: WeierstrassPoint<bigint> = points.BASE.mulAddUnsafe(u, points.fromAffine({ x, y }), v)
  return sum.is0() ? undefined : sum.toAffine().x
}

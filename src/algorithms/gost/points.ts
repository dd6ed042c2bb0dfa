import type { GostCurveValues } from './curve-values.ts'
import { invert } from './modular.ts'
import { reduction } from './reduction.ts'

/** A point (X / Z², Y / Z³); Z is 0 for the point at infinity. The numbers are small but not always below p. */
export interface JacobianPoint {
  readonly x: bigint
  readonly y: bigint
  readonly z: bigint
}

/** A point (x, y) that is not at infinity. */
export interface AffinePoint {
  readonly x: bigint
  readonly y: bigint
}

export const INFINITY: JacobianPoint = { x: 1n, y: 1n, z: 0n }

/** Arithmetic of a curve's points for public numbers: its steps, and so its time, depend on them. */
export class CurveArithmetic {
  readonly curve: GostCurveValues
  readonly #reduce: (value: bigint) => bigint
  /** Where a is p - 3, as it is for most sets, doubling is cheaper. */
  readonly #minus3: boolean

  constructor(curve: GostCurveValues) {
    this.curve = curve
    this.#reduce = reduction(curve.p)
    this.#minus3 = curve.a === curve.p - 3n
  }

  /** 2P: "dbl-2001-b" for a = -3, "dbl-2007-bl" else (Bernstein and Lange's Explicit-Formulas Database). */
  double({ x, y, z }: JacobianPoint): JacobianPoint {
    const reduce = this.#reduce
    const zz = reduce(z * z)
    const yy = reduce(y * y)
    const beta = reduce(x * yy)
    const alpha = this.#minus3
      ? reduce(3n * (x - zz) * (x + zz))
      : reduce(3n * x * x + this.curve.a * reduce(zz * zz))
    const x3 = reduce(alpha * alpha - 8n * beta)
    return { x: x3, y: reduce(alpha * (4n * beta - x3) - 8n * yy * yy), z: reduce(2n * y * z) }
  }

  /** P + Q where Q is affine. */
  addAffine(p: JacobianPoint, q: AffinePoint): JacobianPoint {
    if (p.z === 0n) return { x: q.x, y: q.y, z: 1n }
    const reduce = this.#reduce
    const zz = reduce(p.z * p.z)
    return this.#join(p, p.x, p.y, reduce(q.x * zz) - p.x, reduce(q.y * reduce(zz * p.z)) - p.y, p.z)
  }

  /** P + Q. */
  add(p: JacobianPoint, q: JacobianPoint): JacobianPoint {
    if (p.z === 0n) return q
    if (q.z === 0n) return p
    const reduce = this.#reduce
    const zp = reduce(p.z * p.z)
    const zq = reduce(q.z * q.z)
    const u = reduce(p.x * zq)
    const s = reduce(p.y * reduce(zq * q.z))
    const h = reduce(q.x * zp) - u
    return this.#join(p, u, s, h, reduce(q.y * reduce(zp * p.z)) - s, reduce(p.z * q.z))
  }

  /** The rest of an addition: h and r are the differences of both x and both y on a common denominator. */
  #join(p: JacobianPoint, u: bigint, s: bigint, h: bigint, r: bigint, z: bigint): JacobianPoint {
    const reduce = this.#reduce
    const z3 = reduce(z * h)
    // The same x: these formulas do not hold then.
    if (z3 % this.curve.p === 0n) return r % this.curve.p === 0n ? this.double(p) : INFINITY
    const hh = reduce(h * h)
    const hhh = reduce(h * hh)
    const v = reduce(u * hh)
    const x3 = reduce(r * r - hhh - 2n * v)
    return { x: x3, y: reduce(r * (v - x3) - s * hhh), z: z3 }
  }

  /** The points with their own x and y, by one inversion for all. None may be at infinity. */
  toAffine(points: readonly JacobianPoint[]): AffinePoint[] {
    const { p } = this.curve
    const reduce = this.#reduce
    const products: bigint[] = []
    let product = 1n
    for (const { z } of points) {
      products.push(product)
      product = reduce(product * z)
    }
    let inverse = invert(normal(product, p), p)
    const out: AffinePoint[] = []
    for (let i = points.length - 1; i >= 0; i--) {
      const { x, y, z } = points[i] as JacobianPoint
      const i1 = reduce(inverse * (products[i] as bigint))
      const i2 = reduce(i1 * i1)
      out[i] = { x: normal(x * i2, p), y: normal(y * reduce(i2 * i1), p) }
      inverse = reduce(inverse * z)
    }
    return out
  }
}

/** From 0 to p - 1. */
function normal(value: bigint, p: bigint): bigint {
  const rest = value % p
  return rest < 0n ? rest + p : rest
}

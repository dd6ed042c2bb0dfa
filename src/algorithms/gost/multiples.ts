import type { AffinePoint, CurveArithmetic, JacobianPoint } from './points.ts'
import { INFINITY } from './points.ts'

/** P, 3P, 5P … (2^(width-1) - 1)P: what a walk of this width adds or subtracts. */
export function oddMultiples(arithmetic: CurveArithmetic, point: AffinePoint, width: number): AffinePoint[] {
  const multiples: JacobianPoint[] = [{ ...point, z: 1n }]
  const twice = arithmetic.double({ ...point, z: 1n })
  for (let i = 1; i < 1 << (width - 2); i++) {
    multiples.push(arithmetic.add(multiples[i - 1] as JacobianPoint, twice))
  }
  return arithmetic.toAffine(multiples)
}

/** One of the products that {@link sumOfProducts} adds up. */
export interface Product {
  readonly scalar: bigint
  /** {@link oddMultiples} of the point. */
  readonly table: readonly AffinePoint[]
  readonly width: number
}

/** The sum of products of numbers and points: all share one walk of doublings (Straus). */
export function sumOfProducts(arithmetic: CurveArithmetic, products: readonly Product[]): JacobianPoint {
  const digits = products.map(({ scalar, width }) => signedDigits(scalar, width))
  let sum = INFINITY
  for (let i = Math.max(...digits.map((each) => each.length)) - 1; i >= 0; i--) {
    if (sum !== INFINITY) sum = arithmetic.double(sum)
    for (let j = 0; j < products.length; j++) {
      const digit = digits[j]?.[i] ?? 0
      if (digit === 0) continue
      const { x, y } = (products[j] as Product).table[(Math.abs(digit) - 1) / 2] as AffinePoint
      sum = arithmetic.addAffine(sum, { x, y: digit < 0 ? -y : y })
    }
  }
  return sum
}

/** Digits of the width-w NAF, the lowest first: 0, or odd and below 2^(w-1), with w - 1 zeros at least after each. */
function signedDigits(scalar: bigint, width: number): Int16Array {
  const bits = scalar.toString(2)
  const out = new Int16Array(bits.length + 1)
  const bit = (i: number): number => (bits.charCodeAt(bits.length - 1 - i) === 49 ? 1 : 0)
  let carry = 0
  for (let i = 0; i <= bits.length; ) {
    if (bit(i) === carry) {
      i++
      continue
    }
    let digit = carry
    for (let j = 0; j < width; j++) digit += bit(i + j) << j
    carry = digit >= 1 << (width - 1) ? 1 : 0
    out[i] = digit - (carry << width)
    i += width
  }
  return out
}

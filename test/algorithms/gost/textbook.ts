/** Arithmetic of points as the textbook has it: affine, one inversion a step. Slow, and nothing of it is shared with src. */
export type Point = { readonly x: bigint; readonly y: bigint } | undefined

export interface Curve {
  readonly p: bigint
  readonly a: bigint
  readonly b: bigint
}

export function modulo(value: bigint, m: bigint): bigint {
  return ((value % m) + m) % m
}

/** By Euclid's algorithm, backwards: value * inverse = 1 + m * something. */
export function inverse(value: bigint, m: bigint): bigint {
  const small = modulo(value, m)
  if (small === 1n) return 1n
  return (1n + m * (small - inverse(m, small))) / small
}

function power(base: bigint, exponent: bigint, m: bigint): bigint {
  let result = 1n
  let square = modulo(base, m)
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * square) % m
    square = (square * square) % m
  }
  return result
}

export function add({ p, a }: Curve, one: Point, other: Point): Point {
  if (one === undefined) return other
  if (other === undefined) return one
  if (one.x === other.x && modulo(one.y + other.y, p) === 0n) return undefined
  const slope =
    one.x === other.x
      ? (3n * one.x * one.x + a) * inverse(2n * one.y, p)
      : (other.y - one.y) * inverse(other.x - one.x, p)
  const x = modulo(slope * slope - one.x - other.x, p)
  return { x, y: modulo(slope * (one.x - x) - one.y, p) }
}

export function multiply(curve: Curve, k: bigint, point: Point): Point {
  let result: Point
  let double = point
  for (let left = k; left > 0n; left >>= 1n) {
    if (left & 1n) result = add(curve, result, double)
    double = add(curve, double, double)
  }
  return result
}

/** A point with this x, where there is one. All these primes but two are 3 modulo 4. */
export function lift({ p, a, b }: Curve, x: bigint): Point {
  const square = modulo(x * x * x + a * x + b, p)
  if (power(square, (p - 1n) / 2n, p) !== 1n) return undefined
  return { x, y: squareRoot(square, p) }
}

/** Tonelli and Shanks. */
function squareRoot(square: bigint, p: bigint): bigint {
  let odd = p - 1n
  let twos = 0n
  for (; odd % 2n === 0n; odd /= 2n) twos++
  let other = 2n
  while (power(other, (p - 1n) / 2n, p) === 1n) other++
  let generator = power(other, odd, p)
  let rest = power(square, odd, p)
  let root = power(square, (odd + 1n) / 2n, p)
  for (let m = twos; rest !== 1n; ) {
    let least = 0n
    for (let each = rest; each !== 1n; each = (each * each) % p) least++
    const factor = power(generator, 1n << (m - least - 1n), p)
    root = (root * factor) % p
    generator = (factor * factor) % p
    rest = (rest * generator) % p
    m = least
  }
  return root
}

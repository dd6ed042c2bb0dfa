/** Points on a curve of GOST in plain affine coordinates: slow, and with no code of sealkit's. */
export interface Curve {
  readonly p: bigint
  readonly q: bigint
  readonly a: bigint
  readonly b: bigint
  readonly x: bigint
  readonly y: bigint
}

/** `undefined` is the point at infinity. */
export type Point = { readonly x: bigint; readonly y: bigint } | undefined

const modulo = (value: bigint, p: bigint): bigint => ((value % p) + p) % p

function power(base: bigint, exponent: bigint, p: bigint): bigint {
  let result = 1n
  for (let [square, rest] = [modulo(base, p), exponent]; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % p
    square = (square * square) % p
  }
  return result
}

/** By Euclid. */
export function inverse(value: bigint, p: bigint): bigint {
  let [a, b, u, v] = [modulo(value, p), p, 1n, 0n]
  while (a > 1n) [a, b, u, v] = [b % a, a, v - (b / a) * u, u]
  return modulo(u, p)
}

export function add({ p, a }: Curve, one: Point, two: Point): Point {
  if (one === undefined) return two
  if (two === undefined) return one
  const isSame = one.x === two.x
  if (isSame && modulo(one.y + two.y, p) === 0n) return undefined
  const slope = isSame
    ? (3n * one.x * one.x + a) * inverse(2n * one.y, p)
    : (two.y - one.y) * inverse(two.x - one.x, p)
  const x = modulo(slope * slope - one.x - two.x, p)
  return { x, y: modulo(slope * (one.x - x) - one.y, p) }
}

export function multiply(curve: Curve, k: bigint, point: Point): Point {
  let result: Point
  for (let [power2, rest] = [point, k]; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = add(curve, result, power2)
    power2 = add(curve, power2, power2)
  }
  return result
}

/** The points with this x; p is 3 modulo 4 for every set here. */
export function lift({ p, a, b }: Curve, x: bigint): Point {
  const square = modulo(x * x * x + a * x + b, p)
  const y = power(square, (p + 1n) / 4n, p)
  return (y * y) % p === square ? { x, y } : undefined
}

export function littleEndian(value: bigint, bytes: number): Buffer {
  return Buffer.from(value.toString(16).padStart(2 * bytes, '0'), 'hex').reverse()
}

export function bigEndian(value: bigint, bytes: number): Buffer {
  return Buffer.from(value.toString(16).padStart(2 * bytes, '0'), 'hex')
}

export const fromLittleEndian = (bytes: Uint8Array): bigint =>
  BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`)

/** s, then r, both big-endian: a signature by the private number d, with k. */
export function signBy(curve: Curve, d: bigint, k: bigint, digest: Uint8Array, bytes: number): Buffer {
  const e = fromLittleEndian(digest) % curve.q || 1n
  const r = (multiply(curve, k, curve)?.x ?? 0n) % curve.q
  const s = (r * d + k * e) % curve.q
  return Buffer.concat([bigEndian(s, bytes), bigEndian(r, bytes)])
}

/** Edwards curves in plain bigint arithmetic (RFC 8032 section 5), apart from src/ on purpose. */
import { createHash } from 'node:crypto'

export interface Point {
  x: bigint
  y: bigint
}

export interface Curve {
  name: 'Ed25519' | 'Ed448'
  /** The field's prime. */
  p: bigint
  a: bigint
  d: bigint
  /** Order of the base point. */
  L: bigint
  cofactor: number
  base: Point
  /** Bytes of an encoded point. */
  length: number
  /** The hash of 5.1.7 and 5.2.7 over R, A and the message. */
  challenge(R: Uint8Array, A: Uint8Array, message: Uint8Array): bigint
}

const p25519 = 2n ** 255n - 19n
const p448 = 2n ** 448n - 2n ** 224n - 1n

export const ed25519: Curve = {
  name: 'Ed25519',
  p: p25519,
  a: p25519 - 1n,
  d: modulo(-121665n * inverse(121666n, p25519), p25519),
  L: 2n ** 252n + 27742317777372353535851937790883648493n,
  cofactor: 8,
  base: {
    x: 15112221349535400772501151409588531511454012693041857206046113283949847762202n,
    y: 46316835694926478169428394003475163141307993866256225615783033603165251855960n,
  },
  length: 32,
  challenge: (R, A, message) => number(createHash('sha512').update(R).update(A).update(message).digest()),
}

export const ed448: Curve = {
  name: 'Ed448',
  p: p448,
  a: 1n,
  d: modulo(-39081n, p448),
  L: 2n ** 446n - 13818066809895115352007386748515426880336692474882178609894547503885n,
  cofactor: 4,
  base: {
    x: 224580040295924300187604334099896036246789641632564134246125461686950415467406032909029192869357953282578032075146446173674602635247710n,
    y: 298819210078481492676017930443930673437544040154080242095928241372331506189835876003536878655418784733982303233503462500531545062832660n,
  },
  length: 57,
  challenge: (R, A, message) => {
    const prefix = Buffer.concat([Buffer.from('SigEd448'), Buffer.of(0, 0)])
    const hash = createHash('shake256', { outputLength: 114 })
    return number(hash.update(prefix).update(R).update(A).update(message).digest())
  },
}

export function modulo(value: bigint, p: bigint): bigint {
  const rest = value % p
  return rest < 0n ? rest + p : rest
}

function power(base: bigint, exponent: bigint, p: bigint): bigint {
  let result = 1n
  for (let square = modulo(base, p), left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * square) % p
    square = (square * square) % p
  }
  return result
}

function inverse(value: bigint, p: bigint): bigint {
  return power(value, p - 2n, p)
}

export function add({ p, a, d }: Curve, P: Point, Q: Point): Point {
  const product = modulo(d * P.x * Q.x * P.y * Q.y, p)
  const x = (P.x * Q.y + P.y * Q.x) * inverse(1n + product, p)
  const y = (P.y * Q.y - a * P.x * Q.x) * inverse(modulo(1n - product, p), p)
  return { x: modulo(x, p), y: modulo(y, p) }
}

export function multiply(curve: Curve, scalar: bigint, P: Point): Point {
  let result: Point = { x: 0n, y: 1n }
  for (let double = P, left = scalar; left > 0n; left >>= 1n, double = add(curve, double, double)) {
    if (left & 1n) result = add(curve, result, double)
  }
  return result
}

/** The x of a y that is not odd, or undefined where there is no point with this y. */
export function recoverX({ p, a, d }: Curve, y: bigint): bigint | undefined {
  const square = modulo((y * y - 1n) * inverse(modulo(d * y * y - a, p), p), p)
  let x = p % 4n === 3n ? power(square, (p + 1n) / 4n, p) : power(square, (p + 3n) / 8n, p)
  if ((x * x) % p !== square) x = (x * power(2n, (p - 1n) / 4n, p)) % p
  if ((x * x) % p !== square) return undefined
  return x % 2n === 0n ? x : p - x
}

/** All points whose order divides the cofactor: what is left of any point times the group's order. */
export function torsionPoints(curve: Curve): Point[] {
  const points = new Map<string, Point>()
  for (let y = 2n; points.size < curve.cofactor; y++) {
    const x = recoverX(curve, y)
    if (x === undefined) continue
    const generator = multiply(curve, curve.L, { x, y })
    for (let i = 0; i < curve.cofactor; i++) {
      const point = multiply(curve, BigInt(i), generator)
      points.set(`${point.x} ${point.y}`, point)
    }
  }
  return [...points.values()]
}

export function littleEndian(value: bigint, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn))
}

export function number(bytes: Uint8Array): bigint {
  return bytes.reduceRight((value, octet) => value * 256n + BigInt(octet), 0n)
}

/** A point's encoding; y may be given larger than the prime, and the sign of x at will. */
export function encodePoint({ length }: Curve, y: bigint, sign: number): Uint8Array {
  const bytes = littleEndian(y, length)
  bytes[length - 1] = (bytes[length - 1] as number) | (sign << 7)
  return bytes
}

export function encode(curve: Curve, { x, y }: Point): Uint8Array {
  return encodePoint(curve, y, Number(x & 1n))
}

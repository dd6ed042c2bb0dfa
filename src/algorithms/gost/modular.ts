/** The inverse modulo a prime, of a number that is not a multiple of it: extended Euclid, so its time tells. */
export function invert(value: bigint, prime: bigint): bigint {
  let [a, b, x, y] = [value % prime, prime, 1n, 0n]
  while (a !== 1n) {
    const quotient = b / a
    ;[a, b, x, y] = [b - quotient * a, a, y - quotient * x, x]
  }
  return x < 0n ? x + prime : x
}

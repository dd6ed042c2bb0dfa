import { describe, expect, it } from 'vitest'
import { gostParameterSet, gostParameterSets } from '../../../src/algorithms/gost/parameter-sets.ts'
import { describeShared } from '../../support/tools.ts'
import { vector } from '../helpers.ts'
import { modulo, multiply } from './textbook.ts'
import { big, type CurveVector, setOf, sharedVectors } from './vectors.ts'

const named = gostParameterSets().map((set) => [set.name, set] as const)

describe.each(named)('%s', (_, set) => {
  const { p, a, b, q, x, y, cofactor, bytes } = set

  it('is a curve with G on it', () => {
    expect(modulo(4n * a ** 3n + 27n * b ** 2n, p)).not.toBe(0n)
    expect(modulo(y * y - x ** 3n - a * x - b, p)).toBe(0n)
    expect(q < 1n << BigInt(8 * bytes)).toBe(true)
  })

  it('has q points that G makes, and as many as Hasse allows with the cofactor', () => {
    expect(multiply(set, q, { x, y })).toBeUndefined()
    expect(multiply(set, q - 1n, { x, y })).toEqual({ x, y: p - y })
    const difference = BigInt(cofactor) * q - p - 1n
    expect(difference * difference <= 4n * p).toBe(true)
  })
})

describe('gostParameterSet', () => {
  it('knows nine curves by fourteen names', () => {
    expect(named).toHaveLength(14)
    expect(new Set(named.map(([, set]) => set.curve)).size).toBe(9)
    for (const [, set] of named) expect(gostParameterSet(set.oid)).toBe(set)
  })

  it.each([
    ['1.2.643.7.1.2.1.1.2', '1.2.643.2.2.35.1', '1.2.643.2.2.36.0'],
    ['1.2.643.7.1.2.1.1.3', '1.2.643.2.2.35.2'],
    ['1.2.643.7.1.2.1.1.4', '1.2.643.2.2.35.3', '1.2.643.2.2.36.1'],
  ])('gives %s and its other names one curve, each under its name', (...oids) => {
    const sets = oids.map(setOf)
    expect(new Set(sets.map(({ curve }) => curve)).size).toBe(1)
    expect(sets.map(({ oid }) => oid)).toEqual(oids)
  })

  it('knows no other OID', () => {
    expect(gostParameterSet('1.2.643.7.1.2.1.1.5')).toBeUndefined()
    expect(gostParameterSet('')).toBeUndefined()
  })
})

interface Printed extends Omit<CurveVector, 'cofactor'> {
  readonly x: string
  readonly y: string
}

it('has the numbers that Bouncy Castle has', () => {
  const { sets }: { sets: Printed[] } = JSON.parse(vector('gost', 'rfc7836.json'))
  expect(sets.length).toBeGreaterThanOrEqual(8)
  for (const printed of sets) {
    const { p, a, b, q, x, y } = setOf(printed.oid)
    const wanted = { p: printed.p, a: printed.a, b: printed.b, q: printed.q }
    expect({ p, a, b, q }, printed.oid).toEqual(
      Object.fromEntries(Object.entries(wanted).map(([name, text]) => [name, big(text)])),
    )
    expect([x, y], printed.oid).toEqual([big(printed.x ?? printed.gx), big(printed.y ?? printed.gy)])
  }
})

describeShared('the parameter sets of others', () => {
  const files = ['gost-engine-params', 'pygost-gost3410', 'pygost-rfc8133-ecmult', 'botan-gost3410']
  const curves = files.flatMap((file) => sharedVectors(`${file}.json`).curves)
  it.each(curves)('$oid ($name)', (curve) => {
    const { p, a, b, q, x, y, cofactor, name } = setOf(curve.oid)
    expect({ p, a, b, q, x, y, cofactor, name }).toEqual({
      p: big(curve.p),
      a: big(curve.a),
      b: big(curve.b),
      q: big(curve.q),
      x: big(curve.gx),
      y: big(curve.gy),
      cofactor: curve.cofactor,
      name: curve.name,
    })
  })
})

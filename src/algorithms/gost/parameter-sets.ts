import * as curves from './curve-values.ts'

/**
 * A set of parameters of GOST R 34.10-2012 (RFC 7836, RFC 9215) or GOST R 34.10-2001 (RFC 4357): the curve
 * y² = x³ + ax + b over the field of p elements, and its point (x, y) of prime order q.
 */
export interface GostParameterSet extends curves.GostCurveValues {
  /** Dotted OID: the one asked for, also where it is another name of the same curve. */
  readonly oid: string
  /** `id-tc26-gost-3410-2012-256-paramSetA` */
  readonly name: string
  /** Bytes of a coordinate, of r and of s. */
  readonly bytes: 32 | 64
  /** The curve's numbers: one object for all names of a curve. */
  readonly curve: curves.GostCurveValues
}

const TC26 = '1.2.643.7.1.2.1'
const CRYPTO_PRO = '1.2.643.2.2'
const tc26 = (name: string): string => `id-tc26-gost-3410-2012-${name}`
const cryptoPro = (name: string): string => `id-GostR3410-2001-${name}-ParamSet`

const SETS: ReadonlyMap<string, GostParameterSet> = new Map(
  [
    set(`${TC26}.1.1`, tc26('256-paramSetA'), 32, curves.a256),
    set(`${TC26}.1.2`, tc26('256-paramSetB'), 32, curves.b256),
    set(`${TC26}.1.3`, tc26('256-paramSetC'), 32, curves.c256),
    set(`${TC26}.1.4`, tc26('256-paramSetD'), 32, curves.d256),
    set(`${TC26}.2.0`, tc26('512-paramSetTest'), 64, curves.test512),
    set(`${TC26}.2.1`, tc26('512-paramSetA'), 64, curves.a512),
    set(`${TC26}.2.2`, tc26('512-paramSetB'), 64, curves.b512),
    set(`${TC26}.2.3`, tc26('512-paramSetC'), 64, curves.c512),
    // RFC 4357 11.4. The curves of CryptoPro are those of TC26's 256-bit B, C and D too (RFC 9215 appendix A).
    set(`${CRYPTO_PRO}.35.0`, 'id-GostR3410-2001-TestParamSet', 32, curves.test256),
    set(`${CRYPTO_PRO}.35.1`, cryptoPro('CryptoPro-A'), 32, curves.b256),
    set(`${CRYPTO_PRO}.35.2`, cryptoPro('CryptoPro-B'), 32, curves.c256),
    set(`${CRYPTO_PRO}.35.3`, cryptoPro('CryptoPro-C'), 32, curves.d256),
    set(`${CRYPTO_PRO}.36.0`, cryptoPro('CryptoPro-XchA'), 32, curves.b256),
    set(`${CRYPTO_PRO}.36.1`, cryptoPro('CryptoPro-XchB'), 32, curves.d256),
  ].map((each) => [each.oid, each]),
)

function set(oid: string, name: string, bytes: 32 | 64, curve: curves.GostCurveValues): GostParameterSet {
  return Object.freeze({ ...curve, oid, name, bytes, curve })
}

/**
 * The parameter set of an OID: the ten of RFC 7836 and RFC 9215 with the test sets, and the older names of
 * CryptoPro for three of the curves (RFC 4357 section 11.4).
 *
 * @param oid dotted
 * @returns undefined for another OID
 */
export function gostParameterSet(oid: string): GostParameterSet | undefined {
  return SETS.get(oid)
}

/** Every parameter set, under each of its names. */
export function gostParameterSets(): GostParameterSet[] {
  return [...SETS.values()]
}

import { type GostParameterSet, gostParameterSet } from '../algorithms/gost/parameter-sets.ts'
import { Oid } from '../algorithms/oids.ts'
import { readDer, toHex } from '../asn1/index.ts'
import { Asn1Error } from '../errors.ts'

/**
 * What makes a public key the same one, whatever the encoding of its SubjectPublicKeyInfo: RSA as rsaEncryption or
 * RSASSA-PSS, NULL parameters or none, EC points compressed or not, GOST's curves by any of their names. No key is imported: it works for kinds of key
 * that the platform does not know.
 *
 * @param spki DER; what is malformed is the same as its own bytes only
 * @returns a text to compare, and to find keys by
 */
export function publicKeyIdentity(spki: Uint8Array): string {
  try {
    return readDer(spki, 'SubjectPublicKeyInfo', (r) =>
      r.sequence('', (s) => {
        const { oid, parameters } = s.sequence('algorithm', (algorithm) => ({
          oid: algorithm.oid('algorithm'),
          parameters: algorithm.done ? new Uint8Array() : algorithm.element('parameters').bytes,
        }))
        const bits = s.bitStringBytes('subjectPublicKey')
        if (oid === Oid.rsassaPss) return identity(Oid.rsaEncryption, bits)
        if (GOST.has(oid)) return identity(`${oid} ${gostCurve(parameters)}`, bits)
        // Of other keys the parameters say nothing that the key does not, or (DSA) may be left out.
        if (oid !== Oid.ecPublicKey) return identity(oid, bits)
        return identity(`${oid} ${toHex(parameters)}`, compressed(bits))
      }),
    )
  } catch (error) {
    if (error instanceof Asn1Error) return identity('', spki)
    throw error
  }
}

/** Whether two SubjectPublicKeyInfo are of the same public key: see {@link publicKeyIdentity}. */
export function samePublicKeyInfo(a: Uint8Array, b: Uint8Array): boolean {
  return publicKeyIdentity(a) === publicKeyIdentity(b)
}

const GOST: ReadonlySet<string> = new Set([Oid.gost256, Oid.gost512, Oid.gost2001])

/** The curve by its generator: several sets name the same one. */
function gostCurve(parameters: Uint8Array): string {
  const oid = readDer(parameters, 'parameters', (r) =>
    r.sequence('', (s) => {
      const set = s.oid('publicKeyParamSet')
      while (!s.done) s.element('')
      return set
    }),
  )
  const set: GostParameterSet | undefined = gostParameterSet(oid)
  return set === undefined ? oid : `${set.curve.p} ${set.curve.y}`
}

function identity(kind: string, key: Uint8Array): string {
  return `${kind} ${toHex(key)}`
}

/** ECPoint (SEC 1 2.3.3) as its x coordinate and the parity of y; also from the hybrid form. */
function compressed(point: Uint8Array): Uint8Array {
  const form = point[0]
  if ((form !== 4 && form !== 6 && form !== 7) || point.length % 2 === 0) return point
  const short = point.slice(0, (point.length + 1) / 2)
  short[0] = 2 | ((point.at(-1) as number) & 1)
  return short
}

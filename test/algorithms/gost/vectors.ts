import { readFileSync } from 'node:fs'
import { type GostParameterSet, gostParameterSet } from '../../../src/algorithms/gost/parameter-sets.ts'
import { shared } from '../../support/tools.ts'

/** Numbers of a signature in a file of vectors: big-endian hex; the digest as the hash gives it. */
export interface SignatureVector {
  readonly name: string
  readonly curveOid: string
  readonly digest: string
  readonly x: string
  readonly y: string
  readonly publicKeyOctets: string
  readonly signatureSR: string
  readonly signatureCryptoProRaw?: string
  readonly d?: string
  readonly k?: string
}

/** A curve in a file of vectors. */
export interface CurveVector extends Record<'name' | 'oid' | 'p' | 'a' | 'b' | 'q' | 'gx' | 'gy', string> {
  readonly cofactor: number
}

export function sharedVectors<T>(file: string): { curves: CurveVector[]; vectors: T[] } {
  return JSON.parse(readFileSync(shared('vectors', 'gost', file), 'utf8'))
}

export function big(hex: string): bigint {
  return BigInt(`0x${hex}`)
}

/** The parameter set of an OID that is one. */
export function setOf(oid: string): GostParameterSet {
  const set = gostParameterSet(oid)
  if (set === undefined) throw new Error(`no parameter set ${oid}`)
  return set
}

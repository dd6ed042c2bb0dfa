import { type DerReader, der, Tag } from '../../asn1/index.ts'
import { AlgorithmError } from '../../errors.ts'
import { describeOid } from '../known-names.ts'
import { GostOid } from './oids.ts'
import { type GostParameterSet, gostParameterSet } from './parameter-sets.ts'

/** The kinds of GOST keys: GOST R 34.10-2012 of 256 and of 512 bits, and GOST R 34.10-2001, for verifying only. */
export type GostKeyType = 'GOST3410-2012-256' | 'GOST3410-2012-512' | 'GOST3410-2001'

/** What an AlgorithmIdentifier tells of a GOST key. */
export interface GostKeyShape {
  readonly type: GostKeyType
  readonly parameterSet: GostParameterSet
  /** Dotted OID of the hash to be used with the key, where the parameters name one. */
  readonly digestParamSet: string | undefined
}

const TYPES: ReadonlyMap<string, GostKeyType> = new Map([
  [GostOid.gost3410_2012_256, 'GOST3410-2012-256'],
  [GostOid.gost3410_2012_512, 'GOST3410-2012-512'],
  [GostOid.gost3410_2001, 'GOST3410-2001'],
])
const OIDS = new Map([...TYPES].map(([oid, type]) => [type, oid]))

/**
 * Reads the parameters of a GOST key's AlgorithmIdentifier (RFC 9215 section 4.1, RFC 4491 section 2.3). Whether
 * the hash has to be named or must not be differs from set to set; producers differ too, so it is read where it
 * stands, and so is the cipher that keys of 2001 may name.
 *
 * @param r stands after the algorithm's OID
 * @param oid the algorithm's OID, dotted
 * @throws Asn1Error `ERR_ASN1_*` where the parameters are malformed
 * @throws AlgorithmError `ERR_ALGORITHM_UNKNOWN` for another algorithm or an unknown set;
 *   `ERR_ALGORITHM_PARAMETERS` where the set is missing or not of the key's size
 */
export function readGostKeyAlgorithm(r: DerReader, oid: string): GostKeyShape {
  const type = TYPES.get(oid)
  if (type === undefined) throw unknown(`GOST key algorithm ${describeOid(oid)}`)
  if (r.nextTag !== Tag.SEQUENCE) throw wrong('a GOST key must name its parameter set (RFC 9215 section 4.1)')
  return r.sequence('parameters', (s) => {
    const parameterSet = readSet(s.oid('publicKeyParamSet'), type)
    const digestParamSet = s.done ? undefined : s.oid('digestParamSet')
    if (!s.done) s.oid('encryptionParamSet')
    return { type, parameterSet, digestParamSet }
  })
}

function readSet(oid: string, type: GostKeyType): GostParameterSet {
  const parameterSet = gostParameterSet(oid)
  if (parameterSet === undefined) throw unknown(`GOST parameter set ${oid}`)
  checkGostSize(type, parameterSet)
  return parameterSet
}

/** Fails with `ERR_ALGORITHM_PARAMETERS` where a set is not of the size of the kind of key. */
export function checkGostSize(type: GostKeyType, { name, bytes }: GostParameterSet): void {
  if ((type === 'GOST3410-2012-512') !== (bytes === 64)) {
    throw wrong(`${name} is a set of ${bytes * 8} bits: none for a ${type} key`)
  }
}

/**
 * Writes the AlgorithmIdentifier of a GOST key in DER. The hash is named for the sets of CryptoPro only: it must be
 * there for them and should or must be absent for those of TC26 (RFC 9215 section 4.1).
 *
 * @throws AlgorithmError `ERR_ALGORITHM_PARAMETERS` where the set is not of the size of the kind of key
 */
export function encodeGostKeyAlgorithm(key: Pick<GostKeyShape, 'type' | 'parameterSet'>): Uint8Array {
  const { type, parameterSet } = key
  checkGostSize(type, parameterSet)
  const parameters = [der.oid(parameterSet.oid)]
  if (parameterSet.oid.startsWith('1.2.643.2.2.')) {
    parameters.push(der.oid(type === 'GOST3410-2001' ? GostOid.gost3411_94CryptoPro : GostOid.streebog256))
  }
  return der.sequence([der.oid(OIDS.get(type) as string), der.sequence(parameters)])
}

function unknown(what: string): AlgorithmError {
  const hint = 'the parameter sets of RFC 7836, RFC 9215 and CryptoPro (RFC 4357) are supported'
  return new AlgorithmError('ERR_ALGORITHM_UNKNOWN', `unsupported ${what}`, { hint })
}

function wrong(message: string): AlgorithmError {
  return new AlgorithmError('ERR_ALGORITHM_PARAMETERS', message)
}

import { contextTag, der, readDer, Tag } from '../../asn1/index.ts'
import { AlgorithmError } from '../../errors.ts'
import { wipe } from '../wipe.ts'

/** ECPrivateKey (RFC 5915 section 3). */
export interface EcPrivateKey {
  /** Big-endian; a view. */
  readonly privateKey: Uint8Array
  /** Dotted OID of the named curve, where the key says it. */
  readonly curve: string | undefined
  /** The point, where the key carries it. */
  readonly publicKey: Uint8Array | undefined
}

/** Parses an ECPrivateKey. Explicit curve parameters are refused (RFC 5480 2.1.1). */
export function readEcPrivateKey(bytes: Uint8Array): EcPrivateKey {
  return readDer(bytes, 'ECPrivateKey', (r) =>
    r.sequence('', (s) => {
      s.smallInteger('version', 1, 1)
      const privateKey = s.octetString('privateKey')
      const curve = s.optional(contextTag(0, true), 'parameters', (p) => {
        if (p.nextTag === Tag.SEQUENCE) throw explicitParameters()
        return p.oid('namedCurve')
      })
      const publicKey = s.optional(contextTag(1, true), 'publicKey', (p) => p.bitStringBytes(''))
      return { privateKey, curve, publicKey }
    }),
  )
}

/** Curve of an `EC PARAMETERS` block. */
export function readEcParameters(bytes: Uint8Array): string {
  return readDer(bytes, 'ECParameters', (r) => {
    if (r.nextTag === Tag.SEQUENCE) throw explicitParameters()
    return r.oid('namedCurve')
  })
}

/** They let a file choose the generator, and with it keys that look like another's (CVE-2020-0601). */
export function explicitParameters(): AlgorithmError {
  const hint =
    'write the key with a named curve: openssl pkey -in KEY.pem -ec_param_enc named_curve -out NEW.pem'
  return new AlgorithmError('ERR_ALGORITHM_UNKNOWN', 'explicit EC curve parameters are not supported', {
    hint,
  })
}

/**
 * ECPrivateKey without curve and public key, for a PrivateKeyInfo: node:crypto then computes the point, where it
 * would believe the one in the file.
 *
 * @param length of the curve's order in bytes: old programs leave out leading zeros (RFC 5915 asks for them)
 * @returns bytes that the caller wipes; undefined where the number is too long
 */
export function bareEcPrivateKey(privateKey: Uint8Array, length: number): Uint8Array | undefined {
  if (privateKey.length === 0 || privateKey.length > length) return undefined
  const padded = new Uint8Array(length)
  padded.set(privateKey, length - privateKey.length)
  const octets = der.octetString(padded)
  const bare = der.sequence([der.integer(1), octets])
  wipe(padded, octets)
  return bare
}

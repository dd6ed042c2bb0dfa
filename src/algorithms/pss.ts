import { contextTag, type DerReader, der, readDer } from '../asn1/index.ts'
import { AlgorithmError } from '../errors.ts'
import { type HashAlgorithm, type HashName, hashAlgorithm, readHashAlgorithm } from './hashes.ts'
import { describeOid } from './known-names.ts'
import { Oid } from './oids.ts'

/** RSASSA-PSS-params (RFC 4055 section 3.1); the trailer field is always 1. */
export interface PssParameters {
  readonly hash: HashAlgorithm
  /** Hash of the mask generation function MGF1. */
  readonly mgfHash: HashAlgorithm
  /** Bytes of salt. */
  readonly saltLength: number
}

/**
 * Reads RSASSA-PSS-params. The defaults are SHA-1 and a salt of 20 bytes; a field that holds its default is
 * taken too, as RFC 4055 3.1 asks of verifiers, although DER leaves it out.
 */
export function readPssParameters(reader: DerReader, field: string): PssParameters {
  const sha1 = hashAlgorithm('SHA-1')
  return reader.sequence(field, (r) => {
    const hash = r.optional(contextTag(0, true), 'hashAlgorithm', readPssHash) ?? sha1
    const mgfHash = r.optional(contextTag(1, true), 'maskGenAlgorithm', readMaskHash) ?? sha1
    const saltLength =
      r.optional(contextTag(2, true), 'saltLength', (e) => e.smallInteger('', 0, 0x7fffffff)) ?? 20
    const trailer =
      r.optional(contextTag(3, true), 'trailerField', (e) => e.smallInteger('', 0, 0x7fffffff)) ?? 1
    if (trailer !== 1) throw refused(`RSASSA-PSS trailer field ${trailer}, not 1`)
    // A salt beyond the largest modulus fits no signature.
    if (saltLength > MAX_SALT) throw refused(`RSASSA-PSS salt of ${saltLength} bytes`)
    return { hash, mgfHash, saltLength }
  })
}

const MAX_SALT = 2048

// RFC 4055 2.1. SHAKE256 has OIDs of its own for PSS (RFC 8692), and MD5 never had one.
const PSS_HASHES: ReadonlySet<HashName> = new Set<HashName>(['SHA-256', 'SHA-384', 'SHA-512', 'SHA-1'])

function readPssHash(reader: DerReader): HashAlgorithm {
  const hash = readHashAlgorithm(reader, '')
  if (!PSS_HASHES.has(hash.name)) throw refused(`RSASSA-PSS is not used with ${hash.name}`)
  return hash
}

function readMaskHash(reader: DerReader): HashAlgorithm {
  return reader.sequence('', (r) => {
    const oid = r.oid('algorithm')
    if (oid !== Oid.mgf1) throw refused(`RSASSA-PSS with the mask function ${describeOid(oid)}, not MGF1`)
    return readPssHash(r)
  })
}

function refused(message: string): AlgorithmError {
  return new AlgorithmError('ERR_ALGORITHM_PARAMETERS', message)
}

/**
 * Reads RSASSA-PSS-params that stand alone (RFC 4055 section 3.1).
 *
 * @param bytes DER
 * @throws Asn1Error `ERR_ASN1_*` where they are malformed
 * @throws AlgorithmError `ERR_ALGORITHM_UNKNOWN` for another hash, `ERR_ALGORITHM_PARAMETERS` for a mask function
 *   other than MGF1, a trailer field other than 1, a hash that PSS is not used with
 * @example
 * ```ts
 * import { parsePssParameters } from 'sealkit/algorithms'
 * parsePssParameters(Uint8Array.of(0x30, 0x00)).hash.name // 'SHA-1': every field has its default
 * ```
 */
export function parsePssParameters(bytes: Uint8Array): PssParameters {
  return readDer(bytes, 'RSASSA-PSS-params', (r) => readPssParameters(r, ''))
}

/**
 * Writes RSASSA-PSS-params in DER: fields that have their default value are left out (X.690 11.5), hashes
 * carry NULL (RFC 4055 section 2.1).
 *
 * @example
 * ```ts
 * import { encodePssParameters, hashAlgorithm, parsePssParameters } from 'sealkit/algorithms'
 * const hash = hashAlgorithm('SHA-256')
 * parsePssParameters(encodePssParameters({ hash, mgfHash: hash, saltLength: 32 })).saltLength // 32
 * ```
 */
export function encodePssParameters({ hash, mgfHash, saltLength }: PssParameters): Uint8Array {
  const parts: Uint8Array[] = []
  const hashId = (of: HashAlgorithm): Uint8Array => der.sequence([der.oid(of.oid), der.null()])
  if (hash.name !== 'SHA-1') parts.push(der.explicit(0, hashId(hash)))
  if (mgfHash.name !== 'SHA-1') {
    parts.push(der.explicit(1, der.sequence([der.oid(Oid.mgf1), hashId(mgfHash)])))
  }
  if (saltLength !== 20) parts.push(der.explicit(2, der.integer(saltLength)))
  return der.sequence(parts)
}

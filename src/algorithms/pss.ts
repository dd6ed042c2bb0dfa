import { contextTag, type DerReader, der, readDer } from '../asn1/index.ts'
import { AlgorithmError } from '../errors.ts'
import { type HashAlgorithm, hashAlgorithm, readHashAlgorithm } from './hashes.ts'
import { Oid } from './oids.ts'

/** RSASSA-PSS-params (RFC 4055 section 3.1); the trailer field is always 1. */
export interface PssParameters {
  readonly hash: HashAlgorithm
  /** Hash of the mask generation function MGF1. */
  readonly mgfHash: HashAlgorithm
  /** Bytes of salt. */
  readonly saltLength: number
}

/** Reads RSASSA-PSS-params. The defaults are SHA-1 and a salt of 20 bytes. */
export function readPssParameters(reader: DerReader, field: string): PssParameters {
  const sha1 = hashAlgorithm('SHA-1')
  return reader.sequence(field, (r) => {
    const hash = r.optional(contextTag(0, true), 'hashAlgorithm', (e) => readHashAlgorithm(e, '')) ?? sha1
    const mgfHash =
      r.optional(contextTag(1, true), 'maskGenAlgorithm', (e) =>
        e.sequence('', (s) => {
          const oid = s.oid('algorithm')
          if (oid !== Oid.mgf1) throw new AlgorithmError('ERR_ALGORITHM_PARAMETERS', `unknown mask function ${oid}`)
          return readHashAlgorithm(s, 'parameters')
        }),
      ) ?? sha1
    const saltLength =
      r.optional(contextTag(2, true), 'saltLength', (e) => e.smallInteger('', 0, 1024)) ?? 20
    r.optional(contextTag(3, true), 'trailerField', (e) => e.smallInteger('', 1, 1))
    return { hash, mgfHash, saltLength }
  })
}

/** Reads RSASSA-PSS-params that stand alone. */
export function parsePssParameters(bytes: Uint8Array): PssParameters {
  return readDer(bytes, 'RSASSA-PSS-params', (r) => readPssParameters(r, ''))
}

/** Writes RSASSA-PSS-params in DER: fields that have their default value are left out (X.690 11.5). */
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

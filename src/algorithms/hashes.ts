import { createHash, type Hash } from 'node:crypto'
import { type DerReader, der, Tag } from '../asn1/index.ts'
import { AlgorithmError } from '../errors.ts'
import { Oid } from './oids.ts'

/** Hash functions by the names of RFC 5754 and RFC 8419. `SHAKE256` has 512 bits of output. */
export type HashName = 'SHA-256' | 'SHA-384' | 'SHA-512' | 'SHAKE256' | 'SHA-1' | 'MD5'

/** What is known of a hash function. */
export interface HashAlgorithm {
  readonly name: HashName
  readonly oid: string
  /** Output in bytes. */
  readonly length: number
  /** Collisions are known or near: refused in verifying unless asked for, never used in signing. */
  readonly weak: boolean
  /** AlgorithmIdentifier in DER as CMS writes it: parameters absent (RFC 5754 section 2). */
  readonly der: Uint8Array
  /** The name node:crypto knows. */
  readonly node: string
}

function entry(name: HashName, oid: string, length: number, weak: boolean, node: string): HashAlgorithm {
  const parameters = oid === Oid.shake256Len ? [der.integer(length * 8)] : []
  return { name, oid, length, weak, node, der: der.sequence([der.oid(oid), ...parameters]) }
}

const TABLE: Readonly<Record<HashName, HashAlgorithm>> = {
  'SHA-256': entry('SHA-256', Oid.sha256, 32, false, 'sha256'),
  'SHA-384': entry('SHA-384', Oid.sha384, 48, false, 'sha384'),
  'SHA-512': entry('SHA-512', Oid.sha512, 64, false, 'sha512'),
  SHAKE256: entry('SHAKE256', Oid.shake256Len, 64, false, 'shake256'),
  'SHA-1': entry('SHA-1', Oid.sha1, 20, true, 'sha1'),
  MD5: entry('MD5', Oid.md5, 16, true, 'md5'),
}
const BY_OID = new Map(Object.values(TABLE).map((hash) => [hash.oid, hash]))
BY_OID.set(Oid.shake256, TABLE.SHAKE256)

/**
 * The hash function of a name.
 *
 * @throws TypeError for another name
 * @example
 * ```ts
 * import { hashAlgorithm } from 'sealkit/algorithms'
 * hashAlgorithm('SHA-256').length // 32
 * ```
 */
export function hashAlgorithm(name: HashName): HashAlgorithm {
  const found = TABLE[name]
  if (found === undefined) throw new TypeError(`hash must be one of ${Object.keys(TABLE).join(', ')}, got ${name}`)
  return found
}

/** A running hash: `node:crypto`'s, with SHAKE256 at its 512 bits. */
export function startHash(hash: HashAlgorithm): Hash {
  return hash.name === 'SHAKE256'
    ? createHash('shake256', { outputLength: hash.length })
    : createHash(hash.node)
}

/** Hashes bytes at once. */
export function digest(hash: HashAlgorithm, data: Uint8Array): Uint8Array {
  return startHash(hash).update(data).digest()
}

/**
 * Reads a digest AlgorithmIdentifier: parameters absent or NULL (RFC 5754 section 2), and for
 * id-shake256-len the output length 512 (RFC 8419 section 3.1).
 *
 * @throws AlgorithmError `ERR_ALGORITHM_UNKNOWN`, `ERR_ALGORITHM_PARAMETERS`
 */
export function readHashAlgorithm(reader: DerReader, field: string): HashAlgorithm {
  return reader.sequence(field, (r) => {
    const oid = r.oid('algorithm')
    const hash = BY_OID.get(oid)
    if (hash === undefined) throw new AlgorithmError('ERR_ALGORITHM_UNKNOWN', `${field}: unknown hash ${oid}`)
    if (oid === Oid.shake256Len) {
      if (r.nextTag !== Tag.INTEGER || r.smallInteger('parameters', 1, 0xffff) !== hash.length * 8) {
        throw new AlgorithmError('ERR_ALGORITHM_PARAMETERS', `${field}: SHAKE256 must have 512 bits of output`)
      }
    } else if (!r.done) r.null('parameters')
    return hash
  })
}

import { type DerReader, der, Tag } from '../asn1/index.ts'
import { AlgorithmError } from '../errors.ts'
import { COMPRESSIONS, type CompressionName, portableDigest } from './compression.ts'
import { Gost341194 } from './gost/gost3411-94.ts'
import { Streebog } from './gost/streebog.ts'
import { describeOid, inField } from './known-names.ts'
import { needNodeCrypto, nodeCrypto } from './node-crypto.ts'
import { Oid } from './oids.ts'

/**
 * Hash functions by the names of RFC 5754 and RFC 8419. `SHAKE256` has 512 bits of output; Streebog is
 * GOST R 34.11-2012 (RFC 6986), `GOST3411-94` the one before it (RFC 5831) with CryptoPro's S-boxes.
 */
export type HashName = 'SHA-256' | 'SHA-384' | 'SHA-512' | 'SHAKE256' | 'SHA-1' | 'MD5' | GostHashName

/** Hash functions of Russia's standards: GOST R 34.11-2012 and, for old certificates, GOST R 34.11-94. */
export type GostHashName = 'Streebog-256' | 'Streebog-512' | 'GOST3411-94'

/** What is known of a hash function. There is one object for each. */
export interface HashAlgorithm {
  readonly name: HashName
  /** Dotted OID. */
  readonly oid: string
  /** Output in bytes. */
  readonly length: number
  /** Collisions are known or near: refused in verifying unless asked for, never used in signing. */
  readonly weak: boolean
  /** AlgorithmIdentifier in DER as CMS writes it: parameters absent (RFC 5754 section 2, RFC 9215 section 2). */
  readonly der: Uint8Array
  /** The name node:crypto knows; undefined for GOST, which is computed here. */
  readonly node: string | undefined
}

/** A hash that takes its data piece by piece. */
export interface RunningHash {
  /** Takes the next bytes. */
  update(data: Uint8Array): RunningHash
  /** The digest, once. */
  digest(): Uint8Array
}

function entry(name: HashName, oid: string, length: number, weak: boolean, node?: string): HashAlgorithm {
  const parameters = oid === Oid.shake256Len ? [der.integer(length * 8)] : []
  return Object.freeze({ name, oid, length, weak, node, der: der.sequence([der.oid(oid), ...parameters]) })
}

const TABLE: Readonly<Record<HashName, HashAlgorithm>> = {
  'SHA-256': entry('SHA-256', Oid.sha256, 32, false, 'sha256'),
  'SHA-384': entry('SHA-384', Oid.sha384, 48, false, 'sha384'),
  'SHA-512': entry('SHA-512', Oid.sha512, 64, false, 'sha512'),
  SHAKE256: entry('SHAKE256', Oid.shake256Len, 64, false, 'shake256'),
  'SHA-1': entry('SHA-1', Oid.sha1, 20, true, 'sha1'),
  MD5: entry('MD5', Oid.md5, 16, true, 'md5'),
  'Streebog-256': entry('Streebog-256', Oid.streebog256, 32, false),
  'Streebog-512': entry('Streebog-512', Oid.streebog512, 64, false),
  'GOST3411-94': entry('GOST3411-94', Oid.gost341194, 32, true),
}
const BY_OID = new Map(Object.values(TABLE).map((hash) => [hash.oid, hash]))
BY_OID.set(Oid.shake256, TABLE.SHAKE256)

/**
 * The hash function of a name.
 *
 * @param name as RFC 5754 writes it: `SHA-256`
 * @throws TypeError for another name
 * @example
 * ```ts
 * import { hashAlgorithm } from 'sealkit/algorithms'
 * hashAlgorithm('SHA-256').length // 32
 * ```
 */
export function hashAlgorithm(name: HashName): HashAlgorithm {
  if (!Object.hasOwn(TABLE, name)) {
    throw new TypeError(`hash must be one of ${Object.keys(TABLE).join(', ')}, got ${String(name)}`)
  }
  return TABLE[name]
}

/**
 * A running hash: `node:crypto`'s, with SHAKE256 at its 512 bits (RFC 8419 section 3.1), or our own for GOST.
 *
 * @throws AlgorithmError `ERR_ALGORITHM_UNAVAILABLE` in a browser, but for GOST
 * @example
 * ```ts
 * import { hashAlgorithm, startHash } from 'sealkit/algorithms'
 * const running = startHash(hashAlgorithm('SHA-256'))
 * running.update(Uint8Array.of(1, 2)).update(Uint8Array.of(3)).digest()
 * ```
 */
export function startHash(hash: HashAlgorithm): RunningHash {
  const own = startOwn(hash.name)
  if (own !== undefined) return own
  const { createHash } = needNodeCrypto(`a running hash (${hash.name})`)
  return hash.name === 'SHAKE256'
    ? createHash('shake256', { outputLength: hash.length })
    : createHash(hash.node as string)
}

function startOwn(name: HashName): RunningHash | undefined {
  switch (name) {
    case 'Streebog-256':
      return new Streebog(32)
    case 'Streebog-512':
      return new Streebog(64)
    case 'GOST3411-94':
      return new Gost341194()
    default:
      return undefined
  }
}

/**
 * Hashes bytes at once; SHA-1, SHA-2 and GOST in a browser too.
 *
 * @returns {@link HashAlgorithm.length} bytes
 * @throws AlgorithmError `ERR_ALGORITHM_UNAVAILABLE` for MD5 and SHAKE256 in a browser
 * @example
 * ```ts
 * import { digest, hashAlgorithm } from 'sealkit/algorithms'
 * digest(hashAlgorithm('SHA-512'), new TextEncoder().encode('hello')).length // 64
 * ```
 */
export function digest(hash: HashAlgorithm, data: Uint8Array): Uint8Array {
  // SHAKE256 has to be told its length.
  if (hash.node === undefined || hash.name === 'SHAKE256') return startHash(hash).update(data).digest()
  if (nodeCrypto === undefined && isPortable(hash.name)) return portableDigest(hash.name, data)
  return needNodeCrypto(hash.name).hash(hash.node, data, 'buffer')
}

function isPortable(name: HashName): name is HashName & CompressionName {
  return Object.hasOwn(COMPRESSIONS, name)
}

/**
 * Reads a digest AlgorithmIdentifier. The parameters are absent or NULL (RFC 5754 section 2), absent for
 * id-shake256 (RFC 8702 section 3.1), the output length 512 for id-shake256-len (RFC 8419 section 3.1); of
 * GOST R 34.11-94 they may name CryptoPro's S-boxes (RFC 4490 section 2.1).
 *
 * @param reader stands before the AlgorithmIdentifier
 * @param field its name, for errors
 * @throws Asn1Error `ERR_ASN1_*` where it is malformed
 * @throws AlgorithmError `ERR_ALGORITHM_UNKNOWN`, `ERR_ALGORITHM_PARAMETERS`
 * @example
 * ```ts
 * import { hashAlgorithm, readHashAlgorithm } from 'sealkit/algorithms'
 * import { readDer } from 'sealkit/asn1'
 * readDer(hashAlgorithm('SHA-384').der, 'digestAlgorithm', (r) => readHashAlgorithm(r, '')).name // 'SHA-384'
 * ```
 */
export function readHashAlgorithm(reader: DerReader, field: string): HashAlgorithm {
  return reader.sequence(field, (r) => {
    const oid = r.oid('algorithm')
    const hash = BY_OID.get(oid)
    if (hash === undefined) {
      const hint = 'SHA-256, SHA-384, SHA-512, SHAKE256 and Streebog are supported'
      throw new AlgorithmError('ERR_ALGORITHM_UNKNOWN', inField(field, `unknown hash ${describeOid(oid)}`), {
        hint,
      })
    }
    const asked = oid === Oid.shake256Len ? Tag.INTEGER : oid === Oid.shake256 ? undefined : Tag.NULL
    if (oid === Oid.gost341194 && r.nextTag === Tag.OBJECT_IDENTIFIER) checkSBoxes(r.oid('parameters'), field)
    else if (r.done ? asked === Tag.INTEGER : r.nextTag !== asked) {
      throw badParameters(field, `${hash.name} with wrong parameters`)
    } else if (asked === Tag.INTEGER) {
      const bits = r.smallInteger('parameters', 0, 0x7fffffff)
      if (bits !== hash.length * 8)
        throw badParameters(field, `SHAKE256 with ${bits} bits of output, not 512`)
    } else if (!r.done) r.null('parameters')
    return hash
  })
}

/** RFC 4357 section 11.2: id-GostR3411-94-CryptoProParamSet; the other set is for tests only. */
function checkSBoxes(oid: string, field: string): void {
  if (oid !== '1.2.643.2.2.30.1') throw badParameters(field, `GOST3411-94 with the parameter set ${oid}`)
}

function badParameters(field: string, message: string): AlgorithmError {
  return new AlgorithmError('ERR_ALGORITHM_PARAMETERS', inField(field, message))
}

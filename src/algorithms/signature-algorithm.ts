import { type DerReader, der, readDer } from '../asn1/index.ts'
import { AlgorithmError } from '../errors.ts'
import type { GostKeyType } from './gost/public-key.ts'
import { type HashAlgorithm, type HashName, hashAlgorithm } from './hashes.ts'
import { describeOid, inField } from './known-names.ts'
import { Oid } from './oids.ts'
import { encodePssParameters, type PssParameters, readPssParameters } from './pss.ts'

/** Signature schemes (RFC 8017, FIPS 186, RFC 8032, RFC 7091); those of GOST are called like their keys. */
export type SignatureScheme = 'RSASSA-PKCS1-v1_5' | 'RSASSA-PSS' | 'ECDSA' | 'Ed25519' | 'Ed448' | GostKeyType

/** Families of keys; MOEX's `algorithm` field follows from it. */
export type KeyFamily = 'RSA' | 'EC' | 'EdDSA' | 'GOST'

/** A signature algorithm with all its parameters. */
export interface SignatureAlgorithm {
  readonly scheme: SignatureScheme
  readonly family: KeyFamily
  /** Hash of the scheme; undefined for EdDSA, which hashes by itself. */
  readonly hash: HashAlgorithm | undefined
  /** For RSASSA-PSS. */
  readonly pss: PssParameters | undefined
  /**
   * AlgorithmIdentifier in DER as X.509 carries it, and CMS but for RSA and GOST: {@link cmsSignatureIdentifier}. Written anew: where a message wrote it in another
   * permitted form (NULL left out, a default spelled out), this differs from the message's bytes.
   */
  readonly der: Uint8Array
}

interface Row {
  oid: string
  scheme: SignatureScheme
  hash?: HashName
  /**
   * Parameters: NULL for RSA (RFC 4055 section 5), none for the others (RFC 5758 3.2, RFC 8410 3); none for GOST
   * (RFC 9215 section 2), where some write NULL all the same.
   */
  parameters: 'null' | 'absent' | 'absent or null'
  /** OID that stands for it in CMS: the key's, which leaves the hash to the digest algorithm. */
  cms?: string
}

const TABLE: readonly Row[] = [
  { oid: Oid.sha256WithRSAEncryption, scheme: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', parameters: 'null' },
  { oid: Oid.sha384WithRSAEncryption, scheme: 'RSASSA-PKCS1-v1_5', hash: 'SHA-384', parameters: 'null' },
  { oid: Oid.sha512WithRSAEncryption, scheme: 'RSASSA-PKCS1-v1_5', hash: 'SHA-512', parameters: 'null' },
  { oid: Oid.sha1WithRSAEncryption, scheme: 'RSASSA-PKCS1-v1_5', hash: 'SHA-1', parameters: 'null' },
  { oid: Oid.md5WithRSAEncryption, scheme: 'RSASSA-PKCS1-v1_5', hash: 'MD5', parameters: 'null' },
  { oid: Oid.ecdsaWithSHA256, scheme: 'ECDSA', hash: 'SHA-256', parameters: 'absent' },
  { oid: Oid.ecdsaWithSHA384, scheme: 'ECDSA', hash: 'SHA-384', parameters: 'absent' },
  { oid: Oid.ecdsaWithSHA512, scheme: 'ECDSA', hash: 'SHA-512', parameters: 'absent' },
  { oid: Oid.ecdsaWithSHA1, scheme: 'ECDSA', hash: 'SHA-1', parameters: 'absent' },
  { oid: Oid.Ed25519, scheme: 'Ed25519', parameters: 'absent' },
  { oid: Oid.Ed448, scheme: 'Ed448', parameters: 'absent' },
  gost(Oid.gost256WithStreebog256, 'GOST3410-2012-256', 'Streebog-256', Oid.gost256),
  gost(Oid.gost512WithStreebog512, 'GOST3410-2012-512', 'Streebog-512', Oid.gost512),
  gost(Oid.gost2001With341194, 'GOST3410-2001', 'GOST3411-94', Oid.gost2001),
]

function gost(oid: string, scheme: GostKeyType, hash: HashName, cms: string): Row {
  return { oid, scheme, hash, parameters: 'absent or null', cms }
}

const ENTRIES = TABLE.map((row) => {
  const parameters = row.parameters === 'null' ? [der.null()] : []
  return { row, algorithm: algorithm(row.scheme, row.hash, der.sequence([der.oid(row.oid), ...parameters])) }
})
const BY_OID = new Map(ENTRIES.map((entry) => [entry.row.oid, entry]))

function algorithm(
  scheme: SignatureScheme,
  hash: HashName | undefined,
  bytes: Uint8Array,
): SignatureAlgorithm {
  return Object.freeze({
    scheme,
    family: familyOf(scheme),
    hash: hash && hashAlgorithm(hash),
    pss: undefined,
    der: bytes,
  })
}

function familyOf(scheme: SignatureScheme): KeyFamily {
  if (scheme.startsWith('RSA')) return 'RSA'
  if (scheme.startsWith('GOST')) return 'GOST'
  return scheme === 'ECDSA' ? 'EC' : 'EdDSA'
}

/** An RSASSA-PSS algorithm from its parameters. */
export function pssAlgorithm(pss: PssParameters): SignatureAlgorithm {
  const bytes = der.sequence([der.oid(Oid.rsassaPss), encodePssParameters(pss)])
  return Object.freeze({ scheme: 'RSASSA-PSS', family: 'RSA', hash: pss.hash, pss, der: bytes })
}

/** The table's algorithm of a scheme and hash, where it has one. */
export function tableAlgorithm(
  scheme: SignatureScheme,
  hash: HashName | undefined,
): SignatureAlgorithm | undefined {
  return ENTRIES.find(({ row }) => row.scheme === scheme && row.hash === hash)?.algorithm
}

/**
 * `rsaEncryption` with NULL, in DER: how CMS names PKCS#1 v1.5 signatures (RFC 3370 section 3.2).
 *
 * @example
 * ```ts
 * import { hashAlgorithm, RSA_ENCRYPTION_DER, readSignatureAlgorithm } from 'sealkit/algorithms'
 * import { readDer } from 'sealkit/asn1'
 * const digest = hashAlgorithm('SHA-512')
 * readDer(RSA_ENCRYPTION_DER, '', (r) => readSignatureAlgorithm(r, '', digest)).hash?.name // 'SHA-512'
 * ```
 */
export const RSA_ENCRYPTION_DER: Uint8Array = der.sequence([der.oid(Oid.rsaEncryption), der.null()])

/**
 * The signature AlgorithmIdentifier of CMS, in DER: of RSA PKCS#1 v1.5 and of GOST it names the key's algorithm and
 * leaves the hash to digestAlgorithm (RFC 3370 section 3.2, R 1323565.1.025-2019); else it is that of X.509.
 *
 * @example
 * ```ts
 * import { cmsSignatureIdentifier, parseSignatureAlgorithm } from 'sealkit/algorithms'
 * import { toHex } from 'sealkit/asn1'
 * const x509 = Uint8Array.of(0x30, 10, 6, 8, 0x2a, 0x85, 3, 7, 1, 1, 3, 2) // ...signwithdigest-gost3410-12-256
 * toHex(cmsSignatureIdentifier(parseSignatureAlgorithm(x509))) // '300a06082a85030701010101'
 * ```
 */
export function cmsSignatureIdentifier(algorithm: SignatureAlgorithm): Uint8Array {
  if (algorithm.scheme === 'RSASSA-PKCS1-v1_5') return RSA_ENCRYPTION_DER
  return CMS_GOST.get(algorithm.scheme) ?? algorithm.der
}

const CMS_ROWS = TABLE.filter(({ cms }) => cms !== undefined)
// Absent, as R 1323565.1.025 and CryptoPro have it; OpenSSL's engine writes NULL and takes both.
const CMS_GOST = new Map(CMS_ROWS.map(({ scheme, cms }) => [scheme, der.sequence([der.oid(cms as string)])]))

/**
 * Reads a signature AlgorithmIdentifier.
 *
 * @param reader stands before the AlgorithmIdentifier
 * @param field its name, for errors
 * @param digest in CMS, the signer's digest algorithm: `rsaEncryption` and GOST keys leave the hash to it
 * @throws Asn1Error `ERR_ASN1_*` where it is malformed
 * @throws AlgorithmError `ERR_ALGORITHM_UNKNOWN`, `ERR_ALGORITHM_PARAMETERS`
 * @see RFC 3370 3.2, RFC 4055, RFC 4490, RFC 5758, RFC 8410, RFC 8419, RFC 9215
 * @example
 * ```ts
 * import { readSignatureAlgorithm } from 'sealkit/algorithms'
 * import { readDer } from 'sealkit/asn1'
 * const ecdsaWithSHA256 = Uint8Array.of(0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2)
 * readDer(ecdsaWithSHA256, 'signature', (r) => readSignatureAlgorithm(r, '')).scheme // 'ECDSA'
 * ```
 */
export function readSignatureAlgorithm(
  reader: DerReader,
  field: string,
  digest?: HashAlgorithm,
): SignatureAlgorithm {
  return reader.sequence(field, (r) => {
    const oid = r.oid('algorithm')
    if (oid === Oid.rsassaPss) {
      // RFC 4055 3.1: in a signature's identifier they must be there; defaults are not to be guessed.
      if (r.done) throw badParameters(field, 'RSASSA-PSS needs its parameters')
      return pssAlgorithm(readPssParameters(r, 'parameters'))
    }
    const scheme = digest === undefined ? undefined : schemeOfKey(oid)
    if (digest !== undefined && scheme !== undefined) {
      if (!r.done) r.null('parameters')
      const found = tableAlgorithm(scheme, digest.name)
      if (found !== undefined) return found
      const name = scheme === 'RSASSA-PKCS1-v1_5' ? 'RSA PKCS#1 v1.5' : scheme
      throw badParameters(field, `${name} is not used with ${digest.name}`)
    }
    const found = BY_OID.get(oid)
    if (found === undefined) {
      const hint =
        'RSA PKCS#1 v1.5, RSASSA-PSS, ECDSA (each with SHA-256, SHA-384, SHA-512), Ed25519, Ed448 and GOST R 34.10-2012 are supported'
      const message = inField(field, `unknown signature algorithm ${describeOid(oid)}`)
      throw new AlgorithmError('ERR_ALGORITHM_UNKNOWN', message, { hint })
    }
    if (r.done) return found.algorithm // RFC 4055 section 5: absent is to be taken like NULL.
    if (found.row.parameters === 'absent') throw badParameters(field, `${found.row.scheme} has no parameters`)
    r.null('parameters')
    return found.algorithm
  })
}

/** The scheme that a key's OID stands for in CMS. */
function schemeOfKey(oid: string): SignatureScheme | undefined {
  if (oid === Oid.rsaEncryption) return 'RSASSA-PKCS1-v1_5'
  return CMS_ROWS.find(({ cms }) => cms === oid)?.scheme
}

function badParameters(field: string, message: string): AlgorithmError {
  return new AlgorithmError('ERR_ALGORITHM_PARAMETERS', inField(field, message))
}

/**
 * Parses a signature AlgorithmIdentifier that stands alone.
 *
 * @param bytes DER
 * @throws Asn1Error, AlgorithmError as {@link readSignatureAlgorithm}
 * @example
 * ```ts
 * import { parseSignatureAlgorithm } from 'sealkit/algorithms'
 * parseSignatureAlgorithm(Uint8Array.of(0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70)).scheme // 'Ed25519'
 * ```
 */
export function parseSignatureAlgorithm(bytes: Uint8Array): SignatureAlgorithm {
  return readDer(bytes, 'AlgorithmIdentifier', (r) => readSignatureAlgorithm(r, ''))
}

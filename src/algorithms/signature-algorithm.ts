import { type DerReader, der, readDer } from '../asn1/index.ts'
import { AlgorithmError } from '../errors.ts'
import { type HashAlgorithm, type HashName, hashAlgorithm } from './hashes.ts'
import { Oid } from './oids.ts'
import { encodePssParameters, type PssParameters, readPssParameters } from './pss.ts'
import type { PublicKey } from './public-key.ts'

/** Signature schemes (RFC 8017, FIPS 186, RFC 8032). */
export type SignatureScheme = 'RSASSA-PKCS1-v1_5' | 'RSASSA-PSS' | 'ECDSA' | 'Ed25519' | 'Ed448'

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
  /** AlgorithmIdentifier in DER as X.509 and CMS carry it. */
  readonly der: Uint8Array
}

interface Row {
  oid: string
  scheme: SignatureScheme
  hash?: HashName
  /** Parameters as written; RSA asks for NULL, the others for none (RFC 4055, 5758, 8410). */
  parameters: 'null' | 'absent'
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
]

const ENTRIES = TABLE.map((row) => {
  const parameters = row.parameters === 'null' ? [der.null()] : []
  return { row, algorithm: algorithm(row.scheme, row.hash, der.sequence([der.oid(row.oid), ...parameters])) }
})
const BY_OID = new Map(ENTRIES.map((entry) => [entry.row.oid, entry]))

function algorithm(scheme: SignatureScheme, hash: HashName | undefined, bytes: Uint8Array): SignatureAlgorithm {
  const family = scheme.startsWith('RSA') ? 'RSA' : scheme === 'ECDSA' ? 'EC' : 'EdDSA'
  return { scheme, family, hash: hash && hashAlgorithm(hash), pss: undefined, der: bytes }
}

/** An RSASSA-PSS algorithm from its parameters. */
export function pssAlgorithm(pss: PssParameters): SignatureAlgorithm {
  const bytes = der.sequence([der.oid(Oid.rsassaPss), encodePssParameters(pss)])
  return { scheme: 'RSASSA-PSS', family: 'RSA', hash: pss.hash, pss, der: bytes }
}

/** `rsaEncryption` with NULL: how CMS names PKCS#1 v1.5 signatures (RFC 3370 section 3.2). */
export const RSA_ENCRYPTION_DER: Uint8Array = der.sequence([der.oid(Oid.rsaEncryption), der.null()])

/**
 * Reads a signature AlgorithmIdentifier.
 *
 * @param digest in CMS, the signer's digest algorithm: `rsaEncryption` leaves the hash to it (RFC 3370 3.2)
 * @throws AlgorithmError `ERR_ALGORITHM_UNKNOWN`, `ERR_ALGORITHM_PARAMETERS`
 * @see RFC 4055, RFC 5758, RFC 8410, RFC 8419
 */
export function readSignatureAlgorithm(
  reader: DerReader,
  field: string,
  digest?: HashAlgorithm,
): SignatureAlgorithm {
  return reader.sequence(field, (r) => {
    const oid = r.oid('algorithm')
    if (oid === Oid.rsassaPss) {
      if (r.done) throw badParameters(field, 'RSASSA-PSS needs its parameters')
      return pssAlgorithm(readPssParameters(r, 'parameters'))
    }
    if (oid === Oid.rsaEncryption && digest !== undefined) {
      if (!r.done) r.null('parameters')
      const found = ENTRIES.find(({ row }) => row.scheme === 'RSASSA-PKCS1-v1_5' && row.hash === digest.name)
      if (found === undefined) throw badParameters(field, `RSA PKCS#1 v1.5 is not used with ${digest.name}`)
      return found.algorithm
    }
    const found = BY_OID.get(oid)
    if (found === undefined) {
      throw new AlgorithmError('ERR_ALGORITHM_UNKNOWN', `${field}: unknown signature algorithm ${oid}`)
    }
    // RFC 4055 section 5: absent parameters are to be taken like NULL.
    if (!r.done && found.row.parameters === 'null') r.null('parameters')
    else if (!r.done) throw badParameters(field, `${found.row.scheme} has no parameters`)
    return found.algorithm
  })
}

function badParameters(field: string, message: string): AlgorithmError {
  return new AlgorithmError('ERR_ALGORITHM_PARAMETERS', `${field}: ${message}`)
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

/** How to choose among the algorithms a key can sign with. */
export interface SignatureAlgorithmChoice {
  /** Default: SHA-256 for RSA and P-256, SHA-384 for P-384, SHA-512 for P-521. Not for EdDSA. */
  hash?: 'SHA-256' | 'SHA-384' | 'SHA-512' | undefined
  /** RSASSA-PSS in place of PKCS#1 v1.5, with a salt as long as the hash unless a length in bytes is given. */
  pss?: boolean | { saltLength: number } | undefined
}

/**
 * Chooses the algorithm to sign with, from the key.
 *
 * @param key the public key that will verify
 * @throws AlgorithmError `ERR_ALGORITHM_KEY_MISMATCH` where the choice does not fit the key
 * @example
 * ```ts
 * import { generateKeyPairSync } from 'node:crypto'
 * import { importPublicKey, signatureAlgorithmFor } from 'sealkit/algorithms'
 * const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' })
 * const key = importPublicKey(publicKey.export({ format: 'der', type: 'spki' }))
 * signatureAlgorithmFor(key).hash?.name // 'SHA-384'
 * ```
 */
export function signatureAlgorithmFor(key: PublicKey, choice: SignatureAlgorithmChoice = {}): SignatureAlgorithm {
  if (choice.hash !== undefined && !SIGNING_HASHES.has(choice.hash)) {
    throw new TypeError(`hash must be SHA-256, SHA-384 or SHA-512 for signing, got ${choice.hash}`)
  }
  if (choice.pss && key.type !== 'RSA' && key.type !== 'RSA-PSS') throw mismatch(`${key.type} keys know no PSS`)
  switch (key.type) {
    case 'RSA':
      if (!choice.pss) return find('RSASSA-PKCS1-v1_5', choice.hash ?? 'SHA-256')
      return choosePss(choice)
    case 'RSA-PSS':
      return choosePss(choice, key.pss)
    case 'EC':
      return find('ECDSA', choice.hash ?? CURVE_HASH[key.curve ?? 'P-256'])
    default:
      if (choice.hash !== undefined) throw mismatch(`${key.type} has its own hash`)
      return find(key.type, undefined)
  }
}

const SIGNING_HASHES = new Set<HashName>(['SHA-256', 'SHA-384', 'SHA-512'])
const CURVE_HASH = { 'P-256': 'SHA-256', 'P-384': 'SHA-384', 'P-521': 'SHA-512' } as const

function find(scheme: SignatureScheme, hash: HashName | undefined): SignatureAlgorithm {
  const found = ENTRIES.find(({ row }) => row.scheme === scheme && row.hash === hash)
  return (found as (typeof ENTRIES)[number]).algorithm
}

function choosePss(choice: SignatureAlgorithmChoice, restricted?: PssParameters): SignatureAlgorithm {
  const hash = hashAlgorithm(choice.hash ?? restricted?.hash.name ?? 'SHA-256')
  const asked = typeof choice.pss === 'object' ? choice.pss.saltLength : undefined
  const saltLength = asked ?? Math.max(hash.length, restricted?.saltLength ?? 0)
  if (!Number.isInteger(saltLength) || saltLength < 0 || saltLength > 512) {
    throw new TypeError(`saltLength must be 0 to 512 bytes, got ${saltLength}`)
  }
  return pssAlgorithm({ hash, mgfHash: restricted?.mgfHash ?? hash, saltLength })
}

function mismatch(message: string): AlgorithmError {
  return new AlgorithmError('ERR_ALGORITHM_KEY_MISMATCH', message)
}

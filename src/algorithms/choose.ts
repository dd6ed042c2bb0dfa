import { AlgorithmError } from '../errors.ts'
import { type HashName, hashAlgorithm } from './hashes.ts'
import type { PublicKeyShape } from './public-key.ts'
import {
  pssAlgorithm,
  type SignatureAlgorithm,
  type SignatureScheme,
  tableAlgorithm,
} from './signature-algorithm.ts'
import { checkKeyFits, pssHasRoom } from './strength.ts'

/** How to choose among the algorithms a key can sign with. */
export interface SignatureAlgorithmChoice {
  /** Default: SHA-256 for RSA and P-256, SHA-384 for P-384, SHA-512 for P-521. Not for EdDSA and GOST. */
  hash?: 'SHA-256' | 'SHA-384' | 'SHA-512' | undefined
  /** RSASSA-PSS in place of PKCS#1 v1.5, with a salt as long as the hash unless a length in bytes is given. */
  pss?: boolean | { saltLength: number } | undefined
}

/**
 * Chooses the algorithm to sign with, from the key.
 *
 * @param key the public key that will verify
 * @throws AlgorithmError `ERR_ALGORITHM_KEY_MISMATCH` where the choice does not fit the key, or the key is too
 *   short for the salt; `ERR_ALGORITHM_WEAK` for an RSA-PSS key that allows SHA-1 only, and for GOST R 34.10-2001
 * @throws TypeError for a hash or salt length that is none
 * @see RFC 8017 section 8, RFC 4055 section 3.3, RFC 5480 section 4, RFC 9215 section 3
 * @example
 * ```ts
 * import { generateKeyPairSync } from 'node:crypto'
 * import { importPublicKey, signatureAlgorithmFor } from 'sealkit/algorithms'
 * const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' })
 * const key = importPublicKey(publicKey.export({ format: 'der', type: 'spki' }))
 * signatureAlgorithmFor(key).hash?.name // 'SHA-384'
 * ```
 */
export function signatureAlgorithmFor(
  key: PublicKeyShape,
  choice: SignatureAlgorithmChoice = {},
): SignatureAlgorithm {
  if (choice.hash !== undefined && !SIGNING_HASHES.has(choice.hash)) {
    throw new TypeError(`hash must be SHA-256, SHA-384 or SHA-512 for signing, got ${choice.hash}`)
  }
  if (choice.pss && key.type !== 'RSA' && key.type !== 'RSA-PSS')
    throw mismatch(`${key.type} keys know no PSS`)
  switch (key.type) {
    case 'RSA':
      return choice.pss ? choosePss(key, choice) : fromTable('RSASSA-PKCS1-v1_5', choice.hash ?? 'SHA-256')
    case 'RSA-PSS':
      return choosePss(key, choice)
    case 'EC':
      return fromTable('ECDSA', choice.hash ?? CURVE_HASH[key.curve ?? 'P-256'])
    case 'GOST3410-2001': {
      const message = 'GOST R 34.10-2001 signs with GOST R 34.11-94, which is no longer safe'
      throw new AlgorithmError('ERR_ALGORITHM_WEAK', message, {
        hint: 'a key of GOST R 34.10-2012 is needed',
      })
    }
    default:
      if (choice.hash !== undefined) throw mismatch(`${key.type} has its own hash`)
      return fromTable(key.type, OWN_HASH[key.type])
  }
}

const OWN_HASH = {
  Ed25519: undefined,
  Ed448: undefined,
  'GOST3410-2012-256': 'Streebog-256',
  'GOST3410-2012-512': 'Streebog-512',
} as const
const SIGNING_HASHES = new Set<HashName>(['SHA-256', 'SHA-384', 'SHA-512'])
const CURVE_HASH = { 'P-256': 'SHA-256', 'P-384': 'SHA-384', 'P-521': 'SHA-512' } as const

function fromTable(scheme: SignatureScheme, hash: HashName | undefined): SignatureAlgorithm {
  return tableAlgorithm(scheme, hash) as SignatureAlgorithm
}

function choosePss(key: PublicKeyShape, choice: SignatureAlgorithmChoice): SignatureAlgorithm {
  const hash = hashAlgorithm(choice.hash ?? key.pss?.hash.name ?? 'SHA-256')
  const mgfHash = key.pss?.mgfHash ?? hash
  const asked = typeof choice.pss === 'object' ? choice.pss.saltLength : undefined
  const saltLength = asked ?? Math.max(hash.length, key.pss?.saltLength ?? 0)
  if (!Number.isInteger(saltLength) || saltLength < 0) {
    throw new TypeError(`saltLength must be a number of bytes, got ${saltLength}`)
  }
  for (const { weak, name } of [hash, mgfHash]) {
    if (weak)
      throw new AlgorithmError(
        'ERR_ALGORITHM_WEAK',
        `the RSA-PSS key allows ${name} only, which is no longer safe`,
      )
  }
  const algorithm = pssAlgorithm({ hash, mgfHash, saltLength })
  checkKeyFits(algorithm, key)
  if (!pssHasRoom(algorithm, key)) {
    throw mismatch(
      `an RSA key of ${key.bits} bits is too short for ${hash.name} with ${saltLength} bytes of salt`,
    )
  }
  return algorithm
}

function mismatch(message: string): AlgorithmError {
  return new AlgorithmError('ERR_ALGORITHM_KEY_MISMATCH', message)
}

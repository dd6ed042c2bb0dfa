import type { DerReader } from '../../asn1/index.ts'
import { overLimit } from '../errors.ts'
import type { Bounds } from '../limits.ts'
import type { PrfHash } from './hmac.ts'
import { EncryptionOid } from './oids.ts'
import { pbkdf2 } from './pbkdf2.ts'
import { type ScryptCost, scrypt, scryptMemory } from './scrypt.ts'

/** A key derivation of PBES2, ready to be used. */
export interface KeyDerivation {
  /** `PBKDF2 HMAC-SHA-256`, `scrypt`. */
  readonly name: string
  /** Iterations; N for scrypt. */
  readonly iterations: number
  readonly weak: boolean
  /** Length of the key, where it is said. */
  readonly keyLength: number | undefined
  /** Work for a key of so many bytes, in iterations. */
  cost(keyLength: number): number
  derive(password: Uint8Array, keyLength: number): Promise<Uint8Array<ArrayBuffer>>
}

/** What a key derivation's parameters give: the function, or the OID of a PRF that is not known. */
export type Derivation = KeyDerivation | { readonly unknown: string }

/** Fewer iterations than that make guessing cheap. */
export const FEW_ITERATIONS = 1000

/** HMAC as PBKDF2's pseudorandom function (RFC 8018 appendix B.1), with the length of its output in bytes. */
const PRFS: ReadonlyMap<string, { hash: PrfHash; length: number }> = new Map([
  [EncryptionOid.hmacWithSHA1, { hash: 'SHA-1', length: 20 }],
  [EncryptionOid.hmacWithSHA224, { hash: 'SHA-224', length: 28 }],
  [EncryptionOid.hmacWithSHA256, { hash: 'SHA-256', length: 32 }],
  [EncryptionOid.hmacWithSHA384, { hash: 'SHA-384', length: 48 }],
  [EncryptionOid.hmacWithSHA512, { hash: 'SHA-512', length: 64 }],
  [EncryptionOid['hmacWithSHA512-224'], { hash: 'SHA-512/224', length: 28 }],
  [EncryptionOid['hmacWithSHA512-256'], { hash: 'SHA-512/256', length: 32 }],
])

/**
 * Reads PBKDF2-params (RFC 8018 A.2) and checks the iterations against the limit.
 *
 * @param r inside the AlgorithmIdentifier, behind its OID
 */
export function readPbkdf2(r: DerReader, bounds: Bounds): Derivation {
  return r.sequence('parameters', (s) => {
    const at = s.offset
    const salt = s.octetString('salt.specified')
    if (salt.length === 0) s.fail('ERR_ASN1_VALUE', 'empty', at, 'salt.specified')
    const iterations = readIterations(s, bounds)
    const keyLength = s.nextTag === 0x02 ? s.smallInteger('keyLength', 1, 0xffff) : undefined
    const oid = s.done ? EncryptionOid.hmacWithSHA1 : s.sequence('prf', readPrf)
    const prf = PRFS.get(oid)
    if (prf === undefined) return { unknown: oid }
    return {
      name: `PBKDF2 HMAC-${prf.hash}`,
      iterations,
      weak: iterations < FEW_ITERATIONS,
      keyLength,
      cost: (length) => iterations * Math.ceil(length / prf.length),
      derive: (password, length) => pbkdf2(prf.hash, password, salt, iterations, length),
    }
  })
}

function readPrf(r: DerReader): string {
  const oid = r.oid('algorithm')
  if (!PRFS.has(oid)) while (!r.done) r.element('parameters')
  else if (!r.done) r.null('parameters')
  return oid
}

/** An iteration count, bounded before any work is done. */
export function readIterations(r: DerReader, bounds: Bounds): number {
  const iterations = r.smallInteger('iterationCount', 1, Number.MAX_SAFE_INTEGER)
  const most = Math.min(bounds.maxIterations, 0x7fffffff)
  if (iterations <= most) return iterations
  throw overLimit(
    `the key asks for ${iterations} iterations of key derivation; at most ${most} are made`,
    'maxIterations',
  )
}

/** Reads scrypt-params (RFC 7914 section 7) and checks memory and work against the limits. */
export function readScrypt(r: DerReader, bounds: Bounds): Derivation {
  return r.sequence('parameters', (s) => {
    const salt = s.octetString('salt')
    const at = s.offset
    const N = s.smallInteger('costParameter', 2, Number.MAX_SAFE_INTEGER)
    const blockSize = s.smallInteger('blockSize', 1, 2 ** 30)
    const p = s.smallInteger('parallelizationParameter', 1, 2 ** 30)
    const keyLength = s.done ? undefined : s.smallInteger('keyLength', 1, 0xffff)
    const cost = { N, r: blockSize, p }
    checkScrypt(cost, bounds)
    if (!Number.isInteger(Math.log2(N)) || (blockSize === 1 && N >= 2 ** 16)) {
      s.fail('ERR_ASN1_VALUE', 'must be a power of 2, below 2^(16 * blockSize)', at, 'costParameter')
    }
    return {
      name: 'scrypt',
      iterations: N,
      weak: N * blockSize * p < 2 ** 14,
      keyLength,
      cost: () => N * blockSize * p,
      derive: (password, length) => scrypt(password, salt, cost, length),
    }
  })
}

function checkScrypt(cost: ScryptCost, bounds: Bounds): void {
  const memory = scryptMemory(cost)
  if (memory > bounds.maxScryptMemory) {
    throw overLimit(
      `the key asks for ${memory} bytes of memory (scrypt); at most ${bounds.maxScryptMemory} are used`,
      'maxScryptMemory',
    )
  }
  const work = cost.N * cost.r * cost.p
  if (work <= bounds.maxScryptCost) return
  throw overLimit(
    `the key asks for scrypt of cost ${work}; at most ${bounds.maxScryptCost} is spent`,
    'maxScryptCost',
  )
}

import { pbkdf2, scrypt } from 'node:crypto'
import { promisify } from 'node:util'
import type { DerReader } from '../../asn1/index.ts'
import { overLimit } from '../errors.ts'
import type { Bounds } from '../limits.ts'
import { EncryptionOid } from './oids.ts'

/** Makes a key of so many bytes from a password, on libuv's pool. */
export type KeyDerivation = (password: Uint8Array, keyLength: number) => Promise<Buffer>

/** HMAC as PBKDF2's pseudorandom function (RFC 8018 appendix B.1) by OID, with node:crypto's name. */
const PRFS: ReadonlyMap<string, string> = new Map([
  [EncryptionOid.hmacWithSHA1, 'sha1'],
  [EncryptionOid.hmacWithSHA224, 'sha224'],
  [EncryptionOid.hmacWithSHA256, 'sha256'],
  [EncryptionOid.hmacWithSHA384, 'sha384'],
  [EncryptionOid.hmacWithSHA512, 'sha512'],
])

const pbkdf2Async = promisify(pbkdf2)
const scryptAsync = promisify(scrypt) as (
  password: Uint8Array,
  salt: Uint8Array,
  keyLength: number,
  options: { N: number; r: number; p: number; maxmem: number },
) => Promise<Buffer>

/** What a key derivation's parameters give: the function, or the OID of a PRF that is not known. */
export type Derivation =
  | { readonly derive: KeyDerivation; readonly keyLength: number | undefined }
  | { readonly unknown: string }

/**
 * Reads PBKDF2-params (RFC 8018 A.2) and checks the iterations against the limit.
 *
 * @param r inside the AlgorithmIdentifier, behind its OID
 */
export function readPbkdf2(r: DerReader, bounds: Bounds): Derivation {
  return r.sequence('parameters', (s) => {
    const salt = s.octetString('salt.specified')
    const iterations = readIterations(s, bounds)
    const keyLength = s.nextTag === 0x02 ? s.smallInteger('keyLength', 1, 0xffff) : undefined
    const prf = s.done ? EncryptionOid.hmacWithSHA1 : s.sequence('prf', readPrf)
    const hash = PRFS.get(prf)
    if (hash === undefined) return { unknown: prf }
    return { keyLength, derive: (password, length) => pbkdf2Async(password, salt, iterations, length, hash) }
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
    const memory = 128 * blockSize * (N + p)
    if (memory > bounds.maxScryptMemory) {
      throw overLimit(
        `the key asks for ${memory} bytes of memory (scrypt); at most ${bounds.maxScryptMemory} are used`,
        'maxScryptMemory',
      )
    }
    if (N * blockSize * p > bounds.maxScryptCost) {
      throw overLimit(
        `the key asks for scrypt of cost ${N * blockSize * p}; at most ${bounds.maxScryptCost} is spent`,
        'maxScryptCost',
      )
    }
    if (!Number.isInteger(Math.log2(N)) || (blockSize === 1 && N >= 2 ** 16)) {
      s.fail('ERR_ASN1_VALUE', 'must be a power of 2, below 2^(16 * blockSize)', at, 'costParameter')
    }
    // OpenSSL counts some buffers more than RFC 7914 does.
    const options = { N, r: blockSize, p, maxmem: memory + 1024 * blockSize + 65_536 }
    return { keyLength, derive: (password, length) => scryptAsync(password, salt, length, options) }
  })
}

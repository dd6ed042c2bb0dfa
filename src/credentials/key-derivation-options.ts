import type { Pbes2Options } from './encryption/encrypt.ts'

/** How the key of a cipher is made from the password. */
export interface KeyDerivationOptions {
  /** `scrypt` (RFC 7914, N = 2^14, r = 8, p = 5) costs an attacker memory too; Java, NSS and forge do not know it. Default `PBKDF2`. */
  kdf?: 'PBKDF2' | 'scrypt' | undefined
  /** The hash of PBKDF2's HMAC. Default `SHA-256`. */
  prf?: 'SHA-1' | 'SHA-256' | 'SHA-384' | 'SHA-512' | undefined
  /** Iterations of PBKDF2 or the PKCS#12 key derivation, from 1,000 to 5,000,000; at most 10,000,000 in a file. */
  iterations?: number | undefined
}

/**
 * Iterations where none are asked for. High, and still below what careful readers allow by default: .NET's
 * X509CertificateLoader stops at 300,000 for one derivation and at 1,000,000 for all of a file's contents. NSS,
 * GnuTLS and Firefox, with 600,000, make files that it does not open.
 */
export const DEFAULT_ITERATIONS = 250_000

const ITERATIONS = { min: 1000, max: 5_000_000 }

/** 16 MiB, since OpenSSL refuses more than 32; p makes up for it. As OWASP's password storage cheat sheet has it. */
const SCRYPT = { name: 'scrypt', N: 2 ** 14, r: 8, p: 5 } as const

const PRFS = ['SHA-1', 'SHA-256', 'SHA-384', 'SHA-512'] as const
const KDFS = ['PBKDF2', 'scrypt'] as const

/** PBKDF2 or scrypt, for PBES2. */
export function derivationOf(options: KeyDerivationOptions, byDefault: number): Pbes2Options['kdf'] {
  const prf = oneOf('prf', options.prf, PRFS)
  const iterations = iterationCount('iterations', options.iterations)
  if (oneOf('kdf', options.kdf, KDFS) !== 'scrypt') {
    return { name: 'PBKDF2', prf: prf ?? 'SHA-256', iterations: iterations ?? byDefault }
  }
  if (prf !== undefined || iterations !== undefined) {
    throw new TypeError('scrypt has neither prf nor iterations: leave them out')
  }
  return SCRYPT
}

/** @throws TypeError for a value that is not known */
export function oneOf<T extends string>(
  name: string,
  value: T | undefined,
  known: readonly T[],
): T | undefined {
  if (value === undefined || known.includes(value)) return value
  throw new TypeError(`${name} must be one of ${known.join(', ')}`)
}

/** @throws TypeError for what is no number of iterations that is written */
export function iterationCount(name: string, value: number | undefined): number | undefined {
  if (value === undefined) return undefined
  const { min, max } = ITERATIONS
  if (Number.isInteger(value) && value >= min && value <= max) return value
  throw new TypeError(`${name} must be a whole number from ${min} to ${max}`)
}

import type { Pbes2Options } from '../encryption/encrypt.ts'
import type { KdfHash } from '../encryption/pkcs12-kdf.ts'
import { withDefaults } from '../limits.ts'
import type { Password } from '../password.ts'

/** Who is to open a PKCS#12 file: see `writePkcs12`. */
export type Pkcs12Profile = 'modern' | 'legacy' | 'java'

/** Ciphers that a PKCS#12 file is written with: AES in PBES2 (RFC 8018), or triple DES of RFC 7292 appendix C. */
export type Pkcs12Encryption = 'AES-256-CBC' | 'AES-192-CBC' | 'AES-128-CBC' | 'PBE-SHA1-3DES'

/** Integrity checks that a PKCS#12 file is written with; `PBMAC1` (RFC 9579) is with HMAC-SHA-256. */
export type Pkcs12Mac = 'HMAC-SHA-1' | 'HMAC-SHA-256' | 'HMAC-SHA-384' | 'HMAC-SHA-512' | 'PBMAC1'

/** How the key of a cipher is made from the password. */
export interface KeyDerivationOptions {
  /** `scrypt` (RFC 7914, N = 2^14, r = 8, p = 5) costs an attacker memory too; Java, NSS and forge do not know it. Default `PBKDF2`. */
  kdf?: 'PBKDF2' | 'scrypt' | undefined
  /** The hash of PBKDF2's HMAC. Default `SHA-256`. */
  prf?: 'SHA-1' | 'SHA-256' | 'SHA-384' | 'SHA-512' | undefined
  /** Iterations of PBKDF2 or the PKCS#12 key derivation, from 1,000 to 5,000,000; at most 10,000,000 in a file. */
  iterations?: number | undefined
}

/** Options of {@link writePkcs12}. What is not given, the profile decides. */
export interface WritePkcs12Options extends KeyDerivationOptions {
  /**
   * Protects the file. The empty password is one that every reader tries: such a file is encrypted in form and open
   * to everyone in fact.
   */
  password: Password
  /** Default `modern`. */
  profile?: Pkcs12Profile | undefined
  encryption?: Pkcs12Encryption | undefined
  mac?: Pkcs12Mac | undefined
  /** Iterations of the MAC's key derivation, from 1,000 to 5,000,000. Default: as `iterations`. */
  macIterations?: number | undefined
}

/** All that is decided before anything is encrypted. */
export interface Pkcs12Scheme {
  readonly encryption: { readonly pbes1: number } | { readonly pbes2: Pbes2Options }
  readonly mac: { readonly hash: KdfHash; readonly pbmac1: boolean; readonly iterations: number }
  readonly forJava: boolean
}

/**
 * Iterations where none are asked for. High, and still below what careful readers allow by default: .NET's
 * X509CertificateLoader stops at 300,000 for one derivation and at 1,000,000 for all of a file's contents. NSS,
 * GnuTLS and Firefox, with 600,000, make files that it does not open.
 */
export const DEFAULT_ITERATIONS = 250_000
const MOST_IN_ALL = 1_000_000
/** What keytool writes: fewer are not made, however many keys there are. */
export const FEWEST_BY_DEFAULT = 10_000
/** Old programs and devices are slow; Java's keytool took as many for this scheme. */
const LEGACY_ITERATIONS = 50_000

const ITERATIONS = { min: 1000, max: 5_000_000 }

/** 16 MiB, since OpenSSL refuses more than 32; p makes up for it. As OWASP's password storage cheat sheet has it. */
const SCRYPT = { name: 'scrypt', N: 2 ** 14, r: 8, p: 5 } as const

const PROFILES = ['modern', 'legacy', 'java'] as const
const ENCRYPTIONS = ['AES-256-CBC', 'AES-192-CBC', 'AES-128-CBC', 'PBE-SHA1-3DES'] as const
const PRFS = ['SHA-1', 'SHA-256', 'SHA-384', 'SHA-512'] as const
const KDFS = ['PBKDF2', 'scrypt'] as const
const MACS: Readonly<Record<Pkcs12Mac, KdfHash>> = {
  'HMAC-SHA-1': 'SHA-1',
  'HMAC-SHA-256': 'SHA-256',
  'HMAC-SHA-384': 'SHA-384',
  'HMAC-SHA-512': 'SHA-512',
  PBMAC1: 'SHA-256',
}

/**
 * Decides on the algorithms.
 *
 * @param derivations how many things are encrypted, each with a key of its own
 * @throws TypeError for values and combinations that are not to be had
 */
export function schemeOf(options: WritePkcs12Options, derivations: number): Pkcs12Scheme {
  const profile = oneOf('profile', options.profile, PROFILES) ?? 'modern'
  const legacy = profile === 'legacy'
  const cipher =
    oneOf('encryption', options.encryption, ENCRYPTIONS) ?? (legacy ? 'PBE-SHA1-3DES' : 'AES-256-CBC')
  const mac =
    oneOf('mac', options.mac, Object.keys(MACS) as Pkcs12Mac[]) ?? (legacy ? 'HMAC-SHA-1' : 'HMAC-SHA-256')
  const byDefault = legacy ? LEGACY_ITERATIONS : spread(derivations)
  const given = count('iterations', options.iterations)
  const iterations = given ?? byDefault
  const macIterations =
    count('macIterations', options.macIterations) ??
    given ??
    (legacy ? LEGACY_ITERATIONS : DEFAULT_ITERATIONS)
  if (cipher === 'PBE-SHA1-3DES' && (options.kdf !== undefined || options.prf !== undefined)) {
    throw new TypeError('PBE-SHA1-3DES has a key derivation of its own: leave out kdf and prf')
  }
  const encryption =
    cipher === 'PBE-SHA1-3DES'
      ? { pbes1: iterations }
      : { pbes2: { cipher, kdf: derivationOf(options, iterations) } }
  mustBeOpenable(derivations * costOf(encryption) + macIterations)
  return {
    encryption,
    mac: { hash: MACS[mac], pbmac1: mac === 'PBMAC1', iterations: macIterations },
    forJava: profile === 'java',
  }
}

/** PBKDF2 or scrypt, for PBES2. */
export function derivationOf(options: KeyDerivationOptions, byDefault: number): Pbes2Options['kdf'] {
  const prf = oneOf('prf', options.prf, PRFS)
  const iterations = count('iterations', options.iterations)
  if (oneOf('kdf', options.kdf, KDFS) !== 'scrypt') {
    return { name: 'PBKDF2', prf: prf ?? 'SHA-256', iterations: iterations ?? byDefault }
  }
  if (prf !== undefined || iterations !== undefined) {
    throw new TypeError('scrypt has neither prf nor iterations: leave them out')
  }
  return SCRYPT
}

/** Iterations of one derivation, as readers count them: of the hash, for each block of key and IV. */
function costOf(encryption: Pkcs12Scheme['encryption']): number {
  if ('pbes1' in encryption) return 3 * encryption.pbes1
  const { cipher, kdf } = encryption.pbes2
  if (kdf.name === 'scrypt') return kdf.N * kdf.r * kdf.p
  return kdf.prf === 'SHA-1' && cipher !== 'AES-128-CBC' ? 2 * kdf.iterations : kdf.iterations
}

/** What is written here is read here, by default limits. */
function mustBeOpenable(cost: number): void {
  const { maxTotalIterations } = withDefaults()
  if (cost <= maxTotalIterations) return
  throw new TypeError(
    `the key derivations of the file add up to ${cost} iterations, and readers allow ${maxTotalIterations}: ask for fewer`,
  )
}

/** A file with many keys has fewer iterations for each. */
function spread(derivations: number): number {
  const each = Math.floor(MOST_IN_ALL / Math.max(derivations, 1))
  return Math.max(FEWEST_BY_DEFAULT, Math.min(DEFAULT_ITERATIONS, each))
}

function oneOf<T extends string>(name: string, value: T | undefined, known: readonly T[]): T | undefined {
  if (value === undefined || known.includes(value)) return value
  throw new TypeError(`${name} must be one of ${known.join(', ')}`)
}

function count(name: string, value: number | undefined): number | undefined {
  if (value === undefined) return undefined
  const { min, max } = ITERATIONS
  if (Number.isInteger(value) && value >= min && value <= max) return value
  throw new TypeError(`${name} must be a whole number from ${min} to ${max}`)
}

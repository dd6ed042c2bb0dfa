import type { Pbes2Options } from '../encryption/encrypt.ts'
import type { KdfHash } from '../encryption/pkcs12-kdf.ts'
import {
  DEFAULT_ITERATIONS,
  derivationOf,
  iterationCount,
  type KeyDerivationOptions,
  oneOf,
} from '../key-derivation-options.ts'
import { withDefaults } from '../limits.ts'
import type { Password } from '../password.ts'

/** Who is to open a PKCS#12 file: see `writePkcs12`. */
export type Pkcs12Profile = 'modern' | 'legacy' | 'java'

/** Ciphers that a PKCS#12 file is written with: AES in PBES2 (RFC 8018), or triple DES of RFC 7292 appendix C. */
export type Pkcs12Encryption = 'AES-256-CBC' | 'AES-192-CBC' | 'AES-128-CBC' | 'PBE-SHA1-3DES'

/** Integrity checks that a PKCS#12 file is written with; `PBMAC1` (RFC 9579) is with HMAC-SHA-256. */
export type Pkcs12Mac = 'HMAC-SHA-1' | 'HMAC-SHA-256' | 'HMAC-SHA-384' | 'HMAC-SHA-512' | 'PBMAC1'

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

/** What .NET's X509CertificateLoader allows for all of a file's contents. */
const MOST_IN_ALL = 1_000_000
/** What keytool writes: fewer are not made, however many keys there are. */
export const FEWEST_BY_DEFAULT = 10_000
/** Old programs and devices are slow; Java's keytool took as many for this scheme. */
const LEGACY_ITERATIONS = 50_000

const PROFILES = ['modern', 'legacy', 'java'] as const
const ENCRYPTIONS = ['AES-256-CBC', 'AES-192-CBC', 'AES-128-CBC', 'PBE-SHA1-3DES'] as const
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
  const given = iterationCount('iterations', options.iterations)
  const iterations = given ?? byDefault
  const macIterations =
    iterationCount('macIterations', options.macIterations) ??
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

/** Bounds on the work that a key or certificate file can ask for, checked before it is done. */
export interface CredentialLimits {
  /** Largest input in bytes (characters for a string). Default 1 MiB. */
  maxBytes?: number | undefined
  /** Most PEM blocks, certificates of a bundle, or safes and bags of a PKCS#12 file. Default 1000. */
  maxBlocks?: number | undefined
  /** Highest iteration count of PBKDF2 and of the PKCS#12 key derivation. Default 5,000,000: some seconds. */
  maxIterations?: number | undefined
  /** Most iterations of all key derivations that a PKCS#12 file asks for together. Default 10,000,000. */
  maxTotalIterations?: number | undefined
  /** Most memory for scrypt in bytes: 128 * r * (N + p). Default 256 MiB. */
  maxScryptMemory?: number | undefined
  /** Highest N * r * p of scrypt, which its time follows. Default 2^22: some seconds. */
  maxScryptCost?: number | undefined
}

/** {@link CredentialLimits} with every bound set. */
export type Bounds = { readonly [name in keyof CredentialLimits]-?: number }

const DEFAULTS: Bounds = {
  maxBytes: 1024 * 1024,
  maxBlocks: 1000,
  maxIterations: 5_000_000,
  maxTotalIterations: 10_000_000,
  maxScryptMemory: 256 * 1024 * 1024,
  maxScryptCost: 2 ** 22,
}

/**
 * Fills in the defaults.
 *
 * @throws TypeError for a limit that is no number from 0 up: NaN would switch it off
 */
export function withDefaults(limits: CredentialLimits = {}): Bounds {
  const bounds: Record<keyof Bounds, number> = { ...DEFAULTS }
  for (const name of Object.keys(DEFAULTS) as (keyof Bounds)[]) {
    const value = limits[name]
    if (value === undefined) continue
    if (typeof value !== 'number' || !(value >= 0)) throw new TypeError(`${name} must be a number from 0 up`)
    bounds[name] = value
  }
  return bounds
}

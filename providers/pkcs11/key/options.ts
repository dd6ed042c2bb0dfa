import type { SignatureAlgorithmChoice } from '../../../src/algorithms/index.ts'
import type { CredentialLimits } from '../../../src/credentials/index.ts'
import type { Source } from '../../../src/credentials/source.ts'
import type { Certificate } from '../../../src/x509/index.ts'
import type { CryptokiFactory } from '../cryptoki/load.ts'
import type { Pin } from '../token/pin.ts'

/** Which module is used. */
export interface ModuleChoice {
  /** Path of the module, or its name as in p11-kit's configuration. Default: the URI's, SEALKIT_PKCS11_MODULE, all known. */
  module?: string | undefined
  /** For modules that want parameters at their start (NSS: `configdir='sql:DIR' …`). */
  libraryParameters?: string | undefined
  /** Paths of the modules that may be loaded; others are refused. Default: any. Loading a module runs its code. */
  allowedModules?: readonly string[] | undefined
  /**
   * Makes the interface to modules in place of pkcs11js: for tests.
   *
   * @internal
   */
  cryptoki?: CryptokiFactory | undefined
}

/** Options of `openPkcs11Key`. */
export interface Pkcs11KeyOptions extends ModuleChoice, SignatureAlgorithmChoice {
  /** The key as a URI (RFC 7512): `pkcs11:token=…;object=…` or `;id=%01`. */
  key: string
  /**
   * The token's PIN: a function is asked whenever it is needed, and is best. Default: pin-source or pin-value in the URI.
   */
  pin?: Pin | undefined
  /** The key's certificate, where the token does not hold it. */
  certificate?: Source | Certificate | readonly Certificate[] | undefined
  /** Issuers of the certificate, in any order, beside those in the token. */
  chain?: Source | Certificate | readonly Certificate[] | undefined
  /** Signatures in flight at once, each in a session of its own. Default 4, as libuv has threads; at most 64. */
  maxSessions?: number | undefined
  /** Signatures that may wait behind them. Default 10,000. */
  maxWaiting?: number | undefined
  /** How long one may wait, in milliseconds. Default 60,000. */
  waitTimeout?: number | undefined
  /** Tries a PIN even where one more wrong one would lock the token. Default false. */
  useFinalTry?: boolean | undefined
  /**
   * Runs the module in a thread or a process of its own, with the same interface: calls that block (a PIN pad, a slow
   * token's login) then do not stop this thread, and in a `process` a module that crashes ends only that. Default: here.
   */
  isolation?: 'thread' | 'process' | undefined
  /** Smallest RSA modulus in bits. Default 2048. */
  minRsaBits?: number | undefined
  /** Bounds on files with certificates. */
  limits?: CredentialLimits | undefined
  /** Ends the opening with its reason; not the signing. */
  signal?: AbortSignal | undefined
}

/** Bounds of a key's signatures at once, with defaults. */
export function permitLimits(options: Pkcs11KeyOptions): {
  size: number
  maxWaiting: number
  waitTimeout: number
} {
  const whole = (
    name: 'maxSessions' | 'maxWaiting' | 'waitTimeout',
    least: number,
    most: number,
    otherwise: number,
  ) => {
    const value = options[name] ?? otherwise
    if (Number.isInteger(value) && value >= least && value <= most) return value
    throw new TypeError(`${name} must be a whole number from ${least} to ${most}, got ${value}`)
  }
  return {
    size: whole('maxSessions', 1, 64, 4),
    maxWaiting: whole('maxWaiting', 0, 1_000_000, 10_000),
    waitTimeout: whole('waitTimeout', 1, 86_400_000, 60_000),
  }
}

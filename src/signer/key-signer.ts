import type { SignatureAlgorithm } from '../algorithms/index.ts'
import type { Certificate } from '../x509/index.ts'

/** What a call that may take long can be given. */
export interface SignCallOptions {
  /** Ends the call with the signal's reason. */
  signal?: AbortSignal | undefined
}

/**
 * One private key that signs bytes, with its certificate. Software keys, PKCS#11 tokens and remote keys
 * implement this; `cmsSigner` makes a {@link Signer} of it.
 *
 * It takes the bytes to sign, not a digest: node:crypto signs no prehashed data, and tokens choose their own
 * mechanism.
 */
export interface KeySigner extends AsyncDisposable {
  /** The signer's certificate. */
  readonly certificate: Certificate
  /** Issuers of the certificate, the nearest first; may be empty or without the root. */
  readonly chain: readonly Certificate[]
  /** What {@link sign} makes. */
  readonly algorithm: SignatureAlgorithm
  /**
   * Signs.
   *
   * @param data the bytes to be hashed and signed
   * @returns the signature as X.509 and CMS carry it (ECDSA: DER SEQUENCE of r and s)
   */
  sign(data: Uint8Array, options?: SignCallOptions): Promise<Uint8Array>
}

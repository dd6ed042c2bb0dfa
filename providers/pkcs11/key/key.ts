import type { KeySigner, SignCallOptions } from '../../../src/signer/index.ts'
import type { TokenInfo } from '../token/token.ts'
import type { TokenEvent, TokenListener } from './listeners.ts'

/**
 * A private key in a token, from `openPkcs11Key`. It can be shared by any number of callers. When the token is lost it
 * is found again, with one more try of each signature that was in flight.
 *
 * Printed or written as JSON it shows algorithm, subject and the key's URI, which holds no PIN. Disposing it waits for
 * what is in flight, closes its sessions, and with the last key of a module finalises the module.
 */
export interface Pkcs11Key extends KeySigner {
  /** The key, so that this URI finds it and no other. */
  readonly uri: string
  /** The token, as it was when the key was opened. */
  readonly token: TokenInfo
  /** Path of the module. */
  readonly module: string
  /** Sentences for the user. */
  readonly warnings: readonly string[]
  /**
   * Listens for the token's being lost, which a signature finds out, and its being back, which a later one does.
   *
   * @returns stops listening
   */
  on(event: TokenEvent, listener: TokenListener): () => void
  /**
   * Signs with the token. The signature is verified with the certificate before it is handed out.
   *
   * @param data the bytes to be hashed and signed; copied
   * @returns as X.509 and CMS carry it
   * @throws TokenError `ERR_TOKEN_LOST` where the token is gone and was not found again, `ERR_TOKEN_BUSY`,
   *   `ERR_TOKEN_PIN_*`, `ERR_TOKEN_SIGNATURE_WRONG`, `ERR_TOKEN_FAILED`
   * @throws SignerError `ERR_SIGNER_DISPOSED`; the signal's reason
   */
  sign(data: Uint8Array, options?: SignCallOptions): Promise<Uint8Array>
}

/** The public side, for people. */
export function keyText({ algorithm, certificate, uri }: Pkcs11Key): string {
  return `${algorithm.scheme} key of ${certificate.subject} in ${uri}`
}

/** The public side. */
export function keyJson({ algorithm, certificate, uri, module }: Pkcs11Key): Record<string, string> {
  return { scheme: algorithm.scheme, subject: `${certificate.subject}`, uri, module }
}

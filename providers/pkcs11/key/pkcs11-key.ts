import { inspect } from 'node:util'
import type { SignatureAlgorithm } from '../../../src/algorithms/index.ts'
import { SignerError } from '../../../src/errors.ts'
import type { KeySigner, SignCallOptions } from '../../../src/signer/index.ts'
import type { Certificate } from '../../../src/x509/index.ts'
import { isLoss, tokenError } from '../cryptoki/ckr.ts'
import { type Connection, hasNoSession } from '../token/connection.ts'
import { isGone, lostError, type TokenLink } from '../token/link.ts'
import type { Permits } from '../token/permits.ts'
import type { TokenInfo } from '../token/token.ts'
import { keyUri } from '../token/token-uri.ts'
import { settleOrAbort } from './abort.ts'
import { Listeners, type TokenEvent, type TokenListener } from './listeners.ts'
import type { TokenSignature } from './token-signature.ts'

/** What a {@link Pkcs11Key} is made of. */
export interface Pkcs11KeyParts {
  readonly link: TokenLink
  readonly first: Connection
  readonly permits: Permits
  readonly signature: TokenSignature
  readonly certificate: Certificate
  readonly chain: readonly Certificate[]
  readonly warnings: readonly string[]
}

/**
 * A private key in a token, from `openPkcs11Key`. It can be shared by any number of callers. When the token is lost it
 * is found again, with one more try of each signature that was in flight.
 *
 * Printed or written as JSON it shows algorithm, subject and the key's URI, which holds no PIN. Disposing it waits for
 * what is in flight, closes its sessions, and with the last key of a module finalises the module.
 */
export class Pkcs11Key implements KeySigner {
  readonly certificate: Certificate
  readonly chain: readonly Certificate[]
  readonly algorithm: SignatureAlgorithm
  /** The key, so that this URI finds it and no other. */
  readonly uri: string
  /** The token, as it was when the key was opened. */
  readonly token: TokenInfo
  /** Path of the module. */
  readonly module: string
  /** Sentences for the user. */
  readonly warnings: readonly string[]
  readonly #parts: Pkcs11KeyParts
  readonly #listeners = new Listeners()
  #isLost = false
  #disposing: Promise<void> | undefined

  constructor(parts: Pkcs11KeyParts) {
    const { slot, key } = parts.first
    this.#parts = parts
    this.certificate = parts.certificate
    this.chain = parts.chain
    this.algorithm = parts.signature.algorithm
    this.token = slot.token as TokenInfo
    this.uri = keyUri(this.token, key)
    this.module = slot.module.path
    this.warnings = parts.warnings
  }

  /**
   * Listens for the token's being lost, which a signature finds out, and its being back, which a later one does.
   *
   * @returns stops listening
   */
  on(event: TokenEvent, listener: TokenListener): () => void {
    return this.#listeners.add(event, listener)
  }

  /**
   * Signs with the token. The signature is verified with the certificate before it is handed out.
   *
   * @param data the bytes to be hashed and signed; copied
   * @returns as X.509 and CMS carry it
   * @throws TokenError `ERR_TOKEN_LOST` where the token is gone and was not found again, `ERR_TOKEN_BUSY`,
   *   `ERR_TOKEN_PIN_*`, `ERR_TOKEN_SIGNATURE_WRONG`, `ERR_TOKEN_FAILED`
   * @throws SignerError `ERR_SIGNER_DISPOSED`; the signal's reason
   */
  async sign(data: Uint8Array, { signal }: SignCallOptions = {}): Promise<Uint8Array> {
    if (!(data instanceof Uint8Array)) throw new TypeError('data must be a Uint8Array')
    if (this.#disposing !== undefined)
      throw new SignerError('ERR_SIGNER_DISPOSED', 'the key has been disposed of')
    signal?.throwIfAborted()
    const copy = Uint8Array.from(data)
    const { permits } = this.#parts
    for (;;) {
      const release = await permits.take(signal)
      // What the token has begun it ends, also where nobody waits for it any more.
      const signing = this.#signTwice(copy).finally(release)
      try {
        return await settleOrAbort(signing, signal)
      } catch (error) {
        if (!hasNoSession(error) || permits.size === 1) throw tokenError(error, 'cannot sign')
        permits.shrink(permits.size - 1)
      }
    }
  }

  /** A second time where the token was lost, and never for another reason. */
  async #signTwice(data: Uint8Array): Promise<Uint8Array> {
    const { link } = this.#parts
    let connection: Connection | undefined
    try {
      connection = await link.connection()
      return await this.#signOnce(connection, data)
    } catch (error) {
      if (!isGone(error)) throw error
      if (connection !== undefined) link.giveUp(connection)
      this.#tellLost(error)
    }
    try {
      return await this.#signOnce(await link.connection(), data)
    } catch (error) {
      throw isGone(error) || isLoss(error) ? lostError(error) : error
    }
  }

  async #signOnce(connection: Connection, data: Uint8Array): Promise<Uint8Array> {
    const signature = await this.#parts.signature.make(connection, data)
    if (this.#isLost) {
      this.#isLost = false
      this.#listeners.tell('back', { uri: this.uri })
    }
    return signature
  }

  #tellLost(error: unknown): void {
    if (this.#isLost) return
    this.#isLost = true
    this.#listeners.tell('lost', { uri: this.uri, reason: tokenError(error, 'lost', 'ERR_TOKEN_LOST') })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposing ??= this.#dispose()
    await this.#disposing
  }

  async #dispose(): Promise<void> {
    await this.#parts.permits.close()
    await this.#parts.link.close()
    this.#listeners.clear()
  }

  /** The public side. */
  toString(): string {
    return `${this.algorithm.scheme} key of ${this.certificate.subject} in ${this.uri}`
  }
  /** The public side. */
  toJSON(): Record<string, string> {
    const { scheme } = this.algorithm
    return { scheme, subject: `${this.certificate.subject}`, uri: this.uri, module: this.module }
  }
  /** @internal */
  [inspect.custom](): string {
    return `Pkcs11Key { ${this} }`
  }
}

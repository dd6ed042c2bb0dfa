import { inspect } from 'node:util'
import type { SignatureAlgorithm } from '../../../src/algorithms/index.ts'
import { SignerError } from '../../../src/errors.ts'
import type { SignCallOptions } from '../../../src/signer/index.ts'
import type { Certificate } from '../../../src/x509/index.ts'
import { isLoss, tokenError } from '../cryptoki/ckr.ts'
import { type Connection, hasNoSession } from '../token/connection.ts'
import { isGone, lostError, type TokenLink } from '../token/link.ts'
import type { Permits } from '../token/permits.ts'
import type { TokenInfo } from '../token/token.ts'
import { keyUri } from '../token/token-uri.ts'
import { manyMayListen, settleOrAbort } from './abort.ts'
import { keyJson, keyText, type Pkcs11Key } from './key.ts'
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

/** A {@link Pkcs11Key} whose module runs in this thread. */
export class LocalKey implements Pkcs11Key {
  readonly certificate: Certificate
  readonly chain: readonly Certificate[]
  readonly algorithm: SignatureAlgorithm
  readonly uri: string
  readonly token: TokenInfo
  readonly module: string
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

  on(event: TokenEvent, listener: TokenListener): () => void {
    return this.#listeners.add(event, listener)
  }

  async sign(data: Uint8Array, { signal }: SignCallOptions = {}): Promise<Uint8Array> {
    if (!(data instanceof Uint8Array)) throw new TypeError('data must be a Uint8Array')
    if (this.#disposing !== undefined)
      throw new SignerError('ERR_SIGNER_DISPOSED', 'the key has been disposed of')
    signal?.throwIfAborted()
    manyMayListen(signal)
    const copy = new Uint8Array(data)
    const { permits } = this.#parts
    for (;;) {
      const permit = await permits.take(signal)
      let waits = false
      const signing = this.#signTwice(copy).then(
        (signature) => {
          permit.giveBack()
          return signature
        },
        (error) => {
          if (hasNoSession(error)) waits = permit.retire()
          else permit.giveBack()
          throw error
        },
      )
      try {
        // What the token has begun it ends, also where nobody waits for it any more.
        return await settleOrAbort(signing, signal)
      } catch (error) {
        if (!waits) throw tokenError(error, 'cannot sign')
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

  toString(): string {
    return keyText(this)
  }
  toJSON(): Record<string, string> {
    return keyJson(this)
  }
  [inspect.custom](): string {
    return `Pkcs11Key { ${this} }`
  }
}

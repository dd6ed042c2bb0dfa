import type { MoexClient } from '../../src/auth/moex/client.ts'
import type { TokenSet } from '../../src/auth/token-set.ts'
import type { CmsSignature, Content } from '../../src/cms/index.ts'
import type { Signer } from '../../src/signer/index.ts'

/** A signature over a MOEX Passport Token. */
export interface Signed {
  /** The token's bytes are secret. */
  readonly content: Content
  readonly signature: CmsSignature
}

/** One login of MOEX, seen in its three parts: each ends with the error of the part, or of one before it. */
export class WatchedLogin {
  /** There is a MOEX Passport Token. */
  readonly passport: Promise<unknown>
  readonly signed: Promise<Signed>
  readonly token: Promise<TokenSet>

  constructor(client: MoexClient, watched: WatchedSigner, signal: AbortSignal | undefined) {
    this.token = client.token({ signal })
    const over = this.token.then(() => undefined)
    this.passport = Promise.race([watched.asked, over])
    this.signed = Promise.race([
      watched.signed,
      over.then(() => {
        throw new Error('there was a login without a signature')
      }),
    ])
    // Whoever waits for one of them hears of it.
    for (const part of [this.passport, this.signed, this.token]) part.catch(() => {})
  }
}

/** A signer that tells when it is asked, and what it signed. Disposing of it leaves the signer itself open. */
export class WatchedSigner implements Signer {
  readonly asked: Promise<unknown>
  readonly signed: Promise<Signed>
  readonly #signer: Signer
  #ask: (content: Content) => void = () => {}
  #settle: (signed: Promise<Signed>) => void = () => {}

  constructor(signer: Signer) {
    this.#signer = signer
    this.asked = new Promise((resolve) => {
      this.#ask = resolve
    })
    this.signed = new Promise((resolve) => {
      this.#settle = resolve
    })
    this.signed.catch(() => {})
  }

  get family(): Signer['family'] {
    return this.#signer.family
  }

  async signDetached(
    content: Content,
    options?: Parameters<Signer['signDetached']>[1],
  ): Promise<CmsSignature> {
    this.#ask(content)
    const signing = this.#signer.signDetached(content, options)
    this.#settle(signing.then((signature) => ({ content, signature })))
    return await signing
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

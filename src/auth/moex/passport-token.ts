import { inspect } from 'node:util'

/** How the MOEX Passport handed its token out. */
export type PassportShape = 'cookie' | 'body'

/**
 * A MOEX Passport Token: what is signed for an access token. `inspect` and JSON show no secret.
 *
 * @example
 * ```ts
 * import type { MoexClient } from 'sealkit/auth'
 * declare const moex: MoexClient
 * const passport = await moex.passport()
 * console.log(passport.shape, passport.expiresAt)
 * ```
 */
export class PassportToken {
  readonly #value: string
  /** When it ends, by our own clock; undefined where the server did not say. */
  readonly expiresAt: Date | undefined
  /** Whether it was a cookie or the answer's body. */
  readonly shape: PassportShape

  constructor(value: string, shape: PassportShape, expiresAt?: Date) {
    this.#value = value
    this.shape = shape
    this.expiresAt = expiresAt
  }

  /** Exactly as the server wrote it. Its UTF-8 bytes are what is signed. Secret. */
  get value(): string {
    return this.#value
  }

  /** Without the value. */
  toJSON(): Record<string, unknown> {
    return { shape: this.shape, length: this.#value.length, expiresAt: this.expiresAt }
  }

  /** Without the value. */
  [inspect.custom](): string {
    return `PassportToken ${inspect(this.toJSON())}`
  }
}

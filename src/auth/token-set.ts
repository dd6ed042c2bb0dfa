import { createHash } from 'node:crypto'
import { inspect } from 'node:util'
import type { TokenKey } from './token-key.ts'

/** A token as stores keep it. Secret. Times are milliseconds since 1970, by our own clock. */
export interface StoredToken {
  readonly accessToken: string
  readonly refreshToken?: string | undefined
  readonly scope?: string | undefined
  readonly issuedAt: number
  readonly expiresAt: number
  readonly refreshExpiresAt?: number | undefined
}

/** An access token (RFC 6749 section 5.1) with what came with it. `inspect` and JSON show no secret. */
export class TokenSet {
  readonly #stored: StoredToken

  constructor(stored: StoredToken) {
    this.#stored = { ...stored }
  }

  /** What stands behind `Bearer ` (RFC 6750). Secret. */
  get accessToken(): string {
    return this.#stored.accessToken
  }

  /** Undefined where the server gave none. Secret. */
  get refreshToken(): string | undefined {
    return this.#stored.refreshToken
  }

  /** The granted scopes, divided by blanks; undefined where the server did not say. */
  get scope(): string | undefined {
    return this.#stored.scope
  }

  /** When it was asked for, by our own clock. */
  get issuedAt(): Date {
    return new Date(this.#stored.issuedAt)
  }

  /** When it ends, by our own clock: counted from `issuedAt`, so that a server's wrong clock does no harm. */
  get expiresAt(): Date {
    return new Date(this.#stored.expiresAt)
  }

  /** When the refresh token ends; undefined where the server did not say. */
  get refreshExpiresAt(): Date | undefined {
    const { refreshExpiresAt } = this.#stored
    return refreshExpiresAt === undefined ? undefined : new Date(refreshExpiresAt)
  }

  /** With its secrets: for a store. */
  toStored(): StoredToken {
    return { ...this.#stored }
  }

  /** Without secrets. */
  toJSON(): Record<string, unknown> {
    return {
      scope: this.scope,
      issuedAt: this.issuedAt,
      expiresAt: this.expiresAt,
      hasRefreshToken: this.refreshToken !== undefined,
      refreshExpiresAt: this.refreshExpiresAt,
    }
  }

  /** Without secrets. */
  [inspect.custom](): string {
    return `TokenSet ${inspect(this.toJSON())}`
  }
}

/** The name under which stores keep a key's token: 43 letters, digits, `-` and `_`. */
export function tokenKeyId({ platform, host, account, scope }: TokenKey): string {
  return createHash('sha256')
    .update(JSON.stringify([platform, host, account, scope]))
    .digest('base64url')
}

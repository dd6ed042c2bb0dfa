import { randomBytes } from 'node:crypto'
import type { JWTPayload } from 'jose'
import type { Faults } from './faults.ts'
import type { TokenKey } from './token-key.ts'

/** Who may do what. */
export interface Grant {
  readonly subject: string
  /** Divided by blanks. */
  readonly scope: string
  /** Further claims of the JWT. */
  readonly claims?: JWTPayload | undefined
}

/** What {@link TokenDesk} is given. */
export interface TokenDeskOptions {
  readonly key: TokenKey
  /** Claim `iss`. */
  readonly issuer: string
  readonly faults: Faults
  /** The server's clock: milliseconds since 1970. */
  now(): number
  /** Seconds. */
  readonly expiresIn: number
  readonly refreshExpiresIn: number
}

/** What a token endpoint answers (RFC 6749 section 5.1). */
export interface IssuedTokens {
  readonly access_token: string
  readonly refresh_token?: string
  readonly scope: string
  readonly token_type: 'Bearer'
  readonly expires_in: number
}

interface Login {
  readonly grant: Grant
  ended: boolean
}

interface Held {
  readonly login: Login
  readonly expiresAt: number
  /** A refresh token that was used, and replaced by another. */
  used?: boolean
}

/** So many tokens of each kind are remembered. */
const MOST = 10_000

/** Issues access and refresh tokens, and knows those that are good. */
export class TokenDesk {
  readonly #options: TokenDeskOptions
  readonly #access = new Map<string, Held>()
  readonly #refresh = new Map<string, Held>()

  constructor(options: TokenDeskOptions) {
    this.#options = options
  }

  /** Tokens for a new login. */
  async issue(grant: Grant): Promise<IssuedTokens> {
    const login: Login = { grant, ended: false }
    const access = await this.#accessToken(login)
    if (this.#options.faults.refreshTokens === 'none') return access
    return { ...access, refresh_token: this.#refreshToken(login) }
  }

  /** Tokens for a refresh token, of a subject where one is given. @returns undefined where it is not good */
  async refresh(
    token: string,
    subject?: string,
  ): Promise<{ tokens: IssuedTokens; grant: Grant } | undefined> {
    const { refreshTokens = 'rotate' } = this.#options.faults
    const held = this.#refresh.get(token)
    if (held === undefined || held.login.ended || held.expiresAt <= this.#options.now()) return undefined
    const { login } = held
    if (subject !== undefined && login.grant.subject !== subject) return undefined
    if (held.used) {
      if (refreshTokens === 'single-use') login.ended = true
      return undefined
    }
    if (refreshTokens === 'none') return undefined
    const access = await this.#accessToken(login)
    if (refreshTokens === 'keep') return { tokens: access, grant: login.grant }
    held.used = true
    return { tokens: { ...access, refresh_token: this.#refreshToken(login) }, grant: login.grant }
  }

  /** Whose access token it is. @returns undefined where it is unknown, expired or revoked */
  check(token: string | undefined): Grant | undefined {
    const held = this.#access.get(token ?? '')
    if (held === undefined || held.login.ended || held.expiresAt <= this.#options.now()) return undefined
    return held.login.grant
  }

  /** Ends all access tokens; refresh tokens too where they are not to be kept. */
  revoke({ keepRefreshTokens = false }: { keepRefreshTokens?: boolean } = {}): void {
    this.#access.clear()
    if (!keepRefreshTokens) this.#refresh.clear()
  }

  async #accessToken(login: Login): Promise<Omit<IssuedTokens, 'refresh_token'>> {
    const { key, issuer, expiresIn } = this.#options
    const { subject, scope, claims } = login.grant
    const now = this.#options.now()
    const jwt = await key.sign({ iss: issuer, sub: subject, scope, ...claims }, now, expiresIn)
    remember(this.#access, jwt, { login, expiresAt: now + expiresIn * 1000 })
    return { access_token: jwt, scope, token_type: 'Bearer', expires_in: expiresIn }
  }

  #refreshToken(login: Login): string {
    const token = randomBytes(32).toString('base64url')
    const expiresAt = this.#options.now() + this.#options.refreshExpiresIn * 1000
    remember(this.#refresh, token, { login, expiresAt })
    return token
  }
}

/** The oldest is forgotten where there are too many. */
function remember<T>(map: Map<string, T>, key: string, value: T): void {
  const [oldest] = map.size >= MOST ? map.keys() : []
  if (oldest !== undefined) map.delete(oldest)
  map.set(key, value)
}

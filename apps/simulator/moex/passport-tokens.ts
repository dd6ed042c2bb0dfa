import { randomBytes } from 'node:crypto'

/** So many are remembered. */
const MOST = 10_000

interface Held {
  readonly login: string
  readonly expiresAt: number
}

/** MOEX Passport Tokens: each is for one login at the token endpoint, and ends. */
export class PassportTokens {
  readonly #tokens = new Map<string, Held>()
  readonly #lifetime: number
  readonly #now: () => number

  /** @param lifetime seconds @param now the server's clock, in milliseconds since 1970 */
  constructor(lifetime: number, now: () => number) {
    this.#lifetime = lifetime
    this.#now = now
  }

  /** A new one. It ends in `%3D`: who decodes what is signed or sent is found out. */
  issue(login: string): string {
    const token = encodeURIComponent(randomBytes(98).toString('base64'))
    const [oldest] = this.#tokens.size >= MOST ? this.#tokens.keys() : []
    if (oldest !== undefined) this.#tokens.delete(oldest)
    this.#tokens.set(token, { login, expiresAt: this.#now() + this.#lifetime * 1000 })
    return token
  }

  /** Whose it is; undefined where it is unknown, used or expired. */
  ownerOf(token: string): string | undefined {
    const held = this.#tokens.get(token)
    return held === undefined || held.expiresAt <= this.#now() ? undefined : held.login
  }

  /** Ends one. @returns whether it was there until now */
  use(token: string): boolean {
    return this.#tokens.delete(token)
  }

  /** Ends all. */
  clear(): void {
    this.#tokens.clear()
  }
}

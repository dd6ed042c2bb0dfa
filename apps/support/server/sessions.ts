import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { Refusal } from './refusal.ts'

/** The one-time address, and the one session that it opens. */
export class Sessions {
  /** Of the address. Secret until it was used. */
  readonly token = secret()
  #session: string | undefined

  /** @throws Refusal 403 for a token that is wrong, or was used */
  open(token: unknown): string {
    if (typeof token !== 'string' || !isSame(token, this.token)) {
      throw new Refusal(403, {
        code: 'ERR_SUPPORT_TOKEN',
        message: 'The address is not the one that was printed.',
      })
    }
    if (this.#session !== undefined) {
      throw new Refusal(403, { code: 'ERR_SUPPORT_USED', message: 'The address was used before.' })
    }
    this.#session = secret()
    return this.#session
  }

  /** @throws Refusal 401 */
  check(authorization: string | undefined): void {
    const [, given] = /^Bearer ([\w-]+)$/.exec(authorization ?? '') ?? []
    if (given !== undefined && this.#session !== undefined && isSame(given, this.#session)) return
    const message = 'The request has no session.'
    throw new Refusal(401, { code: 'ERR_SUPPORT_SESSION', message }, { 'www-authenticate': 'Bearer' })
  }
}

function secret(): string {
  return randomBytes(32).toString('base64url')
}

/** Takes the same time wherever they differ. */
function isSame(one: string, other: string): boolean {
  return timingSafeEqual(digest(one), digest(other))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

import { randomUUID } from 'node:crypto'
import { exportJWK, generateKeyPair, type JSONWebKeySet, type JWTPayload, SignJWT } from 'jose'

/** The key that a simulator's JWTs (RFC 7519) are signed with: ES256. */
export class TokenKey {
  readonly #kid: string
  readonly #keys: Awaited<ReturnType<typeof generateKeyPair>>

  private constructor(keys: Awaited<ReturnType<typeof generateKeyPair>>) {
    this.#keys = keys
    this.#kid = randomUUID()
  }

  static async create(): Promise<TokenKey> {
    return new TokenKey(await generateKeyPair('ES256'))
  }

  /** @param now milliseconds since 1970 @param expiresIn seconds */
  async sign(claims: JWTPayload, now: number, expiresIn: number): Promise<string> {
    const iat = Math.floor(now / 1000)
    return await new SignJWT({ ...claims, jti: randomUUID() })
      .setProtectedHeader({ typ: 'JWT', alg: 'ES256', kid: this.#kid })
      .setIssuedAt(iat)
      .setNotBefore(iat)
      .setExpirationTime(iat + expiresIn)
      .sign(this.#keys.privateKey)
  }

  /** What verifies them (RFC 7517). */
  async jwks(): Promise<JSONWebKeySet> {
    const jwk = await exportJWK(this.#keys.publicKey)
    return { keys: [{ ...jwk, kid: this.#kid, use: 'sig', alg: 'ES256' }] }
  }
}

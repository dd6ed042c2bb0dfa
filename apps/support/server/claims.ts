import { decodeJwt, type TokenSet } from '../../../src/auth/index.ts'
import { AuthError } from '../../../src/errors.ts'
import type { Claims } from '../api.ts'

/** What a token says of itself; undefined where it is no JWT that we can read, which is the server's own matter. */
export function unverifiedClaims({ accessToken }: TokenSet): Claims | undefined {
  try {
    const { header, payload } = decodeJwt(accessToken)
    return { verified: false, header, payload }
  } catch (error) {
    if (error instanceof AuthError) return undefined
    throw error
  }
}

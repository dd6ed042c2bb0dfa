import type { TokenSet } from '../../../src/auth/token-set.ts'
import { AuthError } from '../../../src/errors.ts'
import { textOf } from '../../clients/settings.ts'
import type { Facts } from '../facts.ts'
import { type Finding, failure, known, type Step } from '../step.ts'

/** A login that the user did not want. */
export const NO_LOGIN: Finding = { outcome: 'skipped', seen: ['no login is wanted (--no-login)'] }

/** What a token is called in the report. */
export function tokenSeen(token: TokenSet): string[] {
  return [`a token until ${token.expiresAt.toISOString()}`]
}

/**
 * A refusal, with what is ruled out already.
 *
 * @param narrowed what it may still be
 */
export function refusedLogin(error: unknown, narrowed: string): Finding {
  if (error instanceof AuthError && error.code === 'ERR_AUTH_REFUSED')
    return failure(error, { todo: narrowed })
  throw error
}

/** Whether what was asked for was granted. A token with less is refused later, where nobody knows why. */
export function scopesStep(missingIs: 'fail' | 'warning'): Step<Facts> {
  return {
    name: 'scopes',
    title: 'scopes of the token',
    needs: ['token'],
    run: (facts) => {
      const { scope } = known(facts.token, 'the token')
      const asked = words(textOf(known(facts.profile, 'the profile'), 'scope') ?? '')
      // RFC 6749 section 5.1: not named where they are those asked for.
      if (scope === undefined) return { seen: [`${asked.join(' ')}, as asked for`] }
      const granted = words(scope)
      const missing = asked.filter((word) => !granted.includes(word))
      if (missing.length === 0) return { seen: [granted.join(' ')] }
      const message = `not granted: ${missing.join(' ')}; the token has ${scope || 'none'}`
      const hint = 'have the user granted the API, or ask for another scope (setting scope)'
      if (missingIs === 'warning') return { outcome: 'warning', seen: [message], todo: hint }
      return failure(new AuthError('ERR_AUTH_SCOPE', message, { hint }))
    },
  }
}

function words(scope: string): string[] {
  return scope.split(/\s+/).filter((word) => word !== '')
}

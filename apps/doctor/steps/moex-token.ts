import { AuthError } from '../../../src/errors.ts'
import type { MoexFacts } from '../moex-facts.ts'
import { type Finding, failure, known, type Step } from '../step.ts'
import { WatchedLogin, type WatchedSigner } from '../watched-login.ts'
import { goodSigner } from './signer.ts'
import { NO_LOGIN, tokenSeen } from './token.ts'

/** Login and password: once. The rest of the login goes on behind it. */
export function passportStep(watched: (facts: MoexFacts) => WatchedSigner): Step<MoexFacts> {
  return {
    name: 'passport',
    title: 'MOEX Passport Token (login)',
    needs: ['passport-answer', 'token-answer', 'test-signature', 'signer-certificate'],
    run: async (facts) => {
      const { login = true, signal } = facts.options
      if (!login) return NO_LOGIN
      facts.login = new WatchedLogin(known(facts.client, 'the client'), watched(facts), signal)
      try {
        await facts.login.passport
        return { seen: ['login and password are right'] }
      } catch (error) {
        return denied(error)
      }
    },
  }
}

function denied(error: unknown): Finding {
  if (!(error instanceof AuthError) || error.code !== 'ERR_AUTH_PASSPORT_DENIED') throw error
  return failure(error, { todo: `${error.hint}; when it is corrected: sealkit token clear` })
}

/** The signature that MOEX gets. */
export const signatureStep: Step<MoexFacts> = {
  name: 'signature',
  title: 'signature over the MOEX Passport Token',
  needs: ['passport'],
  run: async (facts) => {
    const { content, signature } = await known(facts.login, 'the login').signed
    const { certificate } = await goodSigner(facts, signature, content)
    return { seen: [`by ${certificate.subject}, verified here over the token's very bytes`] }
  },
}

/** The exchange for an access token. */
export const tokenStep: Step<MoexFacts> = {
  name: 'token',
  title: 'access token',
  needs: ['signature'],
  run: async (facts) => {
    try {
      const token = await known(facts.login, 'the login').token
      facts.token = token
      return { seen: tokenSeen(token) }
    } catch (error) {
      return refused(error)
    }
  },
}

const NARROWED =
  'the password is right, the signature is good and its certificate has not expired. So it is one of these: client-id or client-secret (of this environment?); the certificate is not registered to the user at MOEX; the clock of this machine. Correct it before the next try, and then: sealkit token clear'

/** Where the server says which, as Keycloak does (RFC 6749 section 5.2). */
const BY_WORDS: readonly (readonly [RegExp, string])[] = [
  [
    /unauthorized_client|invalid_client|client credentials/i,
    'client-id or client-secret is wrong, or of the other environment: look at what MOEX sent you; then: sealkit token clear',
  ],
  [
    /passport token .*(expired|invalid|used)/i,
    'the MOEX Passport Token was not good any more when it came there: look at the clock of this machine, and whether passport-url and token-url are of the same environment; then: sealkit token clear',
  ],
  [
    /signature/i,
    'the signature is good, and not by a certificate that is registered to this user: have the certificate registered at MOEX, or sign with the key that is; then: sealkit token clear',
  ],
]

function refused(error: unknown): Finding {
  if (!(error instanceof AuthError) || error.code !== 'ERR_AUTH_REFUSED') throw error
  const known = BY_WORDS.find(([words]) => words.test(error.message))
  return failure(error, { todo: known?.[1] ?? NARROWED })
}

import { AuthError } from '../../errors.ts'
import type { Signer } from '../../signer/index.ts'
import type { MoexSettings } from './options.ts'
import type { PassportToken } from './passport-token.ts'
import { requestPassport } from './request-passport.ts'

/** MOEX's word for a key's algorithm. */
export type MoexAlgorithm = 'RSA' | 'GOST'

/** A MOEX Passport Token with the signature over it. */
export interface SignedPassport {
  readonly passport: PassportToken
  readonly algorithm: MoexAlgorithm
  /** A detached CMS in base64 without line ends. */
  readonly signature: string
}

/**
 * Gets a MOEX Passport Token and has it signed. The signer comes first: whoever is asked for a PIN does not let a
 * token grow old.
 *
 * @throws AuthError `ERR_AUTH_SIGNER` for another key than RSA or GOST, and those of the passport; the signer's errors
 */
export async function signedPassport(settings: MoexSettings, signal?: AbortSignal): Promise<SignedPassport> {
  if (typeof settings.signer !== 'function') return await signWith(settings.signer, settings, signal)
  await using signer = await settings.signer()
  return await signWith(signer, settings, signal)
}

async function signWith(
  signer: Signer,
  settings: MoexSettings,
  signal?: AbortSignal,
): Promise<SignedPassport> {
  const algorithm = algorithmOf(signer)
  // Once more where the first has ended while somebody looked for the card.
  for (let tries = 0; tries < 2; tries++) {
    const passport = await requestPassport(settings, signal)
    const cms = await signer.signDetached(passport.value, signal === undefined ? {} : { signal })
    const alive = passport.expiresAt === undefined || passport.expiresAt.getTime() > settings.now()
    if (alive) return { passport, algorithm, signature: cms.base64() }
  }
  const message = 'the MOEX Passport Token ended before its signature was made, twice'
  const hint = 'find out why the signer takes so long, or whether the clock of this machine jumps'
  throw new AuthError('ERR_AUTH_PASSPORT_MISSING', message, { hint })
}

function algorithmOf({ family }: Signer): MoexAlgorithm {
  if (family === 'RSA' || family === 'GOST') return family
  const message = `MOEX takes signatures of RSA and GOST keys, not of ${family} keys`
  const hint = 'sign with the RSA or GOST key whose certificate MOEX registered to the user'
  throw new AuthError('ERR_AUTH_SIGNER', message, { hint })
}

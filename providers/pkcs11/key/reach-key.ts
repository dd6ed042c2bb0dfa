import { SignerError } from '../../../src/errors.ts'
import type { Certificate } from '../../../src/x509/index.ts'
import { tokenError } from '../cryptoki/ckr.ts'
import { findModules } from '../modules/index.ts'
import type { Connection } from '../token/connection.ts'
import { withToken } from '../token/find-token.ts'
import { TokenLink } from '../token/link.ts'
import { Permits } from '../token/permits.ts'
import { PinSource } from '../token/pin.ts'
import type { TokenInfo } from '../token/token.ts'
import { parsePkcs11Uri } from '../uri/index.ts'
import { finderOf, finderOfSame } from './find-key.ts'
import { type Pkcs11KeyOptions, permitLimits } from './options.ts'
import { pinOf } from './pin-of-uri.ts'

/** A key that was found, and the way to it. */
export interface ReachedKey {
  readonly link: TokenLink
  readonly first: Connection
  readonly permits: Permits
}

/**
 * Finds token and key of a URI, and logs in.
 *
 * @param certificates of several keys the one that these are for is meant
 * @param use makes what is handed out; where it fails, all is closed again
 */
export async function reachKey<T>(
  options: Pkcs11KeyOptions,
  certificates: readonly Certificate[] | undefined,
  use: (reached: ReachedKey) => T,
): Promise<T> {
  const limits = permitLimits(options)
  const uri = parsePkcs11Uri(options.key)
  if (uri.type !== undefined && uri.type !== 'private') throw notPrivate(uri.type)
  const candidates = await findModules({ ...options, uri })
  return await withToken(uri, candidates, options, async ({ module }) => {
    const pins = new PinSource(pinOf(options.pin, uri))
    const login = { pins, useFinalTry: options.useFinalTry === true, signal: options.signal }
    const link = new TokenLink(module, finderOf(uri, certificates), login)
    module.join(link)
    try {
      const first = await link.connection(options.signal)
      link.finder = finderOfSame(first.slot.token as TokenInfo, first.key)
      const permits = new Permits({ ...limits, size: sessionsOf(first, limits.size) })
      return use({ link, first, permits })
    } catch (error) {
      await link.close()
      throw tokenError(error, 'cannot open the key')
    }
  })
}

/** All but one of the token's sessions, where it says how many it has: others use it too. */
function sessionsOf({ slot }: Connection, wanted: number): number {
  const most = slot.token?.maxSessions ?? 0
  return most === 0 ? wanted : Math.max(1, Math.min(wanted, most - 1))
}

function notPrivate(type: string): SignerError {
  const hint = 'leave type= out, or write type=private; the certificate is found by the key'
  return new SignerError('ERR_SIGNER_URI', `the URI is of an object of type ${type}, which cannot sign`, {
    hint,
  })
}

import { TokenError } from '../../../src/errors.ts'
import { mechanismName } from '../cryptoki/constants.ts'
import { ecdsa, eddsa } from './elliptic.ts'
import { gost } from './gost.ts'
import type { SigningMechanism, SigningNeeds } from './mechanism.ts'
import { rsaPkcs1, rsaPss } from './rsa.ts'

/**
 * The ways to make a signature with a token, the best first: hashing here, so that little goes to the token, then the
 * token's hashing. Only what stands in its list; what the list says of them (CK_MECHANISM_INFO) is not always true.
 *
 * @param offered C_GetMechanismList
 * @throws TokenError `ERR_TOKEN_MECHANISM` where there is none
 */
export function signingMechanisms(offered: readonly number[], needs: SigningNeeds): SigningMechanism[] {
  const list = new Set(offered.map((mechanism) => mechanism >>> 0))
  const ways = waysFor(needs)
  const found = ways.filter(({ mechanism }) => list.has(mechanism.mechanism))
  if (found.length > 0) return found
  const wanted = ways.map(({ mechanism }) => mechanismName(mechanism.mechanism)).join(' or ')
  const { scheme, hash } = needs.algorithm
  const hashed = hash === undefined ? '' : ` with ${hash.name}`
  const hint =
    wanted === ''
      ? 'choose another hash or padding'
      : `the token would have to offer ${wanted}; choose another hash or padding`
  throw new TokenError('ERR_TOKEN_MECHANISM', `the token cannot sign by ${scheme}${hashed}`, { hint })
}

function waysFor(needs: SigningNeeds): SigningMechanism[] {
  switch (needs.algorithm.scheme) {
    case 'RSASSA-PKCS1-v1_5':
      return rsaPkcs1(needs.algorithm)
    case 'RSASSA-PSS':
      return rsaPss(needs.algorithm)
    case 'ECDSA':
      return ecdsa(needs)
    case 'Ed25519':
    case 'Ed448':
      return eddsa()
    default:
      return gost(needs)
  }
}

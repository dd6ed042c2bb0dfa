import { orderGostSignature } from '../../../src/algorithms/gost/token-signature.ts'
import { digest } from '../../../src/algorithms/index.ts'
import { CKM } from '../cryptoki/constants.ts'
import { type SigningMechanism, type SigningNeeds, wholeData } from './mechanism.ts'

/** Those that sign a hash, and those that hash too, by the numbers of the standard and of the vendors. */
const NUMBERS = {
  'GOST3410-2012-256': [CKM.GOSTR3410, CKM.GOSTR3410_WITH_GOSTR3411_12_256],
  'GOST3410-2012-512': [CKM.GOSTR3410_512, CKM.GOSTR3410_WITH_GOSTR3411_12_512],
} as const

/**
 * GOST R 34.10-2012, hashed here, else by the token. The byte order of the answer is the vendor's own: the room of the
 * algorithm finds the one that verifies.
 */
export function gost({ algorithm: { scheme, hash }, publicKey }: SigningNeeds): SigningMechanism[] {
  const key = publicKey.gost
  if (hash === undefined || key === undefined) return []
  if (scheme !== 'GOST3410-2012-256' && scheme !== 'GOST3410-2012-512') return []
  const readings = (raw: Uint8Array, data: Uint8Array): readonly Uint8Array[] => {
    const ordered = orderGostSignature(raw, key, digest(hash, data))
    return ordered === undefined ? [] : [ordered]
  }
  const [signing, hashing] = NUMBERS[scheme]
  return [
    { mechanism: { mechanism: signing }, input: (data) => digest(hash, data), readings },
    { mechanism: { mechanism: hashing }, input: wholeData, readings },
  ]
}

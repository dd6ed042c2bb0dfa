import type { Certificate } from '../../../src/x509/index.ts'
import { findOpenssl, verifyByOpenssl } from './verify-by-openssl.ts'
import { verifyBySealkit } from './verify-by-sealkit.ts'
import type { VerifySignature } from './verify-signature.ts'

/** Who verifies. */
export interface Verifier {
  /** For people: `OpenSSL 3.0.22 (GOST: its engine)`. */
  readonly name: string
  readonly verify: VerifySignature
}

/**
 * Chooses who verifies.
 *
 * @param wanted `auto` is OpenSSL where it is there, and sealkit for what it has not
 * @throws Error where OpenSSL is wanted and not there
 */
export async function chooseVerifier(wanted: 'auto' | 'openssl' | 'sealkit'): Promise<Verifier> {
  const openssl = wanted === 'sealkit' ? undefined : await findOpenssl()
  if (openssl === undefined) {
    if (wanted === 'openssl') throw new Error('the command openssl is not on the path')
    return { name: 'sealkit', verify: verifyBySealkit }
  }
  const plain = verifyByOpenssl(undefined)
  const gost = openssl.gost ? verifyByOpenssl('gost') : verifyBySealkit
  return {
    name: `${openssl.name} (GOST: ${openssl.gost ? 'its engine' : 'sealkit'})`,
    async verify(signature, content, registered) {
      const isGost = ({ publicKey }: Certificate) => publicKey.gost !== undefined
      return (
        (await plain(
          signature,
          content,
          registered.filter((each) => !isGost(each)),
        )) ?? (await gost(signature, content, registered.filter(isGost)))
      )
    },
  }
}

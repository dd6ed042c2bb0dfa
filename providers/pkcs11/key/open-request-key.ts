import {
  importPublicKey,
  type SignatureAlgorithm,
  signatureAlgorithmFor,
} from '../../../src/algorithms/index.ts'
import type { ExternalKey } from '../../../src/credentials/index.ts'
import { TokenError } from '../../../src/errors.ts'
import { printable } from '../../../src/x509/printable.ts'
import { signingMechanisms } from '../mechanisms/choose.ts'
import type { TokenInfo } from '../token/token.ts'
import { keyUri } from '../token/token-uri.ts'
import type { Pkcs11KeyOptions } from './options.ts'
import { reachKey } from './reach-key.ts'
import { TokenSignature } from './token-signature.ts'

/** A key in a token before it has a certificate: for `createCertificateRequest`. */
export interface Pkcs11RequestKey extends ExternalKey, AsyncDisposable {
  readonly algorithm: SignatureAlgorithm
  /** The key, so that this URI finds it and no other. */
  readonly uri: string
}

/**
 * Opens a key in a token that has no certificate yet, to make a certificate request with it. Its public key is the
 * token's word; each signature is verified with it.
 *
 * @throws as `openPkcs11Key`; TokenError `ERR_TOKEN_KEY_NOT_FOUND` where the token does not tell the public key
 * @example
 * ```ts
 * import { createCertificateRequest } from 'sealkit/credentials'
 * import { openPkcs11RequestKey } from 'sealkit/providers/pkcs11'
 * await using key = await openPkcs11RequestKey({ key: 'pkcs11:token=Trader;object=new', pin: () => '…' })
 * const request = await createCertificateRequest({ subject: 'CN=trader,O=Bank,C=LU', key })
 * ```
 */
export async function openPkcs11RequestKey(
  options: Omit<Pkcs11KeyOptions, 'certificate' | 'chain'>,
): Promise<Pkcs11RequestKey> {
  if (typeof options?.key !== 'string') throw new TypeError('key must be a pkcs11: URI')
  return await reachKey(options, undefined, ({ link, first, permits }) => {
    const { slot, key } = first
    if (key.publicKey === undefined) throw noPublicKey(key.label)
    const publicKey = importPublicKey(key.publicKey)
    const { hash, pss, minRsaBits } = options
    const algorithm = signatureAlgorithmFor(publicKey, { hash, pss })
    const offered = slot.module.cryptoki.C_GetMechanismList(slot.slot)
    const mechanisms = signingMechanisms(offered, { algorithm, publicKey })
    const confirmation = { publicKey, whose: 'the public key in the token', minRsaBits }
    const signature = new TokenSignature(algorithm, confirmation, link, mechanisms)
    return {
      algorithm,
      subjectPublicKeyInfo: key.publicKey,
      uri: keyUri(slot.token as TokenInfo, key),
      sign: async (data) => await signature.make(await link.connection(), new Uint8Array(data)),
      async [Symbol.asyncDispose]() {
        await permits.close()
        await link.close()
      },
    }
  })
}

function noPublicKey(label: string): TokenError {
  const hint = 'its public key object must have the same CKA_ID'
  const message = `the token does not tell the public key of "${printable(label)}"`
  return new TokenError('ERR_TOKEN_KEY_NOT_FOUND', message, { hint })
}

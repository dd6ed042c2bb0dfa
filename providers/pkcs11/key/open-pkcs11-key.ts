import { checkStrength, signatureAlgorithmFor } from '../../../src/algorithms/index.ts'
import { readCertificateSource } from '../../../src/credentials/source.ts'
import type { Certificate } from '../../../src/x509/index.ts'
import { openIsolatedKey } from '../isolation/isolated-key.ts'
import { signingMechanisms } from '../mechanisms/choose.ts'
import { findCertificates } from '../objects/certificates.ts'
import { certify } from './certificate.ts'
import type { Pkcs11Key } from './key.ts'
import { LocalKey } from './local-key.ts'
import type { Pkcs11KeyOptions } from './options.ts'
import { type ReachedKey, reachKey } from './reach-key.ts'
import { TokenSignature } from './token-signature.ts'

/**
 * Opens a private key in a token (smart card, USB token, HSM) for signing, through its PKCS#11 module.
 *
 * The token is found by the URI among those of all modules that may be used, the key in it, and its certificate by
 * public key or CKA_ID. Nothing is signed yet: each signature is verified before it is handed out.
 *
 * @throws SignerError `ERR_SIGNER_URI`
 * @throws TokenError `ERR_TOKEN_LIBRARY_MISSING` where pkcs11js is not there, `ERR_TOKEN_MODULE_*`,
 *   `ERR_TOKEN_NOT_FOUND`, `ERR_TOKEN_AMBIGUOUS`, `ERR_TOKEN_KEY_NOT_FOUND`, `ERR_TOKEN_PIN_*`, `ERR_TOKEN_MECHANISM`,
 *   `ERR_TOKEN_FAILED`
 * @throws CredentialError `ERR_CREDENTIAL_NO_CERTIFICATE`, `ERR_CREDENTIAL_KEY_MISMATCH`, those of `readCertificates`
 * @throws AlgorithmError `ERR_ALGORITHM_KEY_MISMATCH`, `ERR_KEY_WEAK`; TypeError for an option of another type
 * @see RFC 7512
 * @example
 * ```ts
 * import { cmsSigner } from 'sealkit'
 * import { openPkcs11Key } from 'sealkit/providers/pkcs11'
 * await using signer = cmsSigner(
 *   await openPkcs11Key({
 *     key: 'pkcs11:token=Trader;object=signing',
 *     pin: () => process.env['TOKEN_PIN'] ?? '',
 *   }),
 * )
 * const signature = await signer.signDetached('the passport token')
 * ```
 */
export async function openPkcs11Key(options: Pkcs11KeyOptions): Promise<Pkcs11Key> {
  if (typeof options?.key !== 'string') throw new TypeError('key must be a pkcs11: URI')
  options.signal?.throwIfAborted()
  const given = await certificatesOf(options.certificate, 'certificate', options)
  const chain = (await certificatesOf(options.chain, 'chain', options)) ?? []
  if (options.isolation !== undefined) return await openIsolatedKey({ ...options, certificate: given, chain })
  return await reachKey(options, given, (reached) => certifiedKey(reached, given, chain, options))
}

function certifiedKey(
  { link, first, permits }: ReachedKey,
  given: readonly Certificate[] | undefined,
  issuers: readonly Certificate[],
  { hash, pss, minRsaBits }: Pkcs11KeyOptions,
): Pkcs11Key {
  const { cryptoki } = link.module
  const session = first.take()
  const inToken = findCertificates(cryptoki, session)
  first.give(session)
  const { certificate, chain } = certify(first.key, inToken, given, issuers)
  const { publicKey } = certificate
  const algorithm = signatureAlgorithmFor(publicKey, { hash, pss })
  checkStrength(algorithm, publicKey, { minRsaBits })
  const offered = cryptoki.C_GetMechanismList(first.slot.slot)
  const mechanisms = signingMechanisms(offered, { algorithm, publicKey })
  const confirmation = { publicKey, whose: `the certificate of ${certificate.subject}`, minRsaBits }
  const signature = new TokenSignature(algorithm, confirmation, link, mechanisms)
  return new LocalKey({ link, first, permits, signature, certificate, chain, warnings: [] })
}

async function certificatesOf(
  source: Pkcs11KeyOptions['certificate'],
  name: string,
  { limits, signal }: Pkcs11KeyOptions,
): Promise<readonly Certificate[] | undefined> {
  return source === undefined ? undefined : await readCertificateSource(source, name, { limits, signal })
}

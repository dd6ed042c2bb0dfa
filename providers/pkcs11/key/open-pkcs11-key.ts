import { checkStrength, signatureAlgorithmFor } from '../../../src/algorithms/index.ts'
import { readCertificateSource } from '../../../src/credentials/source.ts'
import { SignerError } from '../../../src/errors.ts'
import type { Certificate } from '../../../src/x509/index.ts'
import { tokenError } from '../cryptoki/ckr.ts'
import { signingMechanisms } from '../mechanisms/choose.ts'
import { findModules } from '../modules/index.ts'
import { findCertificates } from '../objects/certificates.ts'
import type { Connection } from '../token/connection.ts'
import { withToken } from '../token/find-token.ts'
import { TokenLink } from '../token/link.ts'
import { Permits } from '../token/permits.ts'
import { PinSource } from '../token/pin.ts'
import type { TokenInfo, TokenSlot } from '../token/token.ts'
import { type Pkcs11Uri, parsePkcs11Uri } from '../uri/index.ts'
import { certify } from './certificate.ts'
import { finderOf, finderOfSame } from './find-key.ts'
import { type Pkcs11KeyOptions, permitLimits } from './options.ts'
import { pinOf } from './pin-of-uri.ts'
import { Pkcs11Key } from './pkcs11-key.ts'
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
  const limits = permitLimits(options)
  const uri = parsePkcs11Uri(options.key)
  if (uri.type !== undefined && uri.type !== 'private') throw notPrivate(uri.type)
  const given = await certificatesOf(options.certificate, 'certificate', options)
  const chain = (await certificatesOf(options.chain, 'chain', options)) ?? []
  const candidates = await findModules({ ...options, uri })
  return await withToken(uri, candidates, options, async (slot) => {
    const link = linkTo(slot, uri, given, options)
    try {
      const first = await link.connection(options.signal)
      link.finder = finderOfSame(first.slot.token as TokenInfo, first.key)
      const permits = new Permits({ ...limits, size: sessionsOf(first, limits.size) })
      return keyOf(link, first, permits, given, chain, options)
    } catch (error) {
      await link.close()
      throw tokenError(error, 'cannot open the key')
    }
  })
}

function linkTo(
  { module }: TokenSlot,
  uri: Pkcs11Uri,
  given: readonly Certificate[] | undefined,
  options: Pkcs11KeyOptions,
): TokenLink {
  const pins = new PinSource(pinOf(options.pin, uri))
  const login = { pins, useFinalTry: options.useFinalTry === true, signal: options.signal }
  const link = new TokenLink(module, finderOf(uri, given), login)
  module.join(link)
  return link
}

/** All but one of the token's sessions, where it says how many it has: others use it too. */
function sessionsOf({ slot }: Connection, wanted: number): number {
  const most = slot.token?.maxSessions ?? 0
  return most === 0 ? wanted : Math.max(1, Math.min(wanted, most - 1))
}

function keyOf(
  link: TokenLink,
  first: Connection,
  permits: Permits,
  given: readonly Certificate[] | undefined,
  issuers: readonly Certificate[],
  options: Pkcs11KeyOptions,
): Pkcs11Key {
  const { cryptoki } = link.module
  const session = first.take()
  const inToken = findCertificates(cryptoki, session)
  first.give(session)
  const { certificate, chain } = certify(first.key, inToken, given, issuers)
  const { publicKey } = certificate
  const { hash, pss, minRsaBits } = options
  const algorithm = signatureAlgorithmFor(publicKey, { hash, pss })
  checkStrength(algorithm, publicKey, { minRsaBits })
  const offered = cryptoki.C_GetMechanismList(first.slot.slot)
  const mechanisms = signingMechanisms(offered, { algorithm, publicKey })
  const signature = new TokenSignature(algorithm, certificate, link, mechanisms, minRsaBits)
  return new Pkcs11Key({ link, first, permits, signature, certificate, chain, warnings: [] })
}

async function certificatesOf(
  source: Pkcs11KeyOptions['certificate'],
  name: string,
  { limits, signal }: Pkcs11KeyOptions,
): Promise<readonly Certificate[] | undefined> {
  return source === undefined ? undefined : await readCertificateSource(source, name, { limits, signal })
}

function notPrivate(type: string): SignerError {
  const hint = 'leave type= out, or write type=private; the certificate is found by the key'
  return new SignerError('ERR_SIGNER_URI', `the URI is of an object of type ${type}, which cannot sign`, {
    hint,
  })
}

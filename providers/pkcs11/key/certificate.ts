import { orderChain } from '../../../src/credentials/index.ts'
import { mostUsable } from '../../../src/credentials/match.ts'
import { samePublicKeyInfo } from '../../../src/credentials/public-key-identity.ts'
import { CredentialError } from '../../../src/errors.ts'
import type { Certificate } from '../../../src/x509/index.ts'
import { printable } from '../../../src/x509/printable.ts'
import { certificatesFor, type TokenCertificate } from '../objects/certificates.ts'
import type { TokenKey } from '../objects/private-keys.ts'

/** A key's certificate, and the issuers found. */
export interface Certified {
  readonly certificate: Certificate
  readonly chain: readonly Certificate[]
}

/**
 * Chooses a key's certificate: of those given, else of the token's. By the public key where the token tells it; else by
 * CKA_ID or label, which may lie: then each signature will tell.
 *
 * @throws CredentialError `ERR_CREDENTIAL_NO_CERTIFICATE`, `ERR_CREDENTIAL_KEY_MISMATCH`
 */
export function certify(
  key: TokenKey,
  inToken: readonly TokenCertificate[],
  given: readonly Certificate[] | undefined,
  chain: readonly Certificate[],
): Certified {
  const { publicKey } = key
  const all = inToken.map(({ certificate }) => certificate)
  const fits = (each: Certificate): boolean =>
    publicKey === undefined || samePublicKeyInfo(publicKey, each.subjectPublicKeyInfo)
  const named = certificatesFor(inToken, key).map(({ certificate }) => certificate)
  const offered = given ?? (publicKey === undefined ? named : all)
  const certificate = mostUsable(offered.filter(fits))
  if (certificate === undefined)
    throw given === undefined && named.length === 0 ? none(key) : mismatch(given ?? named)
  return { certificate, chain: orderChain(certificate, [...(given ?? []), ...all, ...chain]) }
}

function none({ label }: TokenKey): CredentialError {
  const hint = 'name a file with the certificate (--cert), or put it on the token: sealkit pkcs11 import'
  const message = `the token holds no certificate for the key "${printable(label)}"`
  return new CredentialError('ERR_CREDENTIAL_NO_CERTIFICATE', message, { hint })
}

function mismatch(certificates: readonly Certificate[]): CredentialError {
  const subjects = certificates.slice(0, 4).map(({ subject }) => `${subject}`)
  const hint =
    'take the certificate that was issued for this key; sealkit pkcs11 objects shows what is on the token'
  const message = `the certificate is not the key's: it is for ${subjects.join(', ')}`
  return new CredentialError('ERR_CREDENTIAL_KEY_MISMATCH', message, { hint })
}

import type { KeyObject } from 'node:crypto'
import {
  checkKeyFits,
  checkStrength,
  type PublicKey,
  type SignatureAlgorithm,
  type SignatureAlgorithmChoice,
  signatureAlgorithmFor,
  verifySignature,
} from '../../src/algorithms/index.ts'
import {
  type CredentialLimits,
  type KeyChoice,
  keyFingerprint,
  orderChain,
  type Password,
  type PrivateKey,
  pickCertificate,
} from '../../src/credentials/index.ts'
import { askedOnce } from '../../src/credentials/password.ts'
import { readCertificateSource, type Source } from '../../src/credentials/source.ts'
import { CredentialError } from '../../src/errors.ts'
import type { Certificate } from '../../src/x509/index.ts'
import { SoftwareKey } from './software-key.ts'
import { publicKeyFor, readKeySource } from './sources.ts'

/** Options of {@link openSoftwareKey}. */
export interface SoftwareKeyOptions extends SignatureAlgorithmChoice {
  /**
   * The private key: name of a file (PEM, DER, PKCS#12) or `file:` URL, PEM text, bytes, a KeyObject, or a PrivateKey,
   * which stays the caller's to dispose of.
   */
  key: Source | KeyObject | PrivateKey
  /** Its certificate, in any order among others. Default: in the key's file. */
  certificate?: Source | Certificate | readonly Certificate[] | undefined
  /** Issuers of the certificate, in any order; those beside the certificate are found anyway. */
  chain?: Source | Certificate | readonly Certificate[] | undefined
  /** Opens an encrypted key; a function is called once, and only where it is needed. */
  password?: Password | undefined
  /** Which key is meant, where its file has several and the certificate does not tell. */
  choose?: KeyChoice | undefined
  /** Takes a PKCS#12 file without MAC: nothing then proves that it is unchanged. Default false. */
  allowMissingMac?: boolean | undefined
  /** Smallest RSA modulus in bits. Default 2048. */
  minRsaBits?: number | undefined
  /** Bounds on files and on the work that an encrypted key can ask for. */
  limits?: CredentialLimits | undefined
  /** Ends the opening with its reason; not the signing. */
  signal?: AbortSignal | undefined
}

/**
 * Opens a private key that lies in a file or in memory, with its certificate, for signing.
 *
 * The certificate is the one whose public key is the key's; of several, one that is valid now. Its issuers are
 * put in order. Before the key is handed out it signs a probe that must verify with the certificate.
 *
 * @throws CredentialError those of `readCredentials`, `chooseKey`, `readCertificates` and `readCredentialFile`;
 *   `ERR_CREDENTIAL_NO_CERTIFICATE` where there is none; `ERR_CREDENTIAL_KEY_MISMATCH` where none is the key's
 * @throws AlgorithmError `ERR_ALGORITHM_KEY_MISMATCH` where `hash` or `pss` do not fit the key; `ERR_KEY_WEAK`
 * @throws TypeError for an option of another type; the signal's reason; what the password function throws
 * @example
 * ```ts
 * import { openSoftwareKey } from 'sealkit/providers/software'
 * await using key = await openSoftwareKey({ key: 'key.pem', certificate: 'cert.pem' })
 * const signature = await key.sign(new TextEncoder().encode('the bytes to sign'))
 * ```
 */
export async function openSoftwareKey(given: SoftwareKeyOptions): Promise<SoftwareKey> {
  if (given?.key === undefined) throw new TypeError('key is needed: the name of a file, PEM text or bytes')
  const options = { ...given, password: askedOnce(given.password) }
  options.signal?.throwIfAborted()
  const certificates = await certificatesOf(options.certificate, 'certificate', options)
  const source = await readKeySource(options.key, certificates, options)
  const publicKey = publicKeyFor(source.key)
  const beside = orThrow(certificates ?? source.certificates)
  const certificate = pickCertificate(beside, publicKey)
  if (certificate === undefined) throw mismatch(beside, publicKey)
  const others = (await certificatesOf(options.chain, 'chain', options)) ?? []
  const algorithm = chooseAlgorithm(certificate.publicKey, publicKey, options)
  checkStrength(algorithm, certificate.publicKey, { minRsaBits: options.minRsaBits })
  const chain = orderChain(certificate, [...beside, ...source.certificates, ...others])
  const key = new SoftwareKey({ key: source.key, certificate, chain, algorithm, warnings: source.warnings })
  await probe(key, options)
  return key
}

async function certificatesOf(
  source: SoftwareKeyOptions['certificate'],
  name: string,
  options: SoftwareKeyOptions,
): Promise<readonly Certificate[] | undefined> {
  return source === undefined ? undefined : await readCertificateSource(source, name, options)
}

function orThrow(found: readonly Certificate[]): readonly Certificate[] {
  if (found.length > 0) return found
  const hint =
    'name the file with the certificate as `certificate` (--cert), or put it into the file of the key'
  const message = 'there is no certificate beside the private key'
  throw new CredentialError('ERR_CREDENTIAL_NO_CERTIFICATE', message, { hint })
}

/** A key may be restricted to PSS by its certificate, or by itself. */
function chooseAlgorithm(
  certified: PublicKey,
  own: PublicKey,
  options: SoftwareKeyOptions,
): SignatureAlgorithm {
  const restricted = certified.type === 'RSA' ? own : certified
  const { hash, pss } = options
  const algorithm = signatureAlgorithmFor(restricted, { hash, pss })
  checkKeyFits(algorithm, certified)
  return algorithm
}

function mismatch(certificates: readonly Certificate[], publicKey: PublicKey): CredentialError {
  const shown = certificates
    .slice(0, 4)
    .map(({ subject, subjectPublicKeyInfo }) => `${subject} (public key ${short(subjectPublicKeyInfo)})`)
  const others = certificates.length > 4 ? ` and ${certificates.length - 4} more` : ''
  const message = `the certificate is not the private key's: the key's public key has SHA-256 ${short(publicKey.spki)}; the certificate is for ${shown.join(', ')}${others}`
  const hint =
    'take the certificate that was issued for this key, or the key that belongs to this certificate'
  return new CredentialError('ERR_CREDENTIAL_KEY_MISMATCH', message, { hint })
}

function short(spki: Uint8Array): string {
  return `${keyFingerprint(spki).slice(0, 16)}…`
}

const PROBE = new TextEncoder().encode('sealkit: does the key sign as its certificate says?')

async function probe(key: SoftwareKey, { minRsaBits, signal }: SoftwareKeyOptions): Promise<void> {
  const signature = await key.sign(PROBE, { signal })
  if (verifySignature(key.algorithm, key.certificate.publicKey, PROBE, signature, { minRsaBits })) return
  const hint = 'the key may be damaged, or node:crypto cannot use these RSA-PSS parameters with it'
  const message = 'what the private key signs does not verify with its certificate'
  throw new CredentialError('ERR_CREDENTIAL_KEY_MISMATCH', message, { hint })
}

import type { PublicKey } from '../algorithms/index.ts'
import { SealkitError } from '../errors.ts'
import { fingerprintOf } from '../x509/fingerprint.ts'
import type { Certificate } from '../x509/index.ts'
import { samePublicKeyInfo } from './public-key-identity.ts'

/**
 * Whether a certificate is for a key: whether its public key is the same one, whatever the encoding (an RSA key
 * may stand as rsaEncryption or RSASSA-PSS). A certificate whose key is damaged or of another kind is not.
 *
 * @param publicKey from `publicKeyOf` or another certificate
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs'
 * import { matchesKey, publicKeyOf, readCertificates, readPrivateKey } from 'sealkit/credentials'
 * const key = await readPrivateKey(readFileSync('key.pem'))
 * const [certificate] = readCertificates(readFileSync('cert.pem'))
 * certificate !== undefined && matchesKey(certificate, publicKeyOf(key)) // true where they belong together
 * ```
 */
export function matchesKey(certificate: Certificate, publicKey: PublicKey): boolean {
  try {
    return sameKey(certificate.publicKey, publicKey)
  } catch (error) {
    if (error instanceof SealkitError) return false
    throw error
  }
}

/** Whether two public keys have the same numbers. */
export function sameKey(one: PublicKey, other: PublicKey): boolean {
  const { keyObject: a } = one
  const { keyObject: b } = other
  if (a === undefined || b === undefined) return a === b && samePublicKeyInfo(one.spki, other.spki)
  // For keys of two kinds `equals` says no, and leaves an error in OpenSSL's queue that makes a later
  // createPrivateKey fail (Node 20).
  return a.asymmetricKeyType === b.asymmetricKeyType && a.equals(b)
}

/**
 * Picks a key's certificate: of several (a renewed one beside the old) one that is valid now, then the one that
 * is valid longest, then the first.
 *
 * @returns undefined where none is the key's
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs'
 * import { pickCertificate, publicKeyOf, readCertificates, readPrivateKey } from 'sealkit/credentials'
 * const key = await readPrivateKey(readFileSync('key.pem'))
 * const certificate = pickCertificate(readCertificates(readFileSync('cert.pem')), publicKeyOf(key))
 * ```
 */
export function pickCertificate(
  certificates: readonly Certificate[],
  publicKey: PublicKey,
): Certificate | undefined {
  return mostUsable(certificates.filter((each) => matchesKey(each, publicKey)))
}

/** Of several certificates one that is valid now, then the one that is valid longest, then the first. */
export function mostUsable(certificates: readonly Certificate[]): Certificate | undefined {
  const now = Date.now()
  const valid = (each: Certificate): number => (+each.notBefore <= now && now <= +each.notAfter ? 1 : 0)
  return [...certificates].sort((a, b) => valid(b) - valid(a) || +b.notAfter - +a.notAfter)[0]
}

/**
 * SHA-256 of a SubjectPublicKeyInfo in lower-case hexadecimal: tells public keys apart in a message.
 *
 * @param spki DER
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs'
 * import { keyFingerprint } from 'sealkit/credentials'
 * import { Certificate } from 'sealkit/x509'
 * keyFingerprint(Certificate.fromPem(readFileSync('cert.pem')).subjectPublicKeyInfo)
 * ```
 */
export function keyFingerprint(spki: Uint8Array): string {
  return fingerprintOf(spki, 'sha256')
}

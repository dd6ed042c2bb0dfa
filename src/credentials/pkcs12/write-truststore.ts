import type { Certificate } from '../../x509/index.ts'
import { mustBeCertificate, type NewCertificate, withoutDuplicates } from '../new-contents.ts'
import { FEWEST_BY_DEFAULT, type WritePkcs12Options } from './write-options.ts'
import { writePkcs12 } from './write-pkcs12.ts'

/** Options of {@link writeTruststore}. */
export interface WriteTruststoreOptions extends Omit<WritePkcs12Options, 'profile'> {
  /** An alias for each certificate, in their order; where one is missing, its common name. */
  aliases?: readonly (string | undefined)[] | undefined
}

/**
 * Writes a truststore for Java: a PKCS#12 file of certificates, each with the attribute by which Java knows a
 * trustedCertEntry, and an alias of its own. What is not given is as in the profile `java` of `writePkcs12`, but
 * for the iterations, which are keytool's 10,000: nothing in the file is secret, and every Java program that starts
 * pays for them. The password proves that nobody exchanged a certificate, as far as it is one that nobody knows.
 *
 * Aliases are made unique as Java compares them, in lower case: it would lose the second certificate of an alias. A
 * certificate that is given twice is written once, under its first alias.
 *
 * @param certificates at least one
 * @throws CredentialError `ERR_CREDENTIAL_PASSWORD_UNSUITABLE` for a password that is not ASCII
 * @throws TypeError as `writePkcs12`; where there are more aliases than certificates
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs'
 * import { readCertificates, writeCredentialFile, writeTruststore } from 'sealkit/credentials'
 * const file = await writeTruststore(readCertificates(readFileSync('cert.pem')), { password: 'changeit' })
 * await writeCredentialFile('truststore.p12', file, { force: true })
 * ```
 */
export async function writeTruststore(
  certificates: readonly Certificate[],
  options: WriteTruststoreOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const { aliases = [], iterations = FEWEST_BY_DEFAULT, ...others } = options
  if (aliases.length > certificates.length) throw new TypeError('there are more aliases than certificates')
  certificates.forEach(mustBeCertificate)
  const entries: NewCertificate[] = certificates.map((certificate, i) => ({
    certificate,
    friendlyName: aliases[i],
    trusted: true,
  }))
  const iterated = options.kdf === 'scrypt' ? { macIterations: FEWEST_BY_DEFAULT } : { iterations }
  return await writePkcs12(
    { certificates: withoutDuplicates(entries, ({ certificate }) => certificate) },
    { ...iterated, ...others, profile: 'java' },
  )
}

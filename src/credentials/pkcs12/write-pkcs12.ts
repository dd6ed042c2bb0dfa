import { checkKeys, disposeOwn, type NewCredentials } from '../new-contents.ts'
import { newPassword } from '../new-password.ts'
import { wipe } from '../wipe.ts'
import { bagsOf } from './write-contents.ts'
import { schemeOf, type WritePkcs12Options } from './write-options.ts'
import { writePfx } from './write-pfx.ts'

/**
 * Writes a PKCS#12 file (RFC 7292) in strict DER: keys, each with its certificate and chain behind it, and other
 * certificates. Certificates are encrypted as the keys are; key and certificate have the same localKeyId, the
 * certificates of the chain none.
 *
 * The profiles:
 *
 * - `modern`: PBES2 with AES-256-CBC and PBKDF2-HMAC-SHA-256, HMAC-SHA-256 over the file, 250,000 iterations each;
 *   fewer where more than three keys are in the file, as .NET counts them together (1,000,000), but at least
 *   10,000.
 * - `java`: the same, and a password that is not ASCII is refused, since Java 17 would not open the file.
 * - `legacy`: triple DES and SHA-1, 50,000 iterations, for programs and devices that know nothing better. Both are
 *   weak: take a long random password.
 *
 * Friendly names are made unique, upper and lower case being the same, with `-2` and so on behind: Java would lose
 * the second entry of a name. They are cut at 255 UTF-16 units (RFC 2985).
 *
 * @param contents at least one key, certificate or CRL
 * @returns DER. Write it with `writeCredentialFile`, so that only its owner can read it
 * @throws CredentialError `ERR_CREDENTIAL_KEY_MISMATCH` where a certificate is not for its key;
 *   `ERR_CREDENTIAL_PASSWORD_UNSUITABLE`; `ERR_CREDENTIAL_PASSWORD_REQUIRED` where the function given as password
 *   gives none
 * @throws TypeError for wrong types, algorithms or iterations, and where there is nothing to write
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs'
 * import { orderChain, readCertificates, readPrivateKey, writeCredentialFile, writePkcs12 } from 'sealkit/credentials'
 * const key = await readPrivateKey(readFileSync('key.pem'))
 * const [certificate, ...others] = readCertificates(readFileSync('cert.pem'))
 * if (certificate === undefined) throw new Error('no certificate')
 * const entry = { key, certificate, chain: orderChain(certificate, others), friendlyName: 'api' }
 * const file = await writePkcs12({ keys: [entry] }, { password: () => process.env['P12_PASSWORD'] })
 * await writeCredentialFile('api.p12', file, { force: true })
 * ```
 */
export async function writePkcs12(
  contents: NewCredentials,
  options: WritePkcs12Options,
): Promise<Uint8Array<ArrayBuffer>> {
  const keys = await checkKeys(contents?.keys)
  try {
    const bags = await bagsOf(keys, contents.certificates ?? [], contents.crls ?? [])
    const derivations = keys.length + (bags.certificates.length + bags.crls.length > 0 ? 1 : 0)
    if (derivations === 0) throw new TypeError('contents must have a key, a certificate or a CRL')
    const scheme = schemeOf(options, derivations)
    const password = await newPassword(options.password, scheme.forJava)
    try {
      return await writePfx(bags, scheme, password)
    } finally {
      wipe(password.utf8, password.bmp)
    }
  } finally {
    disposeOwn(keys)
  }
}

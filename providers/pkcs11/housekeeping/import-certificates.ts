import { encode, equalBytes, Tag } from '../../../src/asn1/index.ts'
import { samePublicKeyInfo } from '../../../src/credentials/public-key-identity.ts'
import { CredentialError } from '../../../src/errors.ts'
import type { Certificate } from '../../../src/x509/index.ts'
import { CKA, CKC_X_509, CKO } from '../cryptoki/constants.ts'
import type { Attribute, Cryptoki, Handle } from '../cryptoki/interface.ts'
import { findCertificates } from '../objects/certificates.ts'
import { findPrivateKeys, type TokenKey } from '../objects/private-keys.ts'
import { type TokenAccess, withSession } from '../token/with-session.ts'
import { writing } from './generate-key.ts'

/** What {@link importCertificates} is given. */
export interface ImportCertificatesOptions extends TokenAccess {
  /** A key's certificate, and its issuers, in any order. */
  certificates: readonly Certificate[]
  /** Takes certificates of which no key is in the token, too. Default: at least one must be a key's. */
  withoutKey?: boolean | undefined
}

/** What became of a certificate. */
export interface ImportedCertificate {
  readonly certificate: Certificate
  /** Label of the key that it is for; undefined for an issuer's. */
  readonly key: string | undefined
  /** False where it was in the token already. */
  readonly isNew: boolean
}

/**
 * Puts certificates into a token: that of a key with the key's CKA_ID and label, by which programs find it; issuers
 * beside it.
 *
 * @throws TokenError as `openPkcs11Key`, and `ERR_TOKEN_READ_ONLY`
 * @throws CredentialError `ERR_CREDENTIAL_KEY_MISMATCH` where none is a key's
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs'
 * import { readCertificates } from 'sealkit/credentials'
 * import { importCertificates } from 'sealkit/providers/pkcs11'
 * const certificates = readCertificates(readFileSync('chain.pem'))
 * await importCertificates({ uri: 'pkcs11:token=Trader;object=signing', certificates, pin: () => '…' })
 * ```
 */
export async function importCertificates(options: ImportCertificatesOptions): Promise<ImportedCertificate[]> {
  const { certificates } = options
  if (!Array.isArray(certificates) || certificates.length === 0)
    throw new TypeError('certificates must be a list')
  return await withSession(options, { write: true, login: 'always' }, ({ slot, session, uri }) => {
    const { cryptoki } = slot.module
    const keys = findPrivateKeys(cryptoki, session, { label: uri.object, id: uri.id })
    const there = findCertificates(cryptoki, session).map(({ certificate }) => certificate)
    const paired = certificates.map((certificate) => ({ certificate, key: keyOf(certificate, keys) }))
    if (options.withoutKey !== true && paired.every(({ key }) => key === undefined)) throw noKey(certificates)
    return paired.map(({ certificate, key }) => {
      const isNew = !there.some((each) => equalBytes(each.der, certificate.der))
      if (isNew) write(cryptoki, session, certificate, key)
      return { certificate, key: key?.label, isNew }
    })
  })
}

function keyOf({ subjectPublicKeyInfo }: Certificate, keys: readonly TokenKey[]): TokenKey | undefined {
  return keys.find(
    ({ publicKey }) => publicKey !== undefined && samePublicKeyInfo(publicKey, subjectPublicKeyInfo),
  )
}

function write(
  cryptoki: Cryptoki,
  session: Handle,
  certificate: Certificate,
  key: TokenKey | undefined,
): void {
  const name = certificate.subject.toString()
  const template: Attribute[] = [
    { type: CKA.CLASS, value: CKO.CERTIFICATE },
    { type: CKA.CERTIFICATE_TYPE, value: CKC_X_509 },
    { type: CKA.TOKEN, value: true },
    { type: CKA.PRIVATE, value: false },
    { type: CKA.LABEL, value: key?.label || name.slice(0, 64) },
    { type: CKA.SUBJECT, value: Buffer.from(certificate.subject.der) },
    { type: CKA.ISSUER, value: Buffer.from(certificate.issuer.der) },
    { type: CKA.SERIAL_NUMBER, value: Buffer.from(encode(Tag.INTEGER, [certificate.serial])) },
    { type: CKA.VALUE, value: Buffer.from(certificate.der) },
  ]
  if (key?.id !== undefined) template.push({ type: CKA.ID, value: Buffer.from(key.id) })
  try {
    cryptoki.C_CreateObject(session, template)
  } catch (error) {
    throw writing(error, `cannot write the certificate of ${name}`)
  }
}

function noKey(certificates: readonly Certificate[]): CredentialError {
  const subjects = certificates.map(({ subject }) => `${subject}`).join(', ')
  const hint = 'is it another token, or a certificate for another key? sealkit pkcs11 objects lists the keys'
  return new CredentialError('ERR_CREDENTIAL_KEY_MISMATCH', `no key in the token is that of ${subjects}`, {
    hint,
  })
}

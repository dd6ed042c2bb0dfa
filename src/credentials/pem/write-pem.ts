import { der, encodePem } from '../../asn1/index.ts'
import { CredentialError } from '../../errors.ts'
import { encryptPbes2 } from '../encryption/encrypt.ts'
import { DEFAULT_ITERATIONS, derivationOf, type KeyDerivationOptions } from '../key-derivation-options.ts'
import {
  type CheckedKey,
  checkKeys,
  disposeOwn,
  mustBeCertificate,
  mustBeCrl,
  type NewCredentials,
  withoutDuplicates,
} from '../new-contents.ts'
import { newPassword } from '../new-password.ts'
import type { Password } from '../password.ts'
import { wipe } from '../wipe.ts'
import { certificateComment, keyComment } from './write-comments.ts'

/** Options of {@link writePem}. */
export interface WritePemOptions extends KeyDerivationOptions {
  /** Encrypts the key. Without it the key stands there for everyone who can read the file. */
  password?: Password | undefined
  /** Where the key stands. Default `key-first`; some programs want the certificates first. */
  order?: 'key-first' | 'key-last' | undefined
  /** Says above each block what it is, in ASCII. Default false: there are programs that take nothing but the blocks. */
  comments?: boolean | undefined
}

/**
 * Writes PEM as RFC 7468 has it (lines of 64 characters, LF): the key as PKCS#8, its certificate, the chain, other
 * certificates, CRLs. With a password the key is encrypted by PBES2 with AES-256-CBC, by default with a key from
 * PBKDF2-HMAC-SHA-256 in 250,000 iterations.
 *
 * **The text is a secret** where it holds a key, and without a password one that is open. Give it to
 * `writeCredentialFile`, keep it out of logs, arguments and environments, and do not keep it: a string cannot be
 * overwritten.
 *
 * @param contents at most one key: of two, programs silently take the first. Friendly names are written in comments
 *   only, where they cannot end a line or begin a block
 * @throws CredentialError `ERR_CREDENTIAL_KEY_MISMATCH` where the certificate is not for the key;
 *   `ERR_CREDENTIAL_AMBIGUOUS` for several keys; `ERR_CREDENTIAL_PASSWORD_UNSUITABLE`, for the empty password too;
 *   `ERR_CREDENTIAL_PASSWORD_REQUIRED` where the function given as password gives none
 * @throws TypeError for wrong types, and where there is nothing to write
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs'
 * import { readCertificates, readPrivateKey, writeCredentialFile, writePem } from 'sealkit/credentials'
 * const key = await readPrivateKey(readFileSync('key.pem'))
 * const [certificate] = readCertificates(readFileSync('cert.pem'))
 * const text = await writePem({ keys: [{ key, certificate }] }, { password: () => process.env['PEM_PASSWORD'] })
 * await writeCredentialFile('api.pem', text, { force: true })
 * ```
 */
export async function writePem(contents: NewCredentials, options: WritePemOptions = {}): Promise<string> {
  const { comments = false, order = 'key-first' } = options
  if (order !== 'key-first' && order !== 'key-last')
    throw new TypeError('order must be key-first or key-last')
  const [entry, ...more] = contents?.keys ?? []
  if (more.length > 0) throw severalKeys(more.length + 1)
  const keys = await checkKeys(entry === undefined ? [] : [entry])
  try {
    const [key] = keys
    const keyBlock = key === undefined ? [] : [await blockOf(key, options)]
    const blocks = order === 'key-first' ? [...keyBlock, ...publicBlocks(contents, comments)] : []
    if (order === 'key-last') blocks.push(...publicBlocks(contents, comments), ...keyBlock)
    if (blocks.length === 0) throw new TypeError('contents must have a key, a certificate or a CRL')
    return blocks.join('')
  } finally {
    disposeOwn(keys)
  }
}

function publicBlocks(
  { keys = [], certificates = [], crls = [] }: NewCredentials,
  comments: boolean,
): string[] {
  for (const { certificate } of certificates) mustBeCertificate(certificate)
  crls.forEach(mustBeCrl)
  const own = keys.flatMap(({ certificate, chain }) => [certificate ?? [], chain ?? []].flat())
  const all = withoutDuplicates(
    [...own.map((certificate) => ({ certificate })), ...certificates],
    ({ certificate }) => certificate,
  )
  return [
    ...all.map((entry) => {
      const named = certificates.find(({ certificate }) => certificate.equals(entry.certificate)) ?? entry
      return `${comments ? certificateComment(named) : ''}${encodePem('CERTIFICATE', entry.certificate.der)}`
    }),
    ...crls.map((crl) => encodePem('X509 CRL', crl)),
  ]
}

async function blockOf(entry: CheckedKey, options: WritePemOptions): Promise<string> {
  const comment = options.comments === true ? keyComment(entry) : ''
  const plain = entry.key.pkcs8()
  try {
    if (options.password === undefined) {
      mustBeUnused(options)
      return `${comment}${encodePem('PRIVATE KEY', plain)}`
    }
    return `${comment}${encodePem('ENCRYPTED PRIVATE KEY', await encrypted(plain, options.password, options))}`
  } finally {
    wipe(plain)
  }
}

/** EncryptedPrivateKeyInfo (RFC 5958 section 3). */
async function encrypted(
  plain: Uint8Array,
  password: Password,
  options: WritePemOptions,
): Promise<Uint8Array> {
  const kdf = derivationOf(options, DEFAULT_ITERATIONS)
  const bytes = await newPassword(password)
  try {
    if (bytes.utf8.length === 0) throw emptyPassword()
    const { algorithm, ciphertext } = await encryptPbes2(plain, bytes, { cipher: 'AES-256-CBC', kdf })
    return der.sequence([algorithm, der.octetString(ciphertext)])
  } finally {
    wipe(bytes.utf8, bytes.bmp)
  }
}

/** Who asks for a key derivation wants the key encrypted. */
function mustBeUnused({ kdf, prf, iterations }: WritePemOptions): void {
  if (kdf === undefined && prf === undefined && iterations === undefined) return
  throw new TypeError('kdf, prf and iterations are for encryption: give a password')
}

function emptyPassword(): CredentialError {
  const message = 'an empty password does not protect a key, and programs do not take it'
  const hint = 'give a password, or leave it out to write the key unencrypted'
  return new CredentialError('ERR_CREDENTIAL_PASSWORD_UNSUITABLE', message, { hint })
}

function severalKeys(count: number): CredentialError {
  const message = `${count} private keys for one PEM file, of which programs see the first only`
  const hint = 'write a file for each key, or a PKCS#12 file'
  return new CredentialError('ERR_CREDENTIAL_AMBIGUOUS', message, { hint })
}

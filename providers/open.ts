import { fileURLToPath } from 'node:url'
import { isContent } from '../src/credentials/input.ts'
import { SignerError } from '../src/errors.ts'
import type { KeySigner } from '../src/signer/index.ts'
import type { Pkcs11KeyOptions } from './pkcs11/index.ts'
import type { SoftwareKeyOptions } from './software/index.ts'

/**
 * Options of {@link openKey}: those of `openSoftwareKey` and `openPkcs11Key` but the key. Each provider takes what is
 * its own.
 */
export interface OpenKeyOptions
  extends Omit<SoftwareKeyOptions, 'key'>,
    Omit<Pkcs11KeyOptions, 'key' | keyof SoftwareKeyOptions> {}

/** A key and what its user should be told. */
export interface OpenedKey extends KeySigner {
  /** Sentences for the user, e.g. that the key file can be read by others. */
  readonly warnings: readonly string[]
}

/**
 * Opens a key by its name: that of a file, or a URI. The provider is loaded when it is needed.
 *
 * @param uri name of a file, `file:///…`, or `pkcs11:token=…;object=…` (RFC 7512) for one in a token. Without `pin` the
 *   token's PIN is the URI's, else `password`.
 * @throws SignerError `ERR_SIGNER_PROVIDER_UNKNOWN` for another kind of URI; `ERR_SIGNER_URI` for one that is
 *   malformed
 * @throws CredentialError, AlgorithmError, TypeError as `openSoftwareKey`; TokenError as `openPkcs11Key`
 * @example
 * ```ts
 * import { openKey } from 'sealkit/providers'
 * await using key = await openKey('file:///etc/keys/signing.pem', { certificate: 'cert.pem' })
 * ```
 */
export async function openKey(uri: string, options: OpenKeyOptions = {}): Promise<OpenedKey> {
  if (typeof uri !== 'string' || uri === '') throw new TypeError('uri must be the name of a file, or a URI')
  if (isContent(uri)) throw keyItself()
  // One letter is a drive of Windows.
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]+):/.exec(uri)?.[1]?.toLowerCase()
  if (scheme === 'pkcs11') return await openInToken(uri, options)
  if (scheme !== undefined && scheme !== 'file') throw unknownProvider(scheme, uri)
  const key = scheme === 'file' ? pathOf(uri) : uri
  const { openSoftwareKey } = await import('./software/index.ts')
  return await openSoftwareKey({ ...options, key })
}

async function openInToken(uri: string, options: OpenKeyOptions): Promise<OpenedKey> {
  const { openPkcs11Key, parsePkcs11Uri } = await import('./pkcs11/index.ts')
  const { pinSource, pinValue } = parsePkcs11Uri(uri)
  const hasPin = pinSource !== undefined || pinValue !== undefined
  return await openPkcs11Key({
    ...options,
    key: uri,
    pin: options.pin ?? (hasPin ? undefined : pinOf(options)),
  })
}

/** The password, where it is no function, is asked for once; see `Pin`. */
function pinOf({ password }: OpenKeyOptions): Pkcs11KeyOptions['pin'] {
  if (typeof password !== 'function') return password
  return async () => (await password()) ?? ''
}

function pathOf(uri: string): string {
  try {
    const path = fileURLToPath(uri)
    if (!path.includes('\0')) return path
  } catch (cause) {
    throw malformed(cause)
  }
  throw malformed(undefined)
}

/** Where a name is asked for, the secret itself would get into command lines and logs. */
function keyItself(): SignerError {
  const hint = 'name the file that the key is in; a program can give its bytes to openSoftwareKey'
  return new SignerError('ERR_SIGNER_URI', 'this is a key, not the name of one', { hint })
}

function malformed(cause: unknown): SignerError {
  const hint = 'write file:///the/whole/path, or the name of the file alone'
  return new SignerError('ERR_SIGNER_URI', 'not a file: URI of a file on this machine', { hint, cause })
}

/** The URI is not repeated: a pkcs11: URI may hold a PIN. */
function unknownProvider(scheme: string, uri: string): SignerError {
  const message = `no provider for ${scheme}: keys`
  const whole =
    scheme === 'validata' ? 'what makes a whole signature is opened by openSigner, not as a key; ' : ''
  const hint = `${whole}keys are in files, or in tokens (pkcs11:)${uri.includes('/') ? '' : '; for a file with a colon in its name write ./NAME'}`
  return new SignerError('ERR_SIGNER_PROVIDER_UNKNOWN', message, { hint })
}

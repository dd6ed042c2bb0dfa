import type { KeyObject } from 'node:crypto'
import { toDefinite } from '../asn1/index.ts'
import { CredentialError } from '../errors.ts'
import { chooseKey, type KeyChoice } from './choose-key.ts'
import { reading, unsupported } from './errors.ts'
import { type Part, takeApart } from './input.ts'
import { isKeyPart } from './key-part.ts'
import { describeKind } from './kinds.ts'
import { type CredentialLimits, withDefaults } from './limits.ts'
import type { Password } from './password.ts'
import { readCredentials } from './pem/read-credentials.ts'
import { wipe } from './wipe.ts'

/** Options of {@link readPrivateKey}. */
export interface ReadPrivateKeyOptions {
  /** Opens an encrypted key; a key that is not encrypted does not need it, and a function is then not called. */
  password?: Password | undefined
  /** Which key is meant, where the input has several. */
  choose?: KeyChoice | undefined
  /** Takes a PKCS#12 file without MAC: nothing then proves that it is unchanged. Default false. */
  allowMissingMac?: boolean | undefined
  /** Bounds on the work that the input can ask for. */
  limits?: CredentialLimits | undefined
}

/**
 * Reads the one private key of a PEM text, a DER or a PKCS#12 file: PKCS#8 (RFC 5958), PKCS#1 (RFC 8017), SEC 1
 * (RFC 5915), encrypted in any of the ways that `readCredentials` knows. What it is, the content says, not a file
 * name. Certificates beside the key are left out, but must be sound.
 *
 * The key is RSA, RSA-PSS, EC on P-256, P-384 or P-521, Ed25519 or Ed448. It is tried: a key whose numbers do
 * not belong together is refused. Key derivation runs on libuv's pool, within limits that are checked first.
 *
 * @param input PEM text, or the bytes of a file; not changed
 * @returns a private `KeyObject` of node:crypto
 * @throws CredentialError
 *   `ERR_CREDENTIAL_PASSWORD_REQUIRED` where the key is encrypted and there is no password;
 *   `ERR_CREDENTIAL_PASSWORD_WRONG` where it does not open the key;
 *   `ERR_CREDENTIAL_FORMAT` for what is damaged or none of these forms;
 *   `ERR_CREDENTIAL_UNSUPPORTED` for another kind of key or encryption (JKS, OpenSSH, DSA …), with
 *   the way to convert it in `hint`;
 *   `ERR_CREDENTIAL_NO_KEY` for input without a private key; `ERR_CREDENTIAL_AMBIGUOUS` for two of them;
 *   `ERR_CREDENTIAL_LIMIT`
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs'
 * import { readPrivateKey } from 'sealkit/credentials'
 * const password = async () => readFileSync('password.txt', 'utf8').trimEnd()
 * const key = await readPrivateKey(readFileSync('key.pem'), { password })
 * key.asymmetricKeyType // 'rsa'
 * ```
 */
export async function readPrivateKey(
  input: Uint8Array | string,
  options: ReadPrivateKeyOptions = {},
): Promise<KeyObject> {
  const bounds = withDefaults(options.limits)
  const parts = takeApart(input, 'private key', bounds)
  const found = parts.filter(isKeyPart)
  try {
    if (found.length === 0 && !parts.some(({ kind }) => kind === 'pkcs12')) throw noKey(parts)
    if (found.length > 1 && options.choose === undefined) throw ambiguous(found)
    return await readChosen(input, options)
  } finally {
    for (const { owned, bytes } of parts) if (owned) wipe(bytes)
  }
}

async function readChosen(input: Uint8Array | string, options: ReadPrivateKeyOptions): Promise<KeyObject> {
  const { keys } = await readCredentials(input, options)
  try {
    return await chooseKey(keys, options.choose).key.toKeyObject()
  } finally {
    for (const { key } of keys) key[Symbol.dispose]()
  }
}

function ambiguous(found: readonly Part[]): CredentialError {
  const lines = found.map(({ line }) => line).join(', ')
  const hint = 'choose one (`choose`), or put the key that is meant into a file of its own'
  return new CredentialError('ERR_CREDENTIAL_AMBIGUOUS', `${found.length} private keys, in lines ${lines}`, {
    hint,
  })
}

function noKey(parts: readonly Part[]): CredentialError {
  const [first] = parts
  const kinds = parts.map(({ kind }) => kind).filter((kind) => kind !== undefined)
  const found = kinds[0]
  if (found === undefined) {
    // Says where DER is damaged; for bytes that are no DER at all, that they are none of the known forms.
    if (first?.bytes[0] === 0x30) reading('private key', () => toDefinite(first.bytes))
    const hint = 'a PEM file has lines like -----BEGIN PRIVATE KEY-----'
    return new CredentialError('ERR_CREDENTIAL_FORMAT', 'private key: neither PEM nor a DER key', { hint })
  }
  const { name, hint } = describeKind(found)
  if (found === 'jks') return unsupported(`private key: this is ${name}`, hint ?? '')
  const message = `no private key: this is ${[...new Set(kinds)].map((kind) => describeKind(kind).name).join(' and ')}`
  return new CredentialError('ERR_CREDENTIAL_NO_KEY', message, { hint })
}

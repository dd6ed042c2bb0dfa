import type { KeyObject } from 'node:crypto'
import { toDefinite } from '../asn1/index.ts'
import { CredentialError } from '../errors.ts'
import { decryptPrivateKeyInfo } from './encryption/encrypted-key.ts'
import { decryptTraditional, isTraditionallyEncrypted } from './encryption/traditional-key.ts'
import { damaged, reading, unsupported } from './errors.ts'
import { type Part, takeApart } from './input.ts'
import { readEcParameters } from './key/ec-private-key.ts'
import { importKey } from './key/import-key.ts'
import { type PlainKey, readPrivateKeyInfo, readRsaPrivateKey, readSec1 } from './key/private-key-info.ts'
import { describeKind, isPrivateKey } from './kinds.ts'
import { type Bounds, type CredentialLimits, withDefaults } from './limits.ts'
import type { Password } from './password.ts'
import { recognise } from './recognise.ts'
import { wipe } from './wipe.ts'

/** Options of {@link readPrivateKey}. */
export interface ReadPrivateKeyOptions {
  /** Opens an encrypted key; a key that is not encrypted does not need it, and a function is then not called. */
  password?: Password | undefined
  /** Bounds on the work that the input can ask for. */
  limits?: CredentialLimits | undefined
}

/**
 * Reads the one private key of a PEM text or a DER file: PKCS#8 (RFC 5958), PKCS#1 (RFC 8017), SEC 1 (RFC 5915);
 * encrypted PKCS#8 with PBES2 (PBKDF2 or scrypt; AES or triple DES) or PKCS#12's triple DES; the traditional
 * encrypted PEM with AES, triple DES or Camellia. What it is, the content says, not a file name; certificates
 * beside the key are passed over.
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
 *   `ERR_CREDENTIAL_UNSUPPORTED` for another kind of key or encryption (PKCS#12, JKS, OpenSSH, DSA, RC2 …), with
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
  try {
    const part = onlyKey(parts)
    const what = part.line === undefined ? 'the private key' : `the private key in line ${part.line}`
    const opened = await open(part, options.password, bounds, what)
    parts.push(opened)
    return await importKey(parse(opened, parts, what), what)
  } finally {
    for (const { owned, bytes } of parts) if (owned) wipe(bytes)
  }
}

function onlyKey(parts: readonly Part[]): Part {
  const keys = parts.filter((part) => isPrivateKey(part.kind) || /PRIVATE KEY$/.test(part.label))
  const [key] = keys
  if (key === undefined) throw noKey(parts)
  if (keys.length === 1) return key
  const lines = keys.map(({ line }) => line).join(', ')
  const hint = 'put the key that is meant into a file of its own'
  throw new CredentialError('ERR_CREDENTIAL_AMBIGUOUS', `${keys.length} private keys, in lines ${lines}`, {
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
  if (found === 'pkcs12' || found === 'jks') return unsupported(`private key: this is ${name}`, hint ?? '')
  const message = `no private key: this is ${[...new Set(kinds)].map((kind) => describeKind(kind).name).join(' and ')}`
  return new CredentialError('ERR_CREDENTIAL_NO_KEY', message, { hint })
}

/** PKCS#8, PKCS#1 or SEC 1, decrypted where it was encrypted. */
async function open(part: Part, password: Password | undefined, bounds: Bounds, what: string): Promise<Part> {
  const plain = isTraditionallyEncrypted(part)
    ? await decryptTraditional(part, password, what)
    : part.kind === 'encrypted-pkcs8'
      ? await decryptPrivateKeyInfo(part.bytes, password, bounds, what)
      : undefined
  if (plain === undefined) return part
  return { ...part, bytes: plain, kind: recognise(plain), owned: true }
}

function parse({ bytes, kind }: Part, parts: readonly Part[], what: string): PlainKey {
  switch (kind) {
    case 'pkcs8':
      return reading(what, () => readPrivateKeyInfo(bytes))
    case 'pkcs1':
      return reading(what, () => readRsaPrivateKey(bytes))
    case 'sec1':
      return reading(what, () => readSec1(bytes, curveBefore(parts)))
    case 'dsa':
    case 'openssh':
    case 'putty': {
      const { name, hint = '' } = describeKind(kind)
      throw unsupported(`${what} is ${name}, which is not supported`, hint)
    }
    case undefined:
      // Says where it is damaged.
      reading(what, () => readPrivateKeyInfo(bytes))
      throw damaged(`${what} is none of PKCS#8, PKCS#1 and SEC 1`)
    default:
      throw damaged(`${what} is not one: it holds ${describeKind(kind).name}`)
  }
}

function curveBefore(parts: readonly Part[]): string | undefined {
  const parameters = parts.find(({ kind }) => kind === 'ec-parameters')
  return parameters && readEcParameters(parameters.bytes)
}

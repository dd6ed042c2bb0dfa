import { CredentialError } from '../../errors.ts'
import type { Credentials } from '../contents.ts'
import { damaged, overLimit } from '../errors.ts'
import { describeKind } from '../kinds.ts'
import { type CredentialLimits, withDefaults } from '../limits.ts'
import { recognise } from '../recognise.ts'
import { Budget } from './budget.ts'
import { Contents } from './contents.ts'
import { macMissing } from './failures.ts'
import { Opening } from './open.ts'
import { Passwords, type Pkcs12Passwords } from './passwords.ts'
import { type Pfx, readPfx } from './pfx.ts'

/** Options of {@link readPkcs12}. */
export interface ReadPkcs12Options extends Pkcs12Passwords {
  /** Takes a file without MAC: nothing then proves that it is unchanged. Default false. */
  readonly allowMissingMac?: boolean | undefined
  /** Bounds on the work that the file may ask for, checked before it is done. */
  readonly limits?: CredentialLimits | undefined
}

/**
 * Reads a PKCS#12 file (`.p12`, `.pfx`) of any writer: BER or DER, with PBES2 or the old ciphers, a classic MAC or
 * PBMAC1. Works in Node and in a browser. All that the file visibly asks for is counted against the limits before
 * any key is derived, and nothing that was decrypted is looked at before the MAC has been found right.
 *
 * Keys and certificates stay in the order of the file, twice where they stand there twice. A key's certificate is
 * one with the same public key, the localKeyId decides among several. What cannot be read but does no harm (secret
 * bags, unknown bags, a malformed certificate) is listed in `skipped`; what is weak or odd in `notes`.
 *
 * Without a password, and with an empty one, both the empty password and none are tried.
 *
 * @param input DER or BER, the whole file and nothing else; not changed. For PEM or base64 see `readCredentials`
 * @throws CredentialError `ERR_CREDENTIAL_PASSWORD_REQUIRED`, `ERR_CREDENTIAL_PASSWORD_WRONG`;
 *   `ERR_CREDENTIAL_MAC_WRONG` where the password opens the contents and the MAC says that they were changed;
 *   `ERR_CREDENTIAL_MAC_MISSING`; `ERR_CREDENTIAL_FORMAT` for damage; `ERR_CREDENTIAL_UNSUPPORTED` for algorithms
 *   that are not known and for files protected by certificates; `ERR_CREDENTIAL_LIMIT`
 * @throws what a password callback throws
 * @see RFC 7292, RFC 9579
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs'
 * import { readPkcs12 } from 'sealkit/credentials'
 * const { keys, notes } = await readPkcs12(readFileSync('user.p12'), { password: 'correct horse' })
 * for (const { key, certificate } of keys) console.log(key.name, `${certificate?.subject}`)
 * for (const note of notes) console.warn(note)
 * ```
 */
export async function readPkcs12(input: Uint8Array, options: ReadPkcs12Options = {}): Promise<Credentials> {
  if (!(input instanceof Uint8Array)) throw new TypeError('PKCS#12: input must be a Uint8Array')
  const bounds = withDefaults(options.limits)
  if (input.length > bounds.maxBytes) {
    throw overLimit(`PKCS#12: ${input.length} bytes where at most ${bounds.maxBytes} are read`, 'maxBytes')
  }
  const budget = new Budget(bounds)
  const pfx = readOrName(input, budget)
  if (pfx.mac === undefined && options.allowMissingMac !== true) throw macMissing()
  const passwords = new Passwords(options)
  const opening = new Opening(pfx, budget, passwords)
  try {
    return await readContents(pfx, opening)
  } finally {
    await opening.wipe()
    await passwords.wipe()
  }
}

async function readContents(pfx: Pfx, opening: Opening): Promise<Credentials> {
  const contents = new Contents()
  try {
    for (const bag of await opening.run()) await contents.add(bag)
    return contents.credentials(pfx, opening.encryption)
  } catch (error) {
    contents.dispose()
    throw error
  }
}

/** Reads the PFX; of an input that is something else, says what it is. */
function readOrName(input: Uint8Array, budget: Budget): Pfx {
  try {
    return readPfx(input, budget)
  } catch (error) {
    if (!(error instanceof CredentialError) || error.code === 'ERR_CREDENTIAL_LIMIT') throw error
    throw somethingElse(input) ?? error
  }
}

function somethingElse(input: Uint8Array): CredentialError | undefined {
  if (input.length === 0) return damaged('PKCS#12: the input is empty')
  const kind = recognise(input)
  if (kind === 'pkcs12') return undefined
  const text = { name: 'a text, PEM or base64', hint: undefined }
  const found = kind !== undefined ? describeKind(kind) : isText(input) ? text : undefined
  if (found === undefined) return undefined
  const hint = kind === 'jks' ? found.hint : 'readCredentials reads files of other forms'
  return new CredentialError('ERR_CREDENTIAL_FORMAT', `PKCS#12: this is ${found.name}`, { hint })
}

function isText(input: Uint8Array): boolean {
  if (input.length < 16) return false
  return input
    .subarray(0, 64)
    .every((octet) => (octet >= 0x20 && octet < 0x7f) || octet === 10 || octet === 13)
}

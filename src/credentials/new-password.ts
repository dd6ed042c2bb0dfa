import { CredentialError } from '../errors.ts'
import { type PasswordBytes, passwordCandidates } from './encryption/passwords.ts'
import type { Password } from './password.ts'

/**
 * The password of something that is being written, in a copy that the caller wipes. What other programs could not
 * be given is refused, since the file could not be opened again.
 *
 * @param forJava only what Java 17 takes as well
 * @throws CredentialError `ERR_CREDENTIAL_PASSWORD_REQUIRED`, `ERR_CREDENTIAL_PASSWORD_UNSUITABLE`; what the
 *   callback throws
 */
export async function newPassword(password: Password, forJava = false): Promise<PasswordBytes> {
  const given = typeof password === 'function' ? await password() : password
  if (given === undefined || given === null) {
    const hint = 'give a password: nothing is written without one by accident'
    throw new CredentialError('ERR_CREDENTIAL_PASSWORD_REQUIRED', 'a password is needed', { hint })
  }
  if (typeof given !== 'string' && !(given instanceof Uint8Array)) {
    throw new TypeError('password must be a string, a Uint8Array or a function that gives one')
  }
  const text = typeof given === 'string' ? given : decoded(given)
  if (text === undefined || /\p{Surrogate}|\0/u.test(text)) {
    const message = 'the password holds a NUL, half a character, or bytes that are not UTF-8'
    throw unsuitable(message, 'take a password that can be typed in')
  }
  if (forJava && /[^\x20-\x7e]/.test(text)) {
    const hint =
      "take a password of ASCII letters, digits and signs, or the profile 'modern' for other programs"
    throw unsuitable('Java up to 17 opens no file whose password has other characters than ASCII', hint)
  }
  const [bytes, ...others] = passwordCandidates(given)
  for (const { utf8, bmp } of others) {
    utf8.fill(0)
    bmp.fill(0)
  }
  return bytes as PasswordBytes
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

function unsuitable(message: string, hint: string): CredentialError {
  return new CredentialError('ERR_CREDENTIAL_PASSWORD_UNSUITABLE', message, { hint })
}

import { CredentialError } from '../errors.ts'

/**
 * A password: characters, which stand for their UTF-8, or bytes; or a function that is called once, and only
 * where a password is needed.
 */
export type Password = string | Uint8Array | PasswordCallback

/** Gives a password when it is asked for; undefined where there is none. */
export type PasswordCallback = () =>
  | string
  | Uint8Array
  | undefined
  | Promise<string | Uint8Array | undefined>

/**
 * The password's bytes, in a copy that the caller wipes.
 *
 * @param what the thing that is locked, for the error
 * @throws CredentialError `ERR_CREDENTIAL_PASSWORD_REQUIRED`; what the callback throws
 */
export async function askPassword(password: Password | undefined, what: string): Promise<Uint8Array> {
  const given = typeof password === 'function' ? await password() : password
  if (typeof given === 'string') return new TextEncoder().encode(given)
  if (given instanceof Uint8Array) return new Uint8Array(given)
  if (given !== undefined && given !== null) {
    throw new TypeError('password must be a string, a Uint8Array or a function that gives one')
  }
  const hint = 'give the password of the key'
  throw new CredentialError('ERR_CREDENTIAL_PASSWORD_REQUIRED', `${what} is encrypted and needs a password`, {
    hint,
  })
}

/** A password function that is called once, however often its password is needed. */
export function askedOnce(password: Password | undefined): Password | undefined {
  if (typeof password !== 'function') return password
  let asked: ReturnType<typeof password> | undefined
  return () => {
    asked ??= password()
    return asked
  }
}

/** The password does not open what is locked. It cannot be told from damage to the encrypted bytes. */
export function wrongPassword(what: string): CredentialError {
  const hint = 'check the password: upper and lower case, and a line end at the end of a password file'
  return new CredentialError('ERR_CREDENTIAL_PASSWORD_WRONG', `wrong password for ${what}`, { hint })
}

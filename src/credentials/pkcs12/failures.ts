import { CredentialError } from '../../errors.ts'
import type { Candidates, Passwords } from './passwords.ts'

const CHECK = 'check the password: upper and lower case, and a line end at the end of a password file'

/** There is no MAC, and that was not asked for. */
export function macMissing(): CredentialError {
  const hint =
    'if that is expected, as in a truststore without password, allow it: allowMissingMac: true. Nothing then proves that the file is unchanged'
  return new CredentialError('ERR_CREDENTIAL_MAC_MISSING', 'PKCS#12: the file has no MAC', { hint })
}

/** The MAC does not fit any password. */
export function macWrong(tried: Candidates, passwords: Passwords, opens: boolean): CredentialError {
  if (opens) {
    const message = 'PKCS#12: the password opens the contents, but the MAC does not fit: the file was changed'
    const hint =
      'get the file anew from where it came; if its MAC has a password of its own, give it as macPassword'
    return new CredentialError('ERR_CREDENTIAL_MAC_WRONG', message, { hint })
  }
  if (tried.guessed) return passwordRequired()
  const which = passwords.has('macPassword') ? 'macPassword does not fit the MAC' : 'wrong password'
  return new CredentialError('ERR_CREDENTIAL_PASSWORD_WRONG', `PKCS#12: ${which}`, {
    hint: `${CHECK}; a file that was changed can look the same where nothing in it is encrypted`,
  })
}

/** An encrypted safe that no password opens. */
export function safeLocked(tried: Candidates, macFits: boolean, passwords: Passwords): CredentialError {
  if (tried.guessed) return passwordRequired()
  const what = 'PKCS#12: the password fits the MAC, but does not open the encrypted contents'
  if (macFits && !passwords.has('macPassword')) {
    const hint =
      'the file was written damaged; or its contents have a password of their own: give that as password, and this one as macPassword'
    return new CredentialError('ERR_CREDENTIAL_FORMAT', what, { hint })
  }
  const message = 'PKCS#12: wrong password for the encrypted contents'
  const hint = `${CHECK}; a damaged file can look the same`
  return new CredentialError('ERR_CREDENTIAL_PASSWORD_WRONG', message, { hint })
}

/** A private key that no password opens. */
export function keyLocked(tried: Candidates, passwords: Passwords): CredentialError {
  if (tried.guessed) return passwordRequired()
  const own = passwords.has('keyPassword')
  const message = own
    ? 'PKCS#12: keyPassword does not open the private key'
    : 'PKCS#12: the password does not open the private key'
  const hint = own ? CHECK : `if the key has a password of its own, give keyPassword; else ${CHECK}`
  return new CredentialError('ERR_CREDENTIAL_PASSWORD_WRONG', message, { hint })
}

function passwordRequired(): CredentialError {
  const hint = 'give the password of the file'
  return new CredentialError('ERR_CREDENTIAL_PASSWORD_REQUIRED', 'PKCS#12: the file needs a password', {
    hint,
  })
}

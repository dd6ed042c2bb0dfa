import { CredentialError } from '../../errors.ts'

/** A certificate request that is not right. */
export function badRequest(message: string, cause?: unknown, hint?: string): CredentialError {
  const way = hint ?? 'have the request made again by the owner of the key'
  return new CredentialError('ERR_CREDENTIAL_REQUEST', message, { hint: way, cause })
}

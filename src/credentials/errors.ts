import { AlgorithmError, Asn1Error, CertificateError, CredentialError, PemError } from '../errors.ts'

/** A damaged key or certificate. The cause must hold no secret: none of what was decrypted. */
export function damaged(message: string, cause?: unknown): CredentialError {
  const hint = 'the file may be cut off or changed: copy it again from where it came'
  return new CredentialError('ERR_CREDENTIAL_FORMAT', message, { hint, cause })
}

/** What is well-formed and cannot be used here, with the way out. */
export function unsupported(message: string, hint: string, cause?: unknown): CredentialError {
  return new CredentialError('ERR_CREDENTIAL_UNSUPPORTED', message, { hint, cause })
}

export function overLimit(message: string, option: string): CredentialError {
  const hint = `if the file is known to be good, raise limits.${option}`
  return new CredentialError('ERR_CREDENTIAL_LIMIT', message, { hint })
}

/**
 * Runs a parser; what the floors below throw becomes a `CredentialError` that says what was read, with their
 * error as the cause: `ERR_CREDENTIAL_UNSUPPORTED` for an unknown algorithm, else `ERR_CREDENTIAL_FORMAT`.
 */
export function reading<T>(what: string, parse: () => T): T {
  try {
    return parse()
  } catch (cause) {
    if (cause instanceof AlgorithmError && cause.code === 'ERR_ALGORITHM_UNKNOWN') {
      throw unsupported(`${what}: ${cause.message}`, cause.hint ?? 'another key is needed', cause)
    }
    const known = [Asn1Error, PemError, CertificateError, AlgorithmError].some(
      (kind) => cause instanceof kind,
    )
    if (known) throw damaged(`${what}: ${(cause as Error).message}`, cause)
    throw cause
  }
}

import {
  AlgorithmError,
  type AlgorithmErrorCode,
  CredentialError,
  type CredentialErrorCode,
  SealkitError,
  SignerError,
  type SignerErrorCode,
  TokenError,
  type TokenErrorCode,
} from '../../../src/errors.ts'
import type { PlainError } from './messages.ts'

/** An error as it crosses between threads or processes. */
export function plainError(error: unknown): PlainError {
  const known = error instanceof SealkitError ? error : undefined
  return {
    name: error instanceof Error ? error.name : 'Error',
    message: error instanceof Error ? error.message : String(error),
    code: known?.code,
    hint: known?.hint,
    ckr: error instanceof TokenError ? error.ckr : undefined,
  }
}

/** The same error on the other side. */
export function revived({ name, message, code, hint, ckr }: PlainError): Error {
  switch (name) {
    case 'TokenError':
      return new TokenError(code as TokenErrorCode, message, { hint, ckr })
    case 'CredentialError':
      return new CredentialError(code as CredentialErrorCode, message, { hint })
    case 'AlgorithmError':
      return new AlgorithmError(code as AlgorithmErrorCode, message, { hint })
    case 'SignerError':
      return new SignerError(code as SignerErrorCode, message, { hint })
    case 'TypeError':
      return new TypeError(message)
    default:
      return code === undefined ? new Error(message) : new SealkitError(code, message, { hint })
  }
}

import {
  type AuthErrorCode,
  type ConfigErrorCode,
  type HttpErrorCode,
  SealkitError,
  type SealkitErrorOptions,
} from '../../src/errors.ts'
import { systemReason } from '../clients/system-reason.ts'
import { ExitCode, type ExitCodeValue } from './exit-codes.ts'

export { systemReason }

/** Codes of {@link CliError}. */
export type CliErrorCode =
  | 'ERR_CLI_USAGE'
  | 'ERR_CLI_INPUT'
  | 'ERR_CLI_OUTPUT'
  | 'ERR_CLI_OUTPUT_EXISTS'
  | 'ERR_CLI_PASSWORD'

/** What only the command line can get wrong: arguments, files, the terminal. */
export class CliError extends SealkitError {
  declare readonly code: CliErrorCode
  constructor(code: CliErrorCode, message: string, options?: SealkitErrorOptions) {
    super(code, message, options)
  }
}

/** A command line that does not say what to do. */
export function usageError(message: string, hint?: string): CliError {
  return new CliError('ERR_CLI_USAGE', message, { hint })
}

/** Thrown where a signal ends the work. */
export class Interrupted extends Error {
  readonly exitCode: ExitCodeValue

  constructor(exitCode: ExitCodeValue = ExitCode.interrupted) {
    super('interrupted')
    this.exitCode = exitCode
  }
}

/** What it takes is a type, so that no code of a client's errors is left out. */
const EXIT_CODES: Readonly<
  Record<HttpErrorCode | AuthErrorCode | ConfigErrorCode, ExitCodeValue> & Record<string, ExitCodeValue>
> = {
  ERR_CLI_USAGE: ExitCode.usage,
  ERR_CLI_INPUT: ExitCode.usage,
  ERR_CLI_OUTPUT_EXISTS: ExitCode.usage,
  ERR_CREDENTIAL_EXISTS: ExitCode.usage,
  ERR_TIMESTAMP_REFUSED: ExitCode.refused,
  ERR_TIMESTAMP_UNAVAILABLE: ExitCode.network,
  ERR_TIMESTAMP_INVALID: ExitCode.server,
  ERR_HTTP_URL: ExitCode.usage,
  ERR_HTTP_DNS: ExitCode.network,
  ERR_HTTP_CONNECT: ExitCode.network,
  ERR_HTTP_PROXY: ExitCode.network,
  ERR_HTTP_PROXY_AUTH: ExitCode.network,
  ERR_HTTP_TLS: ExitCode.network,
  ERR_HTTP_SERVER_CERTIFICATE: ExitCode.network,
  ERR_HTTP_CLIENT_CERTIFICATE: ExitCode.credential,
  ERR_HTTP_TIMEOUT: ExitCode.network,
  ERR_HTTP_CLOSED: ExitCode.network,
  ERR_HTTP_PROTOCOL: ExitCode.server,
  ERR_HTTP_TOO_LARGE: ExitCode.server,
  ERR_AUTH_REFUSED: ExitCode.refused,
  ERR_AUTH_PASSPORT_DENIED: ExitCode.refused,
  ERR_AUTH_PASSPORT_MISSING: ExitCode.server,
  ERR_AUTH_SIGNER: ExitCode.credential,
  ERR_AUTH_SCOPE: ExitCode.refused,
  ERR_AUTH_REFRESH_REFUSED: ExitCode.refused,
  ERR_AUTH_TOKEN_REFUSED: ExitCode.refused,
  ERR_AUTH_FORBIDDEN: ExitCode.refused,
  ERR_AUTH_NOT_FOUND: ExitCode.refused,
  ERR_AUTH_REQUEST: ExitCode.refused,
  ERR_AUTH_RATE_LIMITED: ExitCode.refused,
  ERR_AUTH_MAINTENANCE: ExitCode.server,
  ERR_AUTH_SERVER: ExitCode.server,
  ERR_AUTH_RESPONSE: ExitCode.server,
  ERR_AUTH_REDIRECT: ExitCode.server,
  ERR_AUTH_BLOCKED: ExitCode.refused,
  ERR_AUTH_ORIGIN: ExitCode.usage,
  ERR_AUTH_CERTIFICATE: ExitCode.credential,
  ERR_AUTH_JWT: ExitCode.server,
  ERR_AUTH_STORE: ExitCode.credential,
  ERR_AUTH_STORE_LOCKED: ExitCode.credential,
  ERR_CONFIG_NOT_FOUND: ExitCode.credential,
  ERR_CONFIG_MALFORMED: ExitCode.credential,
  ERR_CONFIG_PROFILE: ExitCode.credential,
  ERR_CONFIG_SETTING: ExitCode.credential,
  ERR_CONFIG_MISSING: ExitCode.credential,
  ERR_CONFIG_SECRET: ExitCode.credential,
}

/** The exit code an error leads to: all that is not in the table is about credentials or configuration. */
export function exitCodeFor(error: unknown): ExitCodeValue {
  if (error instanceof Interrupted) return error.exitCode
  if (!(error instanceof SealkitError)) return ExitCode.internal
  return EXIT_CODES[error.code] ?? ExitCode.credential
}

/** A file that cannot be read. */
export function inputError(what: string, path: string, cause: unknown): CliError {
  const name = path === '-' ? 'from standard input' : path
  return new CliError('ERR_CLI_INPUT', `cannot read ${what} ${name}: ${systemReason(cause)}`, { cause })
}

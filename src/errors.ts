/**
 * The errors sealkit throws. Each carries a stable `code` to branch on, a message that names the field,
 * and, where there is one, a `hint` with the way out. Misuse by the programmer (a wrong argument type) is a
 * plain `TypeError`.
 */

/** Codes of {@link Asn1Error}. */
export type Asn1ErrorCode =
  | 'ERR_ASN1_TRUNCATED'
  | 'ERR_ASN1_TRAILING_DATA'
  | 'ERR_ASN1_UNEXPECTED_TAG'
  | 'ERR_ASN1_LENGTH'
  | 'ERR_ASN1_VALUE'
  | 'ERR_ASN1_NOT_DER'
  | 'ERR_ASN1_LIMIT'

/** Code of {@link PemError}. */
export type PemErrorCode = 'ERR_PEM_MALFORMED'

/** Codes of {@link AlgorithmError}. */
export type AlgorithmErrorCode =
  | 'ERR_ALGORITHM_UNKNOWN'
  | 'ERR_ALGORITHM_PARAMETERS'
  | 'ERR_ALGORITHM_WEAK'
  | 'ERR_ALGORITHM_KEY_MISMATCH'
  | 'ERR_ALGORITHM_UNAVAILABLE'
  | 'ERR_KEY_INVALID'
  | 'ERR_KEY_WEAK'

/** Codes of {@link CertificateError}. */
export type CertificateErrorCode =
  | 'ERR_CERTIFICATE_MALFORMED'
  | 'ERR_CERTIFICATE_EXTENSION'
  | 'ERR_CRL_MALFORMED'
  | 'ERR_OCSP_RESPONSE'

/** Code of {@link NameError}. */
export type NameErrorCode = 'ERR_NAME_MALFORMED'

/** Codes of {@link CredentialError}. */
export type CredentialErrorCode =
  | 'ERR_CREDENTIAL_NOT_FOUND'
  | 'ERR_CREDENTIAL_UNREADABLE'
  | 'ERR_CREDENTIAL_UNWRITABLE'
  | 'ERR_CREDENTIAL_FORMAT'
  | 'ERR_CREDENTIAL_AMBIGUOUS'
  | 'ERR_CREDENTIAL_PASSWORD_REQUIRED'
  | 'ERR_CREDENTIAL_PASSWORD_WRONG'
  | 'ERR_CREDENTIAL_MAC_WRONG'
  | 'ERR_CREDENTIAL_MAC_MISSING'
  | 'ERR_CREDENTIAL_PASSWORD_UNSUITABLE'
  | 'ERR_CREDENTIAL_UNSUPPORTED'
  | 'ERR_CREDENTIAL_LIMIT'
  | 'ERR_CREDENTIAL_KEY_MISMATCH'
  | 'ERR_CREDENTIAL_NO_KEY'
  | 'ERR_CREDENTIAL_NO_CERTIFICATE'
  | 'ERR_CREDENTIAL_EXISTS'
  | 'ERR_CREDENTIAL_REQUEST'

/** Codes of {@link CmsError}. */
export type CmsErrorCode =
  | 'ERR_CMS_MALFORMED'
  | 'ERR_CMS_NOT_SIGNED_DATA'
  | 'ERR_CMS_CONTENT_MISSING'
  | 'ERR_CMS_CONTENT_UNEXPECTED'
  | 'ERR_CMS_ATTRIBUTE'
  | 'ERR_CMS_SIGNATURE_INVALID'
  | 'ERR_CMS_STATE'
  | 'ERR_CMS_NO_SUCH_SIGNER'
  | 'ERR_CMS_NOT_VALID'
  | 'ERR_TIMESTAMP_REFUSED'
  | 'ERR_TIMESTAMP_INVALID'
  | 'ERR_TIMESTAMP_UNAVAILABLE'

/** Codes of {@link PathError}. */
export type PathErrorCode = 'ERR_PATH_BUDGET' | 'ERR_PATH_TRUST_STORE'

/** Codes of {@link SignerError}. */
export type SignerErrorCode =
  | 'ERR_SIGNER_DISPOSED'
  | 'ERR_SIGNER_FAILED'
  | 'ERR_SIGNER_URI'
  | 'ERR_SIGNER_PROVIDER_UNKNOWN'

/** Codes of {@link TokenError}. */
export type TokenErrorCode =
  | 'ERR_TOKEN_LIBRARY_MISSING'
  | 'ERR_TOKEN_MODULE_NOT_FOUND'
  | 'ERR_TOKEN_MODULE_REFUSED'
  | 'ERR_TOKEN_MODULE_FAILED'
  | 'ERR_TOKEN_NOT_FOUND'
  | 'ERR_TOKEN_AMBIGUOUS'
  | 'ERR_TOKEN_KEY_NOT_FOUND'
  | 'ERR_TOKEN_PIN_REQUIRED'
  | 'ERR_TOKEN_PIN_WRONG'
  | 'ERR_TOKEN_PIN_LOCKED'
  | 'ERR_TOKEN_PIN_FINAL_TRY'
  | 'ERR_TOKEN_PIN_UNUSABLE'
  | 'ERR_TOKEN_MECHANISM'
  | 'ERR_TOKEN_BUSY'
  | 'ERR_TOKEN_LOST'
  | 'ERR_TOKEN_SIGNATURE_WRONG'
  | 'ERR_TOKEN_READ_ONLY'
  | 'ERR_TOKEN_FAILED'

/** Codes of {@link ToolError}. */
export type ToolErrorCode =
  | 'ERR_TOOL_NOT_FOUND'
  | 'ERR_TOOL_FAILED'
  | 'ERR_TOOL_PROFILE'
  | 'ERR_TOOL_KEY_MEDIUM'
  | 'ERR_TOOL_CERTIFICATE'
  | 'ERR_TOOL_LICENCE'
  | 'ERR_TOOL_TIMEOUT'
  | 'ERR_TOOL_NO_OUTPUT'
  | 'ERR_TOOL_OUTPUT_EMPTY'
  | 'ERR_TOOL_OUTPUT_NOT_CMS'
  | 'ERR_TOOL_OUTPUT_REFUSED'
  | 'ERR_TOOL_SIGNATURE_WRONG'

/** Codes of {@link HttpError}. */
export type HttpErrorCode =
  | 'ERR_HTTP_URL'
  | 'ERR_HTTP_DNS'
  | 'ERR_HTTP_CONNECT'
  | 'ERR_HTTP_PROXY'
  | 'ERR_HTTP_PROXY_AUTH'
  | 'ERR_HTTP_TLS'
  | 'ERR_HTTP_SERVER_CERTIFICATE'
  | 'ERR_HTTP_CLIENT_CERTIFICATE'
  | 'ERR_HTTP_TIMEOUT'
  | 'ERR_HTTP_CLOSED'
  | 'ERR_HTTP_PROTOCOL'
  | 'ERR_HTTP_TOO_LARGE'

/** Where a request was when it failed. */
export type HttpPhase = 'request' | 'dns' | 'proxy' | 'tcp' | 'tls' | 'client-certificate' | 'http' | 'body'

/** Codes of {@link AuthError}. */
export type AuthErrorCode =
  | 'ERR_AUTH_REFUSED'
  | 'ERR_AUTH_PASSPORT_DENIED'
  | 'ERR_AUTH_PASSPORT_MISSING'
  | 'ERR_AUTH_SIGNER'
  | 'ERR_AUTH_SCOPE'
  | 'ERR_AUTH_REFRESH_REFUSED'
  | 'ERR_AUTH_TOKEN_REFUSED'
  | 'ERR_AUTH_FORBIDDEN'
  | 'ERR_AUTH_NOT_FOUND'
  | 'ERR_AUTH_REQUEST'
  | 'ERR_AUTH_RATE_LIMITED'
  | 'ERR_AUTH_MAINTENANCE'
  | 'ERR_AUTH_SERVER'
  | 'ERR_AUTH_RESPONSE'
  | 'ERR_AUTH_REDIRECT'
  | 'ERR_AUTH_BLOCKED'
  | 'ERR_AUTH_ORIGIN'
  | 'ERR_AUTH_CERTIFICATE'
  | 'ERR_AUTH_JWT'
  | 'ERR_AUTH_STORE'
  | 'ERR_AUTH_STORE_LOCKED'

/** Codes of {@link ConfigError}. */
export type ConfigErrorCode =
  | 'ERR_CONFIG_NOT_FOUND'
  | 'ERR_CONFIG_MALFORMED'
  | 'ERR_CONFIG_PROFILE'
  | 'ERR_CONFIG_SETTING'
  | 'ERR_CONFIG_MISSING'
  | 'ERR_CONFIG_SECRET'

/** Code of {@link OnboardingError}. */
export type OnboardingErrorCode = 'ERR_ONBOARDING_INVALID'

/** Every code an error of sealkit's library can carry. */
export type SealkitErrorCode =
  | Asn1ErrorCode
  | PemErrorCode
  | AlgorithmErrorCode
  | CertificateErrorCode
  | NameErrorCode
  | CredentialErrorCode
  | CmsErrorCode
  | PathErrorCode
  | SignerErrorCode
  | TokenErrorCode
  | ToolErrorCode
  | HttpErrorCode
  | AuthErrorCode
  | ConfigErrorCode
  | OnboardingErrorCode

/** Options common to the errors: `hint` is one sentence with the way out. */
export interface SealkitErrorOptions extends ErrorOptions {
  hint?: string | undefined
}

/**
 * Base of every error sealkit throws on purpose.
 *
 * @example
 * ```ts
 * import { SealkitError, Certificate } from 'sealkit'
 * try {
 *   Certificate.fromPem('not a certificate')
 * } catch (error) {
 *   if (error instanceof SealkitError) console.error(error.code, error.message, error.hint)
 * }
 * ```
 */
export class SealkitError extends Error {
  /** Stable, for programs: see {@link SealkitErrorCode}. */
  readonly code: string
  /** The way out, a sentence for people. */
  readonly hint: string | undefined

  constructor(code: string, message: string, options?: SealkitErrorOptions) {
    super(message, options?.cause === undefined ? undefined : { cause: options.cause })
    this.name = new.target.name
    this.code = code
    this.hint = options?.hint
  }
}

/** Where in the input an {@link Asn1Error} was found. */
export interface Asn1ErrorPlace {
  /** Byte offset into the bytes that were given. */
  offset: number
  /** Field names from the outermost structure to the field, joined with dots. */
  path: string
}

/** Bytes that are not the DER (or BER) they should be (X.690). */
export class Asn1Error extends SealkitError {
  declare readonly code: Asn1ErrorCode
  /** Byte offset of the trouble, from the start of the bytes given. */
  readonly offset: number
  /** Field names from the outermost structure inwards: `ContentInfo.content.signerInfos[0].sid`. */
  readonly path: string

  constructor(code: Asn1ErrorCode, message: string, place: Asn1ErrorPlace, options?: SealkitErrorOptions) {
    super(code, `${place.path === '' ? '' : `${place.path}: `}${message} (at byte ${place.offset})`, options)
    this.offset = place.offset
    this.path = place.path
  }
}

/** A PEM block (RFC 7468) that is cut off or damaged. */
export class PemError extends SealkitError {
  declare readonly code: PemErrorCode
  /** Line of the block's BEGIN mark, from 1. */
  readonly line: number

  constructor(message: string, line: number) {
    const hint = 'copy the whole file again, from -----BEGIN to -----END'
    super('ERR_PEM_MALFORMED', `PEM block in line ${line}: ${message}`, { hint })
    this.line = line
  }
}

/** An algorithm, its parameters or a key that cannot or may not be used. */
export class AlgorithmError extends SealkitError {
  declare readonly code: AlgorithmErrorCode
  constructor(code: AlgorithmErrorCode, message: string, options?: SealkitErrorOptions) {
    super(code, message, options)
  }
}

/** A certificate or revocation list that does not follow RFC 5280. */
export class CertificateError extends SealkitError {
  declare readonly code: CertificateErrorCode
  constructor(code: CertificateErrorCode, message: string, options?: SealkitErrorOptions) {
    super(code, message, options)
  }
}

/** The text of a distinguished name (RFC 4514) that cannot be read. */
export class NameError extends SealkitError {
  declare readonly code: NameErrorCode
  /** Index of the character where the trouble is, from 0. */
  readonly position: number

  constructor(message: string, position: number) {
    const hint = 'write a name as CN=api,O=Bank\\, Inc.,C=LU or as /C=LU/O=Bank, Inc./CN=api'
    super('ERR_NAME_MALFORMED', `${message} (at character ${position + 1})`, { hint })
    this.position = position
  }
}

/** A key or certificate file that is missing, unreadable, locked or does not fit. */
export class CredentialError extends SealkitError {
  declare readonly code: CredentialErrorCode
  constructor(code: CredentialErrorCode, message: string, options?: SealkitErrorOptions) {
    super(code, message, options)
  }
}

/** A CMS message (RFC 5652) that cannot be read, made or relied on. */
export class CmsError extends SealkitError {
  declare readonly code: CmsErrorCode
  constructor(code: CmsErrorCode, message: string, options?: SealkitErrorOptions) {
    super(code, message, options)
  }
}

/** A certificate path (RFC 5280 section 6) that costs too much to find, or trusted authorities that are not there. */
export class PathError extends SealkitError {
  declare readonly code: PathErrorCode
  constructor(code: PathErrorCode, message: string, options?: SealkitErrorOptions) {
    super(code, message, options)
  }
}

/** A signer that cannot be opened or used. */
export class SignerError extends SealkitError {
  declare readonly code: SignerErrorCode
  constructor(code: SignerErrorCode, message: string, options?: SealkitErrorOptions) {
    super(code, message, options)
  }
}

/** A cryptographic token (PKCS#11), its module, its PIN or a key in it that cannot be used. */
export class TokenError extends SealkitError {
  declare readonly code: TokenErrorCode
  /** What the module answered, by PKCS#11's name: `CKR_DEVICE_REMOVED`; undefined where it was not asked. */
  readonly ckr: string | undefined

  constructor(
    code: TokenErrorCode,
    message: string,
    options?: SealkitErrorOptions & { ckr?: string | undefined },
  ) {
    super(code, message, options)
    this.ckr = options?.ckr
  }
}

/** A signing program of another vendor that cannot be run, or whose answer is not taken. */
export class ToolError extends SealkitError {
  declare readonly code: ToolErrorCode
  constructor(code: ToolErrorCode, message: string, options?: SealkitErrorOptions) {
    super(code, message, options)
  }
}

/** What an {@link HttpError} adds. */
export interface HttpErrorOptions extends SealkitErrorOptions {
  phase: HttpPhase
}

/** A request that got no answer, or whose answer could not be read to its end. */
export class HttpError extends SealkitError {
  declare readonly code: HttpErrorCode
  /** How far the request had come. */
  readonly phase: HttpPhase

  constructor(code: HttpErrorCode, message: string, options: HttpErrorOptions) {
    super(code, message, options)
    this.phase = options.phase
  }
}

/** What an {@link AuthError} adds. */
export interface AuthErrorOptions extends SealkitErrorOptions {
  status?: number | undefined
  answer?: string | undefined
  validScopes?: readonly string[] | undefined
  requiredScopes?: readonly string[] | undefined
  retryAfter?: Date | undefined
}

/** A login, a token or a call that the server refused, or that was not even tried. */
export class AuthError extends SealkitError {
  declare readonly code: AuthErrorCode
  /** The HTTP status of the answer; undefined where none was asked for. */
  readonly status: number | undefined
  /** The beginning of the answer's text, with what is secret left out. May hold any character. */
  readonly answer: string | undefined
  /** Scopes that the server names as valid. */
  readonly validScopes: readonly string[] | undefined
  /** Scopes that the server wants for the call. */
  readonly requiredScopes: readonly string[] | undefined
  /** Not to be tried again before. */
  readonly retryAfter: Date | undefined

  constructor(code: AuthErrorCode, message: string, options: AuthErrorOptions = {}) {
    super(code, message, options)
    this.status = options.status
    this.answer = options.answer
    this.validScopes = options.validScopes
    this.requiredScopes = options.requiredScopes
    this.retryAfter = options.retryAfter
  }
}

/** A configuration file, a profile, a setting or a reference to a secret that is missing or wrong. */
export class ConfigError extends SealkitError {
  declare readonly code: ConfigErrorCode
  constructor(code: ConfigErrorCode, message: string, options?: SealkitErrorOptions) {
    super(code, message, options)
  }
}

/** What a place of an MT599 text breaks. */
export type OnboardingReason =
  | 'character'
  | 'line-too-long'
  | 'word-too-long'
  | 'too-many-lines'
  | 'line-start'
  | 'slash'
  | 'empty'
  | 'field'

/** One place of an MT599 text, or of the values for it, that SWIFT does not take. */
export interface OnboardingProblem {
  readonly reason: OnboardingReason
  /** The field (`field 79`), or the value given (`contact.email`). */
  readonly where: string
  /** From 1, in the text or value that was given. */
  readonly line: number
  /** From 1, in characters (code points). */
  readonly column: number
  /** What stands there, where it is a character or a word. May be any character. */
  readonly found: string | undefined
  /** What could stand there in its place (empty: nothing); undefined where people have to find it. */
  readonly suggestion: string | undefined
  /** The trouble in a sentence, without the place. */
  readonly message: string
}

/** What an {@link OnboardingError} adds. */
export interface OnboardingErrorOptions extends SealkitErrorOptions {
  problems: readonly OnboardingProblem[]
  proposal?: string | undefined
}

/** Values of which no MT599 text can be made that SWIFT takes. */
export class OnboardingError extends SealkitError {
  declare readonly code: OnboardingErrorCode
  /** All that is wrong, not the first only. */
  readonly problems: readonly OnboardingProblem[]
  /** The text with every suggestion taken, for people to look at; undefined where that does not do. */
  readonly proposal: string | undefined

  constructor(message: string, options: OnboardingErrorOptions) {
    super('ERR_ONBOARDING_INVALID', message, options)
    this.problems = options.problems
    this.proposal = options.proposal
  }
}

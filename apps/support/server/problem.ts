import { AuthError, SealkitError } from '../../../src/errors.ts'
import type { Platform, Problem } from '../api.ts'

/** The setting that an error is about, by its code. */
const SETTINGS: Readonly<Record<string, string>> = {
  ERR_HTTP_URL: 'url',
  ERR_HTTP_DNS: 'url',
  ERR_HTTP_CONNECT: 'url',
  ERR_HTTP_PROXY: 'proxy',
  ERR_HTTP_PROXY_AUTH: 'proxy',
  ERR_HTTP_SERVER_CERTIFICATE: 'ca',
  ERR_HTTP_CLIENT_CERTIFICATE: 'certificate',
  ERR_AUTH_SCOPE: 'scope',
  ERR_AUTH_REFUSED: 'password',
  ERR_AUTH_PASSPORT_DENIED: 'password',
  ERR_AUTH_CERTIFICATE: 'certificate',
  ERR_AUTH_SIGNER: 'key',
  ERR_AUTH_ORIGIN: 'api-url',
  ERR_AUTH_NOT_FOUND: 'api-url',
  ERR_CONFIG_PROFILE: 'profile',
  ERR_CREDENTIAL_PASSWORD_REQUIRED: 'key-password',
  ERR_CREDENTIAL_PASSWORD_WRONG: 'key-password',
  ERR_CREDENTIAL_MAC_WRONG: 'key-password',
  ERR_PATH_TRUST_STORE: 'ca',
  ERR_TOKEN_PIN_WRONG: 'pin',
  ERR_TOKEN_PIN_REQUIRED: 'pin',
}

/** An error for the page. What is none of ours is not told: its words may hold anything. */
export function problemOf(error: unknown, platform: Platform | undefined, trace?: string): Problem {
  const rest = trace === undefined || trace === '' ? {} : { trace }
  if (!(error instanceof SealkitError)) {
    const message = 'A fault in sealkit itself. The terminal shows more.'
    return { code: 'ERR_SUPPORT_INTERNAL', message, ...rest }
  }
  const { code, message, hint } = error
  const setting = settingOf(error, platform)
  return {
    code,
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(setting === undefined ? {} : { setting }),
    ...(error instanceof AuthError ? answerOf(error) : {}),
    ...rest,
  }
}

function answerOf({ status, validScopes, requiredScopes }: AuthError): Partial<Problem> {
  return {
    ...(status === undefined ? {} : { status }),
    ...(validScopes === undefined ? {} : { validScopes }),
    ...(requiredScopes === undefined ? {} : { requiredScopes }),
  }
}

function settingOf({ code, message }: SealkitError, platform: Platform | undefined): string | undefined {
  const [, missing] = /: ([a-z-]+) is missing/.exec(message) ?? []
  const [, flag] = /^--([a-z-]+?)(?:-env)?[: ]/.exec(message) ?? []
  const named = missing ?? flag ?? SETTINGS[code]
  if (named !== undefined) return named === 'url' && platform === 'moex' ? 'token-url' : named
  if (!code.startsWith('ERR_CREDENTIAL_') && !code.startsWith('ERR_SIGNER_')) return undefined
  return platform === 'moex' ? 'key' : 'certificate'
}

/** Each error of the clients has the exit code that the guide tells. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { exitCodeFor } from '../../../apps/cli/errors.ts'
import { ExitCode } from '../../../apps/cli/exit-codes.ts'
import { SealkitError } from '../../../src/errors.ts'
import { root } from '../../support/tools.ts'

const { usage, credential, refused, network, server } = ExitCode

const EXPECTED: Readonly<Record<string, number>> = {
  ERR_HTTP_URL: usage,
  ERR_HTTP_DNS: network,
  ERR_HTTP_CONNECT: network,
  ERR_HTTP_PROXY: network,
  ERR_HTTP_PROXY_AUTH: network,
  ERR_HTTP_TLS: network,
  ERR_HTTP_SERVER_CERTIFICATE: network,
  ERR_HTTP_CLIENT_CERTIFICATE: credential,
  ERR_HTTP_TIMEOUT: network,
  ERR_HTTP_CLOSED: network,
  ERR_HTTP_PROTOCOL: server,
  ERR_HTTP_TOO_LARGE: server,
  ERR_AUTH_REFUSED: refused,
  ERR_AUTH_PASSPORT_DENIED: refused,
  ERR_AUTH_PASSPORT_MISSING: server,
  ERR_AUTH_SIGNER: credential,
  ERR_AUTH_SCOPE: refused,
  ERR_AUTH_REFRESH_REFUSED: refused,
  ERR_AUTH_TOKEN_REFUSED: refused,
  ERR_AUTH_FORBIDDEN: refused,
  ERR_AUTH_NOT_FOUND: refused,
  ERR_AUTH_REQUEST: refused,
  ERR_AUTH_RATE_LIMITED: refused,
  ERR_AUTH_MAINTENANCE: server,
  ERR_AUTH_SERVER: server,
  ERR_AUTH_RESPONSE: server,
  ERR_AUTH_REDIRECT: server,
  ERR_AUTH_BLOCKED: refused,
  ERR_AUTH_ORIGIN: usage,
  ERR_AUTH_CERTIFICATE: credential,
  ERR_AUTH_JWT: server,
  ERR_AUTH_STORE: credential,
  ERR_AUTH_STORE_LOCKED: credential,
  ERR_CONFIG_NOT_FOUND: credential,
  ERR_CONFIG_MALFORMED: credential,
  ERR_CONFIG_PROFILE: credential,
  ERR_CONFIG_SETTING: credential,
  ERR_CONFIG_MISSING: credential,
  ERR_CONFIG_SECRET: credential,
}

describe('exitCodeFor', () => {
  test.each(Object.entries(EXPECTED))('%s is %i', (code, exitCode) => {
    expect(exitCodeFor(new SealkitError(code, ''))).toBe(exitCode)
  })

  test('no code of the clients is left out here', () => {
    const source = readFileSync(join(root, 'src/errors.ts'), 'utf8')
    const codes = [...source.matchAll(/^ {2}\| '(ERR_(?:HTTP|AUTH|CONFIG)_\w+)'/gm)].map(([, code]) => code)
    expect(codes.sort()).toEqual(Object.keys(EXPECTED).sort())
  })

  test('others', () => {
    expect(exitCodeFor(new SealkitError('ERR_CREDENTIAL_NOT_FOUND', ''))).toBe(credential)
    expect(exitCodeFor(new TypeError())).toBe(ExitCode.internal)
  })
})

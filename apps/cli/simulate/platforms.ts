import { randomBytes } from 'node:crypto'
import type { Faults, ServerAuthority } from '../../simulator/index.ts'
import { startClearstreamSimulator, startMoexSimulator } from '../../simulator/index.ts'

/** What each platform is started with. */
export interface PlatformOptions {
  readonly port: number
  readonly faults: Faults
  readonly authority: ServerAuthority
  /** A line for the profile. */
  readonly proxy: string
}

/** A simulator that runs, with all that a client needs. */
export interface RunningPlatform extends AsyncDisposable {
  readonly name: 'moex' | 'clearstream'
  readonly banner: string
  readonly ca: string
  /** For programs. */
  readonly urls: Readonly<Record<string, string>>
  /** For the folder, by their names. */
  readonly files: Readonly<Record<string, string | Uint8Array>>
  /** Lines of TOML. */
  readonly profile: readonly string[]
  /** What to try, without the option that names the configuration. */
  readonly commands: readonly string[]
}

const USER_ID = 'a000012345_00012345'
const LOGIN = 'jane@bank.example'

export async function runMoex(options: PlatformOptions): Promise<RunningPlatform> {
  const { port, faults, authority, proxy } = options
  const moex = await startMoexSimulator({ port, faults, authority })
  const [password, clientSecret] = [newSecret(), newSecret()]
  const { keyPem, certificatePem } = await moex.issueUser({ login: LOGIN, password })
  moex.addClient({ clientId: 'bank-app', clientSecret })
  const origin = new URL(moex.url).origin
  return {
    name: 'moex',
    banner: moex.banner,
    ca: moex.ca,
    urls: { passport: moex.passportUrl, token: moex.tokenUrl, api: moex.apiUrl },
    files: {
      'moex-key.pem': keyPem,
      'moex-cert.pem': certificatePem,
      'moex-password': password,
      'moex-client-secret': clientSecret,
    },
    profile: [
      '[profiles.simulated-moex]',
      'platform = "moex"',
      `passport-url = "${moex.passportUrl}"`,
      `token-url = "${moex.tokenUrl}"`,
      `api-origins = "${origin}"`,
      `login = "${LOGIN}"`,
      'password = { file = "moex-password" }',
      'client-id = "bank-app"',
      'client-secret = { file = "moex-client-secret" }',
      'scope = "client_registration"',
      'key = "moex-key.pem"',
      'certificate = "moex-cert.pem"',
      proxy,
    ],
    commands: ['sealkit moex token', `sealkit moex call GET ${moex.apiUrl}/me`],
    [Symbol.asyncDispose]: () => moex[Symbol.asyncDispose](),
  }
}

export async function runClearstream(options: PlatformOptions): Promise<RunningPlatform> {
  const { port, faults, authority, proxy } = options
  const clearstream = await startClearstreamSimulator({ port, faults, authority })
  const password = newSecret()
  clearstream.addConsumer({ username: USER_ID, password })
  const issued = await clearstream.issueConsumer(USER_ID)
  return {
    name: 'clearstream',
    banner: clearstream.banner,
    ca: clearstream.ca,
    urls: { base: clearstream.url, token: clearstream.tokenUrl, jwks: clearstream.jwksUrl },
    files: {
      [`ocapi-${USER_ID}-ssl.pem`]: issued.pem,
      [`ocapi-${USER_ID}-cacert.pem`]: clearstream.ca,
      'clearstream-password': password,
    },
    profile: [
      '[profiles.simulated-clearstream]',
      'platform = "clearstream"',
      `url = "${clearstream.url}"`,
      `username = "${USER_ID}"`,
      'password = { file = "clearstream-password" }',
      'credentials = "."',
      `jwks = "${clearstream.jwksUrl}"`,
      proxy,
    ],
    commands: ['sealkit clearstream info', 'sealkit clearstream echo Hello'],
    [Symbol.asyncDispose]: () => clearstream[Symbol.asyncDispose](),
  }
}

function newSecret(): string {
  return randomBytes(18).toString('base64url')
}

import type { GeneratedKeyType } from '../../../src/credentials/index.ts'
import { json } from '../answer.ts'
import { ServerAuthority } from '../authority.ts'
import type { Faults } from '../faults.ts'
import type { SimulatorOptions } from '../options.ts'
import type { RecordedRequest } from '../recorded.ts'
import { type Handler, SimulatorServer } from '../server.ts'
import { TokenDesk } from '../token-desk.ts'
import { TokenKey } from '../token-key.ts'
import { echo, me } from './api.ts'
import { type MoexApplication, MoexApplications } from './applications.ts'
import { chooseVerifier } from './choose-verifier.ts'
import { type IssuedSigner, issueSigner } from './issue-user.ts'
import { passportPage } from './passport-page.ts'
import { PassportTokens } from './passport-tokens.ts'
import type { MoexRefusal } from './refusals.ts'
import { tokenEndpoint } from './token-endpoint.ts'
import { type MoexUser, MoexUsers } from './users.ts'

/** Options of {@link startMoexSimulator}. Times are seconds. */
export interface MoexSimulatorOptions extends SimulatorOptions {
  users?: readonly MoexUser[] | undefined
  applications?: readonly MoexApplication[] | undefined
  /** Who verifies signatures. Default `auto`: OpenSSL where it is there, else sealkit. */
  verifier?: 'auto' | 'openssl' | 'sealkit' | undefined
  /** Wrong passwords in a row until the user is locked out. Default 5. */
  maxWrongPasswords?: number | undefined
  /** Of MOEX Passport Tokens. Default 300. */
  passportExpiresIn?: number | undefined
  /** Of access tokens. Default 300. */
  expiresIn?: number | undefined
  /** Of refresh tokens. Default 1800. */
  refreshExpiresIn?: number | undefined
}

/** MOEX's passport, single sign-on and a small API on this machine: **a test double, not MOEX**. */
export interface MoexSimulator extends AsyncDisposable {
  /** `https://localhost:PORT`. */
  readonly url: string
  readonly port: number
  /** The root to trust, in PEM. */
  readonly ca: string
  readonly passportUrl: string
  readonly tokenUrl: string
  /** `GET me` and `POST echo` are below it. */
  readonly apiUrl: string
  /** One line that says what this is, and who verifies. */
  readonly banner: string
  /** May be changed at any time; those of TLS hold after `restart`. */
  readonly faults: Faults
  /** What was asked, the oldest first. */
  readonly requests: readonly RecordedRequest[]
  /** Why something was refused, the oldest first: the answers do not tell all. */
  readonly refusals: readonly MoexRefusal[]
  /** What the simulator itself failed at. */
  readonly problems: readonly unknown[]
  addUser(user: MoexUser): void
  addClient(application: MoexApplication): void
  /** Makes a key and a certificate for a new user and adds it. Default RSA-2048. */
  issueUser(user: { login: string; password: string; keyType?: GeneratedKeyType }): Promise<IssuedSigner>
  /** Lets a user in again after too many wrong passwords. */
  unlock(login: string): void
  /** Ends all access tokens; refresh tokens too where they are not to be kept. */
  revokeTokens(options?: { keepRefreshTokens?: boolean }): void
  /** Ends all MOEX Passport Tokens. */
  revokePassports(): void
  /** Ends all connections; new ones find the faults of TLS as they are now. */
  restart(faults?: Faults): Promise<void>
}

const REALM = '/auth/realms/SSO'
const CONNECT = `${REALM}/protocol/openid-connect`

/**
 * Starts a simulator of MOEX on 127.0.0.1: the MOEX Passport (cookie, redirect or body, lock-out), the token endpoint,
 * which **really verifies** the signature over the token that it gave out, and a small API. It is a test double: it
 * follows MOEX's guide, and where the guide is silent it does what others have met.
 *
 * @throws Error where the port is taken, or OpenSSL is wanted and missing
 * @example
 * ```ts
 * import { startMoexSimulator } from 'sealkit/simulator'
 * await using moex = await startMoexSimulator()
 * const { keyPem, certificatePem } = await moex.issueUser({ login: 'jane', password: 'correct horse' })
 * moex.addClient({ clientId: 'app', clientSecret: 'app secret' })
 * console.log(moex.banner, moex.passportUrl, moex.tokenUrl, keyPem.length + certificatePem.length)
 * ```
 */
export async function startMoexSimulator(options: MoexSimulatorOptions = {}): Promise<MoexSimulator> {
  const { passportExpiresIn = 300, expiresIn = 300, refreshExpiresIn = 1800 } = options
  const authority = options.authority ?? (await ServerAuthority.create())
  const verifier = await chooseVerifier(options.verifier ?? 'auto')
  const key = await TokenKey.create()
  const faults = options.faults ?? {}
  const now = () => Date.now() + (faults.clockSkew ?? 0) * 1000
  const users = new MoexUsers(options.maxWrongPasswords ?? 5)
  const applications = new MoexApplications()
  const passports = new PassportTokens(passportExpiresIn, now)
  const refusals: MoexRefusal[] = []
  const refuse = (reason: MoexRefusal) => void refusals.push(reason)
  for (const user of options.users ?? []) users.add(user)
  for (const application of options.applications ?? []) applications.add(application)

  // The issuer's name has the port, which is known when the server runs.
  let desk: TokenDesk | undefined
  const atDesk =
    (answer: (request: Parameters<Handler>[0], desk: TokenDesk) => ReturnType<Handler>): Handler =>
    (request) => {
      if (desk === undefined) throw new Error('the simulator is not started yet')
      return answer(request, desk)
    }
  const passport: Handler = (request) =>
    passportPage(request, { users, tokens: passports, faults, refuse, lifetime: passportExpiresIn, now })
  const server = await SimulatorServer.start({
    authority,
    port: options.port,
    faults,
    routes: {
      'GET /authenticate': passport,
      'GET /en/registration': passport,
      [`POST ${CONNECT}/token`]: atDesk((request, open) =>
        tokenEndpoint(request, {
          users,
          applications,
          passports,
          desk: open,
          verifier,
          refuse,
          refreshExpiresIn,
        }),
      ),
      [`GET ${CONNECT}/certs`]: async () => json(200, await key.jwks()),
      'GET /api/me': atDesk((request, open) => me(request, open, refuse)),
      'POST /api/echo': atDesk((request, open) => echo(request, open, refuse)),
    },
  })
  const { url, port } = server
  const issuer = `${url}${REALM}`
  const tokens = new TokenDesk({ key, issuer, faults, now, expiresIn, refreshExpiresIn })
  desk = tokens
  return {
    url,
    port,
    ca: authority.ca,
    passportUrl: `${url}/authenticate`,
    tokenUrl: `${url}${CONNECT}/token`,
    apiUrl: `${url}/api`,
    banner: `A simulator of MOEX at ${url}: a test double, not MOEX. Signatures are verified by ${verifier.name}.`,
    faults,
    refusals,
    problems: server.problems,
    get requests() {
      return server.requests
    },
    addUser: (user) => users.add(user),
    addClient: (application) => applications.add(application),
    async issueUser({ login, password, keyType = 'RSA-2048' }) {
      const signer = await issueSigner(login, keyType)
      users.add({ login, password, certificates: [signer.certificate] })
      return signer
    },
    unlock: (login) => users.unlock(login),
    revokeTokens: (how) => tokens.revoke(how),
    revokePassports: () => passports.clear(),
    restart: (changed) => server.restart(changed),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

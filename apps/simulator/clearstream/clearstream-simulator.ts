import { html, json, text } from '../answer.ts'
import { ServerAuthority } from '../authority.ts'
import { ConsumerAuthority, type IssuedCredential, type IssueOptions } from '../consumer-authority.ts'
import type { Faults } from '../faults.ts'
import type { SimulatorOptions } from '../options.ts'
import type { RecordedRequest } from '../recorded.ts'
import { type Handler, SimulatorServer } from '../server.ts'
import { TokenDesk } from '../token-desk.ts'
import { TokenKey } from '../token-key.ts'
import { echo, info, positions } from './apis.ts'
import { type ClearstreamConsumer, Consumers } from './consumers.ts'
import { type ClearstreamRefusal, type Desk, tokenEndpoint } from './token-endpoint.ts'

/** Options of {@link startClearstreamSimulator}. Times are seconds. */
export interface ClearstreamSimulatorOptions extends SimulatorOptions {
  consumers?: readonly ClearstreamConsumer[] | undefined
  /**
   * `required` (default): without a certificate of its authority the TLS handshake fails. `optional`: the handshake
   * goes on, and a request gets 403.
   */
  clientCertificates?: 'required' | 'optional' | undefined
  /** Of access tokens. Default 3599. */
  expiresIn?: number | undefined
  /** Of refresh tokens. Default 86400. */
  refreshExpiresIn?: number | undefined
}

/** Clearstream's API platform with its playground on this machine: **a test double, not Clearstream**. */
export interface ClearstreamSimulator extends AsyncDisposable {
  /** `https://localhost:PORT`. */
  readonly url: string
  readonly port: number
  /** The root to trust, in PEM. */
  readonly ca: string
  /** The authority of the consumers' certificates, in PEM. */
  readonly clientCa: string
  readonly tokenUrl: string
  readonly jwksUrl: string
  /** One line that says what this is. */
  readonly banner: string
  /** May be changed at any time; those of TLS hold after `restart`. */
  readonly faults: Faults
  /** What was asked, the oldest first. */
  readonly requests: readonly RecordedRequest[]
  /** Connections accepted so far, handshakes that failed included. */
  readonly connections: number
  /** Why something was refused, the oldest first: the answers do not tell all. */
  readonly refusals: readonly ClearstreamRefusal[]
  /** What the simulator itself failed at. */
  readonly problems: readonly unknown[]
  addConsumer(consumer: ClearstreamConsumer): void
  /** Issues a client certificate for a user id, or one that is wrong: run out, or of another common name. */
  issueConsumer(userId: string, options?: IssueOptions): Promise<IssuedCredential>
  /** Ends all access tokens; refresh tokens too where they are not to be kept. */
  revokeTokens(options?: { keepRefreshTokens?: boolean }): void
  /** Ends all connections; new ones find the faults of TLS as they are now. */
  restart(faults?: Faults): Promise<void>
}

const PEM = 'application/x-pem-file'

/**
 * Starts a simulator of Clearstream's API platform on 127.0.0.1: mutual TLS, the token endpoint (password and refresh
 * grants), the playground, an API that wants another scope (`/reporting/v1/positions`), keys of its JWTs, certificates
 * to download. It is a test double: it follows Clearstream's guide, and is no replacement of the platform's own OCCT
 * environment.
 *
 * @throws Error where the port is taken
 * @example
 * ```ts
 * import { startClearstreamSimulator } from 'sealkit/simulator'
 * await using clearstream = await startClearstreamSimulator()
 * clearstream.addConsumer({ username: 'a000012345_00012345', password: 'correct horse' })
 * const { pem } = await clearstream.issueConsumer('a000012345_00012345')
 * console.log(clearstream.tokenUrl, clearstream.ca.length, pem.length)
 * clearstream.faults.maintenance = true
 * ```
 */
export async function startClearstreamSimulator(
  options: ClearstreamSimulatorOptions = {},
): Promise<ClearstreamSimulator> {
  const { clientCertificates = 'required', expiresIn = 3599, refreshExpiresIn = 86_400 } = options
  const authority = options.authority ?? (await ServerAuthority.create())
  const clients = await ConsumerAuthority.create('sealkit simulator, test authority of API consumers')
  const key = await TokenKey.create()
  const faults = options.faults ?? {}
  const consumers = new Consumers()
  for (const consumer of options.consumers ?? []) consumers.add(consumer)
  const refusals: ClearstreamRefusal[] = []

  // The issuer's name has the port, which is known when the server runs.
  let desk: Desk | undefined
  const atDesk =
    (answer: (request: Parameters<Handler>[0], desk: Desk) => ReturnType<Handler>): Handler =>
    (request) => {
      if (desk === undefined) throw new Error('the simulator is not started yet')
      return answer(request, desk)
    }
  const server: SimulatorServer = await SimulatorServer.start({
    authority,
    port: options.port,
    faults,
    clients: { ca: clients.ca, required: clientCertificates === 'required' },
    routes: {
      'POST /authmanager/oauth2/access_token': atDesk(tokenEndpoint),
      'GET /oauth2/connect/jwk_uri': async () => json(200, await key.jwks()),
      'GET /playground/v1/info': atDesk(info),
      'GET /playground/v1/echo': atDesk(echo),
      'GET /reporting/v1/positions': atDesk(positions),
      'GET /server-cert-cacerts.pem': () => text(200, authority.ca, PEM),
      'GET /client-cert-cacerts.pem': () => text(200, clients.ca, PEM),
    },
    otherwise: ({ url }) => {
      // As the platform does: what looks like metadata is a page.
      if (url.pathname.startsWith('/.well-known/')) return html(200, 'API Platform', 'A test double.')
      return json(404, { status: 404, error: 'Not Found', message: 'There is nothing at this path' })
    },
  })
  const { url, port } = server
  const tokens = new TokenDesk({
    key,
    issuer: `${url}/oauth2`,
    faults,
    now: () => server.now(),
    expiresIn,
    refreshExpiresIn,
  })
  desk = { consumers, tokens, refuse: (reason) => void refusals.push(reason) }
  return {
    url,
    port,
    ca: authority.ca,
    clientCa: clients.ca,
    tokenUrl: `${url}/authmanager/oauth2/access_token`,
    jwksUrl: `${url}/oauth2/connect/jwk_uri`,
    banner: `A simulator of Clearstream's API platform at ${url}: a test double, not Clearstream.`,
    faults,
    refusals,
    problems: server.problems,
    get requests() {
      return server.requests
    },
    get connections() {
      return server.connections
    },
    addConsumer: (consumer) => consumers.add(consumer),
    issueConsumer: (userId, how) => clients.issue(userId, how),
    revokeTokens: (how) => tokens.revoke(how),
    restart: (changed) => server.restart(changed),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

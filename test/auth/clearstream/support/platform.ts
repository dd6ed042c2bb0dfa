import { inspect } from 'node:util'
import { expect } from 'vitest'
import { type Answer, json } from '../../../../apps/simulator/answer.ts'
import { ServerAuthority } from '../../../../apps/simulator/authority.ts'
import {
  ConsumerAuthority,
  type IssuedCredential,
  type IssueOptions,
} from '../../../../apps/simulator/consumer-authority.ts'
import type { SimulatorRequest } from '../../../../apps/simulator/request.ts'
import { SimulatorServer } from '../../../../apps/simulator/server.ts'
import { TokenKey } from '../../../../apps/simulator/token-key.ts'
import {
  type ClearstreamClient,
  type ClearstreamOptions,
  clearstreamClient,
} from '../../../../src/auth/index.ts'
import { SealkitError } from '../../../../src/errors.ts'
import { createTransport, type HttpTransport, type TraceEvent } from '../../../../src/http/index.ts'

export const USER = 'a000012345_00012345'
export const PASSWORD = 'pass word&"1"-äß'
export const TOKEN_PATH = '/authmanager/oauth2/access_token'

/** A real TLS server that wants client certificates, and answers what a test tells it to. */
export class Platform implements AsyncDisposable {
  readonly url: string
  readonly ca: string
  readonly key: TokenKey
  /** Secrets that were given out. */
  readonly secrets: string[] = [PASSWORD, encodeURIComponent(PASSWORD), 'pass+word']
  readonly requests: SimulatorRequest[] = []
  readonly trace: TraceEvent[] = []
  /** Answers by method and path. */
  answers: Record<string, (request: SimulatorRequest) => Answer | Promise<Answer>> = {}
  readonly #server: SimulatorServer
  readonly #consumers: ConsumerAuthority
  readonly #transports: HttpTransport[] = []
  #refreshTokens = 0

  private constructor(server: SimulatorServer, ca: string, consumers: ConsumerAuthority, key: TokenKey) {
    this.#server = server
    this.#consumers = consumers
    this.ca = ca
    this.key = key
    this.url = server.url
  }

  static async start(): Promise<Platform> {
    const authority = await ServerAuthority.create()
    const consumers = await ConsumerAuthority.create('test authority')
    const server = await SimulatorServer.start({
      authority,
      routes: {},
      clients: { ca: consumers.ca, required: true },
      otherwise: (request) => platform.#answer(request),
    })
    const platform = new Platform(server, authority.ca, consumers, await TokenKey.create())
    return platform
  }

  issue(user = USER, options?: IssueOptions): Promise<IssuedCredential> {
    return this.#consumers.issue(user, options)
  }

  transport(certificate: string | Uint8Array, password?: string): HttpTransport {
    const http = createTransport({
      ca: Buffer.from(this.ca),
      credential: { certificate, password },
      proxy: 'none',
      retries: 0,
      trace: (event) => this.trace.push(event),
    })
    this.#transports.push(http)
    return http
  }

  client(http: ClearstreamOptions['http'], options: Partial<ClearstreamOptions> = {}): ClearstreamClient {
    return clearstreamClient({ url: this.url, username: USER, password: PASSWORD, http, ...options })
  }

  /** A token response, as the guide shows it. */
  async tokens(subject = USER, more: object = {}, key = this.key): Promise<Answer> {
    const access_token = await key.sign({ sub: subject }, Date.now(), 3599)
    const refresh_token = `refresh-token-${++this.#refreshTokens}-of-the-test`
    this.secrets.push(access_token, refresh_token)
    const fields = { access_token, refresh_token, scope: 'allow ocapi-playground-v1', token_type: 'Bearer' }
    return json(200, { ...fields, expires_in: 3599, ...more })
  }

  /** The error that a promise ends with; no secret is in it, nor in the trace. */
  async errorOf(promise: Promise<unknown>): Promise<SealkitError> {
    const error = await promise.then(
      (value) => new Error(`no error but ${inspect(value)}`),
      (thrown: unknown) => thrown,
    )
    if (!(error instanceof SealkitError)) throw error
    expect(error.hint).toMatch(/^[a-z'"]/)
    expect(error.hint).not.toMatch(/\.$/)
    this.expectNoSecretIn(inspect(error, { depth: 12 }), JSON.stringify({ ...error, message: error.message }))
    return error
  }

  expectNoSecretIn(...texts: string[]): void {
    const all = [...texts, JSON.stringify(this.trace)].join('\n')
    for (const secret of this.secrets)
      expect(all.includes(secret), `the secret ${secret} is shown`).toBe(false)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const http of this.#transports) await http[Symbol.asyncDispose]()
    await this.#server[Symbol.asyncDispose]()
  }

  async #answer(request: SimulatorRequest): Promise<Answer> {
    this.requests.push(request)
    const route = `${request.method} ${request.url.pathname}`
    return (await this.answers[route]?.(request)) ?? json(404, { error: 'Not Found' })
  }
}

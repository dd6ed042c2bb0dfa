import type { IncomingMessage, ServerResponse } from 'node:http'
import { readSecret } from '../../src/auth/secret.ts'
import { accessLine } from './access-log.ts'
import { adminHandler } from './admin.ts'
import { digest, type Rules, refusalOf } from './admission.ts'
import { CallerGone } from './forward.ts'
import { listen } from './listener.ts'
import { Metrics } from './metrics.ts'
import type { ProxyOptions } from './options.ts'
import { problemOf, sendProblem } from './problem.ts'
import { Upstream } from './upstream.ts'

/** A proxy that runs. Disposing ends it at once. */
export interface Proxy extends AsyncDisposable {
  /** What callers use in place of the upstream: `http://127.0.0.1:8080`, or `unix:/path`. */
  readonly url: string
  /** Of the second listener; undefined without one. */
  readonly adminUrl: string | undefined
  /**
   * Takes no more requests, and waits for those on their way.
   *
   * @param options `timeout` in milliseconds, after which the rest is cut off; default 30,000
   */
  stop(options?: { timeout?: number | undefined }): Promise<void>
}

const SHORTEST_SECRET = 16

/**
 * Starts a proxy on this machine that wraps what callers send in plain HTTP into mutual TLS, for libraries that cannot do
 * that themselves. It has one upstream, listens on loopback or a UNIX socket, knows its own Host names only, and can hold
 * the token too. Certificates that are replaced are taken without dropping a request.
 *
 * @throws TypeError for options of another type, or that would let other machines in without a secret
 * @throws CredentialError, PathError for files that cannot be read; what listening throws (`EADDRINUSE`)
 * @example
 * ```ts
 * import { startProxy } from 'sealkit/proxy'
 * await using proxy = await startProxy({
 *   upstream: 'https://api.clearstream.com',
 *   ca: 'server-cert-cacerts.pem',
 *   credential: { certificate: 'ocapi-a00012345_0012345-ssl.pem' },
 *   listen: { port: 8443 },
 *   allowedPaths: ['/authmanager/oauth2/access_token', '/playground/*'],
 * })
 * console.log(proxy.url)
 * ```
 */
export async function startProxy(options: ProxyOptions): Promise<Proxy> {
  const url = upstreamOf(options.upstream)
  const secret = await secretOf(options)
  const upstream = new Upstream(url, options)
  const metrics = new Metrics()
  let isStopping = false
  let rules: Rules | undefined
  const handle = (request: IncomingMessage, response: ServerResponse) =>
    answer(request, response, { rules: rules as Rules, upstream, metrics, log: options.accessLog })
  await upstream.connections()
  const listener = await listen(options.listen ?? {}, handle, options)
  const allowed = options.allowedHosts?.map((host) => host.toLowerCase())
  const hosts = allowed ?? listener.hosts
  rules = { hosts: hosts && new Set(hosts), paths: options.allowedPaths, secret }
  const admin =
    options.admin &&
    (await listen(
      options.admin,
      adminHandler(upstream, metrics, () => isStopping),
      { maxConnections: 64 },
    ))
  const servers = [listener, ...(admin === undefined ? [] : [admin])].map(({ server }) => server)
  const close = async () => {
    for (const server of servers) server.closeAllConnections()
    await Promise.all(servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve()))))
    await upstream.close('at once')
  }
  return {
    url: listener.url,
    adminUrl: admin?.url,
    async stop({ timeout = 30_000 } = {}) {
      isStopping = true
      const closed = new Promise<void>((resolve) => listener.server.close(() => resolve()))
      listener.server.closeIdleConnections()
      const timer = setTimeout(() => listener.server.closeAllConnections(), timeout)
      await closed
      clearTimeout(timer)
      await close()
    },
    [Symbol.asyncDispose]: close,
  }
}

interface Answering {
  readonly rules: Rules
  readonly upstream: Upstream
  readonly metrics: Metrics
  readonly log: ProxyOptions['accessLog']
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { rules, upstream, metrics, log }: Answering,
): Promise<void> {
  const began = performance.now()
  metrics.inFlight++
  let bytes = 0
  let phase: string | undefined
  try {
    const refusal = refusalOf(request, rules)
    if (refusal !== undefined) sendProblem(response, refusal)
    else bytes = (await upstream.answer(request, response)).bytes
  } catch (error) {
    phase = error instanceof CallerGone ? 'caller' : tell(response, error)
  } finally {
    metrics.inFlight--
  }
  const status = phase === 'caller' ? 0 : response.statusCode
  const milliseconds = performance.now() - began
  if (phase !== undefined) metrics.failure(phase)
  metrics.request(status, milliseconds / 1000, bytes)
  log?.(accessLine({ request, status, bytes, milliseconds, phase }))
}

/** @returns the phase */
function tell(response: ServerResponse, error: unknown): string {
  const problem = problemOf(error)
  sendProblem(response, problem)
  return problem.phase ?? 'proxy'
}

function upstreamOf(upstream: string | URL): URL {
  const url = URL.canParse(String(upstream)) ? new URL(upstream) : undefined
  if (
    url?.protocol !== 'https:' ||
    url.username !== '' ||
    url.password !== '' ||
    url.search !== '' ||
    url.hash !== ''
  ) {
    throw new TypeError('upstream must be an https URL without name, password or query: https://api.example')
  }
  return url
}

async function secretOf({ callerSecret, exposeToNetwork }: ProxyOptions): Promise<Uint8Array | undefined> {
  if (callerSecret === undefined) {
    if (exposeToNetwork !== true) return undefined
    throw new TypeError('callerSecret is needed where other machines reach the proxy')
  }
  const secret = await readSecret(callerSecret, 'callerSecret')
  if (secret.length < SHORTEST_SECRET)
    throw new TypeError(`callerSecret must have ${SHORTEST_SECRET} characters`)
  return digest(secret)
}

import type { IncomingMessage, ServerResponse } from 'node:http'
import { readSecret } from '../../src/auth/secret.ts'
import { adminHandler } from './admin.ts'
import { digest, type Rules } from './admission.ts'
import { answer } from './answer.ts'
import { Hosts } from './hosts.ts'
import { type Listener, listen } from './listener.ts'
import { Metrics } from './metrics.ts'
import type { ProxyOptions } from './options.ts'
import { checkPaths } from './paths.ts'
import { Upstream } from './upstream.ts'

/** A proxy that runs. Disposing ends it at once. */
export interface RunningProxy extends AsyncDisposable {
  /** What callers use in place of the upstream: `http://127.0.0.1:8080`, or `unix:/path`. */
  readonly url: string
  /** Of the second listener; undefined without one. */
  readonly adminUrl: string | undefined
  /**
   * Takes no more connections, and waits for the requests on their way.
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
 * Of `timeouts`, `total` is not used: a request may take as long as its pieces keep coming.
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
export async function startProxy(options: ProxyOptions): Promise<RunningProxy> {
  const url = upstreamOf(options.upstream)
  const paths = checkPaths(options.allowedPaths)
  const secret = await secretOf(options)
  const upstream = new Upstream(url, options)
  const metrics = new Metrics()
  let stopping: (() => void) | undefined
  const isStopping = () => stopping !== undefined
  const parts = { upstream, metrics, log: options.accessLog, isStopping }
  let rules: Rules | undefined
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    await answer(request, response, { ...parts, rules: rules as Rules })
    stopping?.()
  }
  await upstream.connections()
  const listener = await listen(options.listen ?? {}, handle, options)
  const hosts = listener.hosts && new Hosts(listener.hosts, options.allowedHosts ?? [])
  rules = { hosts, paths, secret }
  const admin = await adminOf(options, listener, (own) => adminHandler({ ...parts, hosts: own }))
  const listeners = [listener, ...(admin === undefined ? [] : [admin])]
  const close = async () => {
    await Promise.all(listeners.map((each) => each.close()))
    await upstream.close()
  }
  return {
    url: listener.url,
    adminUrl: admin?.url,
    async stop({ timeout = 30_000 } = {}) {
      listener.server.close()
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, timeout)
        stopping = () => {
          if (metrics.inFlight > 0) return
          clearTimeout(timer)
          resolve()
        }
        stopping()
      })
      await close()
    },
    [Symbol.asyncDispose]: close,
  }
}

/** The second listener; where it cannot stand, the first goes too. */
async function adminOf(
  { admin, exposeToNetwork }: ProxyOptions,
  listener: Listener,
  handler: (hosts: () => Hosts | undefined) => Parameters<typeof listen>[1],
): Promise<Listener | undefined> {
  if (admin === undefined) return undefined
  let own: Hosts | undefined
  try {
    const standing = await listen(
      admin,
      handler(() => own),
      { exposeToNetwork, maxConnections: 64 },
    )
    if (standing.hosts !== undefined && standing.isLoopback) own = new Hosts(standing.hosts, [])
    return standing
  } catch (error) {
    await listener.close()
    throw error
  }
}

function upstreamOf(upstream: string | URL): URL {
  const url = URL.canParse(String(upstream)) ? new URL(upstream) : undefined
  if (url?.protocol !== 'https:' || url.username + url.password + url.search + url.hash !== '') {
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
  if (secret.length < SHORTEST_SECRET || !/^[\x21-\x7e]+$/.test(secret)) {
    throw new TypeError(
      `callerSecret must have ${SHORTEST_SECRET} characters of ASCII or more, without blanks`,
    )
  }
  return digest(secret)
}

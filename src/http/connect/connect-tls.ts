import { isIP, type Socket } from 'node:net'
import { checkServerIdentity, connect, type SecureContext, type TLSSocket } from 'node:tls'
import { HttpError } from '../../errors.ts'
import type { Certificate } from '../../x509/index.ts'
import { printable } from '../../x509/printable.ts'
import { wantsClientCertificate } from './client-certificate.ts'
import { rememberFacts } from './facts.ts'
import { withoutBrackets } from './no-proxy.ts'
import { hostAndPort, reach } from './reach.ts'
import type { Route } from './route.ts'
import type { ServerCertificateExplainer } from './server-certificate.ts'
import { drop, inTime, type Tell, untilAborted } from './step.ts'
import { handshakeError } from './tls-error.ts'
import { certificateLines, connectionLines, peerChain } from './trace-tls.ts'
import { openTunnel } from './tunnel.ts'

/** Whom to connect to, and how. */
export interface ConnectOptions {
  readonly route: Route
  /** The name that the server's certificate must have; an IP address is checked too, but not sent as SNI. */
  readonly servername: string
  /** What is resolved and connected to, here or by the proxy; a name or an address. */
  readonly host: string
  readonly port: number
  /** Trusted authorities; the client certificate and its key. */
  readonly secureContext: SecureContext
  /** The client certificate that is in the context, to name it. */
  readonly certificate?: Certificate | undefined
  /** That of the context, to name it. */
  readonly minVersion: 'TLSv1.2' | 'TLSv1.3'
  /** In milliseconds: name resolution and TCP, each; the proxy's answer; the TLS handshake. */
  readonly timeouts: { readonly connect: number; readonly proxy: number; readonly tls: number }
  readonly signal?: AbortSignal | undefined
  readonly explain: ServerCertificateExplainer
  readonly tell: Tell
  /** Of an earlier connection with the same options, from its `session` event. */
  readonly session?: Buffer | undefined
}

/** A connection whose server is verified; what was learned on the way, `connectionFacts` tells. */
export type ConnectedSocket = TLSSocket

/**
 * Connects to a server by TLS, directly or through a proxy. Whatever fails, no socket is left open.
 *
 * @throws HttpError with the phase that failed; the signal's reason; what the password of the proxy throws
 */
export async function connectTls(options: ConnectOptions): Promise<ConnectedSocket> {
  options.signal?.throwIfAborted()
  const host = withoutBrackets(options.host)
  const { route, port, timeouts, signal, tell } = options
  const socket =
    route.kind === 'direct'
      ? await reach({ whom: 'server', host, port, limit: timeouts.connect, signal, tell })
      : await openTunnel({ route, host, port, timeouts, signal, tell })
  try {
    return await handshake(socket, options)
  } catch (error) {
    drop(socket)
    throw error
  }
}

async function handshake(socket: Socket, options: ConnectOptions): Promise<TLSSocket> {
  const { route, tell, signal, timeouts, minVersion, explain } = options
  const host = withoutBrackets(options.servername || options.host).replace(/\.$/, '')
  const server = hostAndPort(withoutBrackets(options.host), options.port)
  const given = options.certificate && printable(options.certificate.subject.toString())
  const before = socket.bytesRead
  const secure = startTls(socket, host, options)
  let chain: Uint8Array[] | undefined
  let asked: boolean | undefined
  // Before Node judges the certificate, and closes.
  secure.prependListener('secure', () => {
    chain = peerChain(secure)
    asked = wantsClientCertificate(secure)
    tell('tls', ...connectionLines(secure), ...certificateLines(chain))
  })
  secure.prependListener('end', () => {
    asked ??= wantsClientCertificate(secure)
  })
  const step = {
    phase: 'tls',
    waitsFor: `end of the TLS handshake with ${server}`,
    hint: 'the server, or a firewall between, does not go on: look at host and port, and try again',
    limit: timeouts.tls,
    signal,
  } as const
  try {
    await inTime(step, (ended) =>
      untilAborted<void>(ended, (good, bad) => {
        secure.once('secureConnect', () => good())
        secure.on('error', bad)
      }),
    )
  } catch (error) {
    drop(secure)
    if (error instanceof HttpError || (signal?.aborted === true && error === signal.reason)) throw error
    const cause = error as NodeJS.ErrnoException
    if (chain !== undefined) throw await explain({ server, host, chain, cause })
    const received = socket.bytesRead - before
    const proxied = route.kind === 'proxy'
    throw handshakeError(cause, { server, given, asked, received, minVersion, proxied })
  }
  secure.removeAllListeners('error')
  rememberFacts(secure, { server, given, asked: asked === true })
  tell('tls', 'SSL certificate verify ok', clientLine(asked === true, given))
  return secure
}

function startTls(socket: Socket, host: string, { secureContext, session }: ConnectOptions): TLSSocket {
  return connect({
    socket,
    host,
    // No addresses in SNI (RFC 6066 section 3).
    servername: isIP(host) === 0 ? host : '',
    // By its alternative names alone, as path validation does it (RFC 9110 section 4.3.4): Node would take a common name.
    checkServerIdentity: (_, certificate) =>
      checkServerIdentity(host, { ...certificate, subject: { ...certificate.subject, CN: '' } }),
    ALPNProtocols: ['http/1.1'],
    secureContext,
    ...(session === undefined ? {} : { session }),
  })
}

function clientLine(asked: boolean, given: string | undefined): string {
  if (!asked) return 'server asks for a client certificate: no'
  return `server asks for a client certificate: yes, ${given === undefined ? 'none to send' : `sent ${given}`}`
}

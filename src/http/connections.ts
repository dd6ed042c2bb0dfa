import { setMaxListeners } from 'node:events'
import { createSecureContext, DEFAULT_CIPHERS, type SecureContext } from 'node:tls'
import { Agent } from 'undici'
import { CredentialError } from '../errors.ts'
import { type LoadedTrust, loadTrustStore } from '../trust/index.ts'
import type { Certificate } from '../x509/index.ts'
import type { CheckedOptions } from './check-options.ts'
import { connector } from './connector.ts'
import { type Identity, readIdentity } from './identity.ts'
import { SocketBook } from './socket-book.ts'

/** The connections of one credential: those of two are never mixed. */
export interface Connections {
  readonly agent: Agent
  readonly sockets: SocketBook
  readonly certificate: Certificate | undefined
  /** Sentences for the user. */
  readonly warnings: readonly string[]
  /** Ends them at once, those too that are being made. */
  destroy(): Promise<void>
}

/** How connections are opened. */
export interface ConnectionsOptions extends CheckedOptions {
  /** To one server at once; further requests wait for one of them. Default: as many as there are requests. */
  readonly maxConnections?: number
}

/** Reads the files of the options; connections are made when requests want them. */
export async function openConnections(options: ConnectionsOptions): Promise<Connections> {
  const trust = await loadTrustStore(options.ca, { password: options.caPassword })
  const identity = options.credential && (await readIdentity(options.credential))
  const secureContext = secureContextOf(trust, identity, options.minVersion)
  const { timeouts, maxResponseBytes } = options
  const sockets = new SocketBook()
  const ended = new AbortController()
  // As many listen as connections are being made.
  setMaxListeners(Number.POSITIVE_INFINITY, ended.signal)
  const agent = new Agent({
    connect: await connector(options, { trust, identity, secureContext, sockets, signal: ended.signal }),
    headersTimeout: timeouts.headers,
    bodyTimeout: timeouts.body,
    maxResponseSize: maxResponseBytes,
    pipelining: 1,
    connections: options.maxConnections ?? null,
  })
  return {
    agent,
    sockets,
    certificate: identity?.certificate,
    warnings: [...trust.notes, ...(identity?.warnings ?? [])],
    async destroy() {
      ended.abort()
      await agent.destroy()
    },
  }
}

/** Made once, since it costs more than a handshake; the key's text is overwritten then. */
export function secureContextOf(
  { store, intermediates }: LoadedTrust,
  identity: Identity | undefined,
  minVersion: CheckedOptions['minVersion'],
): SecureContext {
  const anchors = [...store]
  // A bundle may end below a root; then what it ends with is trusted, and OpenSSL takes every CA that it is given for such
  // an end: the intermediates of other roots must not be among them.
  const allowPartialTrustChain = anchors.some(({ selfIssued }) => !selfIssued)
  const given = allowPartialTrustChain ? anchors : [...anchors, ...intermediates]
  const options = {
    ca: given.map((each) => each.toPem()),
    minVersion,
    // 112 bits at least, in certificates too: Node's own level takes RSA of 1024 bits.
    ciphers: `${DEFAULT_CIPHERS}:@SECLEVEL=2`,
    allowPartialTrustChain,
  }
  if (identity === undefined) return createSecureContext(options)
  const { cert, key } = identity
  try {
    return createSecureContext({ ...options, cert, key: Buffer.from(key.buffer, key.byteOffset, key.length) })
  } catch (cause) {
    const hint = 'TLS takes RSA and EC keys, and Ed25519 where the server does too'
    const message = 'the client key or certificate cannot be used for TLS'
    throw new CredentialError('ERR_CREDENTIAL_UNSUPPORTED', message, { hint, cause })
  } finally {
    key.fill(0)
  }
}

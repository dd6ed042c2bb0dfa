import { setTimeout as sleep } from 'node:timers/promises'
import type { TLSSocket } from 'node:tls'
import { HttpError, SealkitError } from '../../src/errors.ts'
import { connectTls } from '../../src/http/connect/connect-tls.ts'
import { connectionFacts } from '../../src/http/connect/facts.ts'
import { serverCertificateExplainer } from '../../src/http/connect/server-certificate.ts'
import { drop } from '../../src/http/connect/step.ts'
import { peerChain } from '../../src/http/connect/trace-tls.ts'
import { secureContextOf } from '../../src/http/connections.ts'
import { Certificate } from '../../src/x509/index.ts'
import type { Facts } from './facts.ts'
import { type Handshake, type Host, placeOf } from './host.ts'
import { known } from './step.ts'
import { timeoutsOf } from './timeouts.ts'

const ABOUT_CERTIFICATES: ReadonlySet<string> = new Set([
  'ERR_HTTP_SERVER_CERTIFICATE',
  'ERR_HTTP_CLIENT_CERTIFICATE',
])

/**
 * Makes a connection, and ends it.
 *
 * @throws HttpError but those about certificates, which are in the result
 */
export async function shakeHands(facts: Facts, host: Host): Promise<Handshake> {
  const lines: string[] = []
  let refused: readonly Uint8Array[] = []
  try {
    const socket = await open(facts, host, {
      lines,
      refused: (chain) => {
        refused = chain
      },
    })
    const { protocol, cipher } = versionOf(lines)
    const chain = readable(peerChain(socket))
    const asked = connectionFacts(socket)?.asked
    drop(socket)
    return { protocol, cipher, chain, asked, error: undefined }
  } catch (error) {
    if (!(error instanceof HttpError) || !ABOUT_CERTIFICATES.has(error.code)) throw error
    return { ...versionOf(lines), chain: readable(refused), asked: undefined, error }
  }
}

/** Longer than any server takes to close a connection whose client it refuses. */
const PATIENCE = 3000

/**
 * Whether a server leaves a connection open on which nothing is sent. One that refuses the client's certificate closes
 * it, with TLS 1.3 after the handshake.
 */
export async function staysOpen(facts: Facts, host: Host): Promise<boolean> {
  let socket: TLSSocket
  try {
    socket = await open(facts, host, { lines: [], refused: () => {} })
  } catch (error) {
    if (error instanceof HttpError) return false
    throw error
  }
  try {
    const closed = new Promise<false>((resolve) => {
      for (const event of ['error', 'end', 'close']) socket.once(event, () => resolve(false))
    })
    socket.resume()
    const { signal } = facts.options
    return await Promise.race([closed, sleep(PATIENCE, true, { ref: true, ...(signal && { signal }) })])
  } finally {
    drop(socket)
  }
}

interface Told {
  readonly lines: string[]
  refused(chain: readonly Uint8Array[]): void
}

async function open(facts: Facts, host: Host, told: Told): Promise<TLSSocket> {
  const trust = known(facts.trust, 'the authorities')
  const { host: name, port } = placeOf(host)
  const explain = serverCertificateExplainer(trust)
  facts.secureContext ??= secureContextOf(trust, facts.identity, 'TLSv1.2')
  return await connectTls({
    route: known(host.route, 'the route'),
    servername: name,
    host: name,
    port,
    secureContext: facts.secureContext,
    certificate: facts.identity?.certificate,
    minVersion: 'TLSv1.2',
    timeouts: timeoutsOf(facts),
    signal: facts.options.signal,
    explain: (refused) => {
      told.refused(refused.chain)
      return explain(refused)
    },
    tell: (kind, ...lines) => {
      if (kind === 'tls') told.lines.push(...lines)
    },
  })
}

/** As the trace tells it. */
function versionOf(lines: readonly string[]): Pick<Handshake, 'protocol' | 'cipher'> {
  for (const line of lines) {
    const [, protocol, cipher] = /^SSL connection using (\S+) \/ (\S+?),?(?: |$)/.exec(line) ?? []
    if (protocol !== undefined) return { protocol, cipher }
  }
  return { protocol: undefined, cipher: undefined }
}

function readable(chain: readonly Uint8Array[]): Certificate[] {
  try {
    return chain.map((der) => Certificate.parse(der))
  } catch (error) {
    if (error instanceof SealkitError) return []
    throw error
  }
}

import dns from 'node:dns/promises'
import { connect, isIP, type Socket } from 'node:net'
import { HttpError, type HttpErrorCode, type HttpPhase } from '../../errors.ts'
import { drop, inTime, type Step, type Tell, untilAborted } from './step.ts'

/** Whom to reach by TCP. */
export interface Reach {
  readonly whom: 'server' | 'proxy'
  /** A name, or an address without brackets. */
  readonly host: string
  readonly port: number
  /** For name resolution and TCP, each; in milliseconds. */
  readonly limit: number
  readonly signal: AbortSignal | undefined
  readonly tell: Tell
}

/**
 * Resolves the name and connects by TCP.
 *
 * @throws HttpError `ERR_HTTP_DNS`, `ERR_HTTP_CONNECT`, for a proxy `ERR_HTTP_PROXY`; `ERR_HTTP_TIMEOUT`
 */
export async function reach(target: Reach): Promise<Socket> {
  const addresses = await addressesOf(target)
  const step = stepOf(target, 'tcp', 'connection', FIREWALL_HINT[target.whom])
  return await inTime(step, (ended) => firstOf(addresses, target, ended))
}

/**
 * Resolves the name alone.
 *
 * @throws HttpError `ERR_HTTP_DNS`, for a proxy `ERR_HTTP_PROXY`; `ERR_HTTP_TIMEOUT`
 */
export async function addressesOf(target: Reach): Promise<string[]> {
  return await inTime(stepOf(target, 'dns', 'address', DNS_HINT), (ended) => resolve(target, ended))
}

function stepOf(
  { whom, host, limit, signal }: Reach,
  phase: HttpPhase,
  waitsFor: string,
  hint: string,
): Step {
  return {
    phase: whom === 'proxy' ? 'proxy' : phase,
    waitsFor: `${waitsFor} of ${whom === 'proxy' ? `the proxy ${host}` : host}`,
    hint,
    limit,
    signal,
  }
}

const DNS_HINT = 'look whether the name server answers (VPN, /etc/resolv.conf)'
const FIREWALL_HINT = {
  server: 'a firewall drops what is sent there; many networks want a proxy: set HTTPS_PROXY',
  proxy: 'a firewall drops what is sent there; look at the address and port of the proxy',
}

async function resolve(target: Reach, ended: AbortSignal): Promise<string[]> {
  const { host, tell } = target
  if (isIP(host) !== 0) return [host]
  const looked = dns.lookup(host, { all: true })
  try {
    const found = await untilAborted<{ address: string; family: number }[]>(ended, (good, bad) => {
      looked.then(good, bad)
    })
    const addresses = alternating(found)
    tell('connection', `Host ${host} was resolved: ${addresses.join(', ')}`)
    return addresses
  } catch (error) {
    throw ended.aborted ? error : dnsError(target, error as NodeJS.ErrnoException)
  }
}

/** The families by turns, that of the first address first (RFC 8305 section 4). */
function alternating(found: readonly { address: string; family: number }[]): string[] {
  const first = found.filter(({ family }) => family === found[0]?.family)
  const second = found.filter(({ family }) => family !== found[0]?.family)
  const pairs = first.flatMap((each, i) => [each, ...second.slice(i, i + 1)])
  return [...pairs, ...second.slice(first.length)].map(({ address }) => address)
}

function dnsError({ whom, host }: Reach, error: NodeJS.ErrnoException): HttpError {
  const [code, phase] = whom === 'proxy' ? PROXY : (['ERR_HTTP_DNS', 'dns'] as const)
  const who = whom === 'proxy' ? `the proxy's name ${host}` : `the name ${host}`
  const unknown = error.code === 'ENOTFOUND' || error.code === 'ENODATA'
  const message = unknown
    ? `${who} is not known to the name server (${error.code})`
    : `${who} cannot be resolved now (${error.code})`
  const hint = unknown
    ? `look at the spelling; ${whom === 'server' ? 'inside a company the proxy may have to resolve it: set HTTPS_PROXY' : DNS_HINT}`
    : `${DNS_HINT}, and try again`
  return new HttpError(code, message, { phase, hint, cause: error })
}

const PROXY: readonly [HttpErrorCode, HttpPhase] = ['ERR_HTTP_PROXY', 'proxy']

/** RFC 8305 section 5: how long an attempt is alone. */
const ATTEMPT_DELAY = 250

/** Tries the addresses one after the other, and together where one takes long: the first that connects is it. */
async function firstOf(addresses: readonly string[], target: Reach, ended: AbortSignal): Promise<Socket> {
  const { host, port, tell } = target
  const trying = new Set<Socket>()
  let timer: NodeJS.Timeout | undefined
  try {
    return await untilAborted<Socket>(ended, (good, bad) => {
      const rest = [...addresses]
      const next = () => {
        clearTimeout(timer)
        const address = rest.shift()
        if (address === undefined) return
        tell('connection', `Trying ${hostAndPort(address, port)}...`)
        const socket = connect({ host: address, port, noDelay: true, keepAlive: true })
        trying.add(socket)
        const failed = (error: NodeJS.ErrnoException) => {
          trying.delete(socket)
          tell('connection', `connect to ${hostAndPort(address, port)} failed: ${error.code}`)
          if (rest.length > 0) next()
          else if (trying.size === 0) bad(tcpError(target, error))
        }
        socket.once('error', failed)
        socket.once('connect', () => {
          trying.delete(socket)
          socket.off('error', failed)
          tell('connection', `Connected to ${host} (${address}) port ${port}`)
          good(socket)
        })
        if (rest.length > 0) timer = setTimeout(next, ATTEMPT_DELAY)
      }
      next()
    })
  } finally {
    clearTimeout(timer)
    for (const socket of trying) {
      socket.removeAllListeners()
      drop(socket)
    }
  }
}

const WHY: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  EHOSTUNREACH: 'there is no way to the host',
  ENETUNREACH: 'there is no way to the network',
  ECONNRESET: 'the connection was reset',
  ETIMEDOUT: 'the host does not answer',
  EACCES: 'this machine forbids it',
  EPERM: 'this machine forbids it',
}

function tcpError(target: Reach, error: NodeJS.ErrnoException): HttpError {
  const { whom, host, port } = target
  const [code, phase] = whom === 'proxy' ? PROXY : (['ERR_HTTP_CONNECT', 'tcp'] as const)
  const who = `${whom === 'proxy' ? 'the proxy ' : ''}${hostAndPort(host, port)}`
  const message = `${who} cannot be reached: ${WHY[error.code ?? ''] ?? error.message} (${error.code})`
  const hint =
    whom === 'proxy'
      ? 'look at the address and port of the proxy, and whether it runs'
      : 'look at host and port; where the network wants a proxy, set HTTPS_PROXY'
  return new HttpError(code, message, { phase, hint, cause: error })
}

/** `host:443`, `[::1]:443`. */
export function hostAndPort(host: string, port: number): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`
}

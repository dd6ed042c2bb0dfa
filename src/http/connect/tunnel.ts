import { type IncomingMessage, request } from 'node:http'
import { isIP, type Socket } from 'node:net'
import { connect } from 'node:tls'
import { HttpError } from '../../errors.ts'
import { portOf, withoutBrackets } from './no-proxy.ts'
import { hostAndPort, reach } from './reach.ts'
import type { ProxyRoute } from './route.ts'
import { drop, inTime, type Step, type Tell, untilAborted } from './step.ts'

/** What a tunnel is made of. */
export interface TunnelOptions {
  readonly route: ProxyRoute
  /** Where the tunnel ends. */
  readonly host: string
  readonly port: number
  /** In milliseconds. */
  readonly timeouts: { readonly connect: number; readonly proxy: number }
  readonly signal: AbortSignal | undefined
  readonly tell: Tell
}

/**
 * Opens a tunnel by CONNECT (RFC 9110 9.3.6), with one request and no other, whatever comes back.
 *
 * @throws HttpError `ERR_HTTP_PROXY`, `ERR_HTTP_PROXY_AUTH`, `ERR_HTTP_TIMEOUT`, all of the phase `proxy`
 */
export async function openTunnel(options: TunnelOptions): Promise<Socket> {
  const { route, timeouts, signal, tell } = options
  const name = withoutBrackets(route.url.hostname)
  const proxy = hostAndPort(name, portOf(route.url))
  const authorization = await route.authorization?.()
  const target = { whom: 'proxy', host: name, port: portOf(route.url) } as const
  const reached = await reach({ ...target, limit: timeouts.connect, signal, tell })
  const step: Step = {
    phase: 'proxy',
    waitsFor: `answer of the proxy ${proxy}`,
    hint: 'look whether this is the proxy, its port, and http or https as it wants it',
    limit: timeouts.proxy,
    signal,
  }
  return await inTime(step, async (ended) => {
    let socket = reached
    try {
      if (route.url.protocol === 'https:') socket = await secured(reached, route, proxy, ended)
      return await askFor(options, { proxy, socket, authorization }, ended)
    } catch (error) {
      drop(socket)
      drop(reached)
      throw error
    }
  })
}

/** TLS to the proxy itself. */
async function secured(
  socket: Socket,
  { url, ca }: ProxyRoute,
  proxy: string,
  ended: AbortSignal,
): Promise<Socket> {
  const host = withoutBrackets(url.hostname)
  const secure = connect({
    socket,
    host,
    servername: isIP(host) === 0 ? host : '',
    minVersion: 'TLSv1.2',
    ALPNProtocols: ['http/1.1'],
    ...(ca === undefined ? {} : { ca: [...ca] }),
  })
  try {
    return await untilAborted<Socket>(ended, (good, bad) => {
      secure.once('secureConnect', () => good(secure))
      secure.once('error', (error: NodeJS.ErrnoException) => {
        const hint = 'look whether the proxy speaks TLS, and give the authorities of its certificate'
        bad(proxyError(`no TLS with the proxy ${proxy}: ${error.code ?? 'ended'}`, hint, error))
      })
    })
  } catch (error) {
    drop(secure)
    throw error
  } finally {
    secure.removeAllListeners('error')
  }
}

interface Asked {
  readonly proxy: string
  readonly socket: Socket
  readonly authorization: string | undefined
}

async function askFor(options: TunnelOptions, asked: Asked, ended: AbortSignal): Promise<Socket> {
  const { host, port, tell } = options
  const { proxy, socket, authorization } = asked
  const target = hostAndPort(host, port)
  tell('proxy', `CONNECT ${target} HTTP/1.1`)
  const answer = await untilAborted<{ response: IncomingMessage; head: Buffer }>(ended, (good, bad) => {
    const connecting = request({
      method: 'CONNECT',
      path: target,
      headers: {
        host: target,
        ...(authorization === undefined ? {} : { 'proxy-authorization': authorization }),
      },
      createConnection: () => socket,
    })
    connecting.on('error', (error: NodeJS.ErrnoException) => bad(noAnswer(proxy, error)))
    // For a CONNECT Node tells so of every status.
    connecting.on('connect', (response, _, head) => good({ response, head }))
    connecting.end()
  })
  const { statusCode: status = 0, httpVersion } = answer.response
  // Not the reason phrase: it is the proxy's text, which may say again what it was sent.
  tell('proxy', `HTTP/${httpVersion} ${status}`)
  if (status === 407) throw wantsPassword(proxy, answer.response, authorization !== undefined)
  if (status < 200 || status > 299) throw otherStatus(proxy, target, status)
  tell('proxy', `CONNECT tunnel established, response ${status}`)
  // Of a 200 nothing is a body: what came with the head is the server's.
  if (answer.head.length > 0) socket.unshift(answer.head)
  return socket
}

function noAnswer(proxy: string, error: NodeJS.ErrnoException): HttpError {
  const code = error.code ?? 'no code'
  if (code.startsWith('HPE_')) {
    // The error of the parser holds the bytes that came.
    return proxyError(`the proxy ${proxy} answers with something that is not HTTP (${code})`, NOT_PROXY)
  }
  return proxyError(`the proxy ${proxy} closed the connection instead of answering (${code})`, DROPPED, error)
}

const NOT_PROXY = 'look whether this is the proxy, its port, and http or https as it wants it'
const DROPPED = 'the proxy may not let this host or port through, or want https: ask who runs it'

function wantsPassword(proxy: string, response: IncomingMessage, given: boolean): HttpError {
  const schemes = schemesOf(response)
  const wants = schemes.length === 0 ? '' : ` (it takes ${schemes.join(', ')})`
  const message = given
    ? `the proxy ${proxy} refuses the name or password${wants}`
    : `the proxy ${proxy} wants a name and password${wants}`
  const hint =
    schemes.length > 0 && !schemes.includes('Basic')
      ? 'only Basic is spoken: let a local proxy log in (cntlm, px), or ask for an exception'
      : 'give the user name and password of the proxy'
  return new HttpError('ERR_HTTP_PROXY_AUTH', message, { phase: 'proxy', hint })
}

/** The names of the schemes, by RFC 9110 11.6: what stands first in each challenge. */
function schemesOf({ headers }: IncomingMessage): string[] {
  const known = ['Basic', 'Digest', 'NTLM', 'Negotiate', 'Kerberos', 'Bearer']
  const text = [headers['proxy-authenticate'] ?? []].flat().join(', ')
  return known.filter((name) => new RegExp(`(^|,)\\s*${name}\\b`, 'i').test(text))
}

function otherStatus(proxy: string, target: string, status: number): HttpError {
  const message = `the proxy ${proxy} does not connect to ${target}: it answers ${status}`
  const hint =
    status >= 500
      ? 'the proxy itself cannot reach the server: look at host and port, and try again'
      : 'the proxy does not let this host or port through: ask who runs it'
  return proxyError(message, hint)
}

function proxyError(message: string, hint: string, cause?: Error): HttpError {
  return new HttpError('ERR_HTTP_PROXY', message, { phase: 'proxy', hint, cause })
}

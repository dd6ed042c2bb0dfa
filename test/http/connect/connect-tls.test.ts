import { once } from 'node:events'
import type { TLSSocket } from 'node:tls'
import { beforeAll, describe, expect, it } from 'vitest'
import { connectTls } from '../../../src/http/connect/connect-tls.ts'
import { describeWith } from '../../support/tools.ts'
import { type Issued, makeAuthority, type TestAuthority } from '../support/authority.ts'
import { connecting, failure, shown, throughProxy } from './support/connecting.ts'
import { tcp, until } from './support/listen.ts'
import { ESTABLISHED, forward, startProxy } from './support/proxy.ts'
import { startOpenssl } from './support/s-server.ts'
import { startTls } from './support/tls-server.ts'

let authority: TestAuthority
let identity: Issued
beforeAll(async () => {
  authority = await makeAuthority()
  identity = await authority.server({ subjectAltNames: ['DNS:localhost', 'IP:127.0.0.1', 'IP:::1'] })
})

async function readAll(socket: TLSSocket): Promise<string> {
  let text = ''
  for await (const chunk of socket) text += chunk
  return text
}

describe('connecting by TLS', () => {
  it.each(['TLSv1.2', 'TLSv1.3'] as const)('%s, and the trace tells it like curl', async (version) => {
    await using server = await startTls(identity, { maxVersion: version, ALPNProtocols: ['http/1.1'] })
    const options = connecting({ port: server.port, ca: authority.ca })
    const socket = await connectTls(options)
    expect(socket).toMatchObject({ authorized: true, alpnProtocol: 'http/1.1', servername: 'localhost' })
    expect(await readAll(socket)).toBe('hello')
    const { notBefore, notAfter } = identity.certificate
    expect(options.lines.slice(-9)).toEqual(
      [
        `connection: Connected to localhost (127.0.0.1) port ${server.port}`,
        expect.stringMatching(`^tls: SSL connection using ${version} / \\S+_SHA|${version} / ECDHE-\\S+$`),
        'tls: ALPN: server accepted http/1.1',
        'tls: Server certificate:',
        'tls:  subject: CN=localhost',
        `tls:  start date: ${notBefore.toUTCString()}`,
        `tls:  expire date: ${notAfter.toUTCString()}`,
        'tls:  issuer: CN=Test root',
        'tls: SSL certificate verify ok',
        'tls: server asks for a client certificate: no',
      ].slice(-9),
    )
  })

  it.each(['http', 'https'] as const)('through a proxy by %s', async (scheme) => {
    await using server = await startTls(identity)
    await using proxy = await startProxy(forward(), scheme === 'https' ? identity : undefined)
    const url = new URL(`${scheme}://127.0.0.1:${proxy.port}`)
    const route = throughProxy(proxy.port, { url, ca: [authority.ca] })
    const options = connecting({ port: server.port, ca: authority.ca, route })
    const socket = await connectTls(options)
    expect(socket.authorized).toBe(true)
    expect(await readAll(socket)).toBe('hello')
    expect(socket.bytesRead).toBe(5)
    expect(options.lines).toContain('proxy: CONNECT tunnel established, response 200')
    expect(options.lines).toContain('tls: SSL certificate verify ok')
    await until(() => proxy.open() === 0)
  })

  it('to an address: no SNI, and the address must be in the certificate', async () => {
    const names: (string | false | null)[] = []
    const onSecure = (socket: TLSSocket) => {
      names.push(socket.servername)
      socket.end()
    }
    await using server = await startTls(identity, { onSecure })
    const socket = await connectTls(connecting({ port: server.port, ca: authority.ca, host: '127.0.0.1' }))
    await readAll(socket)
    expect(names).toEqual([false])
    const other = await authority.server({ subjectAltNames: ['DNS:127.0.0.1', 'IP:127.0.0.2'] })
    await using wrong = await startTls(other)
    const error = await failure(connecting({ port: wrong.port, ca: authority.ca, host: '127.0.0.1' }))
    expect(error.code).toBe('ERR_HTTP_SERVER_CERTIFICATE')
    expect(error.message).toMatch(/name-mismatch/)
  })

  it('to an IPv6 address, in brackets', async () => {
    await using server = await startTls(identity, { listenOn: '::1' })
    const socket = await connectTls(connecting({ port: server.port, ca: authority.ca, host: '[::1]' }))
    expect(await readAll(socket)).toBe('hello')
  })

  it('asks for the certificate by servername, and connects to host', async () => {
    const other = await authority.server({ subjectAltNames: ['DNS:other.example'] })
    await using server = await startTls(other)
    const servername = 'other.example'
    const socket = await connectTls(connecting({ port: server.port, ca: authority.ca, servername }))
    expect(socket.authorized).toBe(true)
    socket.destroy()
  })

  it('resumes a session', async () => {
    await using server = await startTls(identity)
    const first = connecting({ port: server.port, ca: authority.ca })
    const socket = await connectTls(first)
    const session = once(socket, 'session')
    socket.resume()
    const second = connecting({ port: server.port, ca: authority.ca, session: (await session)[0] as Buffer })
    const resumed = await connectTls(second)
    expect(resumed.isSessionReused()).toBe(true)
    expect(shown(second.lines)).toMatch(/session resumed/)
    expect(await readAll(resumed)).toBe('hello')
  })
})

describe('a handshake that fails', () => {
  it('a server of HTTP without TLS', async () => {
    await using server = await tcp((socket) => {
      socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
    })
    const error = await failure(connecting({ port: server.port, ca: authority.ca }))
    expect(error).toMatchObject({ code: 'ERR_HTTP_TLS', phase: 'tls' })
    expect(error.message).toBe(
      `localhost:${server.port} does not speak TLS there, or something between answers in its place (ERR_SSL_WRONG_VERSION_NUMBER)`,
    )
    expect(error.hint).toMatch(/look at the port/)
    await until(() => server.open() === 0)
  })

  it('a proxy that speaks in place of the server', async () => {
    await using proxy = await startProxy((socket) => void socket.write(`${ESTABLISHED}<html>blocked</html>`))
    const route = throughProxy(proxy.port)
    const error = await failure(connecting({ port: 443, ca: authority.ca, route }))
    expect(error).toMatchObject({ code: 'ERR_HTTP_TLS', phase: 'tls' })
    expect(error.message).toMatch(/something between answers in its place/)
    await until(() => proxy.open() === 0)
  })

  it.each([
    ['ends', (socket: import('node:net').Socket) => void socket.once('data', () => socket.end())],
    [
      'resets',
      (socket: import('node:net').Socket) => void socket.once('data', () => socket.resetAndDestroy()),
    ],
  ])('a server that %s the connection', async (_, behaviour) => {
    await using server = await tcp(behaviour)
    const error = await failure(connecting({ port: server.port, ca: authority.ca }))
    expect(error).toMatchObject({ code: 'ERR_HTTP_TLS', phase: 'tls' })
    expect(error.message).toBe(`localhost:${server.port} dropped the TLS handshake (ECONNRESET)`)
    expect(error.hint).toMatch(/firewall/)
    expect(server.connections()).toBe(1)
    await until(() => server.open() === 0)
  })

  it('a proxy that drops after its 200', async () => {
    await using proxy = await startProxy((socket) => {
      socket.write(ESTABLISHED)
      socket.once('data', () => socket.end())
    })
    const route = throughProxy(proxy.port)
    const error = await failure(connecting({ port: 443, ca: authority.ca, route }))
    expect(error).toMatchObject({ code: 'ERR_HTTP_TLS', phase: 'tls' })
    expect(error.hint).toMatch(/the proxy may cut/)
    expect(proxy.connections()).toBe(1)
  })

  it('a server that is silent', async () => {
    await using server = await tcp((socket) => void socket.resume())
    const timeouts = { connect: 20_000, proxy: 20_000, tls: 100 }
    const error = await failure(connecting({ port: server.port, ca: authority.ca, timeouts }))
    expect(error).toMatchObject({ code: 'ERR_HTTP_TIMEOUT', phase: 'tls' })
    expect(error.message).toBe(`no end of the TLS handshake with localhost:${server.port} within 100 ms`)
    expect(error.hint).toMatch(/firewall/)
    await until(() => server.open() === 0)
  })

  it('the reason of the signal, in the middle and before', async () => {
    const reason = new Error('enough')
    const controller = new AbortController()
    await using server = await tcp((socket) => void socket.once('data', () => controller.abort(reason)))
    const options = connecting({ port: server.port, ca: authority.ca, signal: controller.signal })
    await expect(connectTls(options)).rejects.toBe(reason)
    await until(() => server.open() === 0)
    await expect(connectTls(options)).rejects.toBe(reason)
    expect(server.connections()).toBe(1)
  })

  it('a server of TLS 1.2 where 1.3 is wanted', async () => {
    await using server = await startTls(identity, { maxVersion: 'TLSv1.2' })
    const error = await failure(connecting({ port: server.port, ca: authority.ca, minVersion: 'TLSv1.3' }))
    expect(error).toMatchObject({ code: 'ERR_HTTP_TLS', phase: 'tls' })
    expect(error.message).toMatch(/does not speak TLS 1\.3 or newer/)
    expect(error.hint).toMatch(/must be updated/)
  })

  it('a server without a cipher in common', async () => {
    await using server = await startTls(identity, { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-RSA-AES128-SHA' })
    const error = await failure(connecting({ port: server.port, ca: authority.ca }))
    expect(error).toMatchObject({ code: 'ERR_HTTP_TLS', phase: 'tls' })
    expect(error.message).toMatch(/no cipher in common/)
    expect(error.hint).toMatch(/GOST/)
  })

  it('a server that speaks another protocol', async () => {
    await using server = await startTls(identity, { ALPNProtocols: ['h2'] })
    const error = await failure(connecting({ port: server.port, ca: authority.ca }))
    expect(error).toMatchObject({ code: 'ERR_HTTP_TLS', phase: 'tls' })
    expect(error.message).toMatch(/does not speak HTTP\/1\.1/)
  })
})

describeWith('openssl', "a handshake with OpenSSL's server", () => {
  it('that speaks TLS 1.1 at most', async () => {
    await using server = await startOpenssl(identity, ['-tls1_1', '-cipher', 'ALL:@SECLEVEL=0'])
    const error = await failure(connecting({ port: server.port, ca: authority.ca }))
    expect(error).toMatchObject({ code: 'ERR_HTTP_TLS', phase: 'tls' })
    expect(error.message).toMatch(/does not speak TLS 1\.2 or newer/)
    expect(error.hint).toMatch(/older versions are not safe/)
  })

  it('that does not know the name', async () => {
    const names = ['-servername', 'other.example', '-servername_fatal', '-cert2', '{cert}', '-key2', '{key}']
    await using server = await startOpenssl(identity, names)
    const error = await failure(connecting({ port: server.port, ca: authority.ca }))
    expect(error).toMatchObject({ code: 'ERR_HTTP_TLS', phase: 'tls' })
    expect(error.message).toMatch(/does not know the name/)
    expect(error.hint).toMatch(/look at the host/)
  })
})

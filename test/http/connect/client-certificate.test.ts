import { once } from 'node:events'
import type { TLSSocket } from 'node:tls'
import { beforeAll, describe, expect, it } from 'vitest'
import type { HttpError } from '../../../src/errors.ts'
import { certificateAlert, wantsClientCertificate } from '../../../src/http/connect/client-certificate.ts'
import { type ConnectOptions, connectTls } from '../../../src/http/connect/connect-tls.ts'
import { mapSocketError } from '../../../src/http/connect/map-error.ts'
import { describeWith } from '../../support/tools.ts'
import { type Issued, makeAuthority, type TestAuthority } from '../support/authority.ts'
import { connecting, shown } from './support/connecting.ts'
import { startOpenssl } from './support/s-server.ts'
import { startTls } from './support/tls-server.ts'

let authority: TestAuthority
let identity: Issued
let good: Issued
let stranger: Issued
let expired: Issued
beforeAll(async () => {
  authority = await makeAuthority()
  identity = await authority.server()
  good = await authority.client('good client')
  stranger = await (await makeAuthority('Other')).client('strange client')
  const notBefore = new Date(Date.now() - 9 * 86_400_000)
  expired = await authority.client('late client', { notBefore, days: 2 })
})

/** The error of a request, by whatever version of TLS: in the handshake, or when an answer is waited for. */
async function refusal(options: ConnectOptions): Promise<HttpError> {
  const host = `localhost:${options.port}`
  let socket: TLSSocket
  try {
    socket = await connectTls(options)
  } catch (error) {
    return error as HttpError
  }
  const failed = once(socket, 'error').then(([error]) => error as Error)
  const closed = once(socket, 'close').then(() =>
    Object.assign(new Error('closed'), { code: 'UND_ERR_SOCKET' }),
  )
  socket.resume().write('GET / HTTP/1.0\r\n\r\n')
  const error = await Promise.race([failed, closed])
  closed.catch(() => {})
  return mapSocketError(error, { phase: 'http', host, socket })
}

function expectRefusal(error: HttpError, message: RegExp): void {
  expect(error).toMatchObject({ code: 'ERR_HTTP_CLIENT_CERTIFICATE', phase: 'client-certificate' })
  expect(error.message).toMatch(message)
  expect(error.hint).toBe(
    'give the client certificate (with its issuers) and key that were issued for this server, and look whether it has expired',
  )
}

const NONE = /^localhost:\d+ wants a client certificate, and none was given$/
const STRANGER = /^localhost:\d+ refuses the client certificate CN=strange client: /
const LATE = /^localhost:\d+ refuses the client certificate CN=late client: /

type Version = 'TLSv1.2' | 'TLSv1.3'

describe.each<Version>(['TLSv1.2', 'TLSv1.3'])('Node as a server with client certificates, %s', (version) => {
  const start = () => startTls(identity, { clients: authority, maxVersion: version })
  const options = (port: number, client?: Issued) =>
    connecting({ port, ca: authority.ca, ...(client && { client }) })

  it('one that is taken', async () => {
    await using server = await start()
    const wanted = options(server.port, good)
    const socket = await connectTls(wanted)
    expect(wantsClientCertificate(socket)).toBe(true)
    expect(wanted.lines.at(-1)).toBe('tls: server asks for a client certificate: yes, sent CN=good client')
    expect(shown(wanted.lines)).not.toContain('PRIVATE KEY')
    await once(socket.resume(), 'close')
    expect(wantsClientCertificate(socket)).toBe(false)
  })

  it('none', async () => {
    await using server = await start()
    const wanted = options(server.port)
    expectRefusal(await refusal(wanted), NONE)
    if (version === 'TLSv1.3') {
      expect(wanted.lines.at(-1)).toBe('tls: server asks for a client certificate: yes, none to send')
    }
  })

  it('one of another authority', async () => {
    await using server = await start()
    expectRefusal(await refusal(options(server.port, stranger)), STRANGER)
  })

  it('one that has expired', async () => {
    await using server = await start()
    expectRefusal(await refusal(options(server.port, expired)), LATE)
  })
})

describeWith('openssl', 'OpenSSL as a server with client certificates', () => {
  describe.each(['-tls1_2', '-tls1_3'])('%s', (version) => {
    const start = () => {
      const verify = [version, '-Verify', '3', '-CAfile', '{ca}', '-verify_return_error']
      return startOpenssl(identity, verify, authority.ca)
    }
    const options = (port: number, client?: Issued) =>
      connecting({ port, ca: authority.ca, ...(client && { client }) })

    it('one that is taken', async () => {
      await using server = await start()
      const wanted = options(server.port, good)
      const socket = await connectTls(wanted)
      expect(wanted.lines.at(-1)).toMatch(/yes, sent CN=good client$/)
      socket.write('GET / HTTP/1.0\r\n\r\n')
      const [chunk] = await once(socket, 'data')
      expect(String(chunk)).toMatch(/^HTTP\/1\.0 200/)
      socket.destroy()
    })

    it('none', async () => {
      await using server = await start()
      expectRefusal(await refusal(options(server.port)), NONE)
    })

    it('one of another authority', async () => {
      await using server = await start()
      const error = await refusal(options(server.port, stranger))
      expectRefusal(error, STRANGER)
      expect(error.message).toMatch(/the server does not know its issuer$/)
    })

    it('one that has expired', async () => {
      await using server = await start()
      const error = await refusal(options(server.port, expired))
      expectRefusal(error, LATE)
      expect(error.message).toMatch(/it has expired, or is not valid yet$/)
    })
  })
})

describe('a connection that ends without an answer', () => {
  const closed = Object.assign(new Error('other side closed'), { code: 'UND_ERR_SOCKET' })

  it('is no matter of a certificate where the server asked for none', async () => {
    await using server = await startTls(identity, { onSecure: (socket) => void socket.end() })
    const socket = await connectTls(connecting({ port: server.port, ca: authority.ca, client: good }))
    await once(socket.resume(), 'close')
    const error = mapSocketError(closed, { phase: 'http', host: 'localhost', socket })
    expect(error).toMatchObject({ code: 'ERR_HTTP_CLOSED', phase: 'http' })
  })

  it('is no matter of a certificate where the connection had answered', async () => {
    await using server = await startTls(identity, { clients: authority })
    const socket = await connectTls(connecting({ port: server.port, ca: authority.ca, client: good }))
    await once(socket.resume(), 'close')
    const error = mapSocketError(closed, { phase: 'http', host: 'localhost', socket })
    expect(error).toMatchObject({ code: 'ERR_HTTP_CLOSED', phase: 'http' })
    expect(error.hint).toMatch(/before you send it again/)
  })
})

describe('certificateAlert', () => {
  it.each([
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'there must be one'],
    ['ERR_SSL_SSLV3_ALERT_CERTIFICATE_REVOKED', 'it was revoked'],
    ['ERR_SSL_TLSV1_ALERT_DECRYPT_ERROR', 'the server could not verify its signature'],
    ['ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR', undefined],
    ['ERR_SSL_WRONG_VERSION_NUMBER', undefined],
    ['ECONNRESET', undefined],
    [undefined, undefined],
  ])('%s: %s', (code, said) => expect(certificateAlert(code)).toBe(said))
})

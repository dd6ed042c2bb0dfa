import { generateKeyPairSync } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { encodePem } from '../../../src/asn1/index.ts'
import { generateKey, issueTestCertificate } from '../../../src/credentials/index.ts'
import type { HttpError } from '../../../src/errors.ts'
import { serverCertificateExplainer } from '../../../src/http/connect/server-certificate.ts'
import { CertificatePool, TrustStore } from '../../../src/path/index.ts'
import { type Issued, makeAuthority, type TestAuthority } from '../support/authority.ts'
import { connecting, failure, throughProxy } from './support/connecting.ts'
import { until } from './support/listen.ts'
import { forward, startProxy } from './support/proxy.ts'
import { startTls } from './support/tls-server.ts'

let authority: TestAuthority
beforeAll(async () => {
  authority = await makeAuthority()
})

const DAY = 86_400_000

async function refused(identity: Issued, ca = authority.ca): Promise<HttpError> {
  await using server = await startTls(identity)
  const error = await failure(connecting({ port: server.port, ca }))
  expect(error).toMatchObject({ code: 'ERR_HTTP_SERVER_CERTIFICATE', phase: 'tls' })
  expect(error.message).toMatch(new RegExp(`^the certificate of localhost:${server.port} is refused: `))
  await until(() => server.open() === 0)
  return error
}

describe('a server certificate is refused', () => {
  it('expired', async () => {
    const identity = await authority.server({ notBefore: new Date(Date.now() - 9 * DAY), days: 3 })
    const error = await refused(identity)
    expect(error.message).toMatch(/a certificate has expired \(expired\).*subject CN=localhost/)
    expect(error.hint).toMatch(/must renew its certificate; look at the clock/)
    expect(error.cause).toMatchObject({ code: 'CERT_HAS_EXPIRED' })
  })

  it('not valid yet', async () => {
    const identity = await authority.server({ notBefore: new Date(Date.now() + 9 * DAY) })
    const error = await refused(identity)
    expect(error.message).toMatch(/\(not-yet-valid\)/)
    expect(error.hint).toMatch(/clock/)
  })

  it('for another name', async () => {
    const error = await refused(await authority.server({ subjectAltNames: ['DNS:other.example'] }))
    expect(error.message).toMatch(/for another name \(name-mismatch\)/)
    expect(error.hint).toBe('look at the host: the certificate is for DNS:other.example')
  })

  it('for another purpose', async () => {
    const error = await refused(await authority.server({ extendedKeyUsage: ['clientAuth'] }))
    expect(error.message).toMatch(/\(extended-key-usage\)/)
    expect(error.hint).toMatch(/certificate for tls-server/)
  })

  it('of an authority that is not trusted: the hint names it', async () => {
    const proxyOfCompany = await makeAuthority('Company Proxy CA')
    const error = await refused(await proxyOfCompany.server())
    expect(error.message).toMatch(/\(issuer-missing\).*issuer CN=Company Proxy CA/)
    expect(error.hint).toMatch(/^add to the CA bundle: CN=Company Proxy CA; .*proxy of your company/)
  })

  it('of an authority that the server sends, and that is not trusted', async () => {
    const other = await makeAuthority('Other root')
    const identity = await other.server()
    const error = await refused({ ...identity, cert: identity.cert + other.ca })
    expect(error.message).toMatch(/not trusted \(issuer-not-trusted\)|\(issuer-missing\)/)
    expect(error.hint).toMatch(/^add to the CA bundle: CN=Other root/)
  })

  it('self-signed', async () => {
    using key = await generateKey('P-256')
    const subjectAltNames = ['DNS:localhost']
    const certificate = await issueTestCertificate({ key, subject: 'CN=self', days: 3, subjectAltNames })
    const pem = encodePem('PRIVATE KEY', key.pkcs8())
    const error = await refused({ certificate, cert: certificate.toPem(), key: pem })
    expect(error.message).toMatch(/\(issuer-not-trusted\)|\(issuer-missing\)/)
    expect(error.hint).toMatch(/^the certificate is self-signed: add to the CA bundle: CN=self;/)
  })

  it('whose intermediate the server does not send: the hint names it', async () => {
    using key = await generateKey('P-256')
    using caKey = await generateKey('P-256')
    using rootKey = await generateKey('P-256')
    const root = await issueTestCertificate({ key: rootKey, subject: 'CN=Root', days: 9, ca: true })
    const issuer = { certificate: root, key: rootKey }
    const ca = await issueTestCertificate({ key: caKey, subject: 'CN=Middle', days: 9, ca: true, issuer })
    const certificate = await issueTestCertificate({
      key,
      subject: 'CN=localhost',
      subjectAltNames: ['DNS:localhost'],
      days: 9,
      issuer: { certificate: ca, key: caKey },
    })
    const pem = encodePem('PRIVATE KEY', key.pkcs8())
    const error = await refused({ certificate, cert: certificate.toPem(), key: pem }, root.toPem())
    expect(error.message).toMatch(/\(issuer-missing\)/)
    expect(error.hint).toMatch(/^add to the CA bundle: CN=Middle;/)
    const both = { certificate, cert: certificate.toPem() + ca.toPem(), key: pem }
    const other = await refused(both, authority.ca)
    expect(other.hint).toMatch(/^add to the CA bundle: CN=Root;/)
  })

  it('through a proxy', async () => {
    await using server = await startTls(await (await makeAuthority('Other')).server())
    await using proxy = await startProxy(forward())
    const route = throughProxy(proxy.port)
    const error = await failure(connecting({ port: server.port, ca: authority.ca, route }))
    expect(error).toMatchObject({ code: 'ERR_HTTP_SERVER_CERTIFICATE', phase: 'tls' })
    await until(() => proxy.open() === 0)
  })
})

describe('the explainer', () => {
  const cause = Object.assign(new Error('no reason'), { code: 'CERT_UNTRUSTED' })
  const server = 'localhost:1'
  const explain = () => serverCertificateExplainer({ store: TrustStore.fromPem(authority.ca) })

  it('tells a weak key', async () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 })
    const spki = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }))
    const { certificate } = await authority.server({ key: undefined, publicKey: spki })
    const error = await explain()({ server, host: 'localhost', chain: [certificate.der], cause })
    expect(error.message).toMatch(/a key is too short \(key-weak\)/)
    expect(error.hint).toMatch(/\w/)
  })

  it('finds paths by the intermediates of the bundle', async () => {
    const { certificate } = await authority.server()
    const intermediates = new CertificatePool([authority.certificate])
    const trust = { store: new TrustStore([]), intermediates }
    const explained = serverCertificateExplainer(trust)
    const error = await explained({ server, host: 'localhost', chain: [certificate.der], cause })
    expect(error.message).toMatch(/issuer-not-trusted|issuer-missing/)
  })

  it('has OpenSSL’s reason where our validation finds no fault', async () => {
    const { certificate } = await authority.server()
    const error = await explain()({ server, host: 'localhost', chain: [certificate.der], cause })
    expect(error).toMatchObject({ code: 'ERR_HTTP_SERVER_CERTIFICATE', phase: 'tls', cause })
    expect(error.message).toMatch(/no reason \(CERT_UNTRUSTED\)$/)
    expect(error.hint).toMatch(/openssl s_client/)
  })

  it.each([[[]], [[new Uint8Array([0x30, 0x00])]]])('a certificate that cannot be read', async (chain) => {
    const error = await explain()({ server, host: 'localhost', chain, cause })
    expect(error.code).toBe('ERR_HTTP_SERVER_CERTIFICATE')
    expect(error.message).toMatch(/cannot be read \(CERT_UNTRUSTED\)/)
  })

  it('shows no format characters of a certificate', async () => {
    const { certificate } = await authority.server({ subject: 'CN=a\u202eb', subjectAltNames: [] })
    const error = await explain()({ server, host: 'localhost', chain: [certificate.der], cause })
    expect(error.message + error.hint).not.toContain('\u202e')
    expect(error.message).toContain('\\E2\\80\\AE')
  })

  it('throws what it does not know', async () => {
    const chain = [{} as Uint8Array]
    await expect(explain()({ server, host: 'localhost', chain, cause })).rejects.toThrow(TypeError)
  })
})

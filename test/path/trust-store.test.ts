import { describe, expect, it } from 'vitest'
import { encodePem } from '../../src/asn1/index.ts'
import { CertificatePool, TrustStore } from '../../src/path/index.ts'
import { dns, issue, SERVER_AUTH, verdict } from './support/issue.ts'

const a = issue('CN=a', { ca: true })
const b = issue('CN=b', { ca: true })
const twin = issue('CN=a', { ca: true })
const pem = (bytes: Uint8Array, label = 'CERTIFICATE'): string => encodePem(label, bytes)

describe('trust stores', () => {
  it('read what can be read of a bundle, and report the rest with its line', () => {
    const first = pem(a.certificate.der)
    const text = `# our roots\n${first}${pem(a.certificate.der.slice(0, 99))}${pem(b.certificate.der)}`
    const store = TrustStore.fromPem(text)
    expect([...store].map(String).length).toBe(2)
    expect(store.has(a.certificate) && store.has(b.certificate)).toBe(true)
    expect(store.unreadable.map(({ place, error }) => [place, error.code])).toEqual([
      [first.split('\n').length + 1, expect.stringMatching(/^ERR_/)],
    ])
  })

  it('leave other blocks alone', () => {
    const store = TrustStore.fromPem(pem(Uint8Array.of(0x30, 0), 'X509 CRL') + pem(a.certificate.der))
    expect([store.size, store.unreadable]).toEqual([1, []])
  })

  it('count a certificate once', () => {
    const store = new TrustStore([a.certificate, a.certificate, twin.certificate])
    expect(store.size).toBe(2)
    expect(store.add(a.certificate)).toBe(false)
    expect(store.add(b.certificate)).toBe(true)
    expect(store.size).toBe(3)
  })

  it('what is removed is trusted no more, what is added is', async () => {
    const leaf = issue('CN=leaf', { issuer: a, purposes: [SERVER_AUTH], names: [dns('a.example')] })
    const store = new TrustStore([a.certificate, twin.certificate])
    const ask = () => verdict(leaf, [], [], { trust: store })
    expect(await ask()).toBe('valid')
    expect(store.remove(a.certificate)).toBe(true)
    expect(store.remove(a.certificate)).toBe(false)
    expect(await ask()).toBe('signature-mismatch')
    expect(store.remove(twin.certificate)).toBe(true)
    expect([store.size, await ask()]).toEqual([0, 'issuer-missing'])
    store.add(a.certificate)
    expect(await ask()).toBe('valid')
  })
})

describe('pools', () => {
  it('find by subject, by RFC 5280 7.1', () => {
    const pool = new CertificatePool([a.certificate, b.certificate, twin.certificate])
    const spaced = issue('CN=A ', { ca: true }).certificate.subject
    expect(pool.withSubject(spaced)).toEqual([a.certificate, twin.certificate])
    expect([...pool]).toHaveLength(3)
    expect(pool.remove(a.certificate)).toBe(true)
    expect(pool.withSubject(spaced)).toEqual([twin.certificate])
    expect([pool.size, pool.has(a.certificate), pool.has(twin.certificate)]).toEqual([2, false, true])
  })
})

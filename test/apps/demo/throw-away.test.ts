import { X509Certificate } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { makeThrowAway } from '../../../apps/demo/throw-away.ts'

describe('makeThrowAway', () => {
  it('makes a certificate that node:crypto reads, signed by its own key, for a day', async () => {
    const { keyPem, certificate } = await makeThrowAway('Throw-away, "quoted" Иван')
    const read = new X509Certificate(certificate.toPem())
    expect(read.verify(read.publicKey)).toBe(true)
    expect(read.issuer).toBe(read.subject)
    expect(read.ca).toBe(false)
    expect(certificate.subject.commonName).toBe('Throw-away, "quoted" Иван')
    expect([...(certificate.keyUsage ?? [])].sort()).toEqual(['digitalSignature', 'nonRepudiation'])
    expect(certificate.notAfter.getTime() - certificate.notBefore.getTime()).toBe(24 * 3_600_000)
    expect(keyPem).toMatch(/^-----BEGIN PRIVATE KEY-----\n/)
  })
})

import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { decodePem } from '../../src/asn1/index.ts'
import { CertificatePool, TrustStore, validatePath } from '../../src/path/index.ts'
import { Certificate } from '../../src/x509/index.ts'
import { describeShared, shared } from '../support/tools.ts'

const read = (...name: string[]): Buffer => readFileSync(shared('vectors', 'digicert', ...name))

describeShared('DigiCert (shared/vectors/digicert)', () => {
  const trust = TrustStore.fromPem(read('bundles', 'digicert-roots.pem'))
  const untrusted = new CertificatePool(
    decodePem(read('bundles', 'digicert-all-intermediates.pem'))
      .filter(({ label }) => label === 'CERTIFICATE')
      .map(({ der }) => Certificate.parse(der)),
  )
  const leaves = readdirSync(shared('vectors', 'digicert', 'leaves')).filter(
    (name) => !name.includes('.chain.'),
  )
  const isPrecertificate = (name: string): boolean => /^(gis\.agroinvest|p53lf57)/.test(name)
  const certificate = (name: string): Certificate => Certificate.fromPem(read('leaves', name))
  const middle = ({ notBefore, notAfter }: Certificate): Date => new Date((+notBefore + +notAfter) / 2)
  const validate = async (name: string) => {
    const leaf = certificate(name)
    const [host] = leaf.subjectAltName?.flatMap((each) => (each.type === 'dNSName' ? [each.value] : [])) ?? []
    const options = { trust, untrusted, purpose: 'tls-server', time: middle(leaf) } as const
    return await validatePath(leaf, { ...options, host: host?.replace('*', 'www') })
  }

  it('has all roots and intermediates', () => {
    expect([trust.size, trust.unreadable.length, untrusted.size]).toEqual([15, 0, 226])
    expect(leaves.length).toBe(12)
  })

  describe.each(leaves.filter((name) => !isPrecertificate(name)))('%s', (name) => {
    it('verifies at the middle of its validity, with all 226 intermediates at hand', async () => {
      const { verdict, problem, path } = await validate(name)
      expect([verdict, problem]).toEqual(['valid', undefined])
      expect(path.map(({ role }) => role)).toEqual(['target', 'intermediate', 'anchor'])
    })

    it('is not valid after its end, nor for another name', async () => {
      const leaf = certificate(name)
      const at = async (time: Date, host?: string) =>
        (await validatePath(leaf, { trust, untrusted, purpose: 'tls-server', time, host })).problem?.reason
      expect(await at(new Date(+leaf.notAfter + 1000))).toBe('expired')
      expect(await at(new Date(+leaf.notBefore - 1))).toBe('not-yet-valid')
      expect(await at(middle(leaf), 'other.example.invalid')).toBe('name-mismatch')
    })
  })

  it.each(leaves.filter(isPrecertificate))('%s is a precertificate, and is refused', async (name) => {
    const { verdict, problem } = await validate(name)
    expect([verdict, problem?.reason]).toEqual(['invalid', 'extension-unknown-critical'])
    expect(problem?.detail).toContain('precertificate')
  })

  it('takes the right one of two CAs of the same name for www.mozilla.org', async () => {
    const leaf = certificate('www.mozilla.org_2018-11-05.pem')
    const same = untrusted.withSubject(leaf.issuer)
    expect(same.length).toBeGreaterThan(1)
    const { path } = await validate('www.mozilla.org_2018-11-05.pem')
    const issuer = path[1]?.certificate
    expect(issuer?.subjectKeyIdentifier).toEqual(leaf.authorityKeyIdentifier)
    for (const other of same.filter((each) => !(issuer as Certificate).equals(each))) {
      const alone = { trust, untrusted: [other], purpose: 'tls-server', time: middle(leaf) } as const
      const { verdict } = await validatePath(leaf, alone)
      const signsIt = other.subjectPublicKeyInfo.toString() === issuer?.subjectPublicKeyInfo.toString()
      if (!signsIt) expect(verdict).toBe('invalid')
    }
  })
})

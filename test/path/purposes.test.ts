/** What certificates are for: usages, and CMS signers by usage, moment and the certificates that came with them. */
import { describe, expect, it } from 'vitest'
import { der } from '../../src/asn1/index.ts'
import type { Purpose } from '../../src/path/index.ts'
import { TrustStore, validatePath } from '../../src/path/index.ts'
import type { KeyUsage } from '../../src/x509/index.ts'
import { type Issued, issue, SERVER_AUTH, TIME, verdict } from './support/issue.ts'

const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2'
const CODE_SIGNING = '1.3.6.1.5.5.7.3.3'
const EMAIL = '1.3.6.1.5.5.7.3.4'
const TIME_STAMPING = '1.3.6.1.5.5.7.3.8'
const DOCUMENT_SIGNING = '1.3.6.1.5.5.7.3.36'
const ANY = '2.5.29.37.0'

const root = issue('CN=root', { ca: true })
const sub = issue('CN=sub', { ca: true, issuer: root })

describe('purposes', () => {
  const purposes: readonly Purpose[] = ['tls-server', 'tls-client', 'cms-signer', 'timestamping', 'any']
  const reasons = async (wanted: Parameters<typeof issue>[1]): Promise<string[]> => {
    const leaf = issue('CN=leaf', { issuer: root, ...wanted })
    return Promise.all(purposes.map((purpose) => verdict(leaf, [root], [], { purpose })))
  }
  const ok = 'valid'
  const eku = 'extended-key-usage'
  const ku = 'key-usage'

  it.each([
    ['nothing', [], [ok, ok, ok, eku, ok]],
    ['anything', [ANY], [ok, ok, ok, eku, ok]],
    ['servers', [SERVER_AUTH], [ok, eku, eku, eku, ok]],
    ['clients', [CLIENT_AUTH], [eku, ok, eku, eku, ok]],
    ['mail', [EMAIL], [eku, eku, ok, eku, ok]],
    ['documents', [DOCUMENT_SIGNING], [eku, eku, ok, eku, ok]],
    ['code', [CODE_SIGNING], [eku, eku, eku, eku, ok]],
    ['clients and mail', [CLIENT_AUTH, EMAIL], [eku, ok, ok, eku, ok]],
  ])('extended key usage for %s', async (_, extendedKeyUsage, expected) => {
    expect(await reasons({ purposes: extendedKeyUsage })).toEqual(expected)
  })

  it.each([
    [['digitalSignature'], [ok, ok, ok, eku, ok]],
    [['nonRepudiation'], [ku, ku, ok, eku, ok]],
    [['keyEncipherment'], [ok, ku, ku, ku, ok]],
    [['keyAgreement'], [ok, ok, ku, ku, ok]],
    [['dataEncipherment'], [ku, ku, ku, ku, ok]],
  ] as const)('key usage %j', async (keyUsage, expected) => {
    expect(await reasons({ keyUsage: keyUsage as readonly KeyUsage[] })).toEqual(expected)
  })

  it('timestamping stands alone and critical (RFC 3161 2.3)', async () => {
    const ask = (critical: boolean, ...oids: string[]) =>
      verdict(
        issue('CN=tsa', {
          issuer: root,
          extensions: [{ oid: '2.5.29.37', critical, value: der.sequence(oids.map((oid) => der.oid(oid))) }],
        }),
        [root],
        [],
        { purpose: 'timestamping' },
      )
    expect(await ask(true, TIME_STAMPING)).toBe('valid')
    expect(await ask(false, TIME_STAMPING)).toBe(eku)
    expect(await ask(true, TIME_STAMPING, EMAIL)).toBe(eku)
    expect(await ask(true, ANY)).toBe(eku)
  })

  it('a CA restricts what is below it', async () => {
    for (const [oids, expected] of [
      [[SERVER_AUTH], 'valid'],
      [[ANY], 'valid'],
      [[CLIENT_AUTH], eku],
    ] as const) {
      const bound = issue('CN=bound', { ca: true, issuer: root, purposes: oids })
      const leaf = issue('CN=leaf', { issuer: bound, purposes: [SERVER_AUTH] })
      expect(await verdict(leaf, [root], [bound])).toBe(expected)
    }
  })

  it('the caller may ask for other ones', async () => {
    const leaf = issue('CN=leaf', { issuer: root, purposes: [CODE_SIGNING] })
    const ask = (extendedKeyUsage: readonly string[] | 'any') =>
      verdict(leaf, [root], [], { purpose: 'cms-signer', extendedKeyUsage })
    expect(await ask([CODE_SIGNING])).toBe('valid')
    expect(await ask('any')).toBe('valid')
    expect(await ask([EMAIL])).toBe(eku)
  })

  it('options of another type are a TypeError', async () => {
    const leaf = issue('CN=leaf', { issuer: root })
    for (const options of [
      { purpose: 'toString' },
      { profile: 'constructor' },
      { time: new Date(Number.NaN) },
      { time: '2026-01-01' },
      { trust: [root.certificate] },
      { host: 'https://example.com' },
      { revocation: { mode: 'sometimes' } },
    ]) {
      await expect(verdict(leaf, [root], [], options as never), JSON.stringify(options)).rejects.toThrow(
        TypeError,
      )
    }
  })
})

describe('CMS signers: usage x moment x certificates that came with the signature', () => {
  const from = new Date('2026-01-01T00:00:00Z')
  const to = new Date('2026-12-31T00:00:00Z')
  const signer = (keyUsage: readonly KeyUsage[], purposes: readonly string[]): Issued =>
    issue('CN=signer', { issuer: sub, keyUsage, purposes, notBefore: from, notAfter: to })
  const usages = [
    [signer(['digitalSignature'], []), 'valid'],
    [signer(['nonRepudiation'], [EMAIL]), 'valid'],
    [signer(['digitalSignature', 'nonRepudiation'], [DOCUMENT_SIGNING, CLIENT_AUTH]), 'valid'],
    [signer(['keyEncipherment'], [EMAIL]), 'key-usage'],
    [signer(['digitalSignature'], [SERVER_AUTH]), 'extended-key-usage'],
  ] as const
  const times = [
    [new Date(+from - 1000), 'not-yet-valid'],
    [from, undefined],
    [TIME, undefined],
    [to, undefined],
    [new Date(+to + 1000), 'expired'],
  ] as const
  const other = issue('CN=sub', { ca: true, issuer: root })
  const embedded = (own: Issued): readonly (readonly [string, readonly Issued[], boolean])[] => [
    ['in order', [own, sub, root], true],
    ['reversed', [root, sub, own], true],
    ['twice', [own, own, sub, sub, root, root], true],
    ['without the signer', [sub], true],
    ['with another CA of the same name first', [other, sub], true],
    ['with strangers', [issue('CN=stranger', { ca: true }), sub], true],
    ['without the intermediate', [own, root], false],
    ['with another CA of the same name alone', [other], false],
    ['none', [], false],
  ]
  const trust = new TrustStore([root.certificate])

  it.each(usages.flatMap(([own, usage]) => times.map(([time, atTime]) => ({ own, usage, time, atTime }))))(
    '%# $usage $time',
    async ({ own, usage, time, atTime }) => {
      for (const [how, certificates, complete] of embedded(own)) {
        const untrusted = certificates.map(({ certificate }) => certificate)
        const result = await validatePath(own.certificate, { trust, untrusted, purpose: 'cms-signer', time })
        // The target itself is looked at first: its time, then its usage.
        const expected =
          atTime ?? (usage === 'valid' ? (complete ? 'valid' : 'issuer-missing|signature-mismatch') : usage)
        expect(result.problem?.reason ?? 'valid', how).toMatch(new RegExp(`^(${expected})$`))
      }
    },
  )
})

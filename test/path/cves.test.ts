/** Holes that other validators had, each as a chain that has it: none is accepted here. */
import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { der } from '../../src/asn1/index.ts'
import { ExtensionOid } from '../../src/x509/index.ts'
import {
  certificatePolicies,
  dns,
  issue,
  nameConstraints,
  newKey,
  policyMappings,
  SERVER_AUTH,
  spkiOf,
  validate,
  verdict,
} from './support/issue.ts'

const root = issue('CN=root', { ca: true })
const server = { purposes: [SERVER_AUTH], names: [dns('a.example.com')] }

describe('CAs', () => {
  it.each([
    ['without basicConstraints', { without: [ExtensionOid.basicConstraints] }],
    [
      'without basicConstraints and key usage',
      { without: [ExtensionOid.basicConstraints, ExtensionOid.keyUsage] },
    ],
    ['that is none', { ca: false }],
  ])('CVE-2026-33896 (node-forge), CVE-2021-3450 (OpenSSL): an issuer %s', async (_, wanted) => {
    const sub = issue('CN=sub', { issuer: root, ca: true, ...wanted })
    expect(await verdict(issue('CN=leaf', { issuer: sub, ...server }), [root], [sub])).toBe('not-a-ca')
  })

  it('CVE-2015-1793 (OpenSSL): a leaf as CA, with a second issuer of the same name beside', async () => {
    const sub = issue('CN=sub', { issuer: root, ca: true })
    const leaf = issue('CN=leaf', { issuer: sub, ...server, keyUsage: ['keyCertSign', 'digitalSignature'] })
    const other = issue('CN=leaf', { ca: true })
    const bad = issue('CN=bad', { issuer: leaf, ...server })
    expect(await verdict(bad, [root], [sub, leaf, other])).not.toBe('valid')
  })

  it('pathLenConstraint counts without key usage too (node-forge)', async () => {
    const one = issue('CN=1', { issuer: root, ca: 0, without: [ExtensionOid.keyUsage] })
    const two = issue('CN=2', { issuer: one, ca: true })
    expect(await verdict(issue('CN=leaf', { issuer: two, ...server }), [root], [one, two])).toBe(
      'path-length',
    )
  })

  it('CVE-2019-14823 (JSS): a root that came with the chain and is in no store', async () => {
    const own = issue('CN=own root', { ca: true })
    const leaf = issue('CN=leaf', { issuer: own, ...server })
    expect(await verdict(leaf, [root], [own])).toBe('issuer-not-trusted')
    const twin = issue('CN=root', { ca: true })
    expect(await verdict(issue('CN=leaf', { issuer: twin, ...server }), [root], [twin])).not.toBe('valid')
  })

  it('CVE-2024-0567 (GnuTLS): CAs that certify each other end', async () => {
    const [a, b] = [issue('CN=a', { ca: true }), issue('CN=b', { ca: true })]
    const ab = issue('CN=a', { ca: true, issuer: b, key: a.key })
    const ba = issue('CN=b', { ca: true, issuer: a, key: b.key })
    const leaf = issue('CN=leaf', { issuer: a, ...server })
    expect(await verdict(leaf, [root], [ab, ba])).toBe('issuer-not-trusted')
    const across = issue('CN=b', { ca: true, issuer: root, key: b.key })
    expect(await verdict(leaf, [root], [ab, ba, across])).toBe('valid')
  })
})

describe('keys and signatures', () => {
  it('CVE-2020-0601 (Windows): explicit curve parameters around the key of a trusted root', async () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256', paramEncoding: 'explicit' })
    const spki = new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }))
    const sub = issue('CN=sub', { issuer: root, ca: true, spki })
    expect(await verdict(issue('CN=leaf', { issuer: sub, ...server }), [root], [sub])).toBe('key-invalid')
    expect(await verdict(issue('CN=leaf', { issuer: root, ...server, spki }), [root])).toBe('key-invalid')
  })

  it('a signature of another key of the same name is none', async () => {
    const twin = { certificate: root.certificate, key: newKey() }
    expect(await verdict(issue('CN=leaf', { issuer: twin, ...server }), [root])).toBe('signature-mismatch')
  })

  it('an issuer of another name does not issue, though its key signed', async () => {
    const sub = issue('CN=sub', { issuer: root, ca: true })
    const renamed = { certificate: issue('CN=other', { key: sub.key }).certificate, key: sub.key }
    expect(await verdict(issue('CN=leaf', { issuer: renamed, ...server }), [root], [sub])).toBe(
      'issuer-missing',
    )
  })
})

describe('names', () => {
  const below = (...args: Parameters<typeof nameConstraints>) =>
    issue('CN=sub', { issuer: root, ca: true, extensions: [nameConstraints(...args)] })

  it('CVE-2025-61727 (Go), RUSTSEC-2026-0099 (webpki): a wildcard that covers an excluded name', async () => {
    const sub = below([], [dns('secret.example.com')])
    const leaf = issue('CN=leaf', { issuer: sub, purposes: [SERVER_AUTH], names: [dns('*.example.com')] })
    expect(await verdict(leaf, [root], [sub])).toBe('name-constraints')
  })

  it('a wildcard above a permitted name', async () => {
    const sub = below([dns('a.example.com')])
    const leaf = issue('CN=leaf', { issuer: sub, purposes: [SERVER_AUTH], names: [dns('*.example.com')] })
    expect(await verdict(leaf, [root], [sub])).toBe('name-constraints')
  })

  it('RUSTSEC-2026-0098 (webpki): constraints on URIs count', async () => {
    const uri = (value: string) => ({ type: 'uniformResourceIdentifier', value }) as const
    const sub = below([uri('good.example')])
    const leaf = (value: string) =>
      issue('CN=leaf', { issuer: sub, purposes: [SERVER_AUTH], names: [uri(value)] })
    expect(await verdict(leaf('https://good.example/'), [root], [sub])).toBe('valid')
    expect(await verdict(leaf('https://bad.example/'), [root], [sub])).toBe('name-constraints')
    expect(await verdict(leaf('https://good.example@bad.example/'), [root], [sub])).toBe('name-constraints')
    expect(await verdict(leaf('https://192.0.2.1/'), [root], [sub])).toBe('name-constraints')
    expect(await verdict(leaf('urn:good.example'), [root], [sub])).toBe('name-constraints')
  })

  it('Node CVE-2021-44531: a URI is no name of a server', async () => {
    const uri = { type: 'uniformResourceIdentifier', value: 'https://a.example.com/' } as const
    const leaf = issue('CN=a.example.com', { issuer: root, purposes: [SERVER_AUTH], names: [uri] })
    expect(await verdict(leaf, [root], [], { host: 'a.example.com' })).toBe('name-mismatch')
  })

  it('Node CVE-2021-44532, -44533: a name within a name is none', async () => {
    const names = [dns('evil.example, DNS:a.example.com'), dns('a.example.com\u0000.evil.example')]
    for (const name of names) {
      const leaf = issue('CN=evil/CN=a.example.com', { issuer: root, purposes: [SERVER_AUTH], names: [name] })
      expect(await verdict(leaf, [root], [], { host: 'a.example.com' })).not.toBe('valid')
    }
  })

  it('the constraints of an anchor count', async () => {
    const bound = issue('CN=bound', { ca: true, extensions: [nameConstraints([dns('example.org')])] })
    expect(await verdict(issue('CN=leaf', { issuer: bound, ...server }), [bound])).toBe('name-constraints')
  })
})

describe('policies', () => {
  const policy = (i: number) => `1.2.3.${i}`

  it('CVE-2023-0464 (OpenSSL): mappings that would grow a tree exponentially cost next to nothing', async () => {
    const all = Array.from({ length: 20 }, (_, i) => policy(i))
    const mappings = policyMappings(...all.flatMap((a) => all.map((b) => [a, b] as const)))
    const path = [root]
    for (let i = 0; i < 9; i++) {
      const extensions = [certificatePolicies(...all), mappings]
      path.push(issue(`CN=${i}`, { issuer: path.at(-1) as typeof root, ca: true, extensions }))
    }
    const issuer = path.at(-1) as typeof root
    const leaf = issue('CN=leaf', { issuer, ...server, extensions: [certificatePolicies(...all)] })
    const result = await validate(leaf, [root], path.slice(1), { policies: { requireExplicit: true } })
    expect(result.verdict).toBe('valid')
    expect([...result.policies].sort()).toEqual([...all].sort())
  })

  it('CVE-2023-0465 (OpenSSL): malformed policies in a leaf are an error', async () => {
    const extensions = [{ oid: ExtensionOid.certificatePolicies, critical: false, value: der.sequence([]) }]
    expect(await verdict(issue('CN=leaf', { issuer: root, ...server, extensions }), [root])).toBe(
      'extension-malformed',
    )
  })

  it('CVE-2023-0466 (OpenSSL): a policy that is asked for is checked without a further switch', async () => {
    const leaf = issue('CN=leaf', { issuer: root, ...server, extensions: [certificatePolicies(policy(1))] })
    const ask = (...acceptable: string[]) =>
      verdict(leaf, [root], [], { policies: { acceptable, requireExplicit: true } })
    expect(await ask(policy(1))).toBe('valid')
    expect(await ask(policy(2))).toBe('policy')
  })
})

describe('extensions', () => {
  it('a precertificate (RFC 6962) is no certificate', async () => {
    const poison = { oid: '1.3.6.1.4.1.11129.2.4.3', critical: true, value: der.null() }
    const leaf = issue('CN=leaf', { issuer: root, ...server, extensions: [poison] })
    const { problem } = await validate(leaf, [root])
    expect(problem?.reason).toBe('extension-unknown-critical')
    expect(problem?.detail).toContain('precertificate')
  })

  it.each(['leaf', 'intermediate', 'root'])('an unknown critical extension in the %s', async (where) => {
    const extra = (name: string) =>
      name === where ? { extensions: [{ oid: '1.2.3.4', critical: true, value: der.null() }] } : {}
    const top = issue('CN=top', { ca: true, ...extra('root') })
    const sub = issue('CN=sub', { issuer: top, ca: true, ...extra('intermediate') })
    const leaf = issue('CN=leaf', { issuer: sub, ...server, ...extra('leaf') })
    expect(await verdict(leaf, [top], [sub])).toBe('extension-unknown-critical')
  })

  it('the public key of one certificate under the name of another', async () => {
    const sub = issue('CN=sub', { issuer: root, ca: true })
    const stolen = issue('CN=sub', { issuer: root, ca: true, spki: spkiOf(newKey()) })
    const leaf = issue('CN=leaf', { issuer: sub, ...server })
    expect(await verdict(leaf, [root], [stolen])).toBe('signature-mismatch')
  })
})

/** Profiles: what is asked for beyond RFC 5280 section 6. */
import { expect, it } from 'vitest'
import { der } from '../../src/asn1/index.ts'
import { generateKey, issueTestCertificate } from '../../src/credentials/index.ts'
import type { Profile } from '../../src/path/index.ts'
import { authorityKeyIdentifierExtension } from '../../src/x509/encode-extensions.ts'
import type { Certificate } from '../../src/x509/index.ts'
import { dns, issue, nameConstraints, SERVER_AUTH, verdict, type Wanted } from './support/issue.ts'

const server = { purposes: [SERVER_AUTH], names: [dns('a.example.com')] }
const AKI = '2.5.29.35'
const SKI = '2.5.29.14'
const profiles: readonly Profile[] = ['default', 'strict', 'webpki']

const ask = (atRoot: Wanted, atLeaf: Wanted, subject = ''): Promise<string[]> => {
  const root = issue('CN=root', { ca: true, ...atRoot })
  const leaf = issue(subject, { issuer: root, ...server, ...atLeaf })
  return Promise.all(profiles.map((profile) => verdict(leaf, [root], [], { profile })))
}
const no = 'profile'
const ok = 'valid'

it.each([
  ['nothing wrong', {}, {}, [ok, ok, ok]],
  ['a serial number of zero', {}, { serial: Uint8Array.of(0) }, [ok, no, no]],
  ['a serial number of 21 octets', {}, { serial: new Uint8Array(21).fill(1) }, [ok, no, no]],
  ['no authority key identifier', {}, { without: [AKI] }, [ok, no, no]],
  ['a root without one', { without: [AKI] }, {}, [ok, ok, ok]],
  ['a root without subject key identifier', { without: [SKI] }, {}, [ok, no, ok]],
  [
    'a root whose authority is another',
    { extensions: [authorityKeyIdentifierExtension(new Uint8Array(20).fill(7))] },
    {},
    [ok, ok, no],
  ],
  ['a root with extended key usage', { purposes: [SERVER_AUTH] }, {}, [ok, ok, no]],
  ['a leaf without extended key usage', {}, { purposes: [] }, [ok, ok, no]],
  ['a leaf for anything', {}, { purposes: ['2.5.29.37.0', SERVER_AUTH] }, [ok, ok, no]],
  [
    'name constraints that are not critical',
    { extensions: [{ ...nameConstraints([dns('example.com')]), critical: false }] },
    {},
    [ok, no, ok],
  ],
  [
    'basic constraints that are not critical',
    { extensions: [{ oid: '2.5.29.19', critical: false, value: der.sequence([der.boolean(true)]) }] },
    {},
    [ok, no, no],
  ],
] as const)('%s', async (_, atRoot, atLeaf, expected) => {
  expect(await ask(atRoot as Wanted, atLeaf as Wanted)).toEqual(expected)
})

it('common names', async () => {
  expect(await ask({}, {}, 'CN=a.example.com')).toEqual([ok, ok, ok])
  expect(await ask({}, {}, 'CN=A.example.com')).toEqual([ok, ok, no])
  expect(await ask({}, {}, 'CN=192.0.2.1')).toEqual([ok, ok, no])
})

it('GOST: for all but the web', async () => {
  const [key, caKey] = [await generateKey('GOST3410-2012-256-A'), await generateKey('GOST3410-2012-512-A')]
  const root = await issueTestCertificate({ key: caKey, subject: 'CN=root', days: 30, ca: true })
  const leaf = await issueTestCertificate({
    key,
    subject: 'CN=a.example.com',
    subjectAltNames: ['DNS:a.example.com'],
    extendedKeyUsage: ['serverAuth'],
    days: 30,
    issuer: { certificate: root, key: caKey },
  })
  // The key that signs is not asked for here.
  const asIssued = (certificate: Certificate) => ({ ...issue('CN=unused'), certificate })
  const judged = profiles.map((profile) =>
    verdict(asIssued(leaf), [asIssued(root)], [], { profile, time: new Date() }),
  )
  expect(await Promise.all(judged)).toEqual([ok, ok, no])
  const other = await issueTestCertificate({ key, subject: 'CN=root', days: 30, ca: true })
  expect(await verdict(asIssued(leaf), [asIssued(other)], [], { time: new Date() })).not.toBe(ok)
})

/** Attacks that once went through, or cost minutes. */
import { describe, expect, it } from 'vitest'
import { contextTag, der, encode, Tag } from '../../src/asn1/index.ts'
import { Certificate, type GeneralName, Name } from '../../src/x509/index.ts'
import {
  certificatePolicies,
  dns,
  issue,
  nameConstraints,
  policyMappings,
  validate,
  verdict,
} from './support/issue.ts'
import { days, list } from './support/revocation.ts'

const root = issue('CN=Root', { ca: true })
const sub = issue('CN=Sub', { ca: true, issuer: root })
const leaf = issue('CN=leaf', { issuer: sub, names: [dns('a.example.com')] })
const rootList = list(root)

describe('revocation lists', () => {
  const judged = (crls: ReturnType<typeof list>[], untrusted = [sub]) =>
    verdict(leaf, [root], untrusted, { revocation: { crls: [...crls, rootList] } })
  const old = list(sub, { thisUpdate: days(-4), number: 1 })
  const revoking = list(sub, { revoked: [leaf.certificate], thisUpdate: days(-1), number: 2 })

  it.each([
    ['older first', [old, revoking]],
    ['newer first', [revoking, old]],
  ])('an older list that is still current does not hide a revocation: %s', async (_, lists) => {
    expect(await judged(lists)).toBe('revoked')
  })

  it('the newer list of the same issuer takes the place of the older', async () => {
    const hold = list(sub, { revoked: [leaf.certificate], reason: 6, thisUpdate: days(-4) })
    expect(await judged([hold, list(sub, { thisUpdate: days(-1), number: 2 })])).toBe('valid')
  })

  it('what is listed is revoked, though the date of the entry is to come', async () => {
    expect(await judged([list(sub, { revoked: [leaf.certificate], date: days(2) })])).toBe('revoked')
  })

  it("another CA below the anchor does not sign in the issuer's name", async () => {
    const user = issue('CN=Sub', { issuer: root, without: ['2.5.29.15'] })
    expect(await judged([list(user)], [sub, user])).toBe('revocation-unknown')
    const other = issue('CN=Other', { ca: true, issuer: root })
    const double = issue('CN=Sub', { issuer: other, keyUsage: ['cRLSign'] })
    expect(await judged([list(double)], [sub, other, double])).toBe('revocation-unknown')
    const sibling = issue('CN=Sub', { issuer: root, keyUsage: ['cRLSign'] })
    const siblingList = list(sibling)
    expect(await judged([siblingList], [sub, sibling])).toBe('valid')
  })

  it('a malformed list says nothing, and throws nothing', async () => {
    const point = { oid: '2.5.29.28', critical: true, value: der.sequence([]) }
    expect(await judged([list(sub, { extensions: [point] })])).toBe('revocation-unknown')
    expect(await judged([list(sub, { revoked: [leaf.certificate], reason: 7 })])).toBe('revocation-unknown')
  })
})

describe('options of another type', () => {
  it.each([
    ['a mode that is none', { revocation: { mode: 'required' } }],
    ['no mode', { revocation: { mode: null } }],
    ['a time of revocation that is NaN', { revocation: { time: new Date(Number.NaN) } }],
    ['a time of revocation as text', { revocation: { time: '2026-06-01' } }],
    ['lists in DER', { revocation: { crls: [rootList.der] } }],
    ['responses as text', { revocation: { ocspResponses: ['MAA='] } }],
    ['null for bits', { minRsaBits: null }],
    ['NaN for bits', { minRsaBits: Number.NaN }],
    ['a flag that is 1', { policies: { requireExplicit: 1 } }],
    ['policies as text', { policies: { acceptable: '1.2.3' } }],
    ['no policies', { policies: null }],
    ['an OID as text, of which others are parts', { extendedKeyUsage: '1.3.6.1.5.5.7.3.36' }],
    ['a purpose in an array', { purpose: ['timestamping'] }],
    ['a profile in an array', { profile: ['strict'] }],
    ['null for a host', { host: null }],
  ])('%s is refused', async (_, options) => {
    await expect(validate(leaf, [root], [sub], options as object)).rejects.toThrow(TypeError)
  })
})

it("a user's certificate in the store is no CA", async () => {
  const user = issue('CN=User', { issuer: root, without: ['2.5.29.19', '2.5.29.15'] })
  expect(await verdict(issue('CN=x', { issuer: user }), [user])).toBe('not-a-ca')
})

describe('excluded names in another form', () => {
  const address = (...octets: number[]): GeneralName => ({
    type: 'iPAddress',
    value: Uint8Array.from(octets),
  })
  const mail = (value: string): GeneralName => ({ type: 'rfc822Name', value })
  const uri = (value: string): GeneralName => ({ type: 'uniformResourceIdentifier', value })
  const mailbox: GeneralName = {
    type: 'otherName',
    typeId: '1.3.6.1.5.5.7.8.9',
    value: der.utf8String('ü@evil.example'),
  }
  it.each<[string, GeneralName, GeneralName]>([
    ["the root's dot", dns('evil.example'), dns('a.evil.example.')],
    ['a partial wildcard', dns('foo.evil.example'), dns('f*.evil.example')],
    ["a mailbox with the root's dot", mail('evil.example'), mail('a@evil.example.')],
    ['a mailbox with other letters', mail('evil.example'), mailbox],
    [
      'an IPv4 address in IPv6',
      address(10, 0, 0, 0, 255, 0, 0, 0),
      address(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 10, 1, 2, 3),
    ],
    ['a URI with two hosts', uri('evil.example'), uri('https://evil.example\\@good.example/')],
  ])('%s', async (_, excluded, name) => {
    const ca = issue('CN=Constrained', {
      ca: true,
      issuer: root,
      extensions: [nameConstraints([], [excluded])],
    })
    const target = issue('CN=x', { issuer: ca, names: [name] })
    expect(await verdict(target, [root], [ca])).toBe('name-constraints')
  })
})

describe('cost: what took minutes ends', () => {
  it('20,000 certificates of one name', async () => {
    const own = issue('CN=Sub', { ca: true, issuer: sub }).certificate.der
    const copies = Array.from({ length: 20_000 }, (_, i) => {
      const copy = Uint8Array.from(own)
      copy.set([i & 0xff, i >> 8], copy.length - 2)
      return { ...leaf, certificate: Certificate.parse(copy) }
    })
    await expect(validate(leaf, [root], copies)).rejects.toMatchObject({ code: 'ERR_PATH_BUDGET' })
  })

  it('a long name against 20,000 constraints', async () => {
    const named = (text: string): Name =>
      Name.parse(der.sequence([encode(Tag.SET, [der.sequence([der.oid('2.5.4.10'), der.utf8String(text)])])]))
    const excluded = Array.from(
      { length: 20_000 },
      (_, i): GeneralName => ({ type: 'directoryName', value: named(`x${i}`) }),
    )
    const ca = issue('CN=Constrained', {
      ca: true,
      issuer: root,
      extensions: [nameConstraints([], excluded)],
    })
    const long: GeneralName = { type: 'directoryName', value: named('é'.repeat(30_000)) }
    expect(await verdict(issue('CN=x', { issuer: ca, names: [long] }), [root], [ca])).toBe('valid')
  })

  it('30,000 policies, mapped to one', async () => {
    const oids = Array.from({ length: 30_000 }, (_, i) => `1.2.3.${i}`)
    const own = certificatePolicies(...oids)
    const mapped = policyMappings(...oids.map((oid) => [oid, '1.2.9'] as const))
    const ca = issue('CN=Policies', { ca: true, issuer: root, extensions: [own, mapped] })
    const target = issue('CN=x', { issuer: ca, extensions: [certificatePolicies('2.5.29.32.0')] })
    const { policies } = await validate(target, [root], [ca])
    expect(policies).toHaveLength(30_000)
  })

  it('20,000 distribution points against as many names of a list', async () => {
    const fullName = (from: string, count: number) =>
      encode(contextTag(0, true), [
        encode(
          contextTag(0, true),
          Array.from({ length: count }, (_, i) =>
            encode(contextTag(6, false), [Buffer.from(`http://${from}/${i}`)]),
          ),
        ),
      ])
    const points = Array.from({ length: 20_000 }, () => der.sequence([fullName('x', 1)]))
    const target = issue('CN=x', {
      issuer: sub,
      extensions: [{ oid: '2.5.29.31', critical: false, value: der.sequence(points) }],
    })
    const scope = { oid: '2.5.29.28', critical: true, value: der.sequence([fullName('y', 20_000)]) }
    const revocation = { crls: [list(sub, { extensions: [scope] }), rootList] }
    await expect(validate(target, [root], [sub], { revocation })).rejects.toMatchObject({
      code: 'ERR_PATH_BUDGET',
    })
  })
})

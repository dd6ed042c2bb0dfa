/** What a server's chain needs of a CA bundle: DigiCert's real ones, and bundles that lack or lose something. */
import { readdirSync, readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { readCertificates } from '../../src/credentials/index.ts'
import { chainNeeds } from '../../src/trust/index.ts'
import type { Certificate } from '../../src/x509/index.ts'
import { describeShared, shared } from '../support/tools.ts'
import { DAY, hierarchy, issue, type Party } from './support/authority.ts'

const middle = ({ notBefore, notAfter }: Certificate): Date => new Date((+notBefore + +notAfter) / 2)

let root: Party
let sub: Party
let leaf: Party
beforeAll(async () => {
  ;({ root, sub, leaf } = await hierarchy())
})

describe('a bundle', () => {
  it('that has all: good, and which', async () => {
    const other = await issue('CN=Another root', { ca: true })
    const bundle = [other, root, sub].map(({ certificate }) => certificate)
    const { good, needed, missing, sentences, path } = await chainNeeds(bundle, leaf.certificate)
    expect({ good, missing, verdict: path.verdict }).toEqual({
      good: true,
      missing: undefined,
      verdict: 'valid',
    })
    expect(needed).toMatchObject([
      { role: 'intermediate', inBundle: true, sent: false, daysLeft: 999, status: 'ok' },
      { role: 'root', inBundle: true, sent: false, daysLeft: 3649, status: 'ok' },
    ])
    expect(needed.map(({ certificate }) => certificate)).toEqual([sub.certificate, root.certificate])
    expect(sentences[0]).toMatch(
      /^intermediate: CN=Test intermediate: in the bundle; valid until \d{4}-.* UTC$/,
    )
  })

  it('that lacks the intermediate: bad, unless the server sends it', async () => {
    const bundle = [root.certificate]
    const without = await chainNeeds(bundle, leaf.certificate)
    expect([without.good, without.missing]).toEqual([false, 'CN=Test intermediate'])
    expect(without.sentences[0]).toMatch(
      /^missing: CN=Test intermediate: neither the bundle nor the server's chain/,
    )
    const chain = [leaf.certificate, sub.certificate]
    const { good, needed } = await chainNeeds(bundle, leaf.certificate, { chain })
    expect(good).toBe(true)
    expect(needed[0]).toMatchObject({ inBundle: false, sent: true })
  })

  it('that lacks the root: bad, though the intermediate is there', async () => {
    const { good, missing, sentences } = await chainNeeds([sub.certificate], leaf.certificate)
    expect([good, missing]).toEqual([false, 'CN=Test root'])
    expect(sentences.at(-1)).toBe(
      'missing: CN=Test root: the bundle lacks the issuer of CN=Test intermediate',
    )
  })

  it('that the server sends the root with: it is not trusted for that', async () => {
    const chain = [sub.certificate, root.certificate]
    const other = await issue('CN=Another root', { ca: true })
    const { good, path } = await chainNeeds([other.certificate], leaf.certificate, { chain })
    expect([good, path.problem?.reason]).toEqual([false, 'issuer-not-trusted'])
  })

  it('of which one expires soon, or has', async () => {
    const bundle = [root.certificate, sub.certificate]
    const time = new Date(+leaf.certificate.notAfter - 20 * DAY)
    const soon = await chainNeeds(bundle, leaf.certificate, { time, within: 700 })
    expect(soon.path.verdict).toBe('valid')
    expect([soon.good, soon.needed[0]?.status, soon.needed[1]?.status]).toEqual([false, 'expiring', 'ok'])
    expect(soon.sentences[0]).toMatch(/EXPIRES in 655 days, at /)
    expect((await chainNeeds(bundle, leaf.certificate, { time, within: 600 })).good).toBe(true)
    const late = await chainNeeds(bundle, leaf.certificate, {
      time: new Date(+sub.certificate.notAfter + DAY),
    })
    expect([late.good, late.path.problem?.reason]).toEqual([false, 'expired'])
    expect(late.needed.map(({ status }) => status)).toEqual(['expired', 'ok'])
    expect(late.sentences[0]).toMatch(/EXPIRED 1 day ago/)
    expect(late.sentences.at(-1)).toMatch(/^not valid: CN=leaf: it expired/)
  })

  it.each([-1, Number.NaN, 36_501])('within %s days is refused', async (within) => {
    await expect(chainNeeds([root.certificate], leaf.certificate, { within })).rejects.toThrow(TypeError)
  })
})

describeShared("DigiCert's bundle", () => {
  const folder = shared('vectors/digicert/leaves')
  const files = readdirSync(folder).filter((name) => name.endsWith('.chain.pem'))
  const bundle = readCertificates(
    readFileSync(shared('vectors/digicert/bundles/digicert-server-ca-bundle-like.pem')),
  )
  const chainOf = (name: string) => {
    const [leaf, ...chain] = readCertificates(readFileSync(`${folder}/${name}`)) as [
      Certificate,
      ...Certificate[],
    ]
    return { leaf, chain }
  }
  const PRECERTIFICATES = /^(gis\.agroinvest|p53lf57)/
  /** Its intermediate is none of those for servers today. */
  const LACKING = /^wildcard_facebookwkh/

  it.each(files.filter((name) => !PRECERTIFICATES.test(name) && !LACKING.test(name)))('%s', async (name) => {
    const { leaf, chain } = chainOf(name)
    const { good, needed, sentences } = await chainNeeds(bundle, leaf, { time: middle(leaf) })
    expect(good, sentences.join('\n')).toBe(true)
    expect(needed.map(({ certificate }) => certificate.fingerprint())).toEqual(
      chain.map((certificate) => certificate.fingerprint()),
    )
  })

  it.each(files.filter((name) => PRECERTIFICATES.test(name)))('%s is a precertificate', async (name) => {
    const { leaf } = chainOf(name)
    const { good, path } = await chainNeeds(bundle, leaf, { time: middle(leaf) })
    expect([good, path.problem?.reason]).toEqual([false, 'extension-unknown-critical'])
  })

  it.each(files.filter((name) => LACKING.test(name)))(
    '%s needs an intermediate that the bundle lacks',
    async (name) => {
      const { leaf, chain } = chainOf(name)
      const { good, missing } = await chainNeeds(bundle, leaf, { time: middle(leaf) })
      expect([good, missing]).toEqual([false, chain[0]?.subject.toString()])
      expect((await chainNeeds(bundle, leaf, { time: middle(leaf), chain })).good).toBe(true)
    },
  )
})

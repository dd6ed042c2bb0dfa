/** CAdES-BES and CAdES-T: OpenSSL's TSA stamps, Bouncy Castle and OpenSSL check; and the other way round. */
import { beforeAll, expect, it } from 'vitest'
import { addTimestamp, CmsSignature, type SignOptions, sign } from '../../src/cms/index.ts'
import { describeWith } from '../support/tools.ts'
import { type Forgery, forge, octets, sequence } from './support/forge.ts'
import { signingCertificate } from './support/mistakes.ts'
import { algorithmNamed, algorithms } from './support/peer.ts'
import { allNeeds, usePeers } from './support/peers.ts'
import { leafNames } from './support/pki.ts'
import { openKey, Sealkit } from './support/sealkit.ts'
import { makeQuery, openTsa, tokenOf, tsaPolicy, tstInfoOf } from './support/tsa.ts'

const content = Buffer.from('a passport token')
const rsa = algorithmNamed('rsa2048 PKCS1 SHA-256')

describeWith(allNeeds, 'CAdES with the peers', () => {
  const peers = usePeers()
  let sealkit: Sealkit
  beforeAll(() => {
    sealkit = new Sealkit(peers.pki, leafNames.map(peers.pki.leaf))
  })

  const signed = async (options: Partial<SignOptions> = {}) => {
    return sign(content, { signers: await openKey(peers.pki, rsa), ...options })
  }
  /** The signature value of the first signer. */
  const signatureOf = async (message: Uint8Array) => {
    return Buffer.from((await peers.bc.dump(message)).signers[0]?.signature ?? '', 'hex')
  }

  it.each(algorithms.filter(({ scheme }) => scheme !== 'EdDSA'))(
    '$name: OpenSSL finds the signing certificate (-cades)',
    async (algorithm) => {
      const message = await sealkit.sign({ content, signers: [algorithm], signingCertificate: true })
      expect(await peers.openssl.verify({ message, content }, { cades: true })).toMatchObject({ ok: true })
    },
  )

  it('a timestamp that sealkit gets while it signs', async () => {
    const { der: message } = await signed({ timestamp: openTsa(peers.pki), signingCertificate: true })
    const { isDer, signers } = await peers.bc.report({ message, content })
    expect(isDer).toBe(true)
    expect(signers).toMatchObject([
      { verified: true, timestamps: [{ verified: true, imprintMatches: true }] },
    ])
    for (const peer of peers.all) expect(await peer.verify({ message, content })).toMatchObject({ ok: true })
    const result = await sealkit.result({ message, content })
    expect(result.verdict).toBe('valid')
    expect(result.signers[0]?.timestamps).toMatchObject([{ verdict: 'valid', policy: tsaPolicy }])
    expect(result.signers[0]?.timestamps[0]?.time?.toISOString().slice(0, 19)).toBe(
      signers[0]?.timestamps[0]?.genTime.slice(0, 19),
    )
  })

  it('a timestamp that sealkit puts to a message of each peer, BER too', async () => {
    for (const peer of peers.all) {
      const made = await peer.sign({ content, signers: [rsa] })
      const { der: message } = await addTimestamp(CmsSignature.from(made), { timestamp: openTsa(peers.pki) })
      const { signers } = await peers.bc.report({ message, content })
      expect(signers, peer.name).toMatchObject([
        { verified: true, timestamps: [{ verified: true, imprintMatches: true }] },
      ])
      expect(await peer.verify({ message, content })).toMatchObject({ ok: true })
      expect(await sealkit.verify({ message, content })).toMatchObject({ ok: true })
    }
  })

  it.each(['SHA-256', 'SHA-384', 'SHA-512'] as const)(
    'a timestamp that Bouncy Castle puts in: %s',
    async (hash) => {
      const { der } = await signed()
      const response = await openTsa(peers.pki, { hash })(await makeQuery(await signatureOf(der), { hash }))
      const message = await peers.bc.addTimestamp(der, await tokenOf(response))
      const result = await sealkit.result({ message, content })
      expect(result.signers[0]?.timestamps).toMatchObject([{ verdict: 'valid' }])
      expect(result.verdict).toBe('valid')
    },
  )

  it('a timestamp of another signature, a damaged one, one of an authority that nobody trusts', async () => {
    const { der } = await signed()
    const good = await tokenOf(await openTsa(peers.pki)(await makeQuery(await signatureOf(der))))
    const other = await tokenOf(await openTsa(peers.pki)(await makeQuery(content)))
    const damaged = Buffer.from(good)
    damaged[good.length - 1] = (good.at(-1) ?? 0) ^ 1
    const reasonWith = async (token: Uint8Array, options = {}) => {
      const message = await peers.bc.addTimestamp(der, token)
      const result = await sealkit.result({ message, content }, options)
      return [result.verdict, result.signers[0]?.timestamps[0]?.reason]
    }
    expect(await reasonWith(good)).toEqual(['valid', undefined])
    expect(await reasonWith(other)).toEqual(['invalid', 'timestamp-mismatch'])
    expect(await reasonWith(damaged)).toEqual(['invalid', 'timestamp-invalid'])
    const trust = new Sealkit(peers.pki, [peers.pki.leaf('rsa2048')], { tsa: false }).trust
    expect(await reasonWith(good, { trust })).toEqual(['invalid', 'certificate-not-trusted'])
  })

  it('a token signed by a certificate that is not for timestamping', async () => {
    const { der } = await signed()
    const token = await tokenOf(await openTsa(peers.pki)(await makeQuery(await signatureOf(der))))
    const forged = (identity: Forgery['identity']) =>
      forge({
        content: tstInfoOf(token),
        attached: true,
        eContentType: '1.2.840.113549.1.9.16.1.4',
        algorithm: rsa,
        identity,
        attributes: (given) => [...given, signingCertificate(identity.certificate)],
      })
    const reasons: unknown[] = []
    for (const identity of [peers.pki.tsa, peers.pki.leaf('rsa2048')]) {
      const message = await peers.bc.addTimestamp(der, forged(identity))
      const result = await sealkit.result({ message, content })
      const { signers } = await peers.bc.report({ message, content })
      reasons.push([result.signers[0]?.timestamps[0]?.reason, signers[0]?.timestamps[0]?.verified])
    }
    expect(reasons).toEqual([
      [undefined, true],
      ['timestamp-certificate', false],
    ])
  })

  const nonceOf = (query: Uint8Array) => Buffer.from(query).lastIndexOf(Buffer.from('0208', 'hex')) + 2
  const flip = (query: Uint8Array, at: number) => Buffer.from(query).fill((query[at] ?? 0) ^ 1, at, at + 1)

  it.each([
    ['a refused digest', { digests: ['SHA-512'] as const }, 'ERR_TIMESTAMP_REFUSED'],
    ['a query that the authority cannot read', { rewrite: () => sequence() }, 'ERR_TIMESTAMP_REFUSED'],
    [
      'the nonce of another query',
      { rewrite: (query: Uint8Array) => flip(query, nonceOf(query)) },
      'ERR_TIMESTAMP_INVALID',
    ],
    [
      'a stamp on another digest',
      { rewrite: (query: Uint8Array) => flip(query, 30) },
      'ERR_TIMESTAMP_INVALID',
    ],
  ])('%s', async (_, options, code) => {
    await expect(signed({ timestamp: openTsa(peers.pki, options) })).rejects.toMatchObject({ code })
  })

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['text', Buffer.from('503 Service Unavailable')],
    ['another structure', sequence(octets(Buffer.from('x')))],
  ])('an authority that answers with %s', async (_, answer) => {
    const timestamp = async () => answer
    await expect(signed({ timestamp })).rejects.toMatchObject({ code: 'ERR_TIMESTAMP_INVALID' })
  })

  it('a response that is cut off anywhere', async () => {
    let whole: Uint8Array = new Uint8Array()
    await signed({
      timestamp: async (query) => {
        whole = await openTsa(peers.pki)(query)
        return whole
      },
    })
    for (let length = 0; length < whole.length; length += 97) {
      const timestamp = async () => whole.subarray(0, length)
      await expect(signed({ timestamp })).rejects.toMatchObject({ code: 'ERR_TIMESTAMP_INVALID' })
    }
  })
})

/** The harness itself: Bouncy Castle's further commands, and the TSA. */
import { expect, it } from 'vitest'
import { describeWith } from '../support/tools.ts'
import { algorithmNamed } from './support/peer.ts'
import { peerNeeds, usePeers } from './support/peers.ts'
import { makeQuery, openTsa, printResponse, tokenOf } from './support/tsa.ts'

const content = Buffer.from('some content')
const [rsa, ecdsa] = [algorithmNamed('rsa2048 PKCS1 SHA-256'), algorithmNamed('p384 ECDSA SHA-384')]

describeWith(peerNeeds['Bouncy Castle'], 'Bouncy Castle', () => {
  const peers = usePeers(['OpenSSL', 'Bouncy Castle'])

  it('checks timestamps, countersignatures and signing certificates', async () => {
    const { bc, pki } = peers
    const first = await bc.sign({
      content,
      signers: [rsa],
      signingCertificate: true,
      algorithmProtection: true,
    })
    const signature = Buffer.from((await bc.dump(first)).signers[0]?.signature ?? '', 'hex')
    const token = await tokenOf(await openTsa(pki)(await makeQuery(signature)))
    const message = await bc.countersign(await bc.addTimestamp(first, token), ecdsa)
    const { isDer, signers } = await bc.report({ message, content })
    expect(isDer).toBe(true)
    expect(signers).toMatchObject([
      {
        verified: true,
        signedAttrsAreDer: true,
        signingCertificate: 'match',
        algorithmProtection: true,
        countersigners: [{ verified: true, countersigners: [] }],
        timestamps: [{ verified: true, imprintMatches: true }],
      },
    ])
  })

  it('sees a timestamp of another signature', async () => {
    const { bc, pki } = peers
    const token = await tokenOf(await openTsa(pki)(await makeQuery(content)))
    const message = await bc.addTimestamp(await bc.sign({ content, signers: [rsa] }), token)
    const { signers } = await bc.report({ message, content })
    expect(signers).toMatchObject([
      { verified: true, timestamps: [{ verified: true, imprintMatches: false }] },
    ])
    expect(await bc.verify({ message, content })).toMatchObject({ ok: false })
  })

  it('adds a signer to a message of OpenSSL, and OpenSSL to one of it', async () => {
    const { bc, openssl } = peers
    const sameHash = algorithmNamed('p256 ECDSA SHA-256')
    const ofBc = await openssl.addSigner(await bc.sign({ content, signers: [rsa] }), content, sameHash)
    const ofOpenSsl = await bc.addSigner(await openssl.sign({ content, signers: [rsa] }), content, ecdsa)
    for (const message of [ofBc, ofOpenSsl]) {
      expect((await bc.dump(message)).signers).toHaveLength(2)
      expect(await bc.verify({ message, content })).toMatchObject({ ok: true })
      expect(await openssl.verify({ message, content })).toMatchObject({ ok: true })
    }
  })

  it.each([true, false])('writes BER when asked, DER otherwise (attached: %s)', async (attached) => {
    const { bc } = peers
    for (const ber of [true, false]) {
      const message = await bc.sign({ content, signers: [rsa], attached, ber })
      expect((await bc.report(attached ? { message } : { message, content })).isDer).toBe(!ber)
    }
  })

  it('names what it threw', async () => {
    const message = Buffer.from('30800000', 'hex')
    await expect(peers.bc.dump(message)).rejects.toThrow('CMSException: Malformed content.')
  })
})

describeWith('openssl', 'the TSA', () => {
  const peers = usePeers(['OpenSSL'])

  it.each([
    [
      'a digest it does not take',
      { digests: ['SHA-512'] as const },
      {},
      'unrecognized or unsupported algorithm',
    ],
    ['a policy it does not have', {}, { policy: '1.2.3' }, 'the requested TSA policy is not supported'],
    [
      'no query',
      { rewrite: () => Buffer.from('3000', 'hex') },
      {},
      'the data submitted has the wrong format',
    ],
  ])('refuses %s', async (_, options, queryOptions, failure) => {
    const response = await openTsa(peers.pki, options)(await makeQuery(content, queryOptions))
    const text = await printResponse(response)
    expect(text).toContain('Status: Rejected.')
    expect(text).toContain(failure)
  })

  it('grants the others', async () => {
    const query = await makeQuery(content, { hash: 'SHA-384' })
    const text = await printResponse(await openTsa(peers.pki, { hash: 'SHA-512' })(query))
    expect(text).toMatch(/Status: Granted\..*Hash Algorithm: sha384/s)
  })
})

/** Several signers and countersignatures, with the peers. */
import { beforeAll, expect, it } from 'vitest'
import { addSigner, CmsSignature, countersign, sign } from '../../src/cms/index.ts'
import { describeWith } from '../support/tools.ts'
import { algorithmNamed, algorithms } from './support/peer.ts'
import { allNeeds, usePeers } from './support/peers.ts'
import { leafNames } from './support/pki.ts'
import { openKey, Sealkit } from './support/sealkit.ts'
import { openTsa } from './support/tsa.ts'

const content = Buffer.from('a passport token')
const rsa = algorithmNamed('rsa2048 PKCS1 SHA-256')
const ecdsa = algorithmNamed('p256 ECDSA SHA-256')
const pss = algorithmNamed('rsapss PSS SHA-512')
const ed25519 = algorithmNamed('ed25519 EdDSA SHA-512')

/** With the last byte changed: in a message with unsigned attributes it is theirs. */
function damageLast(message: Uint8Array): Buffer {
  const damaged = Buffer.from(message)
  damaged[message.length - 1] = (message.at(-1) ?? 0) ^ 1
  return damaged
}

describeWith(allNeeds, 'several signers', () => {
  const peers = usePeers()
  let sealkit: Sealkit
  beforeAll(() => {
    sealkit = new Sealkit(peers.pki, leafNames.map(peers.pki.leaf))
  })

  it('every algorithm in one message', async () => {
    const message = await sealkit.sign({ content, signers: algorithms })
    const { isDer, signers } = await peers.bc.report({ message, content })
    expect(isDer).toBe(true)
    expect(signers).toHaveLength(algorithms.length)
    expect(signers.every(({ verified }) => verified)).toBe(true)
    expect((await sealkit.result({ message, content })).signers.map(({ verdict }) => verdict)).toEqual(
      algorithms.map(() => 'valid'),
    )
  })

  it.each([{ attached: false }, { attached: true }])('two that all peers know: %o', async ({ attached }) => {
    const message = await sealkit.sign({ content, signers: [rsa, ecdsa], attached })
    const job = attached ? { message } : { message, content }
    for (const peer of peers.all) expect(await peer.verify(job), peer.name).toMatchObject({ ok: true })
  })

  it('two of Bouncy Castle and of OpenSSL', async () => {
    for (const peer of [peers.bc, peers.openssl]) {
      const message = await peer.sign({ content, signers: [rsa, ecdsa], signingCertificate: true })
      const { verdict, signers } = await sealkit.result({ message, content })
      expect([verdict, signers.length], peer.name).toEqual(['valid', 2])
    }
  })

  it('one bad among two', async () => {
    const message = await sealkit.sign({ content, signers: [rsa, ecdsa] })
    const { signers } = await peers.bc.dump(message)
    for (const { signature } of signers) {
      const at = Buffer.from(message).indexOf(Buffer.from(signature, 'hex')) + 20
      const damaged = Buffer.from(message)
      damaged[at] = (damaged[at] ?? 0) ^ 1
      const result = await sealkit.result({ message: damaged, content })
      expect(result.verdict).toBe('invalid')
      expect(result.reason).toBe('signature-mismatch')
      expect(result.signers.map(({ verdict }) => verdict).toSorted()).toEqual(['invalid', 'valid'])
      for (const peer of peers.all)
        expect(await peer.verify({ message: damaged, content })).toMatchObject({ ok: false })
    }
  })

  it.each([{ attached: false }, { attached: true }])(
    'sealkit adds one to a message of each peer: %o',
    async ({ attached }) => {
      for (const peer of peers.all) {
        for (const ber of [false, true]) {
          if (peer.canSign(rsa, { attached, ber }) !== true) continue
          const made = await peer.sign({ content, signers: [rsa], attached, ber })
          const given = attached ? {} : { content }
          const { der: message } = await addSigner(CmsSignature.from(made), {
            signer: await openKey(peers.pki, ecdsa),
            ...given,
          })
          const { isDer, signers } = await peers.bc.report({ message, ...given })
          expect(isDer, peer.name).toBe(true)
          expect(signers).toMatchObject([{ verified: true }, { verified: true }])
          expect(await sealkit.verify({ message, ...given })).toMatchObject({ ok: true })
          for (const other of peers.all) {
            const verdict = await other.verify({ message, ...given })
            expect(verdict, `${other.name} on ${peer.name}`).toMatchObject({ ok: true })
          }
        }
      }
    },
  )

  it('Bouncy Castle and OpenSSL add one to a message of sealkit', async () => {
    const made = await sealkit.sign({ content, signers: [rsa], signingCertificate: true })
    for (const peer of [peers.bc, peers.openssl]) {
      const message = await peer.addSigner(made, content, ecdsa)
      const { verdict, signers } = await sealkit.result({ message, content })
      expect([verdict, signers.length], peer.name).toEqual(['valid', 2])
      expect(await peers.bc.verify({ message, content })).toMatchObject({ ok: true })
    }
  })
})

describeWith(allNeeds, 'countersignatures', () => {
  const peers = usePeers()
  let sealkit: Sealkit
  beforeAll(() => {
    sealkit = new Sealkit(peers.pki, leafNames.map(peers.pki.leaf))
  })

  it.each([rsa, ecdsa, pss, ed25519])(
    '$name: sealkit countersigns a message of each peer',
    async (algorithm) => {
      for (const peer of [...peers.all, sealkit]) {
        const made = await peer.sign({ content, signers: [rsa] })
        const options = { signingCertificate: true, algorithmProtection: true }
        const key = await openKey(peers.pki, algorithm)
        const { der: message } = await countersign(CmsSignature.from(made), { key, ...options })
        const { signers } = await peers.bc.report({ message, content })
        expect(signers, peer.name).toMatchObject([
          {
            verified: true,
            countersigners: [{ verified: true, signedAttrsAreDer: true, signingCertificate: 'match' }],
          },
        ])
        expect(await peer.verify({ message, content })).toMatchObject({ ok: true })
        const result = await sealkit.result({ message, content })
        expect(result.verdict).toBe('valid')
        expect(result.signers[0]?.countersignatures).toMatchObject([{ verdict: 'valid' }])
      }
    },
  )

  it.each([rsa, ecdsa, pss, ed25519])(
    '$name: Bouncy Castle countersigns a message of sealkit',
    async (algorithm) => {
      const message = await peers.bc.countersign(await sealkit.sign({ content, signers: [ecdsa] }), algorithm)
      const result = await sealkit.result({ message, content })
      expect(result.verdict).toBe('valid')
      expect(result.signers[0]?.countersignatures).toMatchObject([{ verdict: 'valid' }])
    },
  )

  it('two of them, one with a timestamp', async () => {
    const once = await countersign(await sign(content, { signers: await openKey(peers.pki, rsa) }), {
      key: await openKey(peers.pki, ecdsa),
      timestamp: openTsa(peers.pki),
    })
    const message = await peers.bc.countersign(once.der, ed25519)
    const { signers } = await peers.bc.report({ message, content })
    expect(signers[0]?.countersigners).toHaveLength(2)
    expect(await peers.bc.verify({ message, content })).toMatchObject({ ok: true })
    expect(signers[0]?.countersigners.flatMap(({ timestamps }) => timestamps)).toMatchObject([
      { verified: true, imprintMatches: true },
    ])
    const result = await sealkit.result({ message, content })
    expect(result.verdict).toBe('valid')
    expect(
      result.signers[0]?.countersignatures.map(({ timestamps }) => timestamps.length).toSorted(),
    ).toEqual([0, 1])
  })

  it('a damaged one: sealkit and Bouncy Castle reject, OpenSSL does not look', async () => {
    const made = await sealkit.sign({ content, signers: [rsa] })
    const { der } = await countersign(CmsSignature.from(made), { key: await openKey(peers.pki, ecdsa) })
    const message = damageLast(der)
    const result = await sealkit.result({ message, content })
    expect(result.verdict).toBe('invalid')
    expect(result.reason).toBe('countersignature-invalid')
    expect(result.signers[0]?.countersignatures).toMatchObject([{ reason: 'signature-mismatch' }])
    expect((await peers.bc.report({ message, content })).signers).toMatchObject([
      { verified: true, countersigners: [{ verified: false }] },
    ])
    expect(await peers.openssl.verify({ message, content })).toMatchObject({ ok: true })
  })
})

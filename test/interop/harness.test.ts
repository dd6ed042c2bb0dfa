/** The harness itself: each peer verifies what it signed, says no to what is wrong, and is as docs/interop.md says. */
import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { forge } from './support/forge.ts'
import { mistakes } from './support/mistakes.ts'
import { algorithmNamed, algorithms, type Peer } from './support/peer.ts'
import { openPeers, type Peers } from './support/peers.ts'
import { leafNames } from './support/pki.ts'
import { makeQuery, openTsa, printResponse, tokenOf } from './support/tsa.ts'

const content = Buffer.from('eyJhbGciOiJub25lIn0.e30.\r\nand a line without an end')
const tampered = Buffer.from('eyJhbGciOiJub25lIn0.e30.\r\nand a line without an enD')
const peerNames = ['OpenSSL', 'Bouncy Castle', 'NSS', 'GnuTLS'] as const

let peers: Peers
beforeAll(async () => {
  peers = await openPeers()
}, 120_000)
afterAll(() => peers[Symbol.asyncDispose]())

function named(name: string): Peer {
  const peer = peers.all.find((candidate) => candidate.name === name)
  if (peer === undefined) throw new Error(`no peer ${name}`)
  return peer
}

/** The rows of the table in docs/interop.md whose header row starts with `header`. */
function documented(header: string): Map<string, string[]> {
  const text = readFileSync(new URL('../../docs/interop.md', import.meta.url), 'utf8')
  const table = text.slice(text.indexOf(`\n| ${header} |`) + 1).split('\n\n')[0] ?? ''
  const rows = table.split('\n').map((line) =>
    line
      .split('|')
      .map((cell) => cell.trim())
      .slice(1, -1),
  )
  return new Map(rows.slice(2).map(([first = '', ...others]) => [first, others]))
}

describe('the PKI', () => {
  it.each(leafNames)('%s: root, intermediate, leaf with a subject key identifier', (name) => {
    const { root, intermediate } = peers.pki
    const [ca, leaf] = [intermediate, peers.pki.leaf(name)].map((one) => new X509Certificate(one.certificate))
    expect(ca?.verify(new X509Certificate(root.certificate).publicKey)).toBe(true)
    expect(ca && leaf?.checkIssued(ca) && leaf.verify(ca.publicKey)).toBe(true)
    expect(leaf?.raw.includes(Buffer.from('0603551d0e', 'hex'))).toBe(true)
  })
})

describe.each(peerNames)('%s', (name) => {
  it.each(algorithms)('$name: verifies its own, not when the content is another', async (algorithm) => {
    const peer = named(name)
    if (peer.canSign(algorithm, {}) !== true || peer.canVerify(algorithm, {}) !== true) {
      // The reason is real: what Bouncy Castle signs so is refused, unless only the signing is missing.
      const message = await peers.bc.sign({ content, signers: [algorithm] })
      const { ok } = await peer.verify({ message, content })
      expect(ok).toBe(peer.canVerify(algorithm, {}) === true)
      return
    }
    const message = await peer.sign({ content, signers: [algorithm] })
    expect(await peer.verify({ message, content })).toMatchObject({ ok: true })
    expect(await peer.verify({ message, content: tampered })).toMatchObject({ ok: false })
  })

  it('signs attached, and gives out the content or at least accepts it', async () => {
    const peer = named(name)
    const signers = [algorithmNamed('rsa2048 PKCS1 SHA-256')]
    const message = await peer.sign({ content, signers, attached: true })
    const verdict = await peer.verify({ message })
    expect(verdict.ok).toBe(true)
    if (verdict.content !== undefined) expect(Buffer.from(verdict.content)).toEqual(content)
    const at = Buffer.from(message).indexOf(content.subarray(0, 10))
    expect(at).toBeGreaterThan(0)
    const broken = Buffer.from(message)
    broken[at] = 0x20
    expect(await peer.verify({ message: broken })).toMatchObject({ ok: false })
  })

  it('reports a message that is not CMS as not good', async () => {
    for (const message of [Buffer.alloc(0), Buffer.from('3000', 'hex'), Buffer.from('no CMS')]) {
      expect(await named(name).verify({ message, content })).toMatchObject({ ok: false })
    }
  })
})

describe('algorithms in docs/interop.md', () => {
  it('says of each peer what it signs and verifies', () => {
    const yes = (can: true | string) => (can === true ? 'yes' : 'no')
    const measured = algorithms.map((algorithm) => {
      const cells = peers.all.map((peer) => {
        return `${yes(peer.canSign(algorithm, {}))} / ${yes(peer.canVerify(algorithm, {}))}`
      })
      return [algorithm.name, cells] as const
    })
    expect(documented('Algorithm')).toEqual(new Map(measured))
  })
})

describe('messages made by hand', () => {
  it.each(algorithms)('$name: every peer that can accepts it', async (algorithm) => {
    for (const signedAttrs of [true, false]) {
      const identity = peers.pki.leaf(algorithm.leaf)
      const message = forge({ content, algorithm, identity, signedAttrs })
      for (const peer of peers.all) {
        const { ok, detail } = await peer.verify({ message, content })
        expect(ok, `${peer.name} ${signedAttrs} ${detail}`).toBe(
          peer.canVerify(algorithm, { signedAttrs }) === true,
        )
      }
    }
  })

  it('each mistake is accepted by whom docs/interop.md says', async () => {
    const measured = new Map<string, string[]>()
    for (const [mistake, forgery] of Object.entries(mistakes(peers.pki, content))) {
      const job = { message: forge(forgery), content: forgery.content }
      const verdicts = await Promise.all(peers.all.map((peer) => peer.verify(job)))
      measured.set(
        mistake,
        verdicts.map(({ ok }) => (ok ? 'accepts' : 'rejects')),
      )
    }
    expect(documented('Mistake')).toEqual(measured)
  })
})

describe('Bouncy Castle', () => {
  const [rsa, ecdsa] = [algorithmNamed('rsa2048 PKCS1 SHA-256'), algorithmNamed('p384 ECDSA SHA-384')]

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

  it('adds a signer to a message of another peer, as OpenSSL does', async () => {
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

  it('writes BER when asked, DER otherwise', async () => {
    const { bc } = peers
    for (const attached of [true, false]) {
      const report = (message: Uint8Array) => bc.report(attached ? { message } : { message, content })
      const [ber, der] = [true, false].map((isBer) =>
        bc.sign({ content, signers: [rsa], attached, ber: isBer }),
      )
      expect((await report(await (ber ?? expect.fail()))).isDer).toBe(false)
      expect((await report(await (der ?? expect.fail()))).isDer).toBe(true)
    }
  })

  it('names what it threw', async () => {
    await expect(peers.bc.dump(Buffer.from('30800000', 'hex'))).rejects.toThrow(
      'CMSException: Malformed content.',
    )
  })
})

describe('the TSA', () => {
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
    const response = await openTsa(peers.pki, { hash: 'SHA-512' })(
      await makeQuery(content, { hash: 'SHA-384' }),
    )
    expect(await printResponse(response)).toMatch(/Status: Granted\..*Hash Algorithm: sha384/s)
  })
})

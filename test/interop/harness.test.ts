/** The harness itself: each peer verifies what it signed, says no to what is wrong, and is as docs/interop.md says. */
import { X509Certificate } from 'node:crypto'
import { expect, it } from 'vitest'
import { describeWith } from '../support/tools.ts'
import { documented } from './support/documented.ts'
import { forge } from './support/forge.ts'
import { mistakes } from './support/mistakes.ts'
import { algorithmNamed, algorithms } from './support/peer.ts'
import { allNeeds, peerNames, peerNeeds, usePeer, usePeers } from './support/peers.ts'
import { leafNames } from './support/pki.ts'

const content = Buffer.from('eyJhbGciOiJub25lIn0.e30.\r\nand a line without an end')
const tampered = Buffer.from('eyJhbGciOiJub25lIn0.e30.\r\nand a line without an enD')

for (const name of peerNames) {
  describeWith(peerNeeds[name], name, () => {
    const opened = usePeer(name)

    it.each(algorithms)('$name: verifies its own, not when the content is another', async (algorithm) => {
      const { peer, pki } = opened
      const canVerify = peer.canVerify(algorithm, {}) === true
      if (peer.canSign(algorithm, {}) !== true || !canVerify) {
        // The reason is real: a good message is refused, unless only the signing is missing.
        const message = forge({ content, algorithm, identity: pki.leaf(algorithm.leaf) })
        expect(await peer.verify({ message, content })).toMatchObject({ ok: canVerify })
        return
      }
      const message = await peer.sign({ content, signers: [algorithm] })
      expect(await peer.verify({ message, content })).toMatchObject({ ok: true })
      expect(await peer.verify({ message, content: tampered })).toMatchObject({ ok: false })
    })

    it('signs attached, and gives out the content or at least accepts it', async () => {
      const { peer } = opened
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
        expect(await opened.peer.verify({ message, content })).toMatchObject({ ok: false })
      }
    })
  })
}

describeWith(allNeeds, 'all peers', () => {
  const peers = usePeers()

  it.each(leafNames)('%s: root, intermediate, leaf with a subject key identifier', (name) => {
    const { root, intermediate } = peers.pki
    const [ca, leaf] = [intermediate, peers.pki.leaf(name)].map((one) => new X509Certificate(one.certificate))
    expect(ca?.verify(new X509Certificate(root.certificate).publicKey)).toBe(true)
    expect(ca && leaf?.checkIssued(ca) && leaf.verify(ca.publicKey)).toBe(true)
    expect(leaf?.raw.includes(Buffer.from('0603551d0e', 'hex'))).toBe(true)
  })

  it('sign and verify what docs/interop.md says', () => {
    const yes = (can: true | string) => (can === true ? 'yes' : 'no')
    const measured = algorithms.map((algorithm) => {
      const cells = peers.all.map((peer) => {
        return `${yes(peer.canSign(algorithm, {}))} / ${yes(peer.canVerify(algorithm, {}))}`
      })
      return [algorithm.name, cells] as const
    })
    expect(documented('Algorithm')).toEqual(new Map(measured))
  })

  it.each(algorithms)('$name: accept a message made by hand where they can', async (algorithm) => {
    const identity = peers.pki.leaf(algorithm.leaf)
    for (const signedAttrs of [true, false]) {
      const message = forge({ content, algorithm, identity, signedAttrs })
      for (const peer of peers.all) {
        const { ok, detail } = await peer.verify({ message, content })
        const can = peer.canVerify(algorithm, { signedAttrs })
        expect(ok, `${peer.name}, signed attributes ${signedAttrs}: ${detail}`).toBe(can === true)
      }
    }
  })

  it('accept the mistakes that docs/interop.md says', async () => {
    const measured = new Map<string, string[]>()
    for (const [mistake, forgery] of Object.entries(mistakes(peers.pki, content))) {
      const job = { message: forge(forgery), content: forgery.content }
      const verdicts = await Promise.all(peers.all.map((peer) => peer.verify(job)))
      const cells = verdicts.map(({ ok }) => (ok ? 'accepts' : 'rejects'))
      measured.set(mistake, cells)
    }
    expect(documented('Mistake')).toEqual(measured)
  })
})

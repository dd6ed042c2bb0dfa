/** The GOST peers themselves: what they sign and verify, among each other, and that docs/interop.md says so. */
import { expect, it } from 'vitest'
import { describeWith } from '../../support/tools.ts'
import { documented } from '../support/documented.ts'
import { gostNeeds, useGostPeers } from './support/peers.ts'
import { gostContent as content, gostSets } from './support/pki.ts'

const tampered = Buffer.concat([content, Buffer.from('.')])

describeWith(gostNeeds, 'the GOST peers', () => {
  const peers = useGostPeers()

  it.each(gostSets)('$name: each verifies what the others sign, where it can', async (set) => {
    for (const signer of peers.all) {
      if (signer.canSign(set, {}) !== true) continue
      const message = await signer.sign({ content, set, certificates: 'chain' })
      for (const verifier of peers.all) {
        const can = verifier.canVerify(set, {}) === true
        const { ok, detail } = await verifier.verify({ message, content, set })
        expect(ok, `${verifier.name} of ${signer.name}: ${detail}`).toBe(can)
        expect(await verifier.verify({ message, content: tampered, set })).toMatchObject({ ok: false })
      }
    }
  })

  it('who cannot sign says so', async () => {
    let count = 0
    for (const set of gostSets) {
      for (const signer of peers.all) {
        if (signer.canSign(set, {}) === true) continue
        await expect(signer.sign({ content, set }), `${signer.name}: ${set.name}`).rejects.toThrow()
        count++
      }
    }
    expect(count).toBe(13)
  })

  it('sign and verify what docs/interop.md says', () => {
    const yes = (can: true | string) => (can === true ? 'yes' : 'no')
    const measured = gostSets.map((set) => {
      const cells = peers.all.map((peer) => `${yes(peer.canSign(set, {}))} / ${yes(peer.canVerify(set, {}))}`)
      return [set.name, cells] as const
    })
    expect(documented('GOST set')).toEqual(new Map(measured))
  })
})

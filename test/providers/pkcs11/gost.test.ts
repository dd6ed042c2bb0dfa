/**
 * GOST R 34.10-2012 in a token. No module of Debian offers it, so this is a fake of pkcs11js with the vendors' numbers;
 * the signatures are real, and OpenSSL's gost engine and Bouncy Castle accept them.
 */
import { expect, it } from 'vitest'
import { cmsSigner } from '../../../src/signer/index.ts'
import type { GostPeer } from '../../interop/gost/support/job.ts'
import { gostNeeds, useGostPeers } from '../../interop/gost/support/peers.ts'
import { gostIdentity, gostSet } from '../../interop/gost/support/pki.ts'
import { describeWith } from '../../support/tools.ts'
import { FakeCryptoki, openFake } from './support/fake-cryptoki.ts'
import { CKM_GOST, fakeGost, gostOrders } from './support/fake-gost.ts'
import { fakeToken } from './support/fake-token.ts'

const content = Buffer.from('the content')

describeWith(gostNeeds, 'GOST keys in a token (a fake)', () => {
  const peers = useGostPeers()
  const open = async (name: string, order: string, mechanism: number) => {
    const objects = await fakeGost(name, order)
    return await openFake(new FakeCryptoki(fakeToken({ mechanisms: [mechanism], objects })))
  }
  /** Bouncy Castle 1.72 cannot read keys of some sets: see docs/interop.md. */
  const expectAccepted = async (name: string, message: Uint8Array) => {
    const set = gostSet(name)
    const judges: readonly GostPeer[] = [peers.openssl, peers.bc]
    for (const judge of judges) {
      if (judge.canVerify(set, {}) !== true) continue
      const certificates = [gostIdentity('intermediate')]
      const { ok, detail } = await judge.verify({ message, content, certificates, set })
      expect(ok, `${judge.name}: ${detail}`).toBe(true)
    }
  }

  const mechanisms = [
    ['256-a', 'CKM_GOSTR3410', CKM_GOST.GOSTR3410],
    ['cryptopro-b', 'CKM_GOSTR3410_WITH_GOSTR3411_12_256', CKM_GOST.WITH_GOSTR3411_12_256],
    ['cryptopro-a', 'CKM_GOSTR3410', CKM_GOST.GOSTR3410],
    ['512-a', 'CKM_GOSTR3410_512', CKM_GOST.GOSTR3410_512],
    ['512-b', 'CKM_GOSTR3410_WITH_GOSTR3411_12_512', CKM_GOST.WITH_GOSTR3411_12_512],
  ] as const
  const cases = mechanisms.flatMap(([name, title, mechanism]) =>
    Object.keys(gostOrders).map((order) => [name, title, order, mechanism] as const),
  )

  it.each(cases)('%s by %s, the token answers %s: accepted', async (name, _, order, mechanism) => {
    await using signer = cmsSigner(await open(name, order, mechanism))
    await expectAccepted(name, (await signer.signDetached(content)).der)
  })

  it('a signature of another key never leaves', async () => {
    const [one, other] = [await fakeGost('256-a', 's, r'), await fakeGost('256-b', 's, r')]
    const { attributes } = one[0] as (typeof one)[number]
    const objects = [
      { attributes, sign: other[0]?.sign as NonNullable<(typeof other)[number]['sign']> },
      ...one.slice(1),
    ]
    await using key = await openFake(
      new FakeCryptoki(fakeToken({ mechanisms: [CKM_GOST.GOSTR3410], objects })),
    )
    await expect(key.sign(content)).rejects.toMatchObject({ code: 'ERR_TOKEN_SIGNATURE_WRONG' })
  })

  it('a token without GOST mechanisms: said when the key is opened', async () => {
    await expect(open('256-a', 's, r', 0x1)).rejects.toMatchObject({
      code: 'ERR_TOKEN_MECHANISM',
      hint: expect.stringContaining('CKM_GOSTR3410'),
    })
  })
})

/** Every parameter set x option that both sides know, in both directions, with each peer that knows GOST. */
import { Readable } from 'node:stream'
import { expect, it } from 'vitest'
import { sign } from '../../../src/cms/index.ts'
import { describeWith } from '../../support/tools.ts'
import type { Options } from '../support/peer.ts'
import type { GostPeer, GostVerifyJob } from './support/job.ts'
import { gostNeeds, useGostPeers } from './support/peers.ts'
import { gostContent as content, type GostSet, gostIdentity, gostSets } from './support/pki.ts'
import { GostSealkit } from './support/sealkit.ts'

const variants: readonly Options[] = [
  {},
  { attached: true },
  { signedAttrs: false },
  { signedAttrs: false, attached: true },
  { sid: 'subjectKeyIdentifier' },
  { certificates: 'none' },
  { certificates: 'chain' },
  { certificates: 'chain with root' },
  { signingCertificate: true },
  { algorithmProtection: true },
  { signingCertificate: true, algorithmProtection: true, sid: 'subjectKeyIdentifier', certificates: 'chain' },
  { ber: true },
  { ber: true, attached: true },
  { ber: true, attached: true, signedAttrs: false },
  { ber: true, attached: true, signingCertificate: true },
]

function describeOptions(options: Options): string {
  const words = Object.entries(options).map(([name, value]) => (value === true ? name : `${name}: ${value}`))
  return words.join(', ') || 'no options'
}

/** What a verifier is given for a message: content when detached, the certificate when it is not in there. */
function jobFor(message: Uint8Array, set: GostSet, options: Options): GostVerifyJob {
  return {
    message,
    set,
    ...(options.attached ? {} : { content }),
    ...(options.certificates === 'none' ? { certificates: [gostIdentity(set.name)] } : {}),
  }
}

describeWith(gostNeeds, 'sealkit and the GOST peers', () => {
  const peers = useGostPeers()
  const sealkit = new GostSealkit()
  const named = ['openssl', 'bc', 'gnutls'] as const

  it.each(gostSets)('$name: they accept what sealkit signs', async (set) => {
    let count = 0
    for (const options of variants) {
      if (sealkit.canSign(options) !== true) continue
      const message = await sealkit.sign({ ...options, content, set })
      for (const name of named) {
        const peer: GostPeer = peers[name]
        const { ok, detail, content: found } = await peer.verify(jobFor(message, set, options))
        const can = peer.canVerify(set, options) === true
        // A peer that cannot must say no: then its reason in the table is still true.
        expect(ok, `${peer.name}, ${describeOptions(options)}: ${detail}`).toBe(can)
        if (options.attached && found) expect(Buffer.from(found).equals(content)).toBe(true)
      }
      count++
    }
    expect(count).toBe(9)
  })

  it.each(gostSets)('$name: sealkit accepts what they sign', async (set) => {
    for (const name of named) {
      const peer: GostPeer = peers[name]
      for (const options of variants) {
        if (peer.canSign(set, options) !== true) continue
        const job = jobFor(await peer.sign({ ...options, content, set }), set, options)
        if (options.signedAttrs === false) {
          const plain = await sealkit.verify(job)
          expect(plain, describeOptions(options)).toMatchObject({ ok: false })
          expect(plain.detail).toContain('signed-attributes-missing')
        }
        const asked = { allowNoSignedAttributes: options.signedAttrs === false }
        const { ok, detail, content: found } = await sealkit.verify(job, asked)
        expect(ok, `${peer.name}, ${describeOptions(options)}: ${detail}`).toBe(true)
        if (options.attached) expect(Buffer.from(found ?? []).equals(content)).toBe(true)
      }
    }
  })

  it.each([0, 1, 63, 64, 65, 127, 128, 65_536])(
    '%i bytes, attached, both lengths of digest',
    async (length) => {
      const long = Buffer.alloc(length, 'a line\r\nand \0 more\n')
      for (const set of gostSets.filter(({ name }) => name.endsWith('-a'))) {
        const ours = await sealkit.sign({ content: long, set, attached: true })
        expect(await peers.openssl.verify({ message: ours }), set.name).toMatchObject({ ok: true })
        const theirs = await peers.openssl.sign({ content: long, set, attached: true })
        const verdict = await sealkit.verify({ message: theirs })
        expect(verdict, set.name).toMatchObject({ ok: true })
        expect(long.equals(verdict.content ?? Buffer.from('none'))).toBe(true)
      }
    },
  )

  it('a stream, detached', async () => {
    const chunks = Array.from({ length: 200 }, (_, i) => Buffer.alloc(i * 37, i))
    for (const name of ['256-a', '512-a']) {
      const signers = await sealkit.key(gostIdentity(name))
      const { der: message } = await sign(Readable.from(chunks), { signers })
      const whole = Buffer.concat(chunks)
      const job = { message, content: whole, certificates: [gostIdentity('intermediate')] }
      expect(await peers.openssl.verify(job), name).toMatchObject({ ok: true })
      expect(await sealkit.result({ message }, { content: Readable.from(chunks) })).toMatchObject({
        verdict: 'valid',
      })
      const shorter = { content: Readable.from(chunks.slice(1, -1)) }
      expect(await sealkit.result({ message }, shorter)).toMatchObject({ reason: 'message-digest-mismatch' })
    }
  })

  it('OpenSSL checks the signing certificate that sealkit writes', async () => {
    for (const set of gostSets) {
      const message = await sealkit.sign({ content, set, signingCertificate: true, certificates: 'chain' })
      const verdict = await peers.openssl.verify({ message, content }, { cades: true })
      expect(verdict, set.name).toMatchObject({ ok: true })
    }
  })
})

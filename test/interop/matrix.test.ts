/** Every algorithm x option that both sides know, in both directions. */
import { beforeAll, expect, it } from 'vitest'
import { describeWith } from '../support/tools.ts'
import { type Algorithm, algorithms, type Options, type VerifyJob } from './support/peer.ts'
import { peerNames, peerNeeds, usePeer } from './support/peers.ts'
import { leafNames } from './support/pki.ts'
import { Sealkit } from './support/sealkit.ts'

const content = Buffer.from(
  'eyJhbGciOiJub25lIn0.eyJzdWIiOiJzZWFsa2l0In0.\r\nnot text only: \0\xff\n',
  'latin1',
)

/** Each option by itself, and the combinations where one changes how the other is written. */
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
  { sid: 'subjectKeyIdentifier', certificates: 'none' },
  { signingCertificate: true, algorithmProtection: true, sid: 'subjectKeyIdentifier', certificates: 'chain' },
  { ber: true },
  { ber: true, attached: true },
  { ber: true, attached: true, signedAttrs: false },
  { ber: true, attached: true, signingCertificate: true, algorithmProtection: true },
]

function describeOptions(options: Options): string {
  const words = Object.entries(options).map(([name, value]) => (value === true ? name : `${name}: ${value}`))
  return words.join(', ') || 'no options'
}

for (const name of peerNames) {
  describeWith(peerNeeds[name], `sealkit and ${name}`, () => {
    const opened = usePeer(name)
    let sealkit: Sealkit
    beforeAll(() => {
      sealkit = new Sealkit(opened.pki, leafNames.map(opened.pki.leaf))
    })

    /** What a verifier is given for a message: content when detached, the certificate when it is not in there. */
    function jobFor(message: Uint8Array, algorithm: Algorithm, options: Options): VerifyJob {
      return {
        message,
        ...(options.attached ? {} : { content }),
        ...(options.certificates === 'none' ? { certificates: [opened.pki.leaf(algorithm.leaf)] } : {}),
      }
    }

    it.each(algorithms)(`${name} accepts what sealkit signs: $name`, async (algorithm) => {
      let count = 0
      for (const options of variants) {
        if (sealkit.canSign(algorithm, options) !== true) continue
        const message = await sealkit.sign({ ...options, content, signers: [algorithm] })
        const verdict = await opened.peer.verify(jobFor(message, algorithm, options))
        const can = opened.peer.canVerify(algorithm, options)
        // A peer that cannot must say no: then its reason in the table is still true.
        expect(verdict.ok, `${describeOptions(options)}: ${verdict.detail}`).toBe(can === true)
        if (options.attached && verdict.content) expect(Buffer.from(verdict.content)).toEqual(content)
        count++
      }
      expect(count).toBe(10)
    })

    it.each(algorithms)(`sealkit accepts what ${name} signs: $name`, async (algorithm) => {
      for (const options of variants) {
        if (opened.peer.canSign(algorithm, options) !== true) continue
        const message = await opened.peer.sign({ ...options, content, signers: [algorithm] })
        const job = jobFor(message, algorithm, options)
        const plain = await sealkit.verify(job)
        if (options.signedAttrs === false) {
          expect(plain, describeOptions(options)).toMatchObject({ ok: false })
          expect(plain.detail).toContain('signed-attributes-missing')
        }
        const asked = { allowNoSignedAttributes: options.signedAttrs === false }
        const { ok, detail, content: found } = await sealkit.verify(job, asked)
        expect(ok, `${describeOptions(options)}: ${detail}`).toBe(true)
        if (options.attached) expect(Buffer.from(found ?? [])).toEqual(content)
      }
    })
  })
}

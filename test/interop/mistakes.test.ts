/** What sealkit makes of the mistakes in docs/interop.md, and of its own messages when they are tampered with. */
import { beforeAll, expect, it } from 'vitest'
import { describeWith } from '../support/tools.ts'
import { documented } from './support/documented.ts'
import { forge } from './support/forge.ts'
import { mistakes } from './support/mistakes.ts'
import { algorithmNamed, algorithms } from './support/peer.ts'
import { peerNeeds, usePeers } from './support/peers.ts'
import { leafNames } from './support/pki.ts'
import { Sealkit } from './support/sealkit.ts'

const content = Buffer.from('eyJhbGciOiJub25lIn0.eyJzdWIiOiJzZWFsa2l0In0.')

/** The first word of the verdict: a reason of VerifyResult, or the code of an error. */
const expected: Record<string, string> = {
  none: 'valid',
  'good algorithm protection and signing certificate': 'valid',
  'attributes not in DER order': 'signed-attributes-not-der',
  'signature over the [0] of the message': 'signature-mismatch',
  'wrong content-type': 'content-type-mismatch',
  'no content-type': 'content-type-missing',
  'two content-type values': 'attribute-not-single',
  'content-type without a value': 'attribute-not-single',
  'wrong message-digest': 'message-digest-mismatch',
  'no message-digest': 'message-digest-missing',
  'two message-digest values': 'attribute-not-single',
  'message-digest of another length': 'message-digest-mismatch',
  'message-digest twice': 'attribute-duplicate',
  'message-digest is not an OCTET STRING': 'attribute-malformed',
  'signing-time twice': 'attribute-duplicate',
  'algorithm protection with another digest': 'algorithm-protection-mismatch',
  'algorithm protection with another signature algorithm': 'algorithm-protection-mismatch',
  'signing certificate of another': 'signing-certificate-mismatch',
  'empty signed attributes': 'ERR_CMS_MALFORMED',
  'digest algorithm that is not the one used': 'message-digest-mismatch',
  'signature algorithm for another kind of key': 'key-mismatch',
  'signed by another key': 'signature-mismatch',
  'swapped certificate': 'certificate-not-found',
  'swapped certificate of the same issuer and serial': 'signature-mismatch',
  'swapped certificate of the same key': 'signing-certificate-mismatch',
  'tampered signature': 'signature-mismatch',
  'signed attributes as content': 'signed-attributes-missing',
}

/** With `lenient` and `allowNoSignedAttributes` only these change. */
const whenLenient: Record<string, string> = {
  'attributes not in DER order': 'valid',
  'signed attributes as content': 'content-looks-like-attributes',
}

describeWith(peerNeeds['Bouncy Castle'], 'sealkit', () => {
  const peers = usePeers(['OpenSSL', 'Bouncy Castle'])
  let sealkit: Sealkit
  beforeAll(() => {
    const { leaf, twin, impostor } = peers.pki
    sealkit = new Sealkit(peers.pki, [...leafNames.map(leaf), twin, impostor])
  })

  it('knows the mistakes of docs/interop.md', () => {
    expect(Object.keys(expected)).toEqual([...documented('Mistake').keys()])
  })

  it.each(Object.entries(expected))('%s: %s', async (mistake, reason) => {
    const forgery = mistakes(peers.pki, content)[mistake]
    if (forgery === undefined) throw new Error('no such mistake')
    const job = { message: forge(forgery), content: forgery.content }
    const word = async (options = {}) => (await sealkit.verify(job, options)).detail.split(' ')[0]
    expect(await word()).toBe(reason)
    const lenient = { lenient: true, allowNoSignedAttributes: true }
    expect(await word(lenient)).toBe(whenLenient[mistake] ?? reason)
  })

  it('notes attributes that are out of order when it takes them', async () => {
    const forgery = mistakes(peers.pki, content)['attributes not in DER order']
    if (forgery === undefined) throw new Error('no such mistake')
    const result = await sealkit.result({ message: forge(forgery), content }, { lenient: true })
    expect(result.signers[0]?.notes).toHaveLength(1)
  })

  it('finds the certificate of the key among two of the same issuer and serial', async () => {
    const forgery = mistakes(peers.pki, content)['none']
    if (forgery === undefined) throw new Error('no such mistake')
    const certificates = [peers.pki.impostor, forgery.identity]
    for (const order of [certificates, certificates.toReversed()]) {
      const message = forge({ ...forgery, certificates: order })
      const result = await sealkit.result({ message, content })
      expect(result.verdict).toBe('valid')
      expect(Buffer.from(result.signers[0]?.certificate?.der ?? [])).toEqual(
        Buffer.from(forgery.identity.certificate),
      )
    }
  })

  it.each(algorithms)(
    '$name: rejects its own message with another content, digest, time or signature',
    async (one) => {
      const message = Buffer.from(await sealkit.sign({ content, signers: [one] }))
      expect(await sealkit.verify({ message, content })).toMatchObject({ ok: true })
      const other = Buffer.concat([content, Buffer.from('.')])
      const otherContent = await sealkit.verify({ message, content: other })
      expect(otherContent).toEqual({ ok: false, detail: 'message-digest-mismatch ' })

      const dump = (await peers.bc.dump(message)).signers[0]
      const value = (oid: string) =>
        dump?.signedAttrs.find((attribute) => attribute.oid === oid)?.values[0] ?? ''
      const parts = {
        'message-digest-mismatch': value('1.2.840.113549.1.9.4'),
        // Its last digit but one: the seconds stay digits.
        'signature-mismatch': value('1.2.840.113549.1.9.5'),
      }
      for (const [reason, hex] of Object.entries(parts)) {
        const at = message.lastIndexOf(Buffer.from(hex, 'hex')) + hex.length / 2 - 2
        const tampered = Buffer.from(message)
        tampered[at] = (tampered[at] ?? 0) ^ 1
        expect((await sealkit.verify({ message: tampered, content })).detail.split(' ')[0]).toBe(reason)
        expect((await peers.bc.verify({ message: tampered, content })).ok).toBe(false)
      }
      const start = message.lastIndexOf(Buffer.from(dump?.signature ?? '', 'hex'))
      for (const at of [start + 20, message.length - 1]) {
        const tampered = Buffer.from(message)
        tampered[at] = (tampered[at] ?? 0) ^ 1
        expect((await sealkit.verify({ message: tampered, content })).detail).toBe('signature-mismatch ')
        expect((await peers.bc.verify({ message: tampered, content })).ok).toBe(false)
      }
    },
  )

  it('accepts nothing that Bouncy Castle rejects, whichever byte is changed', async () => {
    const signers = [algorithmNamed('p256 ECDSA SHA-256')]
    const options = { signingCertificate: true, algorithmProtection: true }
    const message = Buffer.from(await sealkit.sign({ content, signers, ...options }))
    const first = (await peers.bc.dump(message)).signers[0]
    // From the first signed attribute on, all is signed or is the signature.
    const signedFrom = message.lastIndexOf(Buffer.from(first?.signedAttrs[0]?.values[0] ?? '', 'hex'))
    const accepted: number[] = []
    for (const bit of [0x01, 0x80]) {
      for (let at = 0; at < message.length; at++) {
        const tampered = Buffer.from(message)
        tampered[at] = (tampered[at] ?? 0) ^ bit
        const job = { message: tampered, content }
        if (!(await sealkit.verify(job)).ok) continue
        accepted.push(at)
        expect(await peers.bc.verify(job), `byte ${at}`).toMatchObject({ ok: true })
      }
    }
    expect(signedFrom).toBeGreaterThan(0)
    expect(accepted.filter((at) => at >= signedFrom)).toEqual([])
    // What is not signed: versions, the list of digest algorithms, the kind of string in the issuer's name.
    expect(accepted.length).toBeLessThan(30)
  }, 60_000)
})

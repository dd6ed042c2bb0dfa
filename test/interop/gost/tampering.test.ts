/** Good messages that are changed afterwards: refused, with the reason, whoever signed them. */
import { expect, it } from 'vitest'
import { describeWith } from '../../support/tools.ts'
import { gostNeeds, useGostPeers } from './support/peers.ts'
import { gostContent as content, gostIdentity, gostSet, gostSets } from './support/pki.ts'
import { GostSealkit } from './support/sealkit.ts'

const reasonOf = (detail: string) => detail.split(' ')[0]

/** A copy with one bit changed. */
function flipped(message: Uint8Array, at: number, bit = 1): Buffer {
  const copy = Buffer.from(message)
  copy[at] = (copy[at] ?? 0) ^ bit
  return copy
}

/** Where the bytes of an attribute's OID stand, in the part that is signed: at the end of the message. */
function placeOf(message: Uint8Array, hex: string): number {
  const at = Buffer.from(message).lastIndexOf(Buffer.from(hex, 'hex'))
  if (at < 0) throw new Error(`${hex} is not in the message`)
  return at
}

describeWith(gostNeeds, 'messages that were changed', () => {
  const peers = useGostPeers()
  const sealkit = new GostSealkit()

  it.each(gostSets)('$name: content, digest, time, signature', async (set) => {
    const messages = [await sealkit.sign({ content, set }), await peers.openssl.sign({ content, set })]
    for (const message of messages) {
      const judge = async (job: { message: Uint8Array; content: Uint8Array }) =>
        reasonOf((await sealkit.verify(job)).detail)
      expect(await judge({ message, content })).toBe('valid')
      expect(await judge({ message, content: flipped(content, 3) })).toBe('message-digest-mismatch')
      // messageDigest: its OID, SET, OCTET STRING; signingTime: its OID, SET, UTCTime, twelve digits, Z.
      const digest = placeOf(message, '06092a864886f70d010904') + 11 + 4
      expect(await judge({ message: flipped(message, digest), content })).toBe('message-digest-mismatch')
      const time = placeOf(message, '06092a864886f70d010905') + 11 + 4 + 11
      expect(await judge({ message: flipped(message, time), content })).toBe('signature-mismatch')
      const { length } = message
      for (const at of [length - 1, length - set.bits / 8, length - set.bits / 4]) {
        expect(await judge({ message: flipped(message, at), content }), `${at}`).toBe('signature-mismatch')
      }
    }
  })

  it('the halves of a signature in another order', async () => {
    const set = gostSet('256-a')
    const message = Buffer.from(await sealkit.sign({ content, set }))
    const signature = message.subarray(message.length - 64)
    const [s, r] = [signature.subarray(0, 32), signature.subarray(32)]
    for (const other of [
      Buffer.concat([r, s]),
      Buffer.from(signature).reverse(),
      Buffer.concat([Buffer.from(s).reverse(), Buffer.from(r).reverse()]),
      Buffer.alloc(64),
      Buffer.alloc(64, 0xff),
    ]) {
      const changed = Buffer.concat([message.subarray(0, -64), other])
      expect(reasonOf((await sealkit.verify({ message: changed, content })).detail)).toBe(
        'signature-mismatch',
      )
      expect(await peers.openssl.verify({ message: changed, content })).toMatchObject({ ok: false })
    }
  })

  it('the certificate of another key, by name and by key identifier', async () => {
    const set = gostSet('256-a')
    for (const sid of ['issuerAndSerialNumber', 'subjectKeyIdentifier'] as const) {
      const message = await sealkit.sign({ content, set, sid, certificates: 'none' })
      const certificates = [gostIdentity('other'), gostIdentity('512-a')]
      const { ok, detail } = await sealkit.verify({ message, content, certificates })
      expect([ok, reasonOf(detail)]).toEqual([false, 'certificate-not-found'])
    }
  })

  it('a certificate changed in its key, its name or its signature', async () => {
    const message = Buffer.from(await sealkit.sign({ content, set: gostSet('512-a') }))
    const { certificate } = gostIdentity('512-a')
    const at = message.indexOf(certificate)
    expect(at).toBeGreaterThan(0)
    for (const offset of [certificate.length - 1, certificate.length - 100, certificate.indexOf(0x13) + 2]) {
      const verdict = await sealkit.verify({ message: flipped(message, at + offset), content })
      expect(verdict, `${offset}`).toMatchObject({ ok: false })
    }
  })

  it('accepts no change of a byte from the signed attributes on', async () => {
    for (const name of ['256-a', '512-a']) {
      const message = Buffer.from(await sealkit.sign({ content, set: gostSet(name) }))
      const from = placeOf(message, '06092a864886f70d010903')
      const accepted: number[] = []
      for (let at = from; at < message.length; at++) {
        if ((await sealkit.verify({ message: flipped(message, at, 0x80), content })).ok) accepted.push(at)
      }
      expect(accepted).toEqual([])
    }
  }, 120_000)

  it('accepts nothing that Bouncy Castle rejects, wherever a byte before them is changed', async () => {
    const set = gostSet('cryptopro-a')
    const message = Buffer.from(await sealkit.sign({ content, set }))
    const end = placeOf(message, '06092a864886f70d010903')
    const accepted: number[] = []
    for (let at = 0; at < end; at++) {
      const changed = flipped(message, at)
      if (!(await sealkit.verify({ message: changed, content })).ok) continue
      accepted.push(at)
      expect(await peers.bc.verify({ message: changed, content }), `byte ${at}`).toMatchObject({ ok: true })
    }
    // What is not signed: versions, the list of digest algorithms, the kind of string in the issuer's name.
    expect(accepted.length).toBeLessThan(30)
  }, 120_000)
})

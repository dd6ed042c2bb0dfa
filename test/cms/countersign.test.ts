/** Countersignatures (RFC 5652 section 11.4). */
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { addSigner, CmsOid, CmsSignature, countersign, sign, verify } from '../../src/cms/index.ts'
import { replaceBytes } from './support/cases.ts'
import { nested } from './support/cases-unsigned.ts'
import { CONTENT, forgeMessage } from './support/forge.ts'
import {
  type IdentityName,
  identity,
  keySigner,
  LEAVES,
  VECTOR_CONTENT,
  vector,
} from './support/identities.ts'
import { derFaults, isAscending, outline } from './support/strict-der.ts'
import { authority } from './support/tokens.ts'

const trust = () => ({ trusted: true }) as const
const first = (name: IdentityName = 'rsa') => sign(CONTENT, { signers: keySigner(name) })
const signatureOf = ({ signedData }: CmsSignature): Uint8Array =>
  signedData.signerInfos[0]?.signature ?? new Uint8Array()
const check = (message: CmsSignature) => verify(message, { content: CONTENT, trust })

describe('countersign', () => {
  it.each(LEAVES)('%s: makes a countersignature that verifies', async (name) => {
    const message = await countersign(await first('p256'), { key: keySigner(name) })
    const result = await check(message)
    expect(result).toMatchObject({ verdict: 'valid' })
    const [countersigner] = result.signers[0]?.countersignatures ?? []
    expect(countersigner?.verdict).toBe('valid')
    expect(countersigner?.certificate?.equals(identity(name).certificate)).toBe(true)
    expect(derFaults(message.der)).toEqual([])
  })

  it('signs the digest of the signature value, without a content type', async () => {
    const message = await countersign(await first(), { key: keySigner('p256') })
    const [info] = message.signedData.signerInfos
    const value = info?.unsignedAttrs.find(({ oid }) => oid === CmsOid.countersignature)?.values[0]?.bytes
    const bytes = Buffer.from(value ?? [])
    const digest = createHash('sha256').update(signatureOf(message)).digest('hex')
    expect(bytes.toString('hex')).toContain(`0420${digest}`)
    // OID of the content-type attribute
    expect(bytes.includes(Buffer.from('06092a864886f70d010903', 'hex'))).toBe(false)
    expect(bytes.includes(Buffer.from('06092a864886f70d010904', 'hex'))).toBe(true)
  })

  it('keeps signature, signed attributes and content as they were', async () => {
    const before = await sign(CONTENT, { signers: keySigner('rsa'), detached: false })
    const after = await countersign(before, { key: keySigner('p256') })
    const [old, now] = [before.signedData.signerInfos[0], after.signedData.signerInfos[0]]
    expect(now?.signature).toEqual(old?.signature)
    expect(now?.signedAttrs?.der).toEqual(old?.signedAttrs?.der)
    expect(after.signedData.eContent).toEqual(CONTENT)
    expect(await verify(after, { trust })).toMatchObject({ verdict: 'valid' })
  })

  it('adds its certificates, and each only once', async () => {
    const message = await countersign(await first(), { key: keySigner('p256') })
    expect(message.signedData.certificates).toHaveLength(3)
    const none = await countersign(await first(), { key: keySigner('p256'), certificates: 'none' })
    expect(none.signedData.certificates).toHaveLength(2)
    expect(await check(none)).toMatchObject({ verdict: 'invalid', reason: 'countersignature-invalid' })
    const certificates = [identity('p256').certificate]
    expect(await verify(none, { content: CONTENT, trust, certificates })).toMatchObject({ verdict: 'valid' })
  })

  it('goes on: several countersignatures, then another signer', async () => {
    let message = await first()
    for (const name of ['p256', 'p384', 'ed25519'] as const)
      message = await countersign(message, { key: keySigner(name) })
    message = await addSigner(message, { signer: keySigner('p521'), content: CONTENT })
    const result = await check(message)
    expect(result.verdict).toBe('valid')
    expect(result.signers.map(({ countersignatures }) => countersignatures.length).sort()).toEqual([0, 3])
    expect(derFaults(message.der)).toEqual([])
    for (const { unsignedAttrs } of outline(message.der).signerInfos) {
      expect(unsignedAttrs === undefined || isAscending(message.der, unsignedAttrs)).toBe(true)
    }
  })

  it('names the signer among several', async () => {
    const message = await sign(CONTENT, { signers: [keySigner('p256'), keySigner('rsa')] })
    for (const signer of [undefined, 2, -1, 0.5]) {
      await expect(countersign(message, { key: keySigner('p384'), signer })).rejects.toMatchObject({
        code: 'ERR_CMS_NO_SUCH_SIGNER',
      })
    }
    await expect(countersign(message, { key: keySigner('p384') })).rejects.toMatchObject({
      message: 'the message has 2 signers',
      hint: 'give signer: 0 to 1',
    })
    await expect(countersign(await first(), { key: keySigner('p384'), signer: 1 })).rejects.toThrow(
      'no signer 1 among 1',
    )
    const empty = new CmsSignature(forgeMessage({ signerInfos: [] }))
    await expect(countersign(empty, { key: keySigner('p384') })).rejects.toThrow('no signer 0 among 0')
    for (const signer of [0, 1]) {
      const result = await check(await countersign(message, { key: keySigner('p384'), signer }))
      expect(result.verdict).toBe('valid')
      const countersigned = result.signers.find(({ countersignatures }) => countersignatures.length === 1)
      expect(countersigned?.algorithm).toBe((await check(message)).signers[signer]?.algorithm)
    }
  })

  it('takes attributes and a timestamp of its own', async () => {
    const message = await countersign(await first(), {
      key: keySigner('p256'),
      signingCertificate: true,
      algorithmProtection: true,
      signingTime: new Date('2026-01-02T03:04:05Z'),
      timestamp: authority(),
    })
    const [countersigner] = (await check(message)).signers[0]?.countersignatures ?? []
    expect(countersigner).toMatchObject({
      verdict: 'valid',
      signingTime: new Date('2026-01-02T03:04:05Z'),
      timestamps: [{ verdict: 'valid' }],
    })
  })

  it('ends with the signal, and with what the key throws', async () => {
    const reason = new Error('enough')
    const key = keySigner('p256')
    await expect(countersign(await first(), { key, signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    const broken = { ...key, sign: () => Promise.reject(reason) }
    await expect(countersign(await first(), { key: broken })).rejects.toBe(reason)
  })
})

describe('verify', () => {
  it('sees that the countersigned signature was replaced by another good one', async () => {
    // RSASSA-PSS: signing again gives another signature of the same length.
    const signers = keySigner('rsa', { pss: true })
    const signingTime = new Date()
    const [one, two] = [
      await sign(CONTENT, { signers, signingTime }),
      await sign(CONTENT, { signers, signingTime }),
    ]
    const message = await countersign(one, { key: keySigner('p256') })
    const replaced = new CmsSignature(replaceBytes(message.der, signatureOf(one), signatureOf(two)))
    const result = await check(replaced)
    expect(result).toMatchObject({ verdict: 'invalid', reason: 'countersignature-invalid' })
    expect(result.signers[0]?.checks.find(({ check }) => check === 'signature')?.outcome).toBe('passed')
    expect(result.signers[0]?.countersignatures[0]).toMatchObject({ reason: 'message-digest-mismatch' })
  })

  it('sees a change in the countersignature itself', async () => {
    const message = await countersign(await first(), { key: keySigner('p256') })
    const value = message.signedData.signerInfos[0]?.unsignedAttrs[0]?.values[0]?.bytes ?? new Uint8Array()
    const changed = Uint8Array.from(value, (byte, i) => (i === value.length - 1 ? byte ^ 1 : byte))
    const result = await check(new CmsSignature(replaceBytes(message.der, value, changed)))
    expect(result).toMatchObject({ verdict: 'invalid', reason: 'countersignature-invalid' })
    expect(result.signers[0]?.countersignatures[0]).toMatchObject({
      verdict: 'invalid',
      reason: 'signature-mismatch',
    })
  })

  it('follows four levels and no more', async () => {
    const levels = async (depth: number): Promise<[string, number]> => {
      const result = await check(new CmsSignature(nested(depth)))
      let count = 0
      for (let signer = result.signers[0]; signer?.countersignatures[0] !== undefined; count++) {
        signer = signer.countersignatures[0]
      }
      return [result.verdict, count]
    }
    expect(await levels(1)).toEqual(['valid', 1])
    expect(await levels(4)).toEqual(['valid', 4])
    expect(await levels(5)).toEqual(['invalid', 4])
  })

  it("takes Bouncy Castle's", async () => {
    const result = await verify(vector('bc-countersigned.der'), { content: VECTOR_CONTENT, trust })
    const [countersigner] = result.signers[0]?.countersignatures ?? []
    expect(countersigner).toMatchObject({ verdict: 'valid', algorithm: 'ECDSA with SHA-384' })
  })
})

/** GOST in CMS: messages of others, our own, two phases, countersignatures, tampering. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { openSoftwareKey, type SoftwareKey } from '../../providers/software/index.ts'
import { equalBytes, toHex } from '../../src/asn1/index.ts'
import { complete, countersign, prepare, sign, type VerifyOptions, verify } from '../../src/cms/index.ts'
import { generateKey, issueTestCertificate } from '../../src/credentials/index.ts'
import { Certificate } from '../../src/x509/index.ts'
import { describeShared, shared } from '../support/tools.ts'
import { keepsDer, toBer } from './support/ber.ts'

const trust = (): { trusted: true } => ({ trusted: true })
const CONTENT = 'the passport token'

interface Entry {
  readonly file: string
  readonly kind: string
  readonly algorithm: string
  readonly content?: string
  readonly certificate: string
}

describeShared('messages of other producers', () => {
  const file = (name: string): Buffer => readFileSync(shared('vectors', name))
  const index = JSON.parse(file('gost/INDEX.json').toString()) as Entry[]
  const messages = index.filter(({ kind }) => kind.startsWith('cms-'))

  it('are there', () => expect(messages.length).toBeGreaterThan(4))

  it.each(messages)('$file', async ({ file: name, algorithm, content, certificate }) => {
    const options: VerifyOptions = {
      trust,
      certificates: [Certificate.fromPem(file(certificate))],
      allowNoSignedAttributes: true,
      ...(content === undefined ? {} : { content: file(content) }),
    }
    const result = await verify(file(name), options)
    expect(result.signers[0]?.checks.filter(({ outcome }) => outcome === 'failed')).toEqual([])
    expect(result.verdict).toBe('valid')
    if (algorithm.includes('no signed attributes')) {
      const strict = await verify(file(name), { ...options, allowNoSignedAttributes: false })
      expect(strict.verdict).toBe('invalid')
    }
  })
})

async function newKey(type: 'GOST3410-2012-256-A' | 'GOST3410-2012-512-C'): Promise<SoftwareKey> {
  const key = await generateKey(type)
  const certificate = await issueTestCertificate({ key, subject: 'CN=gost', days: 3 })
  return await openSoftwareKey({ key, certificate })
}

describe.each([
  ['GOST3410-2012-256-A', '300a06082a85030701010202', '300a06082a85030701010101'],
  ['GOST3410-2012-512-C', '300a06082a85030701010203', '300a06082a85030701010102'],
] as const)('signed with %s', (type, digestAlgorithm, signatureAlgorithm) => {
  it('names the algorithms as R 1323565.1.025 does, without parameters', async () => {
    const key = await newKey(type)
    const message = await sign(CONTENT, { signers: key, algorithmProtection: true, signingCertificate: true })
    const [info] = message.signedData.signerInfos
    expect(toHex(info?.digestAlgorithm as Uint8Array)).toBe(digestAlgorithm)
    expect(toHex(info?.signatureAlgorithm as Uint8Array)).toBe(signatureAlgorithm)
    const result = await verify(message, { content: CONTENT, trust })
    expect(result).toMatchObject({ verdict: 'valid', signers: [{ notes: [] }] })
    const bad = await verify(message, { content: 'the passport tokem', trust })
    expect(bad).toMatchObject({ verdict: 'invalid', signers: [{ reason: 'message-digest-mismatch' }] })
  })

  it('streamed, attached, in BER', async () => {
    const key = await newKey(type)
    const stream = async function* (): AsyncGenerator<Uint8Array> {
      for (const character of CONTENT) yield Buffer.from(character)
    }
    const detached = await sign(stream(), { signers: key, sid: 'subjectKeyIdentifier' })
    expect(await verify(detached, { content: stream(), trust })).toMatchObject({ verdict: 'valid' })
    const attached = await sign(CONTENT, { signers: key, detached: false })
    expect(await verify(attached, { trust })).toMatchObject({ verdict: 'valid' })
    const ber = toBer(attached.der, { keep: keepsDer, pieces: 5 })
    expect(equalBytes(ber, attached.der)).toBe(false)
    expect(await verify(ber, { trust })).toMatchObject({ verdict: 'valid' })
  })

  it('in two phases, and countersigned', async () => {
    const key = await newKey(type)
    const prepared = await prepare(CONTENT, { certificate: key.certificate })
    const message = await complete(prepared.state, await key.sign(prepared.toBeSigned))
    expect(await verify(message, { content: CONTENT, trust })).toMatchObject({ verdict: 'valid' })
    const wrong = new Uint8Array(64).fill(1)
    await expect((async () => complete(prepared.state, wrong))()).rejects.toMatchObject({
      code: 'ERR_CMS_SIGNATURE_INVALID',
      hint: expect.stringContaining('big-endian'),
    })
    const counter = await newKey('GOST3410-2012-256-A')
    const countersigned = await countersign(message, { key: counter })
    const result = await verify(countersigned, { content: CONTENT, trust })
    expect(result.verdict).toBe('valid')
    expect(result.signers[0]?.countersignatures).toMatchObject([{ verdict: 'valid' }])
  })

  it('any bit of the signature matters', async () => {
    const message = await sign(CONTENT, { signers: await newKey(type) })
    const { signature = new Uint8Array() } = message.signedData.signerInfos[0] ?? {}
    const at = Buffer.from(message.der).indexOf(signature)
    for (const offset of [0, 1, signature.length / 2, signature.length - 1]) {
      const changed = Uint8Array.from(message.der)
      changed[at + offset] = (changed[at + offset] as number) ^ 0x10
      const result = await verify(changed, { content: CONTENT, trust })
      expect(result).toMatchObject({ verdict: 'invalid', signers: [{ reason: 'signature-mismatch' }] })
    }
  })
})

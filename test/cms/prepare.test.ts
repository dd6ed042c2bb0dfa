/** Two phases: the bytes to sign are given out, the signature comes back. */
import { sign as nodeSign } from 'node:crypto'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { nodeOptions } from '../../src/algorithms/index.ts'
import {
  CmsOid,
  type CmsSignature,
  complete,
  type PreparedSignature,
  type PrepareOptions,
  prepare,
  sign,
  verify,
} from '../../src/cms/index.ts'
import { AlgorithmError, SealkitError } from '../../src/errors.ts'
import { built, runNode } from './support/built.ts'
import { CONTENT, forgeMessage, forgeSignerInfo } from './support/forge.ts'
import { type IdentityName, identity, keySigner, LEAVES } from './support/identities.ts'

const trust = () => ({ trusted: true }) as const
const chain = [identity('intermediate').certificate, identity('root').certificate]

async function prepareFor(name: IdentityName, options: Partial<PrepareOptions> = {}, content = CONTENT) {
  return await prepare(content, { certificate: identity(name).certificate, chain, ...options })
}

/** What a key elsewhere does. */
function signElsewhere({ toBeSigned, algorithm }: PreparedSignature, name: IdentityName): Uint8Array {
  return nodeSign(algorithm.hash?.node, toBeSigned, {
    key: identity(name).privateKey,
    ...nodeOptions(algorithm),
  })
}

async function both(name: IdentityName, options: Partial<PrepareOptions> = {}): Promise<CmsSignature> {
  const prepared = await prepareFor(name, options)
  return await complete(prepared.state, signElsewhere(prepared, name))
}

function flip(bytes: Uint8Array, at: number): void {
  bytes[at] = (bytes[at] as number) ^ 1
}

describe('prepare and complete', () => {
  it.each(LEAVES)('%s: make a signature that verifies', async (name) => {
    const message = await both(name)
    expect(await verify(message, { content: CONTENT, trust })).toMatchObject({ verdict: 'valid' })
  })

  it.each<Partial<PrepareOptions>>([
    {},
    { detached: false },
    { sid: 'subjectKeyIdentifier', certificates: 'chain-with-root' },
    { certificates: 'none', signingTime: false, contentType: '1.2.3.4' },
    { signingCertificate: true, algorithmProtection: true, hash: 'SHA-512' },
    {
      signedAttributes: [{ oid: '1.2.3.4', values: [Uint8Array.of(5, 0)] }],
      unsignedAttributes: [{ oid: '1.2.3.5', values: [Uint8Array.of(5, 0)] }],
    },
  ])('give what sign gives: %o', async (options) => {
    const all = { signingTime: new Date('2026-11-21T02:30:00Z'), ...options }
    const key = keySigner('rsa', options.hash === undefined ? {} : { hash: options.hash })
    const expected = await sign(CONTENT, { signers: key, ...all })
    expect((await both('rsa', all)).base64()).toBe(expected.base64())
  })

  it('give out the attributes as they stand in the message, under the tag SET', async () => {
    const prepared = await prepareFor('p256')
    const message = await complete(prepared.state, signElsewhere(prepared, 'p256'))
    const { signedAttrs } = message.signedData.signerInfos[0] ?? {}
    expect(Buffer.from(prepared.toBeSigned)).toEqual(Buffer.from(signedAttrs?.der ?? []))
    expect(prepared.toBeSigned[0]).toBe(0x31)
  })

  it('say how to sign', async () => {
    expect((await prepareFor('p384')).algorithm).toMatchObject({ scheme: 'ECDSA', hash: { name: 'SHA-384' } })
    expect((await prepareFor('rsa', { pss: true })).algorithm).toMatchObject({ scheme: 'RSASSA-PSS' })
    expect(
      await verify(await both('rsa', { pss: { saltLength: 8 } }), { content: CONTENT, trust }),
    ).toMatchObject({ verdict: 'valid' })
    await expect(prepareFor('ed25519', { hash: 'SHA-256' })).rejects.toThrow(AlgorithmError)
    await expect(prepareFor('p256', { pss: true })).rejects.toThrow(AlgorithmError)
  })

  it('take a stream, but do not attach it', async () => {
    const stream = async function* () {
      yield CONTENT.subarray(0, 4)
      yield CONTENT.subarray(4)
    }
    const options = { certificate: identity('p256').certificate }
    const prepared = await prepare(stream(), options)
    const message = await complete(prepared.state, signElsewhere(prepared, 'p256'))
    expect(await verify(message, { content: CONTENT, trust })).toMatchObject({ verdict: 'valid' })
    await expect(prepare(stream(), { ...options, detached: false })).rejects.toMatchObject({
      code: 'ERR_CMS_CONTENT_UNEXPECTED',
    })
  })

  it('refuse attributes that cannot be written', async () => {
    const signedAttributes = [{ oid: CmsOid.messageDigest, values: [Uint8Array.of(5, 0)] }]
    await expect(prepareFor('p256', { signedAttributes })).rejects.toMatchObject({
      code: 'ERR_CMS_ATTRIBUTE',
    })
  })

  it('end with the signal', async () => {
    const reason = new Error('enough')
    await expect(prepareFor('p256', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  })
})

describe('the state', () => {
  it('holds neither the key nor a detached content', async () => {
    const { state } = await prepareFor('rsa')
    const texts = Object.values(JSON.parse(state)).map((value) =>
      Buffer.from(String(value), 'base64').toString('latin1'),
    )
    expect(texts.join('')).not.toContain(Buffer.from(CONTENT).toString())
  })

  it('is text that survives another process, and fits many signatures', async () => {
    const prepared = await prepareFor('p256')
    const signatures = [1, 2].map(() => Buffer.from(signElsewhere(prepared, 'p256')).toString('base64'))
    const program = `
      const { complete } = await import(process.argv[1])
      let text = ''
      for await (const chunk of process.stdin) text += chunk
      const { state, signatures } = JSON.parse(text)
      for (const one of signatures) console.log((await complete(state, Buffer.from(one, 'base64'))).base64())
    `
    const module = pathToFileURL(join(await built(), 'src/cms/index.js')).href
    const input = JSON.stringify({ state: prepared.state, signatures })
    const { status, output } = await runNode(['--input-type=module', '--eval', program, module], input)
    expect({ status, output }).toMatchObject({ status: 0 })
    const lines = output.trim().split('\n')
    expect(lines).toHaveLength(2)
    for (const line of lines)
      expect(await verify(line, { content: CONTENT, trust })).toMatchObject({ verdict: 'valid' })
  })

  it.each([
    '',
    'null',
    '[]',
    '{}',
    '7',
    '"x"',
    '{"sealkit":"prepared-signature/1"}',
    '{"sealkit":"prepared-signature/1","algorithm":1,"certificate":2,"cms":3}',
    'not json',
    '{"sealkit":',
    '{"algorithm":{"toString":1,"valueOf":1}}',
    `{"algorithm":${'['.repeat(20_000)}${']'.repeat(20_000)}}`,
    `${'['.repeat(200_000)}`,
  ])('%j is none', async (state) => {
    await expect(complete(state, new Uint8Array(64))).rejects.toMatchObject({ code: 'ERR_CMS_STATE' })
  })

  it.each(['sealkit', 'algorithm', 'certificate', 'cms'])('without its %s is none', async (field) => {
    const { state } = await prepareFor('p256')
    for (const value of [undefined, '', 'AAAA', '!', 'MAA=', null]) {
      const changed = JSON.stringify({ ...JSON.parse(state), [field]: value })
      await expect(complete(changed, new Uint8Array(64))).rejects.toMatchObject({ code: 'ERR_CMS_STATE' })
    }
  })

  it('cut off at any place is none', async () => {
    const { state } = await prepareFor('p256')
    for (let end = 0; end < state.length; end += 7) {
      await expect(complete(state.slice(0, end), new Uint8Array(64))).rejects.toMatchObject({
        code: 'ERR_CMS_STATE',
      })
    }
  })

  it('with another certificate, algorithm or attributes does not fit the signature', async () => {
    const prepared = await prepareFor('rsa')
    const signature = signElsewhere(prepared, 'rsa')
    const other = JSON.parse((await prepareFor('other', { hash: 'SHA-512' }, new Uint8Array(1))).state)
    for (const field of ['algorithm', 'certificate', 'cms']) {
      const state = JSON.stringify({ ...JSON.parse(prepared.state), [field]: other[field] })
      await expect(complete(state, signature), field).rejects.toBeInstanceOf(SealkitError)
    }
  })

  it('whose attached content was changed makes no message', async () => {
    const prepared = await prepareFor('rsa', { detached: false })
    const state = JSON.parse(prepared.state)
    const cms = Buffer.from(state.cms, 'base64')
    flip(cms, cms.indexOf(Buffer.from(CONTENT)))
    const changed = JSON.stringify({ ...state, cms: cms.toString('base64') })
    await expect(complete(changed, signElsewhere(prepared, 'rsa'))).rejects.toMatchObject({
      code: 'ERR_CMS_STATE',
    })
  })

  it('with another content type makes no message', async () => {
    const prepared = await prepareFor('rsa', { contentType: '1.2.3.4' })
    const state = JSON.parse(prepared.state)
    const cms = Buffer.from(state.cms, 'base64')
    // The first one: eContentType, before the certificates and the content-type attribute.
    flip(cms, cms.indexOf(Buffer.from('06032a0304', 'hex')) + 4)
    const changed = JSON.stringify({ ...state, cms: cms.toString('base64') })
    await expect(complete(changed, signElsewhere(prepared, 'rsa'))).rejects.toMatchObject({
      code: 'ERR_CMS_STATE',
    })
  })

  it('of another message, with two signers or none, is none', async () => {
    const { state } = await prepareFor('p256')
    for (const signers of [[], ['p256', 'rsa']] as const) {
      const certificates = [identity('p256').certificate.der]
      const infos = signers.map((name) => forgeSignerInfo(identity(name)))
      const cms = Buffer.from(forgeMessage({ signerInfos: infos, certificates })).toString('base64')
      const changed = JSON.stringify({ ...JSON.parse(state), cms })
      await expect(complete(changed, new Uint8Array(64))).rejects.toMatchObject({ code: 'ERR_CMS_STATE' })
    }
  })

  it('with another name for the signer makes no message', async () => {
    const prepared = await prepareFor('rsa')
    const state = JSON.parse(prepared.state)
    const cms = Buffer.from(state.cms, 'base64')
    const { serial } = identity('rsa').certificate
    // The last one: in the SignerInfo, behind the certificate.
    flip(cms, cms.lastIndexOf(Buffer.from(serial)) + 1)
    const changed = JSON.stringify({ ...state, cms: cms.toString('base64') })
    await expect(complete(changed, signElsewhere(prepared, 'rsa'))).rejects.toMatchObject({
      code: 'ERR_CMS_STATE',
    })
  })
})

describe('the signature', () => {
  it.each(LEAVES)('%s: must fit', async (name) => {
    const prepared = await prepareFor(name)
    const good = signElsewhere(prepared, name)
    const wrong = [
      new Uint8Array(),
      good.subarray(1),
      Uint8Array.from(good, (byte, i) => (i === good.length - 1 ? byte ^ 1 : byte)),
      Buffer.concat([good, Buffer.alloc(1)]),
      signElsewhere({ ...prepared, toBeSigned: CONTENT }, name),
    ]
    for (const signature of wrong) {
      await expect(complete(prepared.state, signature)).rejects.toMatchObject({
        code: 'ERR_CMS_SIGNATURE_INVALID',
        hint: expect.stringMatching(/toBeSigned/),
      })
    }
  })

  it('that is no ECDSA is not said to be r and s', async () => {
    const { state } = await prepareFor('rsa')
    await expect(complete(state, new Uint8Array(256))).rejects.toMatchObject({
      hint: expect.not.stringMatching(/r and s/),
    })
  })

  it("must be the certificate's", async () => {
    const prepared = await prepareFor('rsa')
    await expect(complete(prepared.state, signElsewhere(prepared, 'other'))).rejects.toMatchObject({
      code: 'ERR_CMS_SIGNATURE_INVALID',
    })
  })

  it.each(['p256', 'p384', 'p521'] as const)(
    '%s: as r and s side by side is refused, with the way out',
    async (name) => {
      const prepared = await prepareFor(name)
      const { toBeSigned, algorithm } = prepared
      const key = { key: identity(name).privateKey, dsaEncoding: 'ieee-p1363' } as const
      const raw = nodeSign(algorithm.hash?.node, toBeSigned, key)
      await expect(complete(prepared.state, raw)).rejects.toMatchObject({
        code: 'ERR_CMS_SIGNATURE_INVALID',
        hint: expect.stringMatching(/DER form, not r and s side by side/),
      })
    },
  )

  it.each([undefined, null, 'text', 7])('must be bytes, not %o', async (signature) => {
    const { state } = await prepareFor('p256')
    await expect(complete(state, signature as never)).rejects.toThrow(TypeError)
  })
})

it('a key that complete would find too short is not asked', async () => {
  await expect(prepareFor('weak')).rejects.toMatchObject({ code: 'ERR_KEY_WEAK' })
})

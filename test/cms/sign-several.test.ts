/** Several signers side by side, added signers, attached and detached content. */
import { describe, expect, it } from 'vitest'
import { addSigner, CmsSignature, contentSigner, sign, verify } from '../../src/cms/index.ts'
import { CONTENT, forge } from './support/forge.ts'
import { identity, keySigner, VECTOR_CONTENT, vector } from './support/identities.ts'
import { bytesOf, derFaults, outline } from './support/strict-der.ts'

const trust = () => ({ trusted: true }) as const

describe('several signers', () => {
  it('stand side by side, their digest algorithms and certificates once each', async () => {
    const keys = [keySigner('p256'), keySigner('rsa'), keySigner('p521'), keySigner('p521')]
    const message = await sign(CONTENT, { signers: keys })
    const { signedData, der } = message
    expect(signedData.signerInfos).toHaveLength(4)
    expect(signedData.digestAlgorithms).toHaveLength(2)
    expect(signedData.certificates).toHaveLength(4)
    expect(derFaults(der)).toEqual([])
    const result = await verify(message, { content: CONTENT, trust })
    expect(result.signers.map(({ verdict }) => verdict)).toEqual(Array(4).fill('valid'))
    expect(result.verdict).toBe('valid')
  })

  it('are as good as the worst of them', async () => {
    const keys = [
      keySigner('p256'),
      keySigner('p384'),
      { ...keySigner('rsa'), sign: async () => new Uint8Array(256) },
    ]
    const result = await verify(await sign(CONTENT, { signers: keys }), { content: CONTENT, trust })
    expect(result).toMatchObject({ verdict: 'invalid', reason: 'signature-mismatch' })
    expect(result.signers.map(({ verdict }) => verdict).sort()).toEqual(['invalid', 'valid', 'valid'])
  })

  it('must be one at least', async () => {
    await expect(sign(CONTENT, { signers: [] })).rejects.toThrow(TypeError)
  })

  it('fail together where one key fails', async () => {
    const failure = new Error('token removed')
    const broken = { ...keySigner('rsa'), sign: async () => Promise.reject(failure) }
    await expect(sign(CONTENT, { signers: [keySigner('p256'), broken] })).rejects.toBe(failure)
  })
})

describe('addSigner', () => {
  it.each([true, false])('keeps the first signer byte for byte (detached: %s)', async (detached) => {
    const first = await sign(CONTENT, { signers: keySigner('p256'), detached })
    const content = detached ? CONTENT : undefined
    const both = await addSigner(first, { signer: keySigner('ed25519'), content })
    expect(derFaults(both.der)).toEqual([])
    const before = outline(first.der).signerInfos
    expect(before).toHaveLength(1)
    const original = Buffer.from(first.signedData.signerInfos[0]?.der ?? [])
    expect(Buffer.from(both.der).includes(original)).toBe(true)
    expect(outline(both.der).signerInfos).toHaveLength(2)
    expect(await verify(both, { content, trust })).toMatchObject({ verdict: 'valid', detached })
  })

  it('raises the version where the new signer asks for it', async () => {
    const first = await sign(CONTENT, { signers: keySigner('p256') })
    const options = { signer: keySigner('p384'), content: CONTENT, sid: 'subjectKeyIdentifier' } as const
    const { der, signedData } = await addSigner(first, options)
    expect([first.signedData.version, signedData.version]).toEqual([1, 3])
    expect(signedData.signerInfos.map(({ version }) => version).sort()).toEqual([1, 3])
    expect(derFaults(der)).toEqual([])
  })

  it('takes over what BER messages of others hold, as DER', async () => {
    for (const name of ['openssl-stream.der', 'bc-stream.der']) {
      const both = await addSigner(CmsSignature.from(vector(name)), { signer: keySigner('p384') })
      expect(derFaults(both.der)).toEqual([])
      const result = await verify(both, { trust })
      expect(result.verdict).toBe('valid')
      expect(Buffer.from(result.content ?? [])).toEqual(Buffer.from(VECTOR_CONTENT))
    }
  })

  it('keeps the type of the content', async () => {
    const first = await sign(CONTENT, { signers: keySigner('p256'), contentType: '1.2.3.4' })
    const both = await addSigner(first, { signer: keySigner('rsa'), content: CONTENT })
    expect(await verify(both, { content: CONTENT, trust })).toMatchObject({
      verdict: 'valid',
      contentType: '1.2.3.4',
    })
  })

  it('keeps certificates and revocation lists of every kind, and the version they ask for', async () => {
    const { der: certificate } = identity('rsa').certificate
    const other = Uint8Array.from(certificate)
    other[0] = 0xa3
    const crl = Uint8Array.of(0xa1, 2, 5, 0)
    const first = new CmsSignature(forge({}, { certificates: [certificate, other], crls: [crl], version: 5 }))
    const { der, signedData } = await addSigner(first, { signer: keySigner('p256'), content: CONTENT })
    expect(signedData).toMatchObject({ version: 5 })
    expect(signedData.certificates.map(({ tag }) => tag)).toEqual([0x30, 0x30, 0x30, 0xa3])
    expect(signedData.crls.map(({ bytes }) => [...bytes])).toEqual([[...crl]])
    expect(Buffer.from(bytesOf(der, outline(der).version)).toString('hex')).toBe('020105')
  })

  it('wants the content of a detached message, and none of an attached one', async () => {
    const options = { signer: keySigner('p256') }
    const detached = await sign(CONTENT, { signers: keySigner('rsa') })
    const attached = await sign(CONTENT, { signers: keySigner('rsa'), detached: false })
    await expect(addSigner(detached, options)).rejects.toMatchObject({ code: 'ERR_CMS_CONTENT_MISSING' })
    await expect(addSigner(attached, { ...options, content: CONTENT })).rejects.toMatchObject({
      code: 'ERR_CMS_CONTENT_UNEXPECTED',
    })
  })
})

describe('content', () => {
  it('is left out where nothing is said', async () => {
    const { signedData, der } = await sign('a secret token', { signers: keySigner('p256') })
    expect(signedData.eContent).toBeUndefined()
    expect(Buffer.from(der).includes('secret')).toBe(false)
  })

  it('is a string in UTF-8, as it is', async () => {
    const { signedData } = await sign('токен\r\n', { signers: keySigner('p256'), detached: false })
    expect(Buffer.from(signedData.eContent ?? [])).toEqual(Buffer.from('токен\r\n'))
  })

  it('may be empty, attached or not', async () => {
    for (const detached of [true, false]) {
      const message = await sign('', { signers: keySigner('p256'), detached })
      const result = await verify(message, { content: detached ? new Uint8Array() : undefined, trust })
      expect(result).toMatchObject({ verdict: 'valid', detached })
      expect(result.content?.length).toBe(detached ? undefined : 0)
    }
  })

  it.each([undefined, null, 1, {}, [1], new ArrayBuffer(3)])('may not be %o', async (content) => {
    await expect(sign(content as never, { signers: keySigner('p256') })).rejects.toThrow(TypeError)
    const message = await sign(CONTENT, { signers: keySigner('p256') })
    if (content !== undefined)
      await expect(verify(message, { content: content as never })).rejects.toThrow(TypeError)
  })
})

describe('subject key identifier', () => {
  it('is refused where the certificate has none', async () => {
    const options = { signers: keySigner('bare'), sid: 'subjectKeyIdentifier' } as const
    await expect(sign(CONTENT, options)).rejects.toMatchObject({
      code: 'ERR_CMS_ATTRIBUTE',
      hint: expect.stringContaining('issuerAndSerialNumber'),
    })
    const message = await sign(CONTENT, { signers: keySigner('bare') })
    expect(await verify(message, { content: CONTENT, trust })).toMatchObject({ verdict: 'valid' })
  })
})

it('contentSigner signs one content after another with what was encoded once', async () => {
  const signContent = contentSigner({ signers: [keySigner('p256'), keySigner('ed25519')], detached: false })
  const contents = ['one', 'two', 'three', '']
  const messages = await Promise.all(contents.map((content) => signContent(content)))
  for (const [i, message] of messages.entries()) {
    const result = await verify(message, { trust })
    expect(result.verdict).toBe('valid')
    expect(Buffer.from(result.content ?? []).toString()).toBe(contents[i])
    expect(derFaults(message.der)).toEqual([])
  }
})

/** cmsSigner: one signer for many callers, ended by signals, disposed with its key, silent about it. */
import { inspect } from 'node:util'
import { describe, expect, it, vi } from 'vitest'
import { openSoftwareKey } from '../../providers/software/index.ts'
import { CmsOid, type SignOptions, sign, verify } from '../../src/cms/index.ts'
import { type CmsSignerOptions, cmsSigner, type KeySigner } from '../../src/signer/index.ts'
import { CONTENT } from '../cms/support/forge.ts'
import {
  type IdentityName,
  identity,
  keySigner,
  LEAVES,
  vector,
  vectorPath,
} from '../cms/support/identities.ts'
import { authority } from '../cms/support/tokens.ts'

const trust = () => ({ trusted: true }) as const

const open = (name: IdentityName) =>
  openSoftwareKey({
    key: vector(`pki/${name}.key`),
    certificate: vector(`pki/${name}.crt`),
    chain: vectorPath('pki/intermediate.crt'),
  })

it.each(LEAVES)('%s: signs detached, with the family of its key', async (name) => {
  await using signer = cmsSigner(await open(name))
  const families = {
    rsa: 'RSA',
    rsapss: 'RSA',
    p256: 'EC',
    p384: 'EC',
    p521: 'EC',
    ed25519: 'EdDSA',
    ed448: 'EdDSA',
  }
  expect(signer.family).toBe(families[name])
  const message = await signer.signDetached(CONTENT)
  const result = await verify(message, { content: CONTENT, trust })
  expect(result).toMatchObject({ verdict: 'valid', detached: true })
  expect(result.signers[0]?.certificate?.equals(identity(name).certificate)).toBe(true)
})

describe('options', () => {
  const signingTime = new Date('2026-11-21T02:30:00Z')

  it.each<CmsSignerOptions>([
    {},
    { sid: 'subjectKeyIdentifier', certificates: 'chain-with-root' },
    { signingTime: false, certificates: 'none' },
    { signingCertificate: true, algorithmProtection: true },
    { signedAttributes: [{ oid: '1.2.3', values: [Uint8Array.of(5, 0)] }] },
    { unsignedAttributes: [{ oid: '1.2.3', values: [Uint8Array.of(5, 0)] }] },
  ])('%o: gives what sign gives', async (options) => {
    const key = keySigner('rsa')
    const all = { signingTime, ...options }
    const expected = await sign(CONTENT, { signers: key, ...all })
    expect((await cmsSigner(key, all).signDetached(CONTENT)).base64()).toBe(expected.base64())
  })

  it('a timestamp over each signature', async () => {
    const signer = cmsSigner(keySigner('p256'), { timestamp: authority() })
    for (let i = 0; i < 2; i++) {
      const result = await verify(await signer.signDetached(CONTENT), { content: CONTENT, trust })
      expect(result.signers[0]?.timestamps).toMatchObject([{ verdict: 'valid' }])
    }
  })

  it('that cannot be written are refused when the signer is made', () => {
    const signedAttributes = [{ oid: CmsOid.contentType, values: [Uint8Array.of(5, 0)] }]
    expect(() => cmsSigner(keySigner('p256'), { signedAttributes })).toThrow(
      expect.objectContaining({ code: 'ERR_CMS_ATTRIBUTE' }),
    )
    expect(() => cmsSigner(keySigner('bare'), { sid: 'subjectKeyIdentifier' })).toThrow(
      expect.objectContaining({ code: 'ERR_CMS_ATTRIBUTE' }),
    )
  })

  it('cannot make it attach the content, or sign with another key', async () => {
    const options = { detached: false, signers: keySigner('p384') } as SignOptions as CmsSignerOptions
    const { signedData } = await cmsSigner(keySigner('p256'), options).signDetached(CONTENT)
    expect(signedData.eContent).toBeUndefined()
    expect(signedData.signerInfos).toHaveLength(1)
  })
})

describe('content', () => {
  it('may be text or a stream', async () => {
    const signer = cmsSigner(keySigner('p256'))
    const stream = async function* () {
      yield CONTENT.subarray(0, 3)
      yield CONTENT.subarray(3)
    }
    for (const content of [new TextDecoder().decode(CONTENT), stream()]) {
      expect(await verify(await signer.signDetached(content), { content: CONTENT, trust })).toMatchObject({
        verdict: 'valid',
      })
    }
  })

  it('must be one of them', async () => {
    await expect(cmsSigner(keySigner('p256')).signDetached(7 as never)).rejects.toThrow(TypeError)
  })
})

describe('many at once', () => {
  it.each(['rsa', 'p256', 'ed25519'] as const)(
    '%s: 200 in flight, each over its own content',
    async (name) => {
      await using signer = cmsSigner(await open(name))
      const contents = Array.from({ length: 200 }, (_, i) => `token ${i}`)
      const messages = await Promise.all(contents.map((content) => signer.signDetached(content)))
      const verdicts = await Promise.all(
        messages.map((message, i) => verify(message, { content: contents[i], trust })),
      )
      expect(verdicts.map(({ verdict }) => verdict)).toEqual(Array(200).fill('valid'))
      const other = await verify(messages[0] ?? '', { content: contents[1], trust })
      expect(other).toMatchObject({ reason: 'message-digest-mismatch' })
    },
  )

  it('one that fails leaves the others alone', async () => {
    const key = keySigner('p256')
    let calls = 0
    const failing: KeySigner = {
      ...key,
      sign: (data, options) =>
        ++calls % 3 === 0 ? Promise.reject(new Error('token busy')) : key.sign(data, options),
    }
    const signer = cmsSigner(failing)
    const outcomes = await Promise.allSettled(Array.from({ length: 9 }, () => signer.signDetached(CONTENT)))
    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(3)
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason.message).toBe('token busy')
      else
        expect(await verify(outcome.value, { content: CONTENT, trust })).toMatchObject({ verdict: 'valid' })
    }
  })
})

describe('the signal', () => {
  const reason = new Error('enough')

  it('that has aborted ends the call before the key is asked', async () => {
    const key = { ...keySigner('p256'), sign: vi.fn() }
    await expect(cmsSigner(key).signDetached(CONTENT, { signal: AbortSignal.abort(reason) })).rejects.toBe(
      reason,
    )
    expect(key.sign).not.toHaveBeenCalled()
  })

  it('ends one call of many', async () => {
    await using signer = cmsSigner(await open('rsa'))
    const controller = new AbortController()
    const calls = Array.from({ length: 20 }, (_, i) =>
      signer.signDetached(`token ${i}`, i === 7 ? { signal: controller.signal } : {}),
    )
    controller.abort(reason)
    const outcomes = await Promise.allSettled(calls)
    expect(outcomes.flatMap(({ status }, i) => (status === 'rejected' ? [i] : []))).toEqual([7])
    expect(outcomes[7]).toMatchObject({ reason })
  })

  it('reaches the key, which ends the call', async () => {
    const controller = new AbortController()
    const key: KeySigner = {
      ...keySigner('p256'),
      sign: async (_, options) => {
        controller.abort(reason)
        options?.signal?.throwIfAborted()
        return new Uint8Array()
      },
    }
    const call = cmsSigner(key).signDetached(CONTENT, { signal: controller.signal })
    await expect(call).rejects.toBe(reason)
  })
})

describe('disposing', () => {
  it('disposes the key, and refuses further calls', async () => {
    const dispose = vi.fn(async () => {})
    const signer = cmsSigner({ ...keySigner('p256'), [Symbol.asyncDispose]: dispose })
    await signer.signDetached(CONTENT)
    expect(dispose).not.toHaveBeenCalled()
    await signer[Symbol.asyncDispose]()
    expect(dispose).toHaveBeenCalledTimes(1)
    await expect(signer.signDetached(CONTENT)).rejects.toMatchObject({ code: 'ERR_SIGNER_DISPOSED' })
  })

  it('lets what is in flight end', async () => {
    const signer = cmsSigner(await open('rsa'))
    const calls = Array.from({ length: 8 }, () => signer.signDetached(CONTENT))
    // They have reached the key.
    await new Promise((resolve) => setImmediate(resolve))
    await signer[Symbol.asyncDispose]()
    for (const message of await Promise.all(calls)) {
      expect(await verify(message, { content: CONTENT, trust })).toMatchObject({ verdict: 'valid' })
    }
  })

  it('may be done twice', async () => {
    const signer = cmsSigner(await open('p256'))
    await signer[Symbol.asyncDispose]()
    await signer[Symbol.asyncDispose]()
  })
})

it('shows nothing of the key, however it is printed', async () => {
  const { privateKey } = identity('p256')
  const { d } = privateKey.export({ format: 'jwk' })
  const scalar = Buffer.from(d ?? '', 'base64url')
  const pem = Buffer.from(vector('pki/p256.key')).toString().split('\n')[1] ?? ''
  const key = await open('p256')
  const signer = cmsSigner(key)
  const message = await signer.signDetached(CONTENT)
  for (const value of [
    key,
    signer,
    { key, signer },
    message,
    await verify(message, { content: CONTENT, trust }),
  ]) {
    const options = { depth: 20, showHidden: true, maxArrayLength: null, maxStringLength: null }
    const shown = [inspect(value, options), JSON.stringify(value) ?? '', String(value)].join('\n')
    expect(shown).not.toContain(scalar.toString('hex'))
    expect(shown).not.toContain(scalar.toString('base64'))
    expect(shown).not.toContain(d)
    expect(shown).not.toContain(pem)
    expect(shown).not.toContain([...scalar].join(','))
  }
  expect(scalar).toHaveLength(32)
})

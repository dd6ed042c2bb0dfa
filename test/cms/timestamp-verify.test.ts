/** CAdES-T: what verify makes of the timestamps of a signature. */
import { describe, expect, it } from 'vitest'
import { der, encode, Tag } from '../../src/asn1/index.ts'
import { type TrustFunction, verify } from '../../src/cms/index.ts'
import { replaceBytes } from './support/cases.ts'
import { stamped } from './support/cases-unsigned.ts'
import { CONTENT, forge, forgeMessage, forgeSignerInfo } from './support/forge.ts'
import { identity, VECTOR_CONTENT, vector } from './support/identities.ts'
import { type ForgedToken, forgeToken, timestampAttribute } from './support/tokens.ts'

const trust: TrustFunction = () => ({ trusted: true })
const check = (message: Uint8Array) => verify(message, { content: CONTENT, trust })
const at = (text: string): Date => new Date(text)

it("openssl's token in Bouncy Castle's message is reported", async () => {
  const result = await verify(vector('bc-cades-t.der'), { content: VECTOR_CONTENT, trust })
  const [timestamp] = result.signers[0]?.timestamps ?? []
  expect(timestamp).toMatchObject({
    verdict: 'valid',
    policy: '1.3.6.1.4.1.99999.1',
    reason: undefined,
    signer: { verdict: 'valid', algorithm: 'RSASSA-PKCS1-v1_5 with SHA-256' },
  })
  expect(timestamp?.time).toBeInstanceOf(Date)
  expect(timestamp?.signer?.certificate?.equals(identity('tsa').certificate)).toBe(true)
})

describe('time', () => {
  it.each<[string, string]>([
    ['20260304050607Z', '2026-03-04T05:06:07.000Z'],
    ['20260304050607.5Z', '2026-03-04T05:06:07.500Z'],
    ['20260304050607.123456Z', '2026-03-04T05:06:07.123Z'],
  ])('%s is read', async (text, time) => {
    const genTime = encode(Tag.GENERALIZED_TIME, [Buffer.from(text)])
    const [timestamp] = (await check(stamped({ genTime }))).signers[0]?.timestamps ?? []
    expect(timestamp).toMatchObject({ verdict: 'valid', time: at(time) })
  })

  it.each<[number, string]>([
    [Tag.UTC_TIME, '260304050607Z'],
    [Tag.GENERALIZED_TIME, '20260304050607.50Z'],
    [Tag.GENERALIZED_TIME, '20260304050607'],
    [Tag.GENERALIZED_TIME, '20260304050607+0100'],
    [Tag.GENERALIZED_TIME, '20260230050607Z'],
  ])('tag %i, %s is refused', async (tag, text) => {
    const genTime = encode(tag, [Buffer.from(text)])
    expect(await check(stamped({ genTime }))).toMatchObject({ reason: 'timestamp-malformed' })
  })
})

describe('TSTInfo', () => {
  const field = (tag: number, value: number): Uint8Array => encode(tag, [der.integer(value).subarray(2)])
  const accuracy = (...parts: Uint8Array[]): Uint8Array => der.sequence(parts)
  const extension = (...parts: Uint8Array[]): Uint8Array =>
    encode(0xa1, [der.sequence([der.oid('1.2.3'), ...parts, der.octetString(new Uint8Array())])])

  it.each<[string, ForgedToken]>([
    ['an accuracy of all parts', { extras: [accuracy(der.integer(1), field(0x80, 1), field(0x81, 999))] }],
    ['an accuracy of no part', { extras: [accuracy()] }],
    ['an accuracy of no second', { extras: [accuracy(der.integer(0), field(0x80, 999))] }],
    ['an accuracy in microseconds', { extras: [accuracy(field(0x81, 1))] }],
    [
      'an ordering, a nonce and a name',
      {
        extras: [der.boolean(true)],
        nonce: Uint8Array.of(9),
        tail: [der.explicit(0, encode(0x82, [Buffer.from('x')]))],
      },
    ],
    ['an extension', { tail: [extension()] }],
    ['an extension that says it is not critical', { tail: [extension(der.boolean(false))] }],
  ])('may have %s', async (_, token) => {
    expect(await check(stamped(token))).toMatchObject({ verdict: 'valid' })
  })

  it.each<[string, ForgedToken]>([
    ['version 2', { version: 2 }],
    ['version 0', { version: 0 }],
    ['an accuracy of -1 s', { extras: [accuracy(der.integer(-1))] }],
    ['an accuracy of 0 ms', { extras: [accuracy(field(0x80, 0))] }],
    ['an accuracy of 1000 ms', { extras: [accuracy(encode(0x80, [Uint8Array.of(3, 0xe8)]))] }],
    ['an accuracy of 1000 us', { extras: [accuracy(encode(0x81, [Uint8Array.of(3, 0xe8)]))] }],
    ['an accuracy the wrong way round', { extras: [accuracy(field(0x81, 1), field(0x80, 1))] }],
    ['an ordering before the accuracy', { extras: [der.boolean(true), accuracy()] }],
    ['an ordering that is not DER', { extras: [encode(0x01, [Uint8Array.of(1)])] }],
    ['a critical extension', { tail: [extension(der.boolean(true))] }],
    [
      'an extension with more in it',
      {
        tail: [
          encode(0xa1, [der.sequence([der.oid('1.2.3'), der.octetString(new Uint8Array()), der.null()])]),
        ],
      },
    ],
    ['something behind it', { tail: [encode(0xa2, [])] }],
  ])('may not have %s', async (_, token) => {
    const result = await check(stamped(token))
    expect(result).toMatchObject({ verdict: 'invalid', reason: 'timestamp-malformed' })
    expect(result.signers[0]?.timestamps[0]).toMatchObject({
      time: undefined,
      policy: undefined,
      signer: undefined,
    })
    expect(result.signers[0]?.timestamps[0]?.detail).toMatch(/TSTInfo/)
  })
})

describe('tampering', () => {
  const tokenAt = (genTime: Date) => (signature: Uint8Array) => [
    timestampAttribute(forgeToken(signature, { genTime })),
  ]
  const message = forge({ unsigned: tokenAt(at('2026-03-04T05:06:07Z')) })

  it('with the time', async () => {
    const earlier = replaceBytes(message, Buffer.from('20260304050607Z'), Buffer.from('20250304050607Z'))
    const result = await check(earlier)
    expect(result).toMatchObject({ verdict: 'invalid', reason: 'timestamp-invalid' })
    expect(result.signers[0]?.timestamps[0]).toMatchObject({
      verdict: 'invalid',
      detail: 'message-digest-mismatch',
      signer: { reason: 'message-digest-mismatch' },
    })
  })

  it('with the stamped signature: its own failure comes first', async () => {
    const broken = forge({
      signature: (good) => good.fill(1, 3, 4),
      unsigned: tokenAt(at('2026-03-04T05:06:07Z')),
    })
    const result = await check(broken)
    expect(result).toMatchObject({ verdict: 'invalid', reason: 'signature-mismatch' })
    expect(result.signers[0]?.timestamps[0]).toMatchObject({ verdict: 'valid' })
  })

  it('by moving a token to another signer', async () => {
    let token = new Uint8Array()
    const one = forgeSignerInfo({
      unsigned: (signature) => {
        token = new Uint8Array(timestampAttribute(forgeToken(signature)))
        return [token]
      },
    })
    const two = forgeSignerInfo({ ...identity('p256'), unsigned: () => [token] })
    const certificates = [identity('rsa').certificate.der, identity('p256').certificate.der]
    const result = await check(forgeMessage({ signerInfos: [one, two], certificates }))
    expect(result).toMatchObject({ verdict: 'invalid', reason: 'timestamp-mismatch' })
    expect(result.signers.map(({ verdict }) => verdict)).toEqual(['valid', 'invalid'])
  })
})

describe('several timestamps', () => {
  const times = ['2026-03-04T00:00:00Z', '2026-03-02T00:00:00Z', '2026-03-03T00:00:00Z']
  const severally = forge({
    unsigned: (signature) =>
      times.map((time) => timestampAttribute(forgeToken(signature, { genTime: at(time) }))),
  })

  it('the earliest that is valid is the time to trust at', async () => {
    const asked: (Date | undefined)[] = []
    const refusing =
      (refused: string | undefined): TrustFunction =>
      (_, { purpose, time }) => {
        if (purpose === 'cms-signer') asked.push(time)
        return purpose === 'timestamping' && time?.getTime() === at(refused ?? '').getTime()
          ? { trusted: false, detail: 'no' }
          : { trusted: true }
      }
    expect(await verify(severally, { content: CONTENT, trust: refusing(undefined) })).toMatchObject({
      verdict: 'valid',
    })
    expect(asked).toEqual([at('2026-03-02T00:00:00Z')])
  })

  it('in one attribute are all looked at', async () => {
    const message = forge({
      unsigned: (signature) => [
        timestampAttribute(...times.map((time) => forgeToken(signature, { genTime: at(time) }))),
      ],
    })
    const result = await check(message)
    expect(result.verdict).toBe('valid')
    expect(result.signers[0]?.timestamps.map(({ time }) => time)).toEqual(times.map(at))
  })

  it('one bad one spoils the signature', async () => {
    const message = forge({
      unsigned: (signature) => [
        timestampAttribute(forgeToken(signature)),
        timestampAttribute(forgeToken(signature, { imprint: new Uint8Array(32) })),
      ],
    })
    const result = await check(message)
    expect(result).toMatchObject({ verdict: 'invalid', reason: 'timestamp-mismatch' })
    expect(result.signers[0]?.timestamps.map(({ verdict }) => verdict)).toEqual(['valid', 'invalid'])
  })
})

describe('options', () => {
  it('a SHA-1 imprint is taken where weak hashes are', async () => {
    const message = stamped({ hash: 'SHA-1' })
    expect(await check(message)).toMatchObject({ reason: 'timestamp-mismatch' })
    expect(await verify(message, { content: CONTENT, trust, allowWeakHashes: true })).toMatchObject({
      verdict: 'valid',
    })
  })

  it("the authority's certificate may come from the caller or from the message", async () => {
    const message = stamped({ message: { certificates: [] } })
    expect(await check(message)).toMatchObject({ reason: 'timestamp-invalid' })
    const certificates = [identity('tsa').certificate]
    expect(await verify(message, { content: CONTENT, trust, certificates })).toMatchObject({
      verdict: 'valid',
    })
    const inMessage = forge(
      {
        unsigned: (signature) => [
          timestampAttribute(forgeToken(signature, { message: { certificates: [] } })),
        ],
      },
      { certificates: [identity('rsa').certificate.der, identity('tsa').certificate.der] },
    )
    expect(await check(inMessage)).toMatchObject({ verdict: 'valid' })
  })

  it('a key too short is refused for the authority too', async () => {
    const message = stamped()
    expect(await verify(message, { content: CONTENT, trust, minRsaBits: 2048 })).toMatchObject({
      verdict: 'valid',
    })
    const onlyTsa = forge({
      ...identity('p256'),
      unsigned: (signature) => [timestampAttribute(forgeToken(signature))],
    })
    expect(await verify(onlyTsa, { content: CONTENT, trust, minRsaBits: 4096 })).toMatchObject({
      reason: 'timestamp-invalid',
    })
  })
})

/** RFC 3161: the query that is sent, and what is taken for an answer. */
import { describe, expect, it, vi } from 'vitest'
import { der, encode } from '../../src/asn1/index.ts'
import {
  addTimestamp,
  CmsOid,
  requestTimestamp,
  sign,
  type TimestampSource,
  verify,
} from '../../src/cms/index.ts'
import { CmsError } from '../../src/errors.ts'
import { toBer } from './support/ber.ts'
import { CONTENT } from './support/forge.ts'
import { identity, keySigner } from './support/identities.ts'
import {
  authority,
  type ForgedResponse,
  type ForgedToken,
  forgeResponse,
  forgeToken,
  parseQuery,
  type Query,
  UNFIT_TSA_CERTIFICATES,
} from './support/tokens.ts'

const trust = () => ({ trusted: true }) as const
const STAMPED = new TextEncoder().encode('a signature')
const sha256 = async (bytes: Uint8Array): Promise<Buffer> =>
  Buffer.from(await crypto.subtle.digest('SHA-256', new Uint8Array(bytes)))

describe('the query', () => {
  it('is for SHA-256 of the bytes, with a nonce, and wants the certificate', async () => {
    const queries: Query[] = []
    const source: TimestampSource = async (query, options) => {
      queries.push(parseQuery(query))
      return await authority()(query, options)
    }
    for (let i = 0; i < 20; i++) await requestTimestamp(STAMPED, source)
    for (const { hash, imprint, nonce, certReq } of queries) {
      expect(hash).toBe('2.16.840.1.101.3.4.2.1')
      expect(Buffer.from(imprint)).toEqual(await sha256(STAMPED))
      expect(certReq).toBe(true)
      expect(nonce).toHaveLength(8)
      // Positive, so that no authority has to care for signs.
      expect(nonce[0]).toBeLessThan(0x80)
      expect(nonce[0]).toBeGreaterThanOrEqual(0x40)
    }
    expect(new Set(queries.map(({ nonce }) => Buffer.from(nonce).toString('hex'))).size).toBe(20)
  })

  it('goes to the function together with the signal', async () => {
    const { signal } = new AbortController()
    const source = vi.fn(authority())
    await requestTimestamp(STAMPED, source, { signal })
    expect(source.mock.calls[0]?.[1]).toEqual({ signal })
  })
})

describe('a good answer', () => {
  it('is the token, byte for byte', async () => {
    const seen: Uint8Array[] = []
    const token = await requestTimestamp(STAMPED, async (query) => {
      const { imprint, nonce } = parseQuery(query)
      seen.push(forgeToken(STAMPED, { imprint, nonce }))
      return forgeResponse({ token: seen[0] })
    })
    expect(Buffer.from(token)).toEqual(Buffer.from(seen[0] ?? []))
  })

  it.each<[string, (query: Query) => ForgedToken]>([
    [
      'with an accuracy',
      () => ({ extras: [der.sequence([der.integer(1), der.implicit(0, der.integer(500))])] }),
    ],
    ['with an ordering', () => ({ extras: [der.boolean(true)] })],
    [
      'with the name of the authority',
      () => ({ tail: [der.explicit(0, encode(0x82, [Buffer.from('tsa.example')]))] }),
    ],
    [
      'with an extension that is not critical',
      () => ({ tail: [encode(0xa1, [der.sequence([der.oid('1.2.3'), der.octetString(new Uint8Array())])])] }),
    ],
  ])('may come %s', async (_, change) => {
    await expect(requestTimestamp(STAMPED, authority(change))).resolves.toBeInstanceOf(Uint8Array)
  })

  it('may be granted with modifications, and have a text', async () => {
    const source = answering((token) => ({ status: 1, text: ['with another policy'], token }))
    await expect(requestTimestamp(STAMPED, source)).resolves.toBeInstanceOf(Uint8Array)
  })

  it('may be BER', async () => {
    const source: TimestampSource = async (query, options) =>
      toBer(await authority()(query, options), { pieces: 50 })
    const message = await sign(CONTENT, { signers: keySigner('p256'), timestamp: source })
    expect(await verify(message, { content: CONTENT, trust })).toMatchObject({ verdict: 'valid' })
  })
})

/** An authority with another response around its good token. */
function answering(response: (token: Uint8Array) => ForgedResponse): TimestampSource {
  return async (query) => {
    const { imprint, nonce } = parseQuery(query)
    return forgeResponse(response(forgeToken(STAMPED, { imprint, nonce })))
  }
}

const bit = (number: number): Uint8Array => {
  const bytes = new Uint8Array((number >> 3) + 1)
  bytes[number >> 3] = 0x80 >> (number & 7)
  return der.bitString(bytes, 7 - (number & 7))
}

describe('a refusal', () => {
  it.each([
    [2, 0, 'unrecognized or unsupported algorithm'],
    [2, 2, 'transaction not permitted or supported'],
    [2, 5, 'the data submitted has the wrong format'],
    [2, 14, "the authority's time source is not available"],
    [2, 15, 'the requested policy is not supported'],
    [2, 16, 'the requested extension is not supported'],
    [2, 17, 'the additional information requested is not understood or available'],
    [2, 25, 'the request cannot be handled: system failure'],
  ])('with status %i and failure %i says why', async (status, failure, why) => {
    const source = answering(() => ({ status, text: ['sorry', 'today'], failInfo: bit(failure) }))
    await expect(requestTimestamp(STAMPED, source)).rejects.toMatchObject({
      code: 'ERR_TIMESTAMP_REFUSED',
      message: `the timestamp authority refused: ${why}; sorry; today`,
    })
  })

  it('with any text is a line of bounded length', async () => {
    const text = ['a\u001b[31m\n\u202eb\u{1f600}', `${'x'.repeat(199)}\u{1f600}`, '1', '2', '3', '4']
    const source = answering(() => ({ status: 2, text }))
    await expect(requestTimestamp(STAMPED, source)).rejects.toMatchObject({
      message: `the timestamp authority refused: a\\u{1b}[31m\\u{a}\\u{202e}b\u{1f600}; ${'x'.repeat(199)}\\u{d83d}; 1; 2`,
    })
  })

  it.each([2, 3, 4, 5])('status %i is one even with a good token', async (status) => {
    const source = answering((token) => ({ status, token }))
    await expect(requestTimestamp(STAMPED, source)).rejects.toMatchObject({
      code: 'ERR_TIMESTAMP_REFUSED',
      message: expect.stringContaining(`status ${status}`),
    })
  })

  it('is a grant without a token, too', async () => {
    await expect(
      requestTimestamp(
        STAMPED,
        answering(() => ({})),
      ),
    ).rejects.toMatchObject({ code: 'ERR_TIMESTAMP_REFUSED' })
  })
})

describe('an answer that is not taken', () => {
  const tokens: [string, (query: Query) => ForgedToken, RegExp][] = [
    [
      'another nonce',
      () => ({ nonce: Uint8Array.of(0x41, 1, 2, 3, 4, 5, 6, 7) }),
      /timestamp-mismatch the nonce/,
    ],
    [
      'the nonce with a byte in front',
      ({ nonce }) => ({ nonce: Uint8Array.of(1, ...nonce) }),
      /timestamp-mismatch the nonce/,
    ],
    ['no nonce', () => ({ nonce: undefined }), /timestamp-mismatch the nonce/],
    ['another imprint', () => ({ imprint: new Uint8Array(32) }), /timestamp-mismatch/],
    ['an imprint by another hash', () => ({ hash: 'SHA-512' }), /timestamp-mismatch/],
    ['no certificate', () => ({ message: { certificates: [] } }), /timestamp-invalid certificate-not-found/],
    [
      'a broken signature',
      () => ({ signer: { signature: () => new Uint8Array(256) } }),
      /timestamp-invalid signature-mismatch/,
    ],
    ['no signer', () => ({ message: { signerInfos: [] } }), /timestamp-malformed/],
    ['another content type', () => ({ message: { contentType: CmsOid.data } }), /timestamp-malformed/],
    ['a weak digest', () => ({ signer: { hash: 'SHA-1' } }), /timestamp-invalid digest-algorithm-weak/],
    [
      'attributes out of DER order',
      () => ({ signer: { order: 'as-sent' }, attributes: (good) => good.toReversed() }),
      /timestamp-invalid signed-attributes-not-der/,
    ],
    ["another's signature", () => ({ privateKey: identity('other').privateKey }), /signature-mismatch/],
    ...Object.entries(UNFIT_TSA_CERTIFICATES).map(
      ([name, certificate]): [string, () => ForgedToken, RegExp] => [
        name,
        () => ({ certificate: certificate() }),
        /timestamp-certificate .*tsa/,
      ],
    ),
  ]

  it.each(tokens)('a token with %s', async (_, change, message) => {
    await expect(requestTimestamp(STAMPED, authority(change))).rejects.toMatchObject({
      code: 'ERR_TIMESTAMP_INVALID',
      message: expect.stringMatching(message),
    })
  })

  it.each<[string, Uint8Array]>([
    ['nothing', new Uint8Array()],
    ['a page', new TextEncoder().encode('<html>busy</html>')],
    ['an empty SEQUENCE', der.sequence([])],
    ['a status that is none', forgeResponse({ status: 6 })],
    ['a token alone', forgeToken(STAMPED)],
    ['bytes behind it', Buffer.concat([forgeResponse({ token: forgeToken(STAMPED) }), Buffer.of(0)])],
    ['a token that is no SEQUENCE', forgeResponse({ token: der.null() })],
    ['a token and more', der.sequence([der.sequence([der.integer(0)]), forgeToken(STAMPED), der.null()])],
  ])('%s', async (_, response) => {
    await expect(requestTimestamp(STAMPED, async () => response)).rejects.toMatchObject({
      code: 'ERR_TIMESTAMP_INVALID',
    })
  })

  it('no bytes', async () => {
    await expect(requestTimestamp(STAMPED, async () => 'text' as never)).rejects.toThrow(TypeError)
  })

  it('what the function throws comes out', async () => {
    const error = new Error('no route')
    await expect(requestTimestamp(STAMPED, () => Promise.reject(error))).rejects.toBe(error)
  })
})

describe('sign and addTimestamp', () => {
  it('sign stamps each signature', async () => {
    const signers = [keySigner('p256'), keySigner('rsa')]
    const message = await sign(CONTENT, { signers, timestamp: authority() })
    const result = await verify(message, { content: CONTENT, trust })
    expect(result.verdict).toBe('valid')
    expect(result.signers.map(({ timestamps }) => timestamps.length)).toEqual([1, 1])
  })

  it('addTimestamp stamps one, again and again', async () => {
    const message = await sign(CONTENT, { signers: [keySigner('p256'), keySigner('rsa')] })
    await expect(addTimestamp(message, { timestamp: authority() })).rejects.toMatchObject({
      code: 'ERR_CMS_NO_SUCH_SIGNER',
    })
    const once = await addTimestamp(message, { timestamp: authority(), signer: 1 })
    const twice = await addTimestamp(once, { timestamp: authority(), signer: 1 })
    const result = await verify(twice, { content: CONTENT, trust })
    expect(result.verdict).toBe('valid')
    expect(result.signers.map(({ timestamps }) => timestamps.length).sort()).toEqual([0, 2])
  })

  it('a refusal leaves no message', async () => {
    const timestamp = answering(() => ({ status: 2 }))
    const options = { signers: keySigner('p256'), timestamp }
    await expect(sign(CONTENT, options)).rejects.toBeInstanceOf(CmsError)
  })

  it('the signal goes through to the source', async () => {
    const controller = new AbortController()
    const seen: unknown[] = []
    const timestamp: TimestampSource = async (query, { signal }) => {
      seen.push(signal)
      return await authority()(query, { signal })
    }
    await sign(CONTENT, { signers: keySigner('p256'), timestamp, signal: controller.signal })
    expect(seen).toEqual([controller.signal])
  })
})

/** The signed attributes: order, what is signed, signing-time, the caller's own. */
import { createHash, type KeyObject, verify as nodeVerify } from 'node:crypto'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { der, encode } from '../../src/asn1/index.ts'
import { CmsOid, type SignOptions, sign } from '../../src/cms/index.ts'
import { Asn1Error } from '../../src/errors.ts'
import { CONTENT } from './support/forge.ts'
import { identity, keySigner } from './support/identities.ts'
import { bytesOf, isAscending, outline } from './support/strict-der.ts'

const signers = keySigner('p256')
const EXTRA = '1.3.6.1.4.1.99999.2'

/** The signed attributes of a message's only signer: their encoding, and hex of each value by OID in hex. */
async function attributesOf(options: Partial<SignOptions>) {
  const message = (await sign(CONTENT, { signers, ...options })).der
  const signer = outline(message).signerInfos[0]
  if (signer === undefined) throw new Error('no signer')
  const { signedAttrs, signature } = signer
  const values = new Map(
    signedAttrs.children.map(({ children: [type, set] }) => {
      if (type === undefined || set === undefined) throw new Error('no attribute')
      const hex = set.children.map((value) => Buffer.from(bytesOf(message, value)).toString('hex'))
      return [Buffer.from(message.subarray(type.contentStart, type.contentEnd)).toString('hex'), hex]
    }),
  )
  return { message, signedAttrs, signature, values, unsignedAttrs: signer.unsignedAttrs }
}

const idOf = (oid: string): string => Buffer.from(der.oid(oid).subarray(2)).toString('hex')
const time = (text: string) => attributesOf({ signingTime: new Date(text) })
const TIME = idOf(CmsOid.signingTime)

afterEach(() => vi.useRealTimers())

describe('order (X.690 11.6)', () => {
  it.each<[string, Partial<SignOptions>]>([
    ['without options', {}],
    ['with all of ours', { signingCertificate: true, algorithmProtection: true }],
    ['without a time', { signingTime: false }],
    [
      "with the caller's, given in the wrong order",
      {
        signedAttributes: [
          { oid: '2.999.1', values: [der.octetString(new Uint8Array(300))] },
          { oid: EXTRA, values: [der.null()] },
          { oid: '1.2.3', values: [der.integer(9)] },
        ],
      },
    ],
  ])('%s: ascending, and signed with the tag 31', async (_, options) => {
    const { message, signedAttrs, signature } = await attributesOf(options)
    expect(isAscending(message, signedAttrs)).toBe(true)
    const signed = Buffer.from(bytesOf(message, signedAttrs))
    expect(signed[0]).toBe(0xa0)
    const octets = message.subarray(signature.contentStart, signature.contentEnd)
    const key = identity('p256').certificate.publicKey.keyObject as KeyObject
    expect(nodeVerify('sha256', signed, key, octets)).toBe(false)
    signed[0] = 0x31
    expect(nodeVerify('sha256', signed, key, octets)).toBe(true)
  })

  it('holds for the values of one attribute too', async () => {
    const values = [der.integer(7), der.integer(300), der.integer(2)]
    const { values: found } = await attributesOf({ signedAttributes: [{ oid: EXTRA, values }] })
    expect(found.get(idOf(EXTRA))).toEqual(['020102', '020107', '0202012c'])
  })
})

it('has content-type, message-digest and signing-time where nothing is asked for', async () => {
  const { values } = await attributesOf({})
  expect([...values.keys()].sort()).toEqual(
    [CmsOid.contentType, CmsOid.messageDigest, CmsOid.signingTime].map(idOf).sort(),
  )
  const digest = createHash('sha256').update(CONTENT).digest('hex')
  expect(values.get(idOf(CmsOid.messageDigest))).toEqual([`0420${digest}`])
  expect(values.get(idOf(CmsOid.contentType))).toEqual(['06092a864886f70d010701'])
})

it('repeats eContentType in content-type', async () => {
  const { values } = await attributesOf({ contentType: '1.2.3.4' })
  expect(values.get(idOf(CmsOid.contentType))).toEqual(['06032a0304'])
})

it('writes SigningCertificateV2 with the hash of the certificate, issuer and serial number', async () => {
  const { certificate } = identity('p256')
  const hash = createHash('sha256').update(certificate.der).digest()
  const names = der.sequence([encode(0xa4, [certificate.issuer.der])])
  const issuerSerial = der.sequence([names, encode(0x02, [certificate.serial])])
  const id = der.sequence([der.octetString(hash), issuerSerial])
  const { values } = await attributesOf({ signingCertificate: true })
  const expected = der.sequence([der.sequence([id])])
  expect(values.get(idOf(CmsOid.signingCertificateV2))).toEqual([Buffer.from(expected).toString('hex')])
})

it('writes CMSAlgorithmProtection with both identifiers', async () => {
  const { values } = await attributesOf({ algorithmProtection: true })
  // SEQUENCE { SEQUENCE { id-sha256 }, [1] { ecdsa-with-SHA256 } }
  const expected = '3019300b0609608648016503040201a10a06082a8648ce3d040302'
  expect(values.get(idOf(CmsOid.algorithmProtection))).toEqual([expected])
})

describe('signing-time (RFC 5652 11.3)', () => {
  it.each([
    ['1949-12-31T23:59:59Z', '18', '19491231235959Z'],
    ['1950-01-01T00:00:00Z', '17', '500101000000Z'],
    ['2026-11-21T02:30:00.999Z', '17', '261121023000Z'],
    ['2049-12-31T23:59:59.999Z', '17', '491231235959Z'],
    ['2050-01-01T00:00:00Z', '18', '20500101000000Z'],
    ['9999-12-31T23:59:59Z', '18', '99991231235959Z'],
    ['2024-02-29T12:00:00+03:00', '17', '240229090000Z'],
  ])('%s has the tag %s: %s', async (text, tag, characters) => {
    const length = characters.length.toString(16).padStart(2, '0')
    const { values } = await time(text)
    expect(values.get(TIME)).toEqual([`${tag}${length}${Buffer.from(characters).toString('hex')}`])
  })

  it('is the time of each call, not of the first', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const seen: string[] = []
    for (const text of [
      '2026-01-01T00:00:00Z',
      '2026-01-01T00:00:00.999Z',
      '2049-12-31T23:59:59Z',
      '2050-01-01T00:00:00Z',
    ]) {
      vi.setSystemTime(new Date(text))
      const { signedData } = await sign(CONTENT, { signers })
      const attribute = signedData.signerInfos[0]?.signedAttrs?.attributes.find(
        ({ oid }) => oid === CmsOid.signingTime,
      )
      seen.push(Buffer.from(attribute?.values[0]?.content ?? []).toString())
    }
    expect(seen).toEqual(['260101000000Z', '260101000000Z', '491231235959Z', '20500101000000Z'])
  })

  it('is left out where it is false', async () => {
    const { values } = await attributesOf({ signingTime: false })
    expect([...values.keys()].sort()).toEqual([CmsOid.contentType, CmsOid.messageDigest].map(idOf).sort())
  })

  it.each([new Date(Number.NaN), new Date('-000001-01-01T00:00:00Z'), new Date('+010000-01-01T00:00:00Z')])(
    'refuses %s before the key is used',
    async (signingTime) => {
      const sign1 = vi.fn(signers.sign)
      await expect(sign(CONTENT, { signers: { ...signers, sign: sign1 }, signingTime })).rejects.toThrow(
        TypeError,
      )
      expect(sign1).not.toHaveBeenCalled()
    },
  )
})

it.each<[string, object]>([
  ['a time in words', { signingTime: '2026-01-01' }],
  ['a time in numbers', { signingTime: 1 }],
  ['true for a time', { signingTime: true }],
  ['no time', { signingTime: new Date(Number.NaN) }],
  ['another name for the signer', { sid: 'serial' }],
  ['another choice of certificates', { certificates: 'all' }],
])('refuses %s', async (_, options) => {
  await expect(sign(CONTENT, { signers, ...options })).rejects.toThrow(
    /^(a time must lie|(signingTime|sid|certificates) must be )/,
  )
  await expect(sign(CONTENT, { signers, ...options })).rejects.toThrow(TypeError)
})

describe("the caller's signed attributes", () => {
  const given = (oid: string, ...values: Uint8Array[]) =>
    sign(CONTENT, { signers, signedAttributes: [{ oid, values }] })

  it.each([
    CmsOid.contentType,
    CmsOid.messageDigest,
    CmsOid.signingTime,
    CmsOid.signingCertificateV2,
    CmsOid.algorithmProtection,
    CmsOid.countersignature,
    CmsOid.signatureTimeStampToken,
  ])('may not be %s', async (oid) => {
    await expect(given(oid, der.null())).rejects.toMatchObject({
      code: 'ERR_CMS_ATTRIBUTE',
      message: expect.stringContaining(oid),
    })
  })

  it('may be of any type, constructed ones too', async () => {
    const list = [
      der.sequence([]),
      der.sequence([der.explicit(0, der.utf8String('x')), der.setOf([der.null()])]),
    ]
    const { values } = await attributesOf({ signedAttributes: [{ oid: EXTRA, values: list }] })
    expect(values.get(idOf(EXTRA))).toEqual(list.map((one) => Buffer.from(one).toString('hex')))
  })

  it('may not stand twice', async () => {
    const signedAttributes = [1, 2].map((value) => ({ oid: EXTRA, values: [der.integer(value)] }))
    await expect(sign(CONTENT, { signers, signedAttributes })).rejects.toMatchObject({
      code: 'ERR_CMS_ATTRIBUTE',
    })
  })

  it.each<[string, string[]]>([
    ['no value', []],
    ['nothing', ['']],
    ['a cut off value', ['0403aabb']],
    ['bytes behind the value', ['0500' + '00']],
    ['two values in one', ['05000500']],
    ['a long length', ['04810161']],
    ['an indefinite length', ['308005000000']],
    ['a long length inside', ['3004' + '04810161']],
    ['an indefinite length inside', ['3006' + '308005000000']],
    ['a string in pieces', ['2403040161']],
    ['a string in pieces, under a tag, in the second value', ['0500', 'bf2a052403040161']],
    ['end-of-contents', ['0000']],
  ])('refuses %s', async (_, values) => {
    const outcome = given(EXTRA, ...values.map((hex) => Uint8Array.from(Buffer.from(hex, 'hex'))))
    await expect(outcome).rejects.toMatchObject({
      code: 'ERR_CMS_ATTRIBUTE',
      message: expect.stringContaining(EXTRA),
    })
    const error = await outcome.catch((caught: Error) => caught)
    if (values.length > 0) expect((error as Error).cause).toBeInstanceOf(Asn1Error)
  })

  it('refuses an OID that readers find too long', async () => {
    const digits = (count: number): string => `1.2.${'8'.repeat(count)}`
    await expect(given(digits(130), der.null())).resolves.toBeDefined()
    await expect(given(digits(140), der.null())).rejects.toMatchObject({ code: 'ERR_CMS_ATTRIBUTE' })
  })

  it('refuses an OID that is none', async () => {
    await expect(given('1.2.03', der.null())).rejects.toThrow(TypeError)
  })

  it('refuses what is no attribute', async () => {
    for (const attribute of [null, 'x', {}, { oid: EXTRA }, { oid: EXTRA, values: ['x'] }]) {
      for (const name of ['signedAttributes', 'unsignedAttributes']) {
        await expect(sign(CONTENT, { signers, [name]: [attribute] })).rejects.toThrow(TypeError)
      }
    }
  })

  it('refuses them before the key is used and before content is read', async () => {
    const signing = vi.fn(signers.sign)
    const signedAttributes = [{ oid: CmsOid.contentType, values: [der.null()] }]
    const content = { [Symbol.asyncIterator]: vi.fn() }
    await expect(
      sign(content, { signers: { ...signers, sign: signing }, signedAttributes }),
    ).rejects.toMatchObject({ code: 'ERR_CMS_ATTRIBUTE' })
    expect(signing).not.toHaveBeenCalled()
    expect(content[Symbol.asyncIterator]).not.toHaveBeenCalled()
  })
})

describe("the caller's unsigned attributes", () => {
  it('stand behind the signature in DER order', async () => {
    const unsignedAttributes = ['2.999.1', EXTRA].map((oid) => ({ oid, values: [der.null()] }))
    const { message, unsignedAttrs } = await attributesOf({ unsignedAttributes })
    expect(unsignedAttrs?.children).toHaveLength(2)
    expect(unsignedAttrs && isAscending(message, unsignedAttrs)).toBe(true)
  })

  it('are absent where there are none', async () => {
    expect((await attributesOf({ unsignedAttributes: [] })).unsignedAttrs).toBeUndefined()
  })

  it.each([
    CmsOid.contentType,
    CmsOid.messageDigest,
    CmsOid.signingTime,
    CmsOid.signingCertificate,
    CmsOid.signingCertificateV2,
    CmsOid.algorithmProtection,
  ])('may not be %s', async (oid) => {
    await expect(attributesOf({ unsignedAttributes: [{ oid, values: [der.null()] }] })).rejects.toMatchObject(
      {
        code: 'ERR_CMS_ATTRIBUTE',
        message: `attribute ${oid} must be signed`,
      },
    )
  })

  it('are refused where they are no DER', async () => {
    const unsignedAttributes = [{ oid: EXTRA, values: [Uint8Array.of(4, 9)] }]
    await expect(attributesOf({ unsignedAttributes })).rejects.toMatchObject({ code: 'ERR_CMS_ATTRIBUTE' })
  })
})

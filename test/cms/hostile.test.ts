/** Messages made to keep a verifier busy, or to make it take one thing for another. */
import { createHash } from 'node:crypto'
import { describe, expect, it, vi } from 'vitest'
import { der, encode, Tag } from '../../src/asn1/index.ts'
import { CmsOid, CmsSignature, parseSignedData, verify } from '../../src/cms/index.ts'
import { Asn1Error } from '../../src/errors.ts'
import { Certificate } from '../../src/x509/index.ts'
import { replaceBytes } from './support/cases.ts'
import { commonName, forgeCertificateDer, spkiOf } from './support/certificates.ts'
import { attribute, CONTENT, forge, forgeMessage, forgeSignerInfo, issuerAndSerial } from './support/forge.ts'
import { identity, vector } from './support/identities.ts'

const trust = () => ({ trusted: true }) as const
const good = forge()

describe('limits', () => {
  it.each<[string, Uint8Array]>([
    ['a length of 100 MB', Uint8Array.of(0x30, 0x84, 0x06, 0x40, 0, 0, 0x06, 0x09)],
    ['a length of 4 GB', Uint8Array.of(0x30, 0x84, 0xff, 0xff, 0xff, 0xff)],
    ['a length of 2^64', Uint8Array.of(0x30, 0x88, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff)],
    ['100,000 levels', new Uint8Array(200_000).map((_, i) => (i % 2 === 0 ? 0x30 : 0x80))],
    [
      '1,000,000 elements',
      Buffer.concat([Uint8Array.of(0x30, 0x83, 0x1e, 0x84, 0x80), new Uint8Array(2_000_000).fill(5)]),
    ],
  ])('%s is refused', async (_, bytes) => {
    expect(() => parseSignedData(bytes)).toThrow(Asn1Error)
    await expect(verify(bytes, { content: CONTENT })).rejects.toBeInstanceOf(Asn1Error)
    expect(() => CmsSignature.from(bytes)).toThrow(Asn1Error)
  })

  it("are the caller's, too", async () => {
    for (const limits of [{ maxBytes: 100 }, { maxDepth: 3 }, { maxElements: 10 }, { maxOidBytes: 3 }]) {
      expect(() => parseSignedData(good, limits)).toThrow(expect.objectContaining({ code: 'ERR_ASN1_LIMIT' }))
      await expect(verify(good, { content: CONTENT, limits })).rejects.toMatchObject({
        code: 'ERR_ASN1_LIMIT',
      })
    }
  })
})

describe('object identifiers', () => {
  it.each([
    ['content type of ContentInfo', CmsOid.signedData],
    ['type of the content', CmsOid.data],
  ])('%s: plus 2^32 or 2^64 in the last arc is another', async (_, oid) => {
    for (const more of [2n ** 32n, 2n ** 64n]) {
      const last = BigInt(oid.slice(oid.lastIndexOf('.') + 1)) + more
      const other = `${oid.slice(0, oid.lastIndexOf('.'))}.${last}`
      const signedData = good.subarray(good.indexOf(0xa0))
      const message =
        oid === CmsOid.signedData
          ? der.sequence([der.oid(other), signedData])
          : forge({}, { contentType: other })
      const outcome = await verify(message, { content: CONTENT, trust }).then(
        ({ reason }) => reason,
        (error) => error.code,
      )
      expect(outcome).toMatch(/^(ERR_CMS_NOT_SIGNED_DATA|content-type-mismatch)$/)
    }
  })

  it('with arcs of a thousand bits is refused', async () => {
    const arc = new Uint8Array(150).fill(0x81)
    arc[149] = 1
    const long = encode(Tag.OBJECT_IDENTIFIER, [arc])
    const message = forge({ digestAlgorithm: der.sequence([long]) })
    expect(await verify(message, { content: CONTENT, trust })).toMatchObject({
      reason: 'digest-algorithm-unknown',
    })
    expect(() => parseSignedData(der.sequence([long, der.null()]))).toThrow(
      expect.objectContaining({ code: 'ERR_ASN1_LIMIT' }),
    )
  })
})

describe('many', () => {
  const { certificate } = identity('p256')

  it('signers: 256 are verified, another one is not', async () => {
    const signerInfos = new Array<Uint8Array>(257).fill(forgeSignerInfo(identity('p256')))
    const certificates = [certificate.der]
    const fits = forgeMessage({ signerInfos: signerInfos.slice(1), certificates })
    expect(await verify(fits, { content: CONTENT, trust })).toMatchObject({ verdict: 'valid' })
    const { signers } = await verify(forgeMessage({ signerInfos, certificates }), { content: CONTENT, trust })
    expect(signers.map(({ reason }) => reason)).toEqual([...new Array(256), 'too-many-signatures'])
  })

  it('signers over many certificates: fewer are verified', async () => {
    const subject = commonName('x'.repeat(60_000))
    const certificates = Array.from({ length: 100 }, (_, i) =>
      forgeCertificateDer('p256', { subject, issuer: commonName('y'.repeat(60_000) + i) }),
    )
    const signerInfos = new Array<Uint8Array>(50).fill(forgeSignerInfo(identity('p256')))
    const message = forgeMessage({ signerInfos, certificates: [...certificates, certificate.der] })
    const { signers } = await verify(message, { content: CONTENT, trust })
    // 11 MiB to look through for each: 13 attempts of 512.
    expect(signers.filter(({ verdict }) => verdict === 'valid')).toHaveLength(39)
    expect(signers.at(-1)?.reason).toBe('too-many-signatures')
  })

  it('certificates of the same name and number: the fitting one is found among the first', async () => {
    const spki = spkiOf(identity('p384').privateKey)
    const impostors = Array.from({ length: 300 }, (_, i) =>
      forgeCertificateDer('p256', { spki, subject: commonName(`impostor ${i}`) }),
    )
    const few = forge(identity('p256'), { certificates: [...impostors.slice(0, 3), certificate.der] })
    expect(await verify(few, { content: CONTENT, trust })).toMatchObject({ verdict: 'valid' })
    const tooMany = forge(identity('p256'), { certificates: [...impostors.slice(0, 4), certificate.der] })
    expect(await verify(tooMany, { content: CONTENT, trust })).toMatchObject({ reason: 'signature-mismatch' })
    // The caller's come first, whatever the message brings.
    const many = forge(identity('p256'), { certificates: impostors })
    expect(await verify(many, { content: CONTENT, trust })).toMatchObject({ reason: 'signature-mismatch' })
    const given = { content: CONTENT, trust, certificates: [certificate] }
    expect(await verify(many, given)).toMatchObject({ verdict: 'valid' })
  })

  it('certificates that cannot be read do not keep a good one from being found', async () => {
    const junk = Array.from({ length: 50 }, (_, i) => der.sequence([der.integer(i)]))
    const message = forge(identity('p256'), { certificates: [...junk, certificate.der] })
    expect(await verify(message, { content: CONTENT, trust })).toMatchObject({ verdict: 'valid' })
  })

  it('a certificate whose key identifier cannot be read does not keep a good one from being found', async () => {
    const malformed = { oid: '2.5.29.14', critical: false, value: der.null() }
    const broken = forgeCertificateDer('p256', { extensions: [malformed] })
    const sid = encode(0x80, [certificate.subjectKeyIdentifier as Uint8Array])
    const certificates = [broken, certificate.der]
    const message = forge({ ...identity('p256'), sid, version: 3 }, { certificates })
    expect(await verify(message, { content: CONTENT, trust })).toMatchObject({ verdict: 'valid' })
  })

  it('signers: 256 are verified, no more', async () => {
    const signers = (count: number) => forgeMessage({ signerInfos: Array(count).fill(forgeSignerInfo()) })
    expect(await verify(signers(256), { content: CONTENT, trust })).toMatchObject({ verdict: 'valid' })
    expect(await verify(signers(257), { content: CONTENT, trust })).toMatchObject({
      reason: 'too-many-signatures',
    })
  })

  it('signers and certificates: no certificate is opened again for each signer', async () => {
    // By key identifier, which is inside an extension: 500 times 500 pairs.
    const sid = (i: number) => encode(0x80, [Uint8Array.of(i >> 8, i & 0xff)])
    const one = forgeSignerInfo({ ...identity('p256'), version: 3, sid: sid(0) })
    const signerInfos = Array.from({ length: 500 }, (_, i) => replaceBytes(one, sid(0), sid(i)))
    const certificates = Array.from({ length: 500 }, (_, i) => {
      const value = der.octetString(Uint8Array.of(0xff, i >> 8, i & 0xff))
      return forgeCertificateDer('p256', { extensions: [{ oid: '2.5.29.14', critical: false, value }] })
    })
    const opened = vi.spyOn(Certificate.prototype, 'subjectKeyIdentifier', 'get')
    const message = forgeMessage({ signerInfos, certificates })
    expect(await verify(message, { content: CONTENT })).toMatchObject({ reason: 'certificate-not-found' })
    expect(opened.mock.calls.length).toBe(500)
    opened.mockRestore()
  })
})

it('a certificate with the name and number of another does not stand in for it', async () => {
  const message = forge(
    {},
    { certificates: [forgeCertificateDer('rsa', { spki: spkiOf(identity('p256').privateKey) })] },
  )
  expect(await verify(message, { content: CONTENT, trust })).toMatchObject({ reason: 'key-mismatch' })
})

it.each<[string, (bytes: Uint8Array) => Uint8Array | CmsSignature]>([
  ['bytes', (bytes) => bytes],
  ['a CmsSignature', (bytes) => CmsSignature.from(bytes)],
])('%s that change while the content is read do not change what was signed', async (_, form) => {
  // Signed over one content; when all that is signed has been copied, its digest becomes that of another.
  const other = new TextEncoder().encode('another content')
  const message = forge()
  const [from, to] = [CONTENT, other].map((content) => createHash('sha256').update(content).digest())
  async function* content() {
    yield other
    message.set(to as Uint8Array, Buffer.from(message).indexOf(from as Buffer))
  }
  expect(await verify(form(message), { content: content(), trust })).toMatchObject({
    verdict: 'invalid',
    reason: 'message-digest-mismatch',
  })
})

it('a serial number with another sign or length is another', async () => {
  const { certificate } = identity('rsa')
  for (const serial of [Uint8Array.of(0xff, ...certificate.serial), certificate.serial.subarray(1)]) {
    const sid = der.sequence([certificate.issuer.der, encode(Tag.INTEGER, [serial])])
    const outcome = await verify(forge({ sid }), { content: CONTENT, trust }).then(
      ({ reason }) => reason,
      (error) => error.code,
    )
    expect(outcome).toMatch(/^(certificate-not-found|ERR_ASN1_VALUE)$/)
  }
  expect(issuerAndSerial(certificate)[0]).toBe(0x30)
})

it('signed attributes that are empty are refused', async () => {
  await expect(verify(forge({ attributes: () => [] }), { content: CONTENT })).rejects.toMatchObject({
    code: 'ERR_CMS_MALFORMED',
  })
})

it('content both in the message and given is refused; neither is refused', async () => {
  const attached = forge({}, { eContent: CONTENT })
  await expect(verify(attached, { content: CONTENT })).rejects.toMatchObject({
    code: 'ERR_CMS_CONTENT_UNEXPECTED',
  })
  await expect(verify(good)).rejects.toMatchObject({ code: 'ERR_CMS_CONTENT_MISSING' })
})

it('what is no SignedData is named', async () => {
  const data = der.sequence([der.oid(CmsOid.data), der.explicit(0, der.octetString(CONTENT))])
  await expect(verify(data)).rejects.toMatchObject({
    code: 'ERR_CMS_NOT_SIGNED_DATA',
    message: expect.stringContaining(CmsOid.data),
  })
})

it('attributes of attacker and victim cannot be mixed: an attribute added after signing is seen', async () => {
  const message = vector('openssl-detached.der')
  const info = parseSignedData(message).signerInfos[0]
  const signature = info?.signature ?? new Uint8Array()
  const mixed = forge({
    signature: () => signature,
    attributes: (list) => [...list, attribute('1.2.3', der.null())],
  })
  expect(await verify(mixed, { content: CONTENT, trust })).toMatchObject({ reason: 'signature-mismatch' })
})

/** BER as real producers send it is read; signed attributes must be DER all the same (RFC 5652 5.3). */
import { describe, expect, it } from 'vitest'
import { der } from '../../src/asn1/index.ts'
import { CmsOid, CmsSignature, parseSignedData, sign, verify } from '../../src/cms/index.ts'
import type { TreeNode } from '../support/derTree.ts'
import { type BerForm, keepsDer, toBer } from './support/ber.ts'
import { stamped } from './support/cases-unsigned.ts'
import { attribute, attributeDer, CONTENT, forge, forgeMessage, forgeSignerInfo } from './support/forge.ts'
import { identity, keySigner } from './support/identities.ts'
import { forgeToken, timestampAttribute } from './support/tokens.ts'

const trust = () => ({ trusted: true }) as const
const attached = async (): Promise<Uint8Array> =>
  (await sign(CONTENT, { signers: keySigner('rsa'), detached: false, certificates: 'signer' })).der

describe.each<[string, BerForm]>([
  ['indefinite lengths', {}],
  ['long lengths', { lengths: 'long' }],
  ['indefinite lengths, strings in pieces', { pieces: 5 }],
  ['long lengths, strings in pieces of a byte', { lengths: 'long', pieces: 1 }],
])('%s', (_, form) => {
  it('around DER attributes is read like DER', async () => {
    const message = toBer(await attached(), { ...form, keep: keepsDer })
    expect(message[1]).not.toBe(0x82)
    const result = await verify(message, { trust })
    expect(result).toMatchObject({ verdict: 'valid', detached: false })
    expect(result.content).toEqual(CONTENT)
    expect(result.signers[0]?.notes).toEqual([])
  })

  it('of the attributes too is refused, and taken with a note where asked for', async () => {
    const isCertificate = ({ path }: TreeNode): boolean => path === 'root.1.0.3'
    const message = toBer(await attached(), { ...form, keep: isCertificate })
    expect(await verify(message, { trust })).toMatchObject({
      verdict: 'invalid',
      reason: 'signed-attributes-not-der',
    })
    const lenient = await verify(message, { trust, lenient: true })
    expect(lenient).toMatchObject({ verdict: 'valid' })
    expect(lenient.signers[0]?.notes).toHaveLength(1)
  })

  it('of the attributes is not hidden by their DER elsewhere in the message', async () => {
    const info = (unsigned: Uint8Array[]): Uint8Array => forgeSignerInfo({ unsigned: () => unsigned })
    const signed = parseSignedData(forgeMessage({ signerInfos: [info([])] })).signerInfos[0]?.signedAttrs
    const copy = attributeDer(attribute('1.2.3', Uint8Array.of(0xa0, ...(signed?.der.subarray(1) ?? []))))
    const der = forgeMessage({ signerInfos: [info([copy])] })
    const kept = ({ path }: TreeNode): boolean => /^root\.1\.0\.(\d+\.\d+\.6|3)$/.test(path)
    const message = toBer(der, { ...form, keep: kept })
    expect(Buffer.from(message).includes(Buffer.from(copy))).toBe(true)
    expect(await verify(der, { content: CONTENT, trust })).toMatchObject({ verdict: 'valid' })
    expect(await verify(message, { content: CONTENT, trust })).toMatchObject({
      reason: 'signed-attributes-not-der',
    })
  })

  it('does not hide a changed content', async () => {
    const message = toBer(forge({}, { eContent: Uint8Array.from(CONTENT, (byte) => byte ^ 1) }), {
      ...form,
      keep: keepsDer,
    })
    expect(await verify(message, { trust })).toMatchObject({ reason: 'message-digest-mismatch' })
  })
})

it('a key identifier in pieces is put together', async () => {
  const id = identity('p256').certificate.subjectKeyIdentifier as Uint8Array
  const pieces = [id.subarray(0, 3), id.subarray(3)].map(der.octetString)
  const sid = der.sequence(pieces)
  sid[0] = 0xa0
  const message = forge({ ...identity('p256'), sid, version: 3 })
  expect(await verify(message, { content: CONTENT, trust })).toMatchObject({ verdict: 'valid' })
})

it('sets out of order are read, where they are not signed', async () => {
  const certificates = [identity('rsa'), identity('p256'), identity('p384')].map(
    ({ certificate }) => certificate.der,
  )
  const signerInfos = [
    forgeSignerInfo(),
    forgeSignerInfo(identity('p384')),
    forgeSignerInfo(identity('p256')),
  ]
  for (const backwards of [false, true]) {
    const message = forgeMessage({
      certificates: backwards ? certificates.toReversed() : certificates,
      signerInfos: backwards ? signerInfos.toReversed() : signerInfos,
    })
    expect(await verify(message, { content: CONTENT, trust })).toMatchObject({ verdict: 'valid' })
  }
})

it('timestamp tokens may be BER', async () => {
  const message = forge({
    unsigned: (signature) => [
      timestampAttribute(toBer(forgeToken(signature), { pieces: 9, keep: keepsDer })),
    ],
  })
  expect(await verify(message, { content: CONTENT, trust })).toMatchObject({ verdict: 'valid' })
  expect(await verify(stamped(), { content: CONTENT, trust })).toMatchObject({ verdict: 'valid' })
})

it('what is read from BER can be written as DER and remains the same signature', async () => {
  const message = CmsSignature.from(toBer(await attached(), { pieces: 7, keep: keepsDer }))
  const again = CmsSignature.from(message.pem())
  expect(Buffer.from(again.der)).toEqual(Buffer.from(message.der))
  expect(await verify(again, { trust })).toMatchObject({ verdict: 'valid' })
})

it('an unsigned attribute out of place does not count', async () => {
  const message = forge({
    unsigned: () => [der.sequence([der.oid(CmsOid.contentType), der.setOf([der.oid('1.2.3')])])],
    attributes: (good) => [...good, attribute('1.2.3', der.null())],
  })
  expect(await verify(message, { content: CONTENT, trust })).toMatchObject({ verdict: 'valid' })
})

it('attributes in BER are attributes, where a content is asked for', async () => {
  const { signedAttrs } = parseSignedData(forge()).signerInfos[0] ?? {}
  const content = toBer(signedAttrs?.der ?? new Uint8Array())
  expect(content[1]).toBe(0x80)
  const message = forge({ attributes: null, content })
  expect(await verify(message, { content, trust, allowNoSignedAttributes: true })).toMatchObject({
    reason: 'content-looks-like-attributes',
  })
})

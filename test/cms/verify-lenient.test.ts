/** Attributes out of DER order: what pkijs, node-forge and others write. Strict refuses, lenient takes it with a note. */
import forgeLibrary from 'node-forge'
import { describe, expect, it } from 'vitest'
import { parseSignatureAlgorithm } from '../../src/algorithms/index.ts'
import { der } from '../../src/asn1/index.ts'
import { CmsOid, CmsSignature, verify } from '../../src/cms/index.ts'
import { type Attribute, attribute, CONTENT, type ForgedSigner, forge } from './support/forge.ts'
import { identity, vector } from './support/identities.ts'

const trust = () => ({ trusted: true }) as const
const time = attribute(CmsOid.signingTime, der.time(new Date('2026-11-21T02:30:00Z')))
const fieldOrder = ([type, digest]: Attribute[]): Attribute[] => [
  type as Attribute,
  digest as Attribute,
  time,
]
const NOTE = /not in DER order \(RFC 5652 5.3\): strict verifiers refuse/

/** The signature of the rsa key over the usual attributes and one more, all in DER order. */
function signatureOver(more: Attribute): Uint8Array {
  const message = forge({ attributes: (good) => [...good, more] })
  return CmsSignature.from(message).signedData.signerInfos[0]?.signature ?? new Uint8Array()
}

describe.each<[string, ForgedSigner]>([
  ['signed as sent', { order: 'as-sent', attributes: fieldOrder }],
  ['signed in DER order', { order: 'der-signed', attributes: fieldOrder }],
  [
    'values of one attribute out of order, signed as sent',
    { attributes: (good) => [...good, attribute('1.2.3.4', der.integer(2), der.integer(1))] },
  ],
  [
    'values of one attribute out of order, signed in DER order',
    {
      attributes: (good) => [...good, attribute('1.2.3.4', der.integer(2), der.integer(1))],
      signature: () => signatureOver(attribute('1.2.3.4', der.integer(1), der.integer(2))),
    },
  ],
])('%s', (_, signer) => {
  it('is refused as a rule', async () => {
    const result = await verify(forge(signer), { content: CONTENT, trust })
    expect(result).toMatchObject({ verdict: 'invalid', reason: 'signed-attributes-not-der' })
  })

  it('is taken with a note where asked for', async () => {
    const result = await verify(forge(signer), { content: CONTENT, trust, lenient: true })
    expect(result).toMatchObject({ verdict: 'valid', reason: undefined })
    expect(result.signers[0]?.notes).toEqual([expect.stringMatching(NOTE)])
  })

  it('is refused all the same where something else is wrong', async () => {
    const options = { trust, lenient: true }
    const broken = forge({ ...signer, signature: () => new Uint8Array(256) })
    expect(await verify(broken, { ...options, content: CONTENT })).toMatchObject({
      reason: 'signature-mismatch',
    })
    expect(await verify(forge(signer), { ...options, content: 'another' })).toMatchObject({
      reason: 'message-digest-mismatch',
    })
    const twice = forge({
      ...signer,
      attributes: (good) => [...(signer.attributes?.(good) ?? good), ...good],
    })
    expect(await verify(twice, { ...options, content: CONTENT })).toMatchObject({
      reason: 'attribute-duplicate',
    })
  })
})

it('says nothing about attributes that are in order', async () => {
  const result = await verify(forge(), { content: CONTENT, trust, lenient: true })
  expect(result).toMatchObject({ verdict: 'valid' })
  expect(result.signers[0]?.notes).toEqual([])
})

it('what node-forge signs is of this kind', async () => {
  const p7 = forgeLibrary.pkcs7.createSignedData()
  p7.content = forgeLibrary.util.createBuffer(Buffer.from(CONTENT).toString('latin1'))
  const certificate = identity('rsa').certificate.toPem()
  p7.addCertificate(certificate)
  p7.addSigner({
    key: Buffer.from(vector('pki/rsa.key')).toString(),
    certificate,
    digestAlgorithm: forgeLibrary.pki.oids['sha256'] as string,
    authenticatedAttributes: [
      {
        type: forgeLibrary.pki.oids['contentType'] as string,
        value: forgeLibrary.pki.oids['data'] as string,
      },
      { type: forgeLibrary.pki.oids['messageDigest'] as string },
      { type: forgeLibrary.pki.oids['signingTime'] as string, value: new Date() as never },
    ],
  })
  p7.sign()
  const message = new Uint8Array(Buffer.from(forgeLibrary.asn1.toDer(p7.toAsn1()).getBytes(), 'latin1'))
  expect(await verify(message, { trust })).toMatchObject({ reason: 'signed-attributes-not-der' })
  // node-forge writes the certificate anew, with NULL behind ecdsa-with-SHA256: it is another one then.
  const certificates = [identity('rsa').certificate]
  const lenient = await verify(message, { trust, lenient: true, certificates })
  expect(lenient).toMatchObject({ verdict: 'valid' })
  expect(lenient.signers[0]?.notes).toEqual([expect.stringMatching(NOTE)])
})

describe('notes', () => {
  it('say where there are no signed attributes', async () => {
    const result = await verify(forge({ attributes: null }), {
      content: CONTENT,
      trust,
      allowNoSignedAttributes: true,
    })
    expect(result).toMatchObject({ verdict: 'valid' })
    expect(result.signers[0]?.notes).toEqual([expect.stringContaining('without signed attributes')])
  })

  it('say where EdDSA goes with another digest than RFC 8419 asks for', async () => {
    const result = await verify(forge({ ...identity('ed25519'), hash: 'SHA-256' }), {
      content: CONTENT,
      trust,
    })
    expect(result).toMatchObject({ verdict: 'valid' })
    expect(result.signers[0]?.notes).toEqual(['RFC 8419 asks for SHA-512 with Ed25519, not SHA-256'])
  })
})

describe('weak hashes', () => {
  it.each([
    ['SHA-1', '1.2.840.113549.1.1.5'],
    ['MD5', '1.2.840.113549.1.1.4'],
  ] as const)('%s is refused as a rule, and taken where asked for', async (hash, oid) => {
    const algorithm = parseSignatureAlgorithm(der.sequence([der.oid(oid), der.null()]))
    const message = forge({ hash, algorithm })
    expect(await verify(message, { content: CONTENT, trust })).toMatchObject({
      reason: 'digest-algorithm-weak',
    })
    expect(await verify(message, { content: CONTENT, trust, lenient: true })).toMatchObject({
      verdict: 'invalid',
    })
    const allowed = await verify(message, { content: CONTENT, trust, allowWeakHashes: true })
    expect(allowed).toMatchObject({ verdict: 'valid' })
    expect(allowed.signers[0]?.algorithm).toBe(`RSASSA-PKCS1-v1_5 with ${hash}`)
  })

  it('a weak key is another matter', async () => {
    const message = forge(identity('weak'))
    const options = { content: CONTENT, trust }
    expect(await verify(message, { ...options, allowWeakHashes: true })).toMatchObject({ reason: 'key-weak' })
    expect(await verify(message, { ...options, minRsaBits: 1024 })).toMatchObject({ verdict: 'valid' })
    await expect(verify(message, { ...options, minRsaBits: Number.NaN })).rejects.toThrow(TypeError)
  })
})

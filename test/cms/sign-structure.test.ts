/** RFC 5652 section 5, octet by octet: against a message put together by hand, and against pkijs as reader. */
import { createHash } from 'node:crypto'
import { fromBER, type OctetString, type Set as SetOf } from 'asn1js'
import { ContentInfo, type Certificate as PkiCertificate, SignedData } from 'pkijs'
import { describe, expect, it } from 'vitest'
import {
  type CertificateInclusion,
  type CmsKey,
  parseSignedData,
  type SignOptions,
  sign,
} from '../../src/cms/index.ts'
import { element } from '../support/derTree.ts'
import { CONTENT } from './support/forge.ts'
import { type IdentityName, identity, keySigner } from './support/identities.ts'
import { bytesOf, derFaults, isAscending, outline } from './support/strict-der.ts'

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const fromHex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex')
const time = new Date('2026-11-21T02:30:00Z')

/** A key whose signature is always the same. */
function fixedKey(name: IdentityName): CmsKey {
  return { ...keySigner(name), sign: async () => Uint8Array.of(1, 2, 3) }
}

describe('a message put together by hand', () => {
  const data = fromHex('06 09 2a864886f70d010701')
  const sha256 = element(0x30, [fromHex('06 09 608648016503040201')])
  const { certificate } = identity('p256')

  function expected(
    sid: Uint8Array,
    version: number,
    eContent: Uint8Array[],
    digestOf: Uint8Array,
  ): Uint8Array {
    const attributes = [
      element(0x30, [fromHex('06 09 2a864886f70d010903'), element(0x31, [data])]),
      element(0x30, [fromHex('06 09 2a864886f70d010905 31 0f 17 0d'), Buffer.from('261121023000Z')]),
      element(0x30, [fromHex('06 09 2a864886f70d010904 31 22 04 20'), digestOf]),
    ]
    const signerInfo = element(0x30, [
      element(0x02, [Uint8Array.of(version)]),
      sid,
      sha256,
      element(0xa0, attributes),
      fromHex('30 0a 06 08 2a8648ce3d040302'),
      fromHex('04 03 010203'),
    ])
    const signedData = element(0x30, [
      element(0x02, [Uint8Array.of(version)]),
      element(0x31, [sha256]),
      element(0x30, [data, ...eContent]),
      element(0xa0, [certificate.der]),
      element(0x31, [signerInfo]),
    ])
    return element(0x30, [fromHex('06 09 2a864886f70d010702'), element(0xa0, [signedData])])
  }

  const options: SignOptions = { signers: fixedKey('p256'), signingTime: time, certificates: 'signer' }
  const hashed = createHash('sha256').update(CONTENT).digest()

  it('is what sign makes: detached, by issuer and serial number', async () => {
    const sid = element(0x30, [certificate.issuer.der, element(0x02, [certificate.serial])])
    const { der } = await sign(CONTENT, options)
    expect(hex(der)).toBe(hex(expected(sid, 1, [], hashed)))
  })

  it('is what sign makes: attached, by subject key identifier', async () => {
    const sid = element(0x80, [certificate.subjectKeyIdentifier as Uint8Array])
    const { der } = await sign(CONTENT, { ...options, detached: false, sid: 'subjectKeyIdentifier' })
    const eContent = element(0xa0, [element(0x04, [CONTENT])])
    expect(hex(der)).toBe(hex(expected(sid, 3, [eContent], hashed)))
  })
})

describe('versions (RFC 5652 5.1, 5.3)', () => {
  it.each<[Partial<SignOptions>, number, number]>([
    [{}, 1, 1],
    [{ sid: 'issuerAndSerialNumber' }, 1, 1],
    [{ sid: 'subjectKeyIdentifier' }, 3, 3],
    [{ contentType: '1.2.3.4' }, 3, 1],
    [{ contentType: '1.2.3.4', sid: 'subjectKeyIdentifier' }, 3, 3],
  ])('%o: SignedData %i, SignerInfo %i', async (options, ofData, ofSigner) => {
    const { signedData } = await sign(CONTENT, { signers: keySigner('p256'), ...options })
    expect([signedData.version, signedData.signerInfos[0]?.version]).toEqual([ofData, ofSigner])
  })
})

const inclusions: Record<CertificateInclusion, IdentityName[]> = {
  none: [],
  signer: ['p256'],
  chain: ['p256', 'intermediate'],
  'chain-with-root': ['p256', 'intermediate', 'root'],
}

describe('certificates', () => {
  it.each(Object.entries(inclusions))('%s', async (certificates, names) => {
    const { der } = await sign(CONTENT, {
      signers: keySigner('p256'),
      certificates: certificates as CertificateInclusion,
    })
    const expected = names.map((name) => hex(identity(name).certificate.der)).sort()
    const { certificates: set } = outline(der)
    expect(set?.children.map((node) => hex(bytesOf(der, node))) ?? []).toEqual(expected)
    expect(set === undefined || isAscending(der, set)).toBe(true)
    expect(parseSignedData(der).certificates.map(({ bytes }) => hex(bytes))).toEqual(expected)
  })

  it('are the chain without the root where nothing is said', async () => {
    const { signedData } = await sign(CONTENT, { signers: keySigner('p256') })
    expect(signedData.certificates).toHaveLength(2)
  })

  it('stand once where they come twice', async () => {
    const key = keySigner('p256')
    const twice = { ...key, chain: [...key.chain, key.certificate, ...key.chain] }
    const { signedData } = await sign(CONTENT, { signers: twice, certificates: 'chain-with-root' })
    expect(signedData.certificates).toHaveLength(3)
  })

  it('are one of four words', async () => {
    const certificates = 'all' as CertificateInclusion
    await expect(sign(CONTENT, { signers: keySigner('p256'), certificates })).rejects.toThrow(TypeError)
  })
})

describe('what pkijs reads', () => {
  it.each<[string, Partial<SignOptions>]>([
    ['detached', {}],
    ['attached', { detached: false }],
    ['empty, attached', { detached: false }],
    ['by key identifier', { sid: 'subjectKeyIdentifier' }],
    ['another content type', { contentType: '1.2.840.113549.1.9.16.1.4', detached: false }],
    ['every attribute', { signingCertificate: true, algorithmProtection: true, signingTime: time }],
    ['two signers', { signers: [keySigner('p256'), keySigner('rsa', { hash: 'SHA-512' })] }],
  ])('%s', async (name, options) => {
    const content = name.startsWith('empty') ? new Uint8Array() : CONTENT
    const { der } = await sign(content, { signers: keySigner('p256'), ...options })
    expect(derFaults(der)).toEqual([])
    const { result, offset } = fromBER(new Uint8Array(der).buffer)
    expect(offset).toBe(der.length)
    const info = new ContentInfo({ schema: result })
    expect(info.contentType).toBe('1.2.840.113549.1.7.2')
    const theirs = new SignedData({ schema: info.content })
    const ours = parseSignedData(der)
    expect(theirs.version).toBe(ours.version)
    expect(theirs.encapContentInfo.eContentType).toBe(ours.eContentType)
    expect(theirs.encapContentInfo.eContent === undefined).toBe(ours.eContent === undefined)
    if (options.detached === false) {
      const octets = (theirs.encapContentInfo.eContent as OctetString).getValue()
      expect(hex(new Uint8Array(octets))).toBe(hex(content))
      expect(hex(ours.eContent as Uint8Array)).toBe(hex(content))
    }
    expect(
      theirs.certificates?.map((one) => hex(new Uint8Array((one as PkiCertificate).toSchema().toBER()))),
    ).toEqual(ours.certificates.map(({ bytes }) => hex(bytes)))
    expect(theirs.signerInfos).toHaveLength(ours.signerInfos.length)
    for (const [i, { signedAttrs, signature, version }] of theirs.signerInfos.entries()) {
      const signer = ours.signerInfos[i]
      expect(version).toBe(signer?.version)
      expect(hex(signature.valueBlock.valueHexView)).toBe(hex(signer?.signature as Uint8Array))
      expect(signedAttrs?.attributes.map(({ type }) => type)).toEqual(
        signer?.signedAttrs?.attributes.map(({ oid }) => oid),
      )
      // RFC 5652 5.4: pkijs keeps the bytes to be signed with the tag SET.
      expect(hex(new Uint8Array(signedAttrs?.encodedValue as ArrayBuffer))).toBe(
        hex(signer?.signedAttrs?.der as Uint8Array),
      )
      const set = fromBER(signedAttrs?.encodedValue as ArrayBuffer).result as SetOf
      expect(set.idBlock.tagNumber).toBe(17)
    }
  })
})

it('is DER throughout for every key, hash and option', async () => {
  const keys = [
    ...(['rsa', 'rsapss', 'p256', 'p384', 'p521'] as const).flatMap((name) =>
      (['SHA-256', 'SHA-384', 'SHA-512'] as const).map((hash) => keySigner(name, { hash })),
    ),
    keySigner('rsa', { pss: true }),
    keySigner('ed25519'),
    keySigner('ed448'),
  ]
  for (const signers of [...keys, keys]) {
    for (const sid of ['issuerAndSerialNumber', 'subjectKeyIdentifier'] as const) {
      const all = { signingCertificate: true, algorithmProtection: true, detached: false, sid }
      const { der } = await sign(CONTENT, { signers, certificates: 'chain-with-root', ...all })
      expect(derFaults(der)).toEqual([])
      const { certificates, signerInfos } = outline(der)
      for (const set of [certificates, ...signerInfos.map(({ signedAttrs }) => signedAttrs)]) {
        expect(set !== undefined && isAscending(der, set)).toBe(true)
      }
    }
  }
})

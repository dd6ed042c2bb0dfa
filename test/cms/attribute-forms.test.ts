/** Forms of attributes that others write and that are right. */
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { hashAlgorithm, RSA_ENCRYPTION_DER } from '../../src/algorithms/index.ts'
import { der, encode, Tag } from '../../src/asn1/index.ts'
import { CmsOid, verify } from '../../src/cms/index.ts'
import { attribute, attributeDer, CONTENT, forge } from './support/forge.ts'
import { identity } from './support/identities.ts'

const trust = () => ({ trusted: true }) as const
const { certificate } = identity('rsa')
const hashed = (name: string): Uint8Array =>
  der.octetString(createHash(name).update(certificate.der).digest())

async function withAttribute(oid: string, value: Uint8Array) {
  const message = forge({ attributes: (good) => [...good, attribute(oid, value)] })
  return await verify(message, { content: CONTENT, trust })
}

describe('signing-certificate', () => {
  const issuer = der.sequence([der.explicit(4, certificate.issuer.der)])
  const issuerSerial = der.sequence([issuer, encode(Tag.INTEGER, [certificate.serial])])
  const policies = der.sequence([der.sequence([der.oid('1.2.3')])])
  const other = der.sequence([der.octetString(new Uint8Array(32))])
  const v2 = CmsOid.signingCertificateV2
  const v1 = CmsOid.signingCertificate
  const ids = (...list: Uint8Array[]): Uint8Array => der.sequence([der.sequence(list)])

  it.each<[string, string, Uint8Array]>([
    ['v2 by the hash alone', v2, ids(der.sequence([hashed('sha256')]))],
    ['v2 with issuer and serial number', v2, ids(der.sequence([hashed('sha256'), issuerSerial]))],
    [
      'v2 with its hash named',
      v2,
      ids(der.sequence([hashAlgorithm('SHA-512').der, hashed('sha512'), issuerSerial])),
    ],
    [
      'v2 with SHA-256 named, with NULL',
      v2,
      ids(der.sequence([der.sequence([der.oid('2.16.840.1.101.3.4.2.1'), der.null()]), hashed('sha256')])),
    ],
    ['v2 with an issuer behind the signer', v2, ids(der.sequence([hashed('sha256')]), other)],
    ['v2 with policies', v2, der.sequence([der.sequence([der.sequence([hashed('sha256')])]), policies])],
    ['v1', v1, ids(der.sequence([hashed('sha1'), issuerSerial]))],
    ['v1 with policies', v1, der.sequence([der.sequence([der.sequence([hashed('sha1')])]), policies])],
  ])('%s', async (_, oid, value) => {
    const result = await withAttribute(oid, value)
    expect(result).toMatchObject({ verdict: 'valid' })
    expect(result.signers[0]?.checks.find(({ check }) => check === 'signing-certificate')?.outcome).toBe(
      'passed',
    )
  })

  it.each<[string, string, Uint8Array, string]>([
    [
      'v2 with the signer second',
      v2,
      ids(other, der.sequence([hashed('sha256')])),
      'signing-certificate-mismatch',
    ],
    ['v2 with the hash of v1', v2, ids(der.sequence([hashed('sha1')])), 'signing-certificate-mismatch'],
    ['v1 with the hash of v2', v1, ids(der.sequence([hashed('sha256')])), 'signing-certificate-mismatch'],
    [
      'v1 with a hash named',
      v1,
      ids(der.sequence([hashAlgorithm('SHA-256').der, hashed('sha256')])),
      'attribute-malformed',
    ],
    [
      'v2 with an unknown hash',
      v2,
      ids(der.sequence([der.sequence([der.oid('1.2.3')]), hashed('sha256')])),
      'attribute-malformed',
    ],
    [
      'v2 with policies that are none',
      v2,
      der.sequence([der.sequence([der.sequence([hashed('sha256')])]), der.null()]),
      'attribute-malformed',
    ],
    [
      'v2 with more behind the policies',
      v2,
      der.sequence([der.sequence([der.sequence([hashed('sha256')])]), policies, der.null()]),
      'attribute-malformed',
    ],
    [
      'v2 with two names of the issuer',
      v2,
      ids(
        der.sequence([
          hashed('sha256'),
          der.sequence([
            der.sequence([der.explicit(4, certificate.issuer.der), der.explicit(4, certificate.issuer.der)]),
            encode(Tag.INTEGER, [certificate.serial]),
          ]),
        ]),
      ),
      'attribute-malformed',
    ],
    ['v2 that is no SEQUENCE', v2, der.null(), 'attribute-malformed'],
  ])('%s is refused', async (_, oid, value, reason) => {
    expect(await withAttribute(oid, value)).toMatchObject({ verdict: 'invalid', reason })
  })
})

describe('algorithm protection', () => {
  const sha256 = '2.16.840.1.101.3.4.2.1'
  const bare = der.sequence([der.oid(sha256)])
  const withNull = der.sequence([der.oid(sha256), der.null()])
  const withNumber = der.sequence([der.oid(sha256), der.integer(0)])
  const rsa = der.sequence([der.oid('1.2.840.113549.1.1.1')])
  const value = (digest: Uint8Array, signature: Uint8Array, ...more: Uint8Array[]): Uint8Array =>
    der.sequence([digest, der.implicit(1, signature), ...more])

  it.each<[string, Uint8Array]>([
    ['as in the message', value(bare, RSA_ENCRYPTION_DER)],
    ['NULL where the message has none', value(withNull, RSA_ENCRYPTION_DER)],
    ['none where the message has NULL', value(bare, rsa)],
  ])('%s', async (_, protection) => {
    expect(await withAttribute(CmsOid.algorithmProtection, protection)).toMatchObject({ verdict: 'valid' })
  })

  it.each<[string, Uint8Array, string]>([
    [
      'other parameters of the digest',
      value(withNumber, RSA_ENCRYPTION_DER),
      'algorithm-protection-mismatch',
    ],
    [
      'other parameters of the signature',
      value(bare, der.sequence([der.oid('1.2.840.113549.1.1.1'), der.integer(0)])),
      'algorithm-protection-mismatch',
    ],
    [
      'an empty string as parameters',
      value(der.sequence([der.oid(sha256), der.octetString(new Uint8Array())]), RSA_ENCRYPTION_DER),
      'algorithm-protection-mismatch',
    ],
    ['of a MAC', der.sequence([bare, der.implicit(2, RSA_ENCRYPTION_DER)]), 'attribute-malformed'],
    ['with something behind it', value(bare, RSA_ENCRYPTION_DER, der.null()), 'attribute-malformed'],
    ['of the digest alone', der.sequence([bare]), 'attribute-malformed'],
  ])('%s is refused', async (_, protection, reason) => {
    expect(await withAttribute(CmsOid.algorithmProtection, protection)).toMatchObject({
      verdict: 'invalid',
      reason,
    })
  })

  it('tells parameters apart', async () => {
    const pss = (salt: number): Uint8Array =>
      der.sequence([der.oid('1.2.840.113549.1.1.10'), der.sequence([der.explicit(2, der.integer(salt))])])
    expect(await withAttribute(CmsOid.algorithmProtection, value(bare, pss(32)))).toMatchObject({
      reason: 'algorithm-protection-mismatch',
    })
  })
})

describe('content without signed attributes that begins like them', () => {
  const options = { trust, allowNoSignedAttributes: true }

  it.each<[string, Uint8Array]>([
    ['one octet 31', Uint8Array.of(0x31)],
    ['text', Buffer.from('1.2.3 is a version')],
    ['a SET of numbers', der.setOf([der.integer(1)])],
    ['attributes without a digest', der.setOf([attributeDer(attribute('1.2.3', der.null()))])],
    ['a SET cut off', Uint8Array.of(0x31, 0x82, 1)],
  ])('%s is content', async (_, content) => {
    expect(await verify(forge({ attributes: null, content }), { ...options, content })).toMatchObject({
      verdict: 'valid',
    })
  })

  it('with a digest it is refused, in BER too', async () => {
    const digest = attributeDer(attribute(CmsOid.messageDigest, der.octetString(new Uint8Array(32))))
    for (const content of [
      der.setOf([digest]),
      Buffer.concat([Buffer.of(0x31, 0x80), digest, Buffer.alloc(2)]),
    ]) {
      const result = await verify(forge({ attributes: null, content }), { ...options, content })
      expect(result).toMatchObject({ reason: 'content-looks-like-attributes' })
    }
  })
})

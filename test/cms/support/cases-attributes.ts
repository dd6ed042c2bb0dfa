/** Signed attributes that are wrong, each message signed as it stands. */
import { createHash, sign as nodeSign } from 'node:crypto'
import { digest, hashAlgorithm, RSA_ENCRYPTION_DER } from '../../../src/algorithms/index.ts'
import { der, encode, Tag } from '../../../src/asn1/index.ts'
import { encodeAlgorithmProtection } from '../../../src/cms/algorithm-protection.ts'
import { encodeSigningCertificateV2 } from '../../../src/cms/ess.ts'
import { CmsOid, type ReasonCode } from '../../../src/cms/index.ts'
import type { Certificate } from '../../../src/x509/index.ts'
import { type Case, replaceBytes } from './cases.ts'
import { forgeCertificate, spkiOf } from './certificates.ts'
import {
  type Attribute,
  attribute,
  attributeDer,
  CONTENT,
  forge,
  forgeMessage,
  forgeSignerInfo,
} from './forge.ts'
import { identity } from './identities.ts'
import { timestampAttribute } from './tokens.ts'

const CUSTOM = '1.2.3.4'
const sha256 = (bytes: Uint8Array): Uint8Array => digest(hashAlgorithm('SHA-256'), bytes)
const without = (oid: string) => (good: Attribute[]) => good.filter((one) => one.oid !== oid)
const instead =
  (oid: string, ...values: Uint8Array[]) =>
  (good: Attribute[]) =>
    good.map((one) => (one.oid === oid ? attribute(oid, ...values) : one))
const plus =
  (...more: Attribute[]) =>
  (good: Attribute[]) => [...good, ...more]
const signingTime = attribute(CmsOid.signingTime, der.time(new Date('2026-11-21T02:30:00Z')))
const wrongDigest = der.octetString(new Uint8Array(32).fill(0xff))

function one(name: string, attributes: (good: Attribute[]) => Attribute[], ...failed: string[]): Case {
  return { name, message: () => forge({ attributes }), failed }
}

/** SigningCertificateV2 of what an issuerSerial and hash of the caller's say. */
function signingCertificate(certificate: Certificate, named: Certificate): Uint8Array {
  const issuer = der.sequence([der.explicit(4, named.issuer.der)])
  const serial = encode(Tag.INTEGER, [named.serial])
  const id = der.sequence([der.octetString(sha256(certificate.der)), der.sequence([issuer, serial])])
  return der.sequence([der.sequence([id])])
}

function signingCertificateV1(certificate: Certificate): Uint8Array {
  const sha1 = createHash('sha1').update(certificate.der).digest()
  return der.sequence([der.sequence([der.sequence([der.octetString(sha1)])])])
}

const rsaCertificate = () => identity('rsa').certificate
const otherCertificate = () => identity('other').certificate
const sha512WithRsa = der.sequence([der.oid('1.2.840.113549.1.1.13'), der.null()])

/** Content that is the SET OF signed attributes of another content: signed once, it would mean both. */
function attributesAsContent(): Uint8Array {
  return der.setOf([
    attributeDer(attribute(CmsOid.contentType, der.oid(CmsOid.data))),
    attributeDer(attribute(CmsOid.messageDigest, der.octetString(sha256(CONTENT)))),
  ])
}

export const ATTRIBUTE_CASES = {
  'signed-attributes-missing': [
    {
      name: 'signed over the content',
      message: () => forge({ attributes: null }),
      failed: ['signed-attributes'],
    },
    {
      name: 'allowed, but the content is not id-data (RFC 5652 5.3)',
      message: () => forge({ attributes: null }, { contentType: CUSTOM, version: 3 }),
      options: () => ({ allowNoSignedAttributes: true }),
      failed: ['signed-attributes'],
    },
  ],
  'signed-attributes-not-der': (['as-sent', 'der-signed'] as const).map((order) => ({
    name: `out of order, ${order === 'as-sent' ? 'signed so' : 'signed in DER order'}`,
    message: () => forge({ order, attributes: (good) => [...good, signingTime].reverse() }),
    failed: ['signed-attributes'],
  })),
  'content-looks-like-attributes': [
    {
      name: 'the attributes of another content as content',
      message: () => forge({ content: attributesAsContent(), attributes: null }),
      options: () => ({ content: attributesAsContent(), allowNoSignedAttributes: true }),
      failed: ['signature'],
    },
    {
      name: 'signed attributes taken out of a message and made its content',
      message: () =>
        forge({ content: attributesAsContent(), attributes: null }, { eContent: attributesAsContent() }),
      options: () => ({ content: undefined, allowNoSignedAttributes: true }),
      failed: ['signature'],
    },
  ],
  'attribute-duplicate': [
    one(
      'message-digest, the good one first',
      plus(attribute(CmsOid.messageDigest, wrongDigest)),
      'signed-attributes',
    ),
    one('signing-time', plus(signingTime, signingTime), 'signed-attributes'),
    one(
      'one that we do not know',
      plus(attribute(CUSTOM, der.null()), attribute(CUSTOM, der.integer(1))),
      'signed-attributes',
    ),
  ],
  'attribute-not-single': [
    one(
      'two content types',
      instead(CmsOid.contentType, der.oid(CmsOid.data), der.oid(CmsOid.data)),
      'signed-attributes',
    ),
    one(
      'two digests, the good one first',
      instead(CmsOid.messageDigest, der.octetString(sha256(CONTENT)), wrongDigest),
      'signed-attributes',
    ),
    one('content-type without a value', instead(CmsOid.contentType), 'signed-attributes'),
    one('an unknown attribute without a value', plus(attribute(CUSTOM)), 'signed-attributes'),
    one(
      'two signing times',
      plus({ ...signingTime, values: [...signingTime.values, ...signingTime.values] }),
      'signed-attributes',
    ),
    {
      name: 'seventeen timestamps',
      message: () =>
        forge({ unsigned: () => [timestampAttribute(...Array.from({ length: 17 }, () => der.null()))] }),
      failed: ['timestamp'],
    },
    {
      name: 'seventeen countersignatures',
      message: () => {
        const values = Array.from({ length: 17 }, (_, i) => der.sequence([der.integer(i)]))
        return forge({
          unsigned: () => values.map((value) => attributeDer(attribute(CmsOid.countersignature, value))),
        })
      },
      failed: ['countersignature'],
    },
  ],
  'attribute-malformed': [
    one('content-type is no OID', instead(CmsOid.contentType, der.integer(1)), 'content-type'),
    one('message-digest is no OCTET STRING', instead(CmsOid.messageDigest, der.integer(1)), 'message-digest'),
    one('signing-time is no time', plus(attribute(CmsOid.signingTime, der.null())), 'signed-attributes'),
    one(
      'signing-time without seconds',
      plus(attribute(CmsOid.signingTime, encode(Tag.UTC_TIME, [Buffer.from('2611210230Z')]))),
      'signed-attributes',
    ),
    one(
      'countersignature among the signed',
      plus(attribute(CmsOid.countersignature, der.null())),
      'signed-attributes',
    ),
    one(
      'algorithm protection is empty',
      plus(attribute(CmsOid.algorithmProtection, der.sequence([]))),
      'algorithm-protection',
    ),
    one(
      'signing-certificate-v2 names none',
      plus(attribute(CmsOid.signingCertificateV2, der.sequence([der.sequence([])]))),
      'signing-certificate',
    ),
    {
      name: 'countersignature is no SignerInfo',
      message: () =>
        forge({ unsigned: () => [attributeDer(attribute(CmsOid.countersignature, der.sequence([])))] }),
      failed: ['countersignature'],
    },
  ],
  'content-type-missing': [one('left out', without(CmsOid.contentType), 'content-type')],
  'content-type-mismatch': [
    one('another OID', instead(CmsOid.contentType, der.oid(CUSTOM)), 'content-type'),
    one(
      'an OID that is id-data in 32 bits',
      instead(CmsOid.contentType, der.oid(`1.2.840.113549.1.7.${2n ** 32n + 1n}`)),
      'content-type',
    ),
    {
      name: 'eContentType changed after signing',
      message: () => forge({}, { contentType: CUSTOM, version: 3 }),
      failed: ['content-type'],
    },
  ],
  'message-digest-missing': [one('left out', without(CmsOid.messageDigest), 'message-digest')],
  'message-digest-mismatch': [
    {
      name: 'detached content changed',
      message: () => forge(),
      options: () => ({ content: 'a passport tokeN' }),
      failed: ['message-digest'],
    },
    {
      name: 'attached content changed',
      message: () => forge({}, { eContent: new TextEncoder().encode('another') }),
      options: () => ({ content: undefined }),
      failed: ['message-digest'],
    },
    one('another digest', instead(CmsOid.messageDigest, wrongDigest), 'message-digest'),
    one(
      'a part of the digest',
      instead(CmsOid.messageDigest, der.octetString(sha256(CONTENT).subarray(0, 16))),
      'message-digest',
    ),
    one(
      'an empty digest',
      instead(CmsOid.messageDigest, der.octetString(new Uint8Array())),
      'message-digest',
    ),
  ],
  'algorithm-protection-mismatch': [
    one(
      'another digest algorithm',
      plus(
        attribute(
          CmsOid.algorithmProtection,
          encodeAlgorithmProtection(hashAlgorithm('SHA-512').der, RSA_ENCRYPTION_DER),
        ),
      ),
      'algorithm-protection',
    ),
    one(
      'another signature algorithm',
      plus(
        attribute(
          CmsOid.algorithmProtection,
          encodeAlgorithmProtection(hashAlgorithm('SHA-256').der, sha512WithRsa),
        ),
      ),
      'algorithm-protection',
    ),
  ],
  'signing-certificate-mismatch': [
    one(
      'v2: another certificate',
      plus(attribute(CmsOid.signingCertificateV2, encodeSigningCertificateV2(otherCertificate()))),
      'signing-certificate',
    ),
    one(
      'v2: our certificate with a serial number of another',
      plus(attribute(CmsOid.signingCertificateV2, signingCertificate(rsaCertificate(), otherCertificate()))),
      'signing-certificate',
    ),
    one(
      'v1: another certificate',
      plus(attribute(CmsOid.signingCertificate, signingCertificateV1(otherCertificate()))),
      'signing-certificate',
    ),
    {
      name: 'v2 right, v1 wrong',
      message: () =>
        forge({
          attributes: plus(
            attribute(CmsOid.signingCertificateV2, encodeSigningCertificateV2(rsaCertificate())),
            attribute(CmsOid.signingCertificate, signingCertificateV1(otherCertificate())),
          ),
        }),
      failed: ['signing-certificate'],
    },
    {
      name: 'swapped for a certificate with the same key, name and number',
      message: () =>
        forge(
          {
            attributes: plus(
              attribute(CmsOid.signingCertificateV2, encodeSigningCertificateV2(rsaCertificate())),
            ),
          },
          { certificates: [forgeCertificate('rsa', { extensions: [] }).der] },
        ),
      failed: ['signing-certificate'],
    },
  ],
  'signature-mismatch': [
    {
      name: 'a bit of the signature flipped',
      message: () => forge({ signature: (good) => good.map((b, i) => (i === 100 ? b ^ 1 : b)) }),
      failed: ['signature'],
    },
    {
      name: 'no signature',
      message: () => forge({ signature: () => new Uint8Array() }),
      failed: ['signature'],
    },
    {
      name: 'an attribute changed after signing',
      message: () =>
        replaceBytes(
          forge({ attributes: plus(signingTime) }),
          Buffer.from('261121023000Z'),
          Buffer.from('251121023000Z'),
        ),
      failed: ['signature'],
    },
    {
      name: 'an attribute removed after signing',
      message: () => forge({ signature: () => signedOver(plus(signingTime)) }),
      failed: ['signature'],
    },
    {
      name: "signed by another's key",
      message: () => forge({ privateKey: identity('other').privateKey }),
      failed: ['signature'],
    },
    {
      name: 'certificate swapped for one with another key under the same name and number',
      message: () =>
        forge(
          {},
          { certificates: [forgeCertificate('rsa', { spki: spkiOf(identity('other').privateKey) }).der] },
        ),
      failed: ['signature'],
    },
    {
      name: 'signed over the [0] of the message',
      message: () => {
        const good = [
          attributeDer(attribute(CmsOid.contentType, der.oid(CmsOid.data))),
          attributeDer(attribute(CmsOid.messageDigest, der.octetString(sha256(CONTENT)))),
        ]
        return forge({
          signature: () => nodeSign('sha256', der.setOf(good, 0xa0), identity('rsa').privateKey),
        })
      },
      failed: ['signature'],
    },
    {
      name: 'without signed attributes, over another content',
      message: () => forge({ attributes: null }),
      options: () => ({ content: 'another', allowNoSignedAttributes: true }),
      failed: ['signature'],
    },
  ],
  'too-many-signatures': [
    {
      name: '300 signers',
      message: () => forgeMessage({ signerInfos: Array(300).fill(forgeSignerInfo()) }),
      at: (result) => result.signers.at(-1),
      failed: ['certificate'],
    },
    {
      name: 'ten signers of 50 MiB without signed attributes, which each of them hashes again',
      message: () =>
        forgeMessage({
          signerInfos: Array(10).fill(forgeSignerInfo({ attributes: null, content: MEBIBYTES })),
        }),
      options: () => ({ content: MEBIBYTES, allowNoSignedAttributes: true }),
      at: (result) => result.signers.at(-1),
      failed: ['signature'],
    },
  ],
  'content-too-large': [
    {
      name: '65 MiB without signed attributes',
      message: () => forge({ attributes: null }),
      options: () => ({ content: pieces(65), allowNoSignedAttributes: true }),
      failed: ['signature'],
    },
  ],
} satisfies Partial<Record<ReasonCode, Case[]>>

/** Signature of the rsa key over the attributes, good or changed. */
function signedOver(attributes: (good: Attribute[]) => Attribute[]): Uint8Array {
  let signature = new Uint8Array()
  forge({
    attributes,
    signature: (good) => {
      signature = new Uint8Array(good)
      return good
    },
  })
  return signature
}

const MEBIBYTES = new Uint8Array(50 * 1024 * 1024)

async function* pieces(mebibytes: number): AsyncGenerator<Uint8Array> {
  const piece = new Uint8Array(1024 * 1024)
  for (let i = 0; i < mebibytes; i++) yield piece
}

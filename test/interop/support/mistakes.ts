/** Messages with one mistake each, all with a signature that is valid over what stands there. */
import {
  digest,
  digestAlgorithm,
  type ForgedAttribute,
  type Forgery,
  integer,
  octets,
  oid,
  oids,
  sequence,
  set,
  signatureAlgorithm,
  tlv,
} from './forge.ts'
import { algorithmNamed } from './peer.ts'
import type { Pki } from './pki.ts'

type Change = (good: readonly ForgedAttribute[]) => readonly ForgedAttribute[]

const sha256 = algorithmNamed('rsa2048 PKCS1 SHA-256')
const sha384 = algorithmNamed('rsa2048 PKCS1 SHA-384')

/** Now, or some seconds ago: within the validity of the certificates. */
function signingTime(secondsAgo = 0): ForgedAttribute {
  const text = new Date(Date.now() - secondsAgo * 1000).toISOString().replace(/\.\d+|[-:T]/g, '')
  return { type: oids.signingTime, values: [tlv(0x17, Buffer.from(text.slice(2)))] }
}

/** Replaces the values of one type. */
const withValues =
  (type: string, ...values: readonly Uint8Array[]): Change =>
  (good) =>
    good.map((attribute) => (attribute.type === type ? { type, values } : attribute))

const without =
  (type: string): Change =>
  (good) =>
    good.filter((attribute) => attribute.type !== type)

const plus =
  (...more: readonly ForgedAttribute[]): Change =>
  (good) => [...good, ...more]

/** RFC 6211: the digest algorithm and, under [1], the signature algorithm. */
function algorithmProtection(hash: Uint8Array, signature: Uint8Array): ForgedAttribute {
  const implicit = Buffer.from(signature)
  implicit[0] = 0xa1
  return { type: oids.algorithmProtection, values: [sequence(hash, implicit)] }
}

/** RFC 5035: SigningCertificateV2 with one ESSCertIDv2, SHA-256 by default. */
export function signingCertificate(certificate: Uint8Array): ForgedAttribute {
  const id = sequence(octets(digest('SHA-256', certificate)))
  return { type: oids.signingCertificateV2, values: [sequence(sequence(id))] }
}

/** The name of the mistake, and the message to be made. The first is none: the control. */
export function mistakes(pki: Pki, content: Uint8Array): Record<string, Forgery> {
  const identity = pki.leaf('rsa2048')
  const other = pki.leaf('other')
  const base: Forgery = { content, algorithm: sha256, identity }
  const changed = (attributes: Change): Forgery => ({ ...base, attributes })
  const good = digest('SHA-256', content)
  // Sorts after every real digest: a verifier that takes the first of two takes the good one.
  const wrong = Buffer.alloc(32, 0xff)
  return {
    none: base,
    'good algorithm protection and signing certificate': changed(
      plus(
        signingTime(),
        algorithmProtection(digestAlgorithm(sha256), signatureAlgorithm(sha256)),
        signingCertificate(identity.certificate),
      ),
    ),
    'attributes not in DER order': {
      ...base,
      sorted: false,
      attributes: ([type, hash]) => (type && hash ? [hash, signingTime(), type] : []),
    },
    'signature over the [0] of the message': { ...base, signedTag: 0xa0 },
    'wrong content-type': changed(withValues(oids.contentType, oid('1.2.3.4'))),
    'no content-type': changed(without(oids.contentType)),
    'two content-type values': changed(withValues(oids.contentType, oid(oids.data), oid(oids.data))),
    'content-type without a value': changed(withValues(oids.contentType)),
    'wrong message-digest': changed(withValues(oids.messageDigest, octets(wrong))),
    'no message-digest': changed(without(oids.messageDigest)),
    'two message-digest values': changed(withValues(oids.messageDigest, octets(good), octets(wrong))),
    'message-digest of another length': changed(withValues(oids.messageDigest, octets(good.subarray(0, 16)))),
    'message-digest twice': changed(plus({ type: oids.messageDigest, values: [octets(wrong)] })),
    'message-digest is not an OCTET STRING': changed(withValues(oids.messageDigest, integer(1))),
    'signing-time twice': changed(plus(signingTime(), signingTime(1))),
    'algorithm protection with another digest': changed(
      plus(algorithmProtection(digestAlgorithm(sha384), signatureAlgorithm(sha256))),
    ),
    'algorithm protection with another signature algorithm': changed(
      plus(
        algorithmProtection(
          digestAlgorithm(sha256),
          signatureAlgorithm(algorithmNamed('p256 ECDSA SHA-256')),
        ),
      ),
    ),
    'signing certificate of another': changed(plus(signingCertificate(other.certificate))),
    'empty signed attributes': changed(() => []),
    'digest algorithm that is not the one used': { ...base, digestAlgorithm: digestAlgorithm(sha384) },
    'signature algorithm for another kind of key': {
      ...base,
      signatureAlgorithm: signatureAlgorithm(algorithmNamed('p256 ECDSA SHA-256')),
    },
    'signed by another key': { ...base, identity: { ...identity, keyPem: other.keyPem } },
    'swapped certificate': { ...base, certificates: [other] },
    'swapped certificate of the same issuer and serial': { ...base, certificates: [pki.impostor] },
    'swapped certificate of the same key': {
      ...base,
      identity: pki.twin,
      attributes: plus(signingCertificate(identity.certificate)),
    },
    'tampered signature': {
      ...base,
      signature: (bytes) => Buffer.from(bytes).fill((bytes[9] ?? 0) ^ 1, 9, 10),
    },
    /** RFC 5652 security considerations: the DER of signed attributes passed off as content. */
    'signed attributes as content': {
      ...base,
      signedAttrs: false,
      content: set(
        sequence(oid(oids.contentType), set(oid(oids.data))),
        sequence(oid(oids.messageDigest), set(octets(good))),
      ),
    },
  }
}

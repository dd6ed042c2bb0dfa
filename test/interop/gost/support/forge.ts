/** A CMS by hand with a GOST signature that is valid over what stands there: for what no library makes on demand. */
import { createHash } from 'node:crypto'
import { Streebog } from '../../../../src/algorithms/gost/streebog.ts'
import { Gost341194 } from '../../../../src/algorithms/index.ts'
import { elements, integer, octets, oid, oids, sequence, set, tlv } from '../../support/forge.ts'
import type { Identity } from '../../support/pki.ts'
import { type Curve, fromLittleEndian, signBy } from './ec.ts'
import { curveOf, type GostSet, gostIdentity } from './pki.ts'

/** A hash function, by what it is called in CMS. */
export const hashes = {
  'Streebog-256': {
    oid: '1.2.643.7.1.1.2.2',
    digest: (data: Uint8Array) => new Streebog(32).update(data).digest(),
  },
  'Streebog-512': {
    oid: '1.2.643.7.1.1.2.3',
    digest: (data: Uint8Array) => new Streebog(64).update(data).digest(),
  },
  'GOST3411-94': {
    oid: '1.2.643.2.2.9',
    digest: (data: Uint8Array) => new Gost341194().update(data).digest(),
  },
  'SHA-256': {
    oid: '2.16.840.1.101.3.4.2.1',
    digest: (data: Uint8Array) => new Uint8Array(createHash('sha256').update(data).digest()),
  },
} as const
export type HashName = keyof typeof hashes

export interface GostForgery {
  readonly content: Uint8Array
  readonly set: GostSet
  /** Whose certificate is put in and named; the leaf of the set by default */
  readonly named?: Identity
  /** messageDigest, and what digestAlgorithm says. By default as long as the key. */
  readonly digest?: HashName
  /** What digestAlgorithm says, when it is not the truth, and its parameters */
  readonly digestAlgorithm?: Uint8Array
  /** Hash of the signed attributes; the same by default */
  readonly signed?: HashName
  readonly signatureAlgorithm?: Uint8Array
  /** False: the signature is over the content */
  readonly signedAttrs?: boolean
  /** CMSAlgorithmProtection with these */
  readonly protection?: { readonly digest: Uint8Array; readonly signature: Uint8Array }
  /** SigningCertificateV2 (RFC 5035) with this hash of this certificate, or of the named one */
  readonly signingCertificate?: { readonly hash: HashName; readonly of?: Identity }
  /** The attributes are not sorted, or no longer when they are signed */
  readonly reversed?: boolean | 'after signing'
  readonly signature?: (good: Buffer) => Uint8Array
}

export const identifier = (dotted: string, ...parameters: readonly Uint8Array[]): Uint8Array =>
  sequence(oid(dotted), ...parameters)
export const NULL = tlv(0x05)

/** The private number in a key of vectors/gost/pki: little-endian at its end. */
function privateNumber({ key }: Identity, bytes: number): bigint {
  return fromLittleEndian(key.subarray(key.length - bytes))
}

/** A signature by plain arithmetic; a digest of any length is taken as its number. */
function signature(curve: Curve, d: bigint, digest: Uint8Array, bytes: number): Buffer {
  return signBy(curve, d, 0x1357_9bdf_2468_ace0_1357_9bdf_2468_ace1n, digest, bytes)
}

export function forgeGost(forgery: GostForgery): Uint8Array {
  const { content, set: parameters } = forgery
  const bytes = parameters.bits / 8
  const own: HashName = bytes === 32 ? 'Streebog-256' : 'Streebog-512'
  const hash = hashes[forgery.digest ?? own]
  const signedHash = hashes[forgery.signed ?? forgery.digest ?? own]
  const digestAlgorithm = forgery.digestAlgorithm ?? identifier(hash.oid)
  const keyOid = `1.2.643.7.1.1.1.${bytes === 32 ? 1 : 2}`
  const signatureAlgorithm = forgery.signatureAlgorithm ?? identifier(keyOid)
  const attributes = [
    sequence(oid(oids.contentType), set(oid(oids.data))),
    sequence(oid(oids.messageDigest), set(octets(hash.digest(content)))),
  ]
  if (forgery.protection !== undefined) {
    const implicit = Buffer.from(forgery.protection.signature)
    implicit[0] = 0xa1
    const value = sequence(forgery.protection.digest, implicit)
    attributes.push(sequence(oid(oids.algorithmProtection), set(value)))
  }
  if (forgery.signingCertificate !== undefined) {
    const { hash: name, of } = forgery.signingCertificate
    const certHash = hashes[name].digest((of ?? forgery.named ?? gostIdentity(parameters.name)).certificate)
    const id = sequence(identifier(hashes[name].oid), octets(certHash))
    attributes.push(sequence(oid(oids.signingCertificateV2), set(sequence(sequence(id)))))
  }
  attributes.sort(Buffer.compare)
  if (forgery.reversed === true) attributes.reverse()
  const hasAttributes = forgery.signedAttrs !== false
  const signed = hasAttributes ? tlv(0x31, ...attributes) : content
  const d = privateNumber(gostIdentity(parameters.name), bytes)
  const good = signature(curveOf(parameters), d, signedHash.digest(signed), bytes)
  if (forgery.reversed === 'after signing') attributes.reverse()
  const { certificate } = forgery.named ?? gostIdentity(parameters.name)
  const signerInfo = sequence(
    integer(1),
    issuerAndSerialNumber(certificate),
    digestAlgorithm,
    ...(hasAttributes ? [tlv(0xa0, ...attributes)] : []),
    signatureAlgorithm,
    octets(forgery.signature?.(good) ?? good),
  )
  const signedData = sequence(
    integer(1),
    set(digestAlgorithm),
    sequence(oid(oids.data)),
    tlv(0xa0, certificate),
    set(signerInfo),
  )
  return sequence(oid(oids.signedData), tlv(0xa0, signedData))
}

function issuerAndSerialNumber(certificate: Uint8Array): Uint8Array {
  const [tbs = certificate] = elements(certificate)
  const [, serial = tbs, , issuer = tbs] = elements(tbs)
  return sequence(issuer, serial)
}

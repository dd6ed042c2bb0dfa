/**
 * A CMS made by hand, byte by byte, with a valid signature over whatever it is told to put in: for the mistakes
 * that no library makes on demand. It shares no code with sealkit.
 */
import { constants, createHash, createPrivateKey, sign } from 'node:crypto'
import type { Algorithm, Hash } from './peer.ts'
import type { Identity } from './pki.ts'

export function tlv(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const body = Buffer.concat(parts)
  if (body.length < 0x80) return Buffer.concat([Buffer.from([tag, body.length]), body])
  const hex = body.length.toString(16)
  const length = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex')
  return Buffer.concat([Buffer.from([tag, 0x80 | length.length]), length, body])
}

export const sequence = (...parts: readonly Uint8Array[]): Uint8Array => tlv(0x30, ...parts)
/** In the given order, sorted or not. */
export const set = (...parts: readonly Uint8Array[]): Uint8Array => tlv(0x31, ...parts)
export const octets = (data: Uint8Array): Uint8Array => tlv(0x04, data)
export const integer = (value: number): Uint8Array => tlv(0x02, Buffer.from([value]))
const nothing = tlv(0x05)

export function oid(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...others] = dotted.split('.').map(Number)
  const bytes = [first * 40 + second, ...others].flatMap((arc) => {
    const groups = [arc & 0x7f]
    for (let rest = arc >>> 7; rest > 0; rest >>>= 7) groups.unshift((rest & 0x7f) | 0x80)
    return groups
  })
  return tlv(0x06, Buffer.from(bytes))
}

/** The elements within one constructed element (definite lengths). */
export function elements(der: Uint8Array): Uint8Array[] {
  const found: Uint8Array[] = []
  const body = (at: number): [start: number, end: number] => {
    const first = der[at + 1] ?? 0
    if (first < 0x80) return [at + 2, at + 2 + first]
    const start = at + 2 + (first & 0x7f)
    return [start, start + Buffer.from(der.subarray(at + 2, start)).readUIntBE(0, first & 0x7f)]
  }
  const [start, end] = body(0)
  for (let at = start; at < end; ) {
    const [, next] = body(at)
    found.push(der.subarray(at, next))
    at = next
  }
  return found
}

export const oids = {
  data: '1.2.840.113549.1.7.1',
  signedData: '1.2.840.113549.1.7.2',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingTime: '1.2.840.113549.1.9.5',
  algorithmProtection: '1.2.840.113549.1.9.52',
  signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
} as const

const hashIds: Record<Hash, Uint8Array> = {
  'SHA-256': sequence(oid('2.16.840.1.101.3.4.2.1')),
  'SHA-384': sequence(oid('2.16.840.1.101.3.4.2.2')),
  'SHA-512': sequence(oid('2.16.840.1.101.3.4.2.3')),
  // id-shake256-len with its length, as RFC 8419 asks
  SHAKE256: sequence(oid('2.16.840.1.101.3.4.2.18'), tlv(0x02, Buffer.from([0x02, 0x00]))),
}
const saltLengths = { 'SHA-256': 32, 'SHA-384': 48, 'SHA-512': 64, SHAKE256: 64 } as const

export function digestAlgorithm({ hash }: Algorithm): Uint8Array {
  return hashIds[hash]
}

export function signatureAlgorithm({ scheme, hash, leaf }: Algorithm): Uint8Array {
  switch (scheme) {
    case 'PKCS1':
      return sequence(oid('1.2.840.113549.1.1.1'), nothing)
    case 'PSS': {
      const mgf = sequence(oid('1.2.840.113549.1.1.8'), hashIds[hash])
      const salt = tlv(0xa2, integer(saltLengths[hash]))
      return sequence(oid('1.2.840.113549.1.1.10'), sequence(tlv(0xa0, hashIds[hash]), tlv(0xa1, mgf), salt))
    }
    case 'ECDSA':
      return sequence(
        oid(`1.2.840.10045.4.3.${{ 'SHA-256': 2, 'SHA-384': 3, 'SHA-512': 4, SHAKE256: 0 }[hash]}`),
      )
    case 'EdDSA':
      return sequence(oid(leaf === 'ed25519' ? '1.3.101.112' : '1.3.101.113'))
  }
}

export function digest(hash: Hash, data: Uint8Array): Uint8Array {
  return createHash(hash.replace('-', '').toLowerCase(), hash === 'SHAKE256' ? { outputLength: 64 } : {})
    .update(data)
    .digest()
}

function signBytes(data: Uint8Array, { scheme, hash }: Algorithm, { keyPem }: Identity): Uint8Array {
  const key = createPrivateKey(keyPem)
  if (scheme === 'EdDSA') return sign(null, data, key)
  const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: saltLengths[hash] }
  return sign(hash, data, scheme === 'PSS' ? { key, ...pss } : key)
}

/** One Attribute: its type and the DER of each value. */
export interface ForgedAttribute {
  readonly type: string
  readonly values: readonly Uint8Array[]
}

export interface Forgery {
  readonly content: Uint8Array
  readonly algorithm: Algorithm
  readonly identity: Identity
  readonly attached?: boolean
  readonly eContentType?: string
  /** Changes the good attributes (content type, digest), and their order. They are signed as they then stand. */
  readonly attributes?: (good: readonly ForgedAttribute[]) => readonly ForgedAttribute[]
  /** Sort them as DER asks: the default. */
  readonly sorted?: boolean
  /** The tag that the signature is made over; RFC 5652 5.4 asks for 0x31, not for the message's 0xa0. */
  readonly signedTag?: number
  /** False: no signed attributes, the signature is over the content. */
  readonly signedAttrs?: boolean
  /** What the SignerInfo says, when it is not the truth. */
  readonly digestAlgorithm?: Uint8Array
  readonly signatureAlgorithm?: Uint8Array
  readonly signature?: (good: Uint8Array) => Uint8Array
  /** Certificates in the message, when not the identity's */
  readonly certificates?: readonly Identity[]
}

const byBytes = (a: Uint8Array, b: Uint8Array): number => Buffer.compare(a, b)
const attributeDer = ({ type, values }: ForgedAttribute): Uint8Array => {
  return sequence(oid(type), set(...values.toSorted(byBytes)))
}

/** TBSCertificate: [0] version, serialNumber, signature, issuer, ... */
function issuerAndSerialNumber({ certificate }: Identity): Uint8Array {
  const [tbs = certificate] = elements(certificate)
  const [, serial = tbs, , issuer = tbs] = elements(tbs)
  return sequence(issuer, serial)
}

export function forge(forgery: Forgery): Uint8Array {
  const { content, algorithm, identity } = forgery
  const eContentType = forgery.eContentType ?? oids.data
  const good: readonly ForgedAttribute[] = [
    { type: oids.contentType, values: [oid(eContentType)] },
    { type: oids.messageDigest, values: [octets(digest(algorithm.hash, content))] },
  ]
  const attributes = (forgery.attributes?.(good) ?? good).map(attributeDer)
  if (forgery.sorted !== false) attributes.sort(byBytes)
  const hasAttributes = forgery.signedAttrs !== false
  const signature = signBytes(
    hasAttributes ? tlv(forgery.signedTag ?? 0x31, ...attributes) : content,
    algorithm,
    identity,
  )
  const digestId = forgery.digestAlgorithm ?? digestAlgorithm(algorithm)
  const signerInfo = sequence(
    integer(1),
    issuerAndSerialNumber(identity),
    digestId,
    ...(hasAttributes ? [tlv(0xa0, ...attributes)] : []),
    forgery.signatureAlgorithm ?? signatureAlgorithm(algorithm),
    octets(forgery.signature?.(signature) ?? signature),
  )
  const eContent = forgery.attached ? [tlv(0xa0, octets(content))] : []
  const certificates = (forgery.certificates ?? [identity]).map((one) => one.certificate).sort(byBytes)
  const signedData = sequence(
    integer(eContentType === oids.data ? 1 : 3),
    set(digestId),
    sequence(oid(eContentType), ...eContent),
    tlv(0xa0, ...certificates),
    set(signerInfo),
  )
  return sequence(oid(oids.signedData), tlv(0xa0, signedData))
}

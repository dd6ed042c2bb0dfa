/**
 * SignedData with any mistake put in and then truly signed, as an attacker with a key of his own would: only
 * the check that is meant can fail.
 */
import { type KeyObject, sign as nodeSign } from 'node:crypto'
import {
  digest,
  type HashName,
  hashAlgorithm,
  nodeOptions,
  RSA_ENCRYPTION_DER,
  type SignatureAlgorithm,
  signatureAlgorithmFor,
} from '../../../src/algorithms/index.ts'
import { concatBytes, der, encode, Tag } from '../../../src/asn1/index.ts'
import { CmsOid } from '../../../src/cms/index.ts'
import type { Certificate } from '../../../src/x509/index.ts'
import { identity } from './identities.ts'

export const CONTENT: Uint8Array = new TextEncoder().encode('a passport token')

export interface Attribute {
  oid: string
  values: readonly Uint8Array[]
}

export interface ForgedSigner {
  certificate?: Certificate
  privateKey?: KeyObject
  /** How the key signs; what the message says of it is `signatureAlgorithm`. */
  algorithm?: SignatureAlgorithm
  /** What is hashed into message-digest, or signed where there are no attributes. */
  content?: Uint8Array
  /** content-type attribute; null for none. */
  contentType?: string | null
  hash?: HashName
  /** Changes content-type and message-digest; null leaves signedAttrs out. */
  attributes?: ((good: Attribute[]) => Attribute[]) | null
  /**
   * `der`: sorted. `as-sent`: in the order given, and signed so. `der-signed`: in the order given, while the
   * DER order was signed.
   */
  order?: 'der' | 'as-sent' | 'der-signed'
  sid?: Uint8Array
  version?: number
  digestAlgorithm?: Uint8Array
  signatureAlgorithm?: Uint8Array
  /** Changes the good signature. */
  signature?: (good: Uint8Array) => Uint8Array
  /** Unsigned attributes, as encodings. */
  unsigned?: (signature: Uint8Array) => readonly Uint8Array[]
}

export function attribute(oid: string, ...values: readonly Uint8Array[]): Attribute {
  return { oid, values }
}

export function attributeDer({ oid, values }: Attribute): Uint8Array {
  return der.sequence([der.oid(oid), encode(Tag.SET, values)])
}

export function issuerAndSerial(certificate: Certificate): Uint8Array {
  return der.sequence([certificate.issuer.der, encode(Tag.INTEGER, [certificate.serial])])
}

export function forgeSignerInfo(options: ForgedSigner = {}): Uint8Array {
  const { certificate = identity('rsa').certificate, privateKey = identity('rsa').privateKey } = options
  const { content = CONTENT, contentType = CmsOid.data, order = 'der', version = 1 } = options
  const algorithm = options.algorithm ?? signatureAlgorithmFor(certificate.publicKey)
  const hash = hashAlgorithm(options.hash ?? algorithm.hash?.name ?? 'SHA-512')
  const good = [attribute(CmsOid.messageDigest, der.octetString(digest(hash, content)))]
  if (contentType !== null) good.unshift(attribute(CmsOid.contentType, der.oid(contentType)))
  const attributes =
    options.attributes === null ? undefined : (options.attributes?.(good) ?? good).map(attributeDer)
  const inOrder = attributes && concatBytes(children(der.setOf(attributes)))
  const asGiven = attributes && concatBytes(attributes)
  const signed = order === 'as-sent' ? asGiven : inOrder
  const toBeSigned = signed === undefined ? content : encode(Tag.SET, [signed])
  const raw = nodeSign(algorithm.hash?.node ?? null, toBeSigned, {
    key: privateKey,
    ...nodeOptions(algorithm),
  })
  const signature = options.signature?.(raw) ?? raw
  const unsigned = options.unsigned?.(signature) ?? []
  const rsa = algorithm.scheme === 'RSASSA-PKCS1-v1_5'
  return der.sequence([
    der.integer(version),
    options.sid ?? issuerAndSerial(certificate),
    options.digestAlgorithm ?? hash.der,
    ...(attributes === undefined
      ? []
      : [encode(0xa0, [(order === 'der' ? inOrder : asGiven) as Uint8Array])]),
    options.signatureAlgorithm ?? (rsa ? RSA_ENCRYPTION_DER : algorithm.der),
    der.octetString(signature),
    ...(unsigned.length === 0 ? [] : [encode(0xa1, unsigned)]),
  ])
}

function children(element: Uint8Array): Uint8Array[] {
  const length = element[1] as number
  return [element.subarray(length < 0x80 ? 2 : 2 + (length & 0x7f))]
}

export interface ForgedMessage {
  signerInfos?: readonly Uint8Array[]
  certificates?: readonly Uint8Array[]
  contentType?: string
  /** Left out: detached. */
  eContent?: Uint8Array | undefined
  version?: number
  digestAlgorithms?: readonly Uint8Array[]
  crls?: readonly Uint8Array[]
}

export function forgeMessage(options: ForgedMessage = {}): Uint8Array {
  const { signerInfos = [forgeSignerInfo()], contentType = CmsOid.data, eContent, version = 1 } = options
  const { certificates = [identity('rsa').certificate.der], crls = [] } = options
  const { digestAlgorithms = [hashAlgorithm('SHA-256').der] } = options
  const content = eContent === undefined ? [] : [der.explicit(0, der.octetString(eContent))]
  const signedData = der.sequence([
    der.integer(version),
    encode(Tag.SET, digestAlgorithms),
    der.sequence([der.oid(contentType), ...content]),
    ...(certificates.length === 0 ? [] : [encode(0xa0, certificates)]),
    ...(crls.length === 0 ? [] : [encode(0xa1, crls)]),
    encode(Tag.SET, signerInfos),
  ])
  return der.sequence([der.oid(CmsOid.signedData), der.explicit(0, signedData)])
}

/** A detached message with one forged signer, and its certificate. */
export function forge(signer: ForgedSigner = {}, message: ForgedMessage = {}): Uint8Array {
  const { certificate = identity('rsa').certificate } = signer
  return forgeMessage({
    signerInfos: [forgeSignerInfo(signer)],
    certificates: [certificate.der],
    ...message,
  })
}

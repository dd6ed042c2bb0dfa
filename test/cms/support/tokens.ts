/** RFC 3161 tokens and responses with anything in them. */
import type { KeyObject } from 'node:crypto'
import { digest, type HashName, hashAlgorithm } from '../../../src/algorithms/index.ts'
import { der, encode, readDer, Tag } from '../../../src/asn1/index.ts'
import { encodeSigningCertificateV2 } from '../../../src/cms/ess.ts'
import { CmsOid, type TimestampSource } from '../../../src/cms/index.ts'
import { type Certificate, ExtensionOid } from '../../../src/x509/index.ts'
import { forgeCertificate } from './certificates.ts'
import { type Attribute, attribute, type ForgedMessage, type ForgedSigner, forge } from './forge.ts'
import { identity } from './identities.ts'

const POLICY = '1.3.6.1.4.1.99999.1'
const TIME_STAMPING = '1.3.6.1.5.5.7.3.8'

export interface ForgedToken {
  version?: number
  hash?: HashName
  imprint?: Uint8Array
  /** A time, or the whole element. */
  genTime?: Date | Uint8Array
  nonce?: Uint8Array | undefined
  /** Encodings between genTime and nonce, and behind it. */
  extras?: readonly Uint8Array[]
  tail?: readonly Uint8Array[]
  certificate?: Certificate
  privateKey?: KeyObject
  attributes?: (good: Attribute[]) => Attribute[]
  signer?: ForgedSigner
  message?: ForgedMessage
}

function tstInfo(stamped: Uint8Array, options: ForgedToken = {}): Uint8Array {
  const { genTime = new Date('2026-11-21T02:30:00Z'), nonce, extras = [], tail = [] } = options
  const hash = hashAlgorithm(options.hash ?? 'SHA-256')
  const imprint = options.imprint ?? digest(hash, stamped)
  return der.sequence([
    der.integer(options.version ?? 1),
    der.oid(POLICY),
    der.sequence([hash.der, der.octetString(imprint)]),
    der.integer(7),
    genTime instanceof Date ? der.generalizedTime(genTime) : genTime,
    ...extras,
    ...(nonce === undefined ? [] : [encode(Tag.INTEGER, [nonce])]),
    ...tail,
  ])
}

/** A token over `stamped`, by the TSA of vectors/cms unless another is named. */
export function forgeToken(stamped: Uint8Array, options: ForgedToken = {}): Uint8Array {
  const { certificate = identity('tsa').certificate, privateKey = identity('tsa').privateKey } = options
  const content = tstInfo(stamped, options)
  const named = attribute(CmsOid.signingCertificateV2, encodeSigningCertificateV2(certificate))
  const { attributes = (good) => good } = options
  return forge(
    {
      certificate,
      privateKey,
      content,
      contentType: CmsOid.tstInfo,
      version: 1,
      attributes: (good) => attributes([...good, named]),
      ...options.signer,
    },
    { contentType: CmsOid.tstInfo, version: 3, eContent: content, ...options.message },
  )
}

/** The TSA's certificate with another extendedKeyUsage; none where there are no purposes. */
function tsaCertificate(critical: boolean, ...purposes: string[]): Certificate {
  const others = identity('tsa').certificate.extensions.filter(
    ({ oid }) => oid !== ExtensionOid.extendedKeyUsage,
  )
  const value = der.sequence(purposes.map(der.oid))
  const usage = purposes.length === 0 ? [] : [{ oid: ExtensionOid.extendedKeyUsage, critical, value }]
  return forgeCertificate('tsa', { extensions: [...others, ...usage] })
}

/** Certificates that are not for timestamping alone. */
export const UNFIT_TSA_CERTIFICATES: Record<string, () => Certificate> = {
  'no extendedKeyUsage': () => tsaCertificate(true),
  'extendedKeyUsage not critical': () => tsaCertificate(false, TIME_STAMPING),
  'another purpose': () => tsaCertificate(true, '1.3.6.1.5.5.7.3.3'),
  'another purpose too': () => tsaCertificate(true, TIME_STAMPING, '1.3.6.1.5.5.7.3.3'),
  'any purpose': () => tsaCertificate(true, '2.5.29.37.0'),
}

/** The unsigned attribute that holds tokens. */
export function timestampAttribute(...tokens: readonly Uint8Array[]): Uint8Array {
  return der.sequence([der.oid(CmsOid.signatureTimeStampToken), encode(Tag.SET, tokens)])
}

export interface ForgedResponse {
  status?: number
  text?: readonly string[]
  failInfo?: Uint8Array
  token?: Uint8Array | undefined
}

export function forgeResponse({ status = 0, text = [], failInfo, token }: ForgedResponse): Uint8Array {
  return der.sequence([
    der.sequence([
      der.integer(status),
      ...(text.length === 0 ? [] : [der.sequence(text.map(der.utf8String))]),
      ...(failInfo === undefined ? [] : [failInfo]),
    ]),
    ...(token === undefined ? [] : [token]),
  ])
}

export interface Query {
  hash: string
  imprint: Uint8Array
  nonce: Uint8Array
  certReq: boolean
}

export function parseQuery(query: Uint8Array): Query {
  return readDer(query, 'TimeStampReq', (r) =>
    r.sequence('', (s) => {
      s.smallInteger('version', 1, 1)
      const [hash, imprint] = s.sequence('messageImprint', (m) => {
        const oid = m.sequence('hashAlgorithm', (a) => {
          const algorithm = a.oid('algorithm')
          if (!a.done) a.null('parameters')
          return algorithm
        })
        return [oid, m.octetString('hashedMessage')] as const
      })
      return { hash, imprint, nonce: s.integerBytes('nonce'), certReq: s.boolean('certReq') }
    }),
  )
}

/** An authority that grants everything, with the mistakes it is told to make. */
export function authority(
  change: (query: Query) => ForgedToken = () => ({}),
): Exclude<TimestampSource, string | URL> {
  return async (bytes) => {
    const query = parseQuery(bytes)
    const token = forgeToken(new Uint8Array(), {
      imprint: query.imprint,
      nonce: query.nonce,
      ...change(query),
    })
    return forgeResponse({ token })
  }
}

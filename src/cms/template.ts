import { types } from 'node:util'
import {
  cmsSignatureIdentifier,
  type HashAlgorithm,
  hashAlgorithm,
  type SignatureAlgorithm,
} from '../algorithms/index.ts'
import { compareBytes, contextTag, der, encode, type Layout, Tag } from '../asn1/index.ts'
import { AlgorithmError, CmsError } from '../errors.ts'
import type { Certificate } from '../x509/index.ts'
import { encodeAlgorithmProtection } from './algorithm-protection.ts'
import { encodeSignedInputs, encodeUnsignedInputs } from './attribute-input.ts'
import { type AttributeInput, encodeAttribute } from './attributes.ts'
import { layOutSignerInfo, signerInfoVersion } from './encode.ts'
import { encodeSigningCertificateV2 } from './ess.ts'
import { CmsOid } from './oids.ts'

/** Which certificates go into the message. */
export type CertificateInclusion = 'none' | 'signer' | 'chain' | 'chain-with-root'

/** What one signer puts into its SignerInfo. */
export interface SignerOptions {
  /** signing-time attribute: a time, `false` for none, or by default the time of the call. */
  signingTime?: Date | false | undefined
  /** signing-certificate-v2 (RFC 5035), which makes the signature CAdES-BES. Default false. */
  signingCertificate?: boolean | undefined
  /** CMSAlgorithmProtection (RFC 6211). Default false. */
  algorithmProtection?: boolean | undefined
  /** Further signed attributes; not those that are made here. */
  signedAttributes?: readonly AttributeInput[] | undefined
  /** Unsigned attributes; not those that must be signed. */
  unsignedAttributes?: readonly AttributeInput[] | undefined
  /** How the certificate is named. Default `issuerAndSerialNumber`. */
  sid?: 'issuerAndSerialNumber' | 'subjectKeyIdentifier' | undefined
  /** Certificates to include. Default `chain`: the signer's and its issuers without the root. */
  certificates?: CertificateInclusion | undefined
}

/** A certificate and the algorithm its key signs with: what a signature needs but the key. */
export interface SignerIdentity {
  readonly certificate: Certificate
  readonly chain: readonly Certificate[]
  readonly algorithm: SignatureAlgorithm
}

/** Signed attributes laid out for one second: only the digest is missing. */
interface AttributeLayout {
  /** Seconds since 1970 in the signing-time attribute, or undefined where there is none. */
  readonly second: number | undefined
  /** SET OF Attribute in DER order, with a digest of zeros. */
  readonly bytes: Uint8Array
  /** Where the digest goes. */
  readonly digestAt: number
}

/**
 * All of a SignerInfo that does not change from one signature to the next, encoded once; the signing time once
 * a second. Per signature only the digest and the signature are written.
 */
export class SignerTemplate {
  readonly identity: SignerIdentity
  /** Hash of the content. */
  readonly digest: HashAlgorithm
  /** Certificates for the message in DER. */
  readonly certificates: readonly Uint8Array[]
  readonly #sid: Uint8Array
  readonly #signatureAlgorithm: Uint8Array
  readonly #fixed: readonly Uint8Array[]
  readonly #unsigned: readonly Uint8Array[]
  readonly #signingTime: Date | false | undefined
  #attributes: AttributeLayout | undefined

  /** @param contentType OID for the content-type attribute; none in a countersignature (RFC 5652 11.4) */
  constructor(identity: SignerIdentity, options: SignerOptions, contentType: string | undefined) {
    const { certificate, algorithm } = identity
    checkHashes(algorithm)
    this.identity = identity
    this.digest = digestFor(algorithm)
    this.certificates = included(identity, options.certificates ?? 'chain').map((c) => c.der)
    this.#sid = signerIdentifier(certificate, options.sid ?? 'issuerAndSerialNumber')
    this.#signatureAlgorithm = cmsSignatureIdentifier(algorithm)
    this.#signingTime = options.signingTime
    checkSigningTime(options.signingTime)
    this.#fixed = this.#fixedAttributes(options, contentType)
    this.#unsigned = encodeUnsignedInputs(options.unsignedAttributes ?? [])
  }

  #fixedAttributes(options: SignerOptions, contentType: string | undefined): Uint8Array[] {
    const { certificate } = this.identity
    const fixed: Uint8Array[] = []
    if (contentType !== undefined) fixed.push(encodeAttribute(CmsOid.contentType, [der.oid(contentType)]))
    if (options.signingCertificate) {
      fixed.push(encodeAttribute(CmsOid.signingCertificateV2, [encodeSigningCertificateV2(certificate)]))
    }
    if (options.algorithmProtection) {
      const value = encodeAlgorithmProtection(this.digest.der, this.#signatureAlgorithm)
      fixed.push(encodeAttribute(CmsOid.algorithmProtection, [value]))
    }
    fixed.push(...encodeSignedInputs(options.signedAttributes ?? []))
    return fixed
  }

  /** The signed attributes for a content's digest, as SET OF in DER order: the bytes to sign. */
  signedAttrs(digest: Uint8Array): Uint8Array {
    const time = this.#signingTime ?? new Date()
    const second = time === false ? undefined : Math.floor(time.getTime() / 1000)
    if (this.#attributes === undefined || this.#attributes.second !== second) {
      this.#attributes = this.#layOutAttributes(second)
    }
    const { bytes, digestAt } = this.#attributes
    const signedAttrs = new Uint8Array(bytes)
    signedAttrs.set(digest, digestAt)
    return signedAttrs
  }

  #layOutAttributes(second: number | undefined): AttributeLayout {
    const { length } = this.digest
    const messageDigest = encodeAttribute(CmsOid.messageDigest, [der.octetString(new Uint8Array(length))])
    const attributes = [...this.#fixed, messageDigest]
    if (second !== undefined) {
      attributes.push(encodeAttribute(CmsOid.signingTime, [der.time(new Date(second * 1000))]))
    }
    // The digest has no part in the order: attributes differ before their values, in length or in type.
    attributes.sort(compareBytes)
    const bytes = der.setOf(attributes)
    // Behind all that follows stands the digest, last in its attribute.
    const following = attributes.slice(attributes.indexOf(messageDigest) + 1)
    const digestAt = following.reduce((at, attribute) => at - attribute.length, bytes.length) - length
    return { second, bytes, digestAt }
  }

  /** Version of the SignerInfo (RFC 5652 section 5.3). */
  get version(): 1 | 3 {
    return signerInfoVersion(this.#sid)
  }

  /** The SignerInfo. */
  signerInfo(signedAttrs: Uint8Array, signature: Uint8Array, unsigned: readonly Uint8Array[] = []): Layout {
    return layOutSignerInfo({
      sid: this.#sid,
      digestAlgorithm: this.digest.der,
      signedAttrs,
      signatureAlgorithm: this.#signatureAlgorithm,
      signature,
      unsignedAttrs: [...this.#unsigned, ...unsigned],
    })
  }
}

/** Hash of the content: the scheme's own, or what RFC 8419 section 3.1 lays down for EdDSA. */
export function digestFor(algorithm: SignatureAlgorithm): HashAlgorithm {
  return algorithm.hash ?? hashAlgorithm(algorithm.scheme === 'Ed448' ? 'SHAKE256' : 'SHA-512')
}

/** A key of the caller's own may name anything; what is signed here can be relied on. */
function checkHashes({ hash, pss }: SignatureAlgorithm): void {
  for (const used of [hash, pss?.mgfHash]) {
    if (used?.weak)
      throw new AlgorithmError('ERR_ALGORITHM_WEAK', `${used.name} is no longer safe for signing`)
  }
}

function checkSigningTime(time: Date | false | undefined): void {
  if (time === undefined || time === false) return
  if (!types.isDate(time)) throw new TypeError('signingTime must be a Date, or false for none')
  der.time(time)
}

function signerIdentifier(certificate: Certificate, sid: NonNullable<SignerOptions['sid']>): Uint8Array {
  if (sid === 'issuerAndSerialNumber') {
    return der.sequence([certificate.issuer.der, encode(Tag.INTEGER, [certificate.serial])])
  }
  if (sid !== 'subjectKeyIdentifier') {
    throw new TypeError(`sid must be issuerAndSerialNumber or subjectKeyIdentifier, got ${String(sid)}`)
  }
  const keyIdentifier = certificate.subjectKeyIdentifier
  if (keyIdentifier === undefined) {
    const hint = 'name it by issuerAndSerialNumber'
    throw new CmsError('ERR_CMS_ATTRIBUTE', 'the certificate has no subjectKeyIdentifier', { hint })
  }
  return encode(contextTag(0, false), [keyIdentifier])
}

function included({ certificate, chain }: SignerIdentity, inclusion: CertificateInclusion): Certificate[] {
  switch (inclusion) {
    case 'none':
      return []
    case 'signer':
      return [certificate]
    case 'chain':
      return [certificate, ...chain.filter((issuer) => !issuer.selfIssued)]
    case 'chain-with-root':
      return [certificate, ...chain]
    default:
      throw new TypeError(`certificates must be none, signer, chain or chain-with-root, got ${inclusion}`)
  }
}

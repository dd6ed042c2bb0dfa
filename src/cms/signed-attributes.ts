import { readDer } from '../asn1/index.ts'
import type { Attribute } from './attributes.ts'
import { Refusal } from './checks.ts'
import { CmsOid } from './oids.ts'

/** Attributes that a SignerInfo has once and with one value (RFC 5652 section 11, RFC 5035, RFC 6211). */
const SINGLE = new Set<string>([
  CmsOid.contentType,
  CmsOid.messageDigest,
  CmsOid.signingTime,
  CmsOid.signingCertificate,
  CmsOid.signingCertificateV2,
  CmsOid.algorithmProtection,
])

/** The signed attributes by OID, after checking that none stands twice and that single values are single. */
export class SignedAttributeSet {
  readonly #byOid = new Map<string, Attribute>()
  #signingTime: Date | undefined

  constructor(attributes: readonly Attribute[]) {
    for (const attribute of attributes) {
      if (this.#byOid.has(attribute.oid)) throw new Refusal('attribute-duplicate', attribute.oid)
      if (attribute.values.length === 0 || (SINGLE.has(attribute.oid) && attribute.values.length !== 1)) {
        throw new Refusal('attribute-not-single', `${attribute.oid} has ${attribute.values.length} values`)
      }
      if (attribute.oid === CmsOid.countersignature) {
        throw new Refusal(
          'attribute-malformed',
          'countersignature must be an unsigned attribute (RFC 5652 11.4)',
        )
      }
      this.#byOid.set(attribute.oid, attribute)
    }
  }

  /** The single value of an attribute in DER, or undefined where it is absent. */
  value(oid: string): Uint8Array | undefined {
    return this.#byOid.get(oid)?.values[0]?.bytes
  }

  get contentType(): string | undefined {
    const value = this.value(CmsOid.contentType)
    return value && readDer(value, 'content-type', (r) => r.oid(''))
  }

  get messageDigest(): Uint8Array | undefined {
    const value = this.value(CmsOid.messageDigest)
    return value && readDer(value, 'message-digest', (r) => r.octetString(''))
  }

  get signingTime(): Date | undefined {
    const value = this.value(CmsOid.signingTime)
    if (value !== undefined) this.#signingTime ??= readDer(value, 'signing-time', (r) => r.time(''))
    return this.#signingTime
  }
}

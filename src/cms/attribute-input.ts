import { DEFAULT_LIMITS, type DerReader, der, readDer } from '../asn1/index.ts'
import { Asn1Error, CmsError } from '../errors.ts'
import { type AttributeInput, encodeAttribute } from './attributes.ts'
import { CmsOid } from './oids.ts'

/** Attributes that are made here, or that are never signed: their signed form would change what is meant. */
const NEVER_SIGNED = new Set<string>([
  CmsOid.contentType,
  CmsOid.messageDigest,
  CmsOid.signingTime,
  CmsOid.signingCertificateV2,
  CmsOid.algorithmProtection,
  CmsOid.countersignature,
  CmsOid.signatureTimeStampToken,
])

/** Attributes that must be signed (RFC 5652 11.1 to 11.3, RFC 5035 section 3, RFC 6211 section 2). */
const ALWAYS_SIGNED = new Set<string>([
  CmsOid.contentType,
  CmsOid.messageDigest,
  CmsOid.signingTime,
  CmsOid.signingCertificate,
  CmsOid.signingCertificateV2,
  CmsOid.algorithmProtection,
])

/** Encodes a caller's signed attributes: each once, and none that is made here. */
export function encodeSignedInputs(inputs: readonly AttributeInput[]): Uint8Array[] {
  const seen = new Set(NEVER_SIGNED)
  return inputs.map((input) => {
    const encoded = encodeAttributeInput(input)
    if (seen.has(input.oid)) {
      const hint = 'give each attribute once; content-type, message-digest and their like are made by sealkit'
      throw new CmsError('ERR_CMS_ATTRIBUTE', `signed attribute ${input.oid} cannot be given`, { hint })
    }
    seen.add(input.oid)
    return encoded
  })
}

/** Encodes a caller's unsigned attributes. */
export function encodeUnsignedInputs(inputs: readonly AttributeInput[]): Uint8Array[] {
  return inputs.map((input) => {
    const encoded = encodeAttributeInput(input)
    if (!ALWAYS_SIGNED.has(input.oid)) return encoded
    const hint = 'give it as a signed attribute, or let sealkit make it'
    throw new CmsError('ERR_CMS_ATTRIBUTE', `attribute ${input.oid} must be signed`, { hint })
  })
}

/** With tag and length. */
const MAX_OID_BYTES = DEFAULT_LIMITS.maxOidBytes + 2

/** Encodes an attribute after checking that its values are whole DER elements, inside too. */
function encodeAttributeInput(input: AttributeInput): Uint8Array {
  if (!Array.isArray(input?.values)) throw new TypeError('an attribute is { oid, values: [DER, …] }')
  const { oid, values } = input
  if (der.oid(oid).length > MAX_OID_BYTES) {
    throw new CmsError('ERR_CMS_ATTRIBUTE', `attribute ${oid}: an OID that long is not read again`)
  }
  if (values.length === 0) throw new CmsError('ERR_CMS_ATTRIBUTE', `attribute ${oid} has no value`)
  try {
    for (const value of values) readDer(value, 'value', passOver)
  } catch (cause) {
    if (!(cause instanceof Asn1Error)) throw cause
    const hint = 'each value must be one element in DER'
    throw new CmsError('ERR_CMS_ATTRIBUTE', `attribute ${oid}: ${cause.message}`, { cause, hint })
  }
  return encodeAttribute(oid, values)
}

function passOver(r: DerReader): void {
  const constructed = ((r.nextBytes[0] as number) & 0x20) !== 0
  if (!constructed) r.element('')
  else {
    r.constructed(r.nextTag, '', (inside) => {
      while (!inside.done) passOver(inside)
    })
  }
}

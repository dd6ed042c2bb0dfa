import { CmsError } from '../errors.ts'
import { encodeAttribute } from './attributes.ts'
import { CmsSignature } from './cms-signature.ts'
import { hashContent } from './content.ts'
import {
  encodeSignedData,
  layOutSignerInfo,
  type SignedDataParts,
  signedDataParts,
  signerInfoParts,
} from './encode.ts'
import { CmsOid } from './oids.ts'
import { type CmsKey, makeSignerInfo, partsOf } from './sign.ts'
import type { SignerInfo } from './signed-data.ts'
import { type SignerOptions, SignerTemplate } from './template.ts'
import { signatureTimeStamp, type TimestampSource } from './timestamp.ts'

/** Which signer of a message is meant. */
export interface SignerChoice {
  /** Index in the order of `signedData.signerInfos`. Needed where there are several. */
  signer?: number | undefined
}

/** Options of {@link countersign}. */
export interface CountersignOptions extends SignerOptions, SignerChoice {
  /** The key that countersigns. */
  key: CmsKey
  /** RFC 3161 timestamp over the countersignature. */
  timestamp?: TimestampSource | undefined
  /** Ends the call with the signal's reason. */
  signal?: AbortSignal | undefined
}

/**
 * Signs a signature: adds a countersignature (RFC 5652 section 11.4) over the signature value of one signer.
 * That signer's signature is not verified here.
 *
 * @throws CmsError `ERR_CMS_NO_SUCH_SIGNER`; what the key throws
 * @example
 * ```ts
 * import { openSoftwareKey } from 'sealkit/providers/software'
 * import { countersign, sign } from 'sealkit/cms'
 * await using key = await openSoftwareKey({ key: 'key.pem', certificate: 'cert.pem' })
 * const signature = await sign('content', { signers: key })
 * const twice = await countersign(signature, { key })
 * ```
 */
export async function countersign(
  signature: CmsSignature,
  options: CountersignOptions,
): Promise<CmsSignature> {
  const info = chooseSigner(signature, options.signer)
  const template = new SignerTemplate(options.key, options, undefined)
  const digests = await hashContent(info.signature, [template.digest], options.signal)
  const countersignature = await makeSignerInfo(template, options.key, digests, options)
  const attribute = encodeAttribute(CmsOid.countersignature, [countersignature])
  const added = partsOf([template])
  const parts = withUnsignedAttribute(signature, info, attribute)
  return new CmsSignature(
    encodeSignedData({ ...parts, certificates: [...parts.certificates, ...added.certificates] }),
  )
}

/** Options of {@link addTimestamp}. */
export interface AddTimestampOptions extends SignerChoice {
  /** The authority: a URL, or a function from query to response. */
  timestamp: TimestampSource
  /** Ends the call with the signal's reason. */
  signal?: AbortSignal | undefined
}

/**
 * Adds an RFC 3161 timestamp over one signer's signature (CAdES-T).
 *
 * @throws CmsError `ERR_CMS_NO_SUCH_SIGNER`, `ERR_TIMESTAMP_REFUSED`, `ERR_TIMESTAMP_INVALID`,
 *   `ERR_TIMESTAMP_UNAVAILABLE`
 * @see RFC 3161 appendix A, ETSI EN 319 122-1 section 5.3
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs'
 * import { addTimestamp, CmsSignature, type TimestampSource } from 'sealkit/cms'
 * const stamp = (timestamp: TimestampSource) =>
 *   addTimestamp(CmsSignature.from(readFileSync('signature.p7s')), { timestamp })
 * ```
 */
export async function addTimestamp(
  signature: CmsSignature,
  options: AddTimestampOptions,
): Promise<CmsSignature> {
  const info = chooseSigner(signature, options.signer)
  const attribute = await signatureTimeStamp(info.signature, options.timestamp, options.signal)
  return new CmsSignature(encodeSignedData(withUnsignedAttribute(signature, info, attribute)))
}

function chooseSigner({ signedData }: CmsSignature, index: number | undefined): SignerInfo {
  const { signerInfos } = signedData
  if (index === undefined && signerInfos.length > 1) {
    const hint = `give signer: 0 to ${signerInfos.length - 1}`
    throw new CmsError('ERR_CMS_NO_SUCH_SIGNER', `the message has ${signerInfos.length} signers`, { hint })
  }
  const info = signerInfos[index ?? 0]
  if (info !== undefined) return info
  throw new CmsError('ERR_CMS_NO_SUCH_SIGNER', `no signer ${index ?? 0} among ${signerInfos.length}`)
}

function withUnsignedAttribute(
  { signedData }: CmsSignature,
  info: SignerInfo,
  attribute: Uint8Array,
): SignedDataParts {
  const parts = signerInfoParts(info)
  const changed = layOutSignerInfo({ ...parts, unsignedAttrs: [...(parts.unsignedAttrs ?? []), attribute] })
  const signerInfos = signedData.signerInfos.map((other) => (other === info ? changed : other.der))
  return { ...signedDataParts(signedData), signerInfos }
}

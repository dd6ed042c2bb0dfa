import type { HashName } from '../algorithms/index.ts'
import type { Layout } from '../asn1/index.ts'
import { CmsSignature } from './cms-signature.ts'
import { attachable, type Content, hashContent } from './content.ts'
import { encodeSignedDataHead, joinSignedData, type SignedDataParts } from './encode.ts'
import { CmsOid } from './oids.ts'
import { type SignerIdentity, type SignerOptions, SignerTemplate } from './template.ts'
import { signatureTimeStamp, type TimestampSource } from './timestamp.ts'

/** A key that signs, as {@link sign} needs it. Every `KeySigner` is one. */
export interface CmsKey extends SignerIdentity {
  /** Signs the bytes; ECDSA signatures as DER. */
  sign(data: Uint8Array, options?: { signal?: AbortSignal | undefined }): Promise<Uint8Array>
}

/** What a message is beside its signers. */
export interface MessageOptions {
  /** Leaves the content out of the message. Default true. */
  detached?: boolean | undefined
  /** Dotted OID of the content's type. Default id-data. */
  contentType?: string | undefined
}

/** Options of {@link sign}; those of a signer hold for each of the signers. */
export interface SignOptions extends SignerOptions, MessageOptions {
  /** One key or several: their signatures stand side by side. */
  signers: CmsKey | readonly CmsKey[]
  /** Gets an RFC 3161 timestamp over each signature (CAdES-T): a function from query to response, or a URL. */
  timestamp?: TimestampSource | undefined
  /** Ends the call with the signal's reason. */
  signal?: AbortSignal | undefined
}

/**
 * Signs content into a CMS SignedData, detached by default, always with signed attributes and always in DER.
 *
 * @param content bytes, a string (UTF-8) or a stream; a stream is hashed as it passes and not kept
 * @throws CmsError `ERR_CMS_ATTRIBUTE` for attributes that cannot be written, `ERR_CMS_CONTENT_UNEXPECTED` for
 *   a stream to be attached, `ERR_TIMESTAMP_*`; AlgorithmError `ERR_ALGORITHM_WEAK` for a key that would sign with
 *   SHA-1 or MD5; TypeError for text with half a surrogate pair; whatever the key throws; the signal's reason
 * @see RFC 5652 section 5
 * @example
 * ```ts
 * import { openSoftwareKey } from 'sealkit/providers/software'
 * import { sign } from 'sealkit/cms'
 * await using key = await openSoftwareKey({ key: 'key.pem', certificate: 'cert.pem' })
 * const signature = await sign('the passport token', { signers: key })
 * signature.base64()
 * ```
 */
export async function sign(content: Content, options: SignOptions): Promise<CmsSignature> {
  return await contentSigner(options)(content, options.signal)
}

/**
 * Encodes all that does not depend on the content once, and gives the function that signs one content after
 * another: {@link sign} for many contents.
 */
export function contentSigner(
  options: SignOptions,
): (content: Content, signal?: AbortSignal) => Promise<CmsSignature> {
  const keys = ([] as CmsKey[]).concat(options.signers)
  if (keys.length === 0) throw new TypeError('signers must hold a key')
  const { detached = true, contentType = CmsOid.data, timestamp } = options
  const templates = keys.map((key) => new SignerTemplate(key, options, contentType))
  const hashes = new Set(templates.map(({ digest }) => digest))
  const encodeHead = (eContent: Uint8Array | undefined): Uint8Array =>
    encodeSignedDataHead({ ...partsOf(templates), eContentType: contentType, eContent })
  const detachedHead = encodeHead(undefined)
  return async (content, signal) => {
    const head = detached ? detachedHead : encodeHead(attachable(content))
    const digests = await hashContent(content, hashes, signal)
    const signerInfos = await Promise.all(
      templates.map((template, i) =>
        makeSignerInfo(template, keys[i] as CmsKey, digests, { timestamp, signal }),
      ),
    )
    return new CmsSignature(joinSignedData(head, signerInfos))
  }
}

/** Signs what a template gives for the digests, and wraps it into a SignerInfo. */
export async function makeSignerInfo(
  template: SignerTemplate,
  key: CmsKey,
  digests: ReadonlyMap<HashName, Uint8Array>,
  options: Pick<SignOptions, 'timestamp' | 'signal'>,
): Promise<Layout> {
  const signedAttrs = template.signedAttrs(digests.get(template.digest.name) as Uint8Array)
  const signature = await key.sign(signedAttrs, { signal: options.signal })
  const unsigned =
    options.timestamp === undefined
      ? []
      : [await signatureTimeStamp(signature, options.timestamp, options.signal)]
  return template.signerInfo(signedAttrs, signature, unsigned)
}

/** What a new signer brings into a SignedData, beside its SignerInfo. */
export type AddedParts = Pick<SignedDataParts, 'digestAlgorithms' | 'certificates' | 'signerInfoVersions'>

/** What the templates bring into a SignedData. */
export function partsOf(templates: readonly SignerTemplate[]): AddedParts {
  return {
    digestAlgorithms: templates.map(({ digest }) => digest.der),
    certificates: templates.flatMap(({ certificates }) => certificates),
    signerInfoVersions: templates.map(({ version }) => version),
  }
}

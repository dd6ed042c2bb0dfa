import { CmsSignature } from './cms-signature.ts'
import { type Content, contentOf, hashContent } from './content.ts'
import { encodeSignedData, type SignedDataParts, signedDataParts } from './encode.ts'
import { type AddedParts, type CmsKey, makeSignerInfo, partsOf, type SignOptions } from './sign.ts'
import { type SignerOptions, SignerTemplate } from './template.ts'

/** Options of {@link addSigner}. */
export interface AddSignerOptions extends SignerOptions, Pick<SignOptions, 'timestamp' | 'signal'> {
  /** The key that signs too. */
  signer: CmsKey
  /** The content, where the message is detached. */
  content?: Content | undefined
}

/**
 * Adds a signature to those of a message (RFC 5652 section 5: SignerInfos stand side by side). The others are
 * kept byte for byte and are not verified.
 *
 * @throws CmsError `ERR_CMS_CONTENT_MISSING`, `ERR_CMS_CONTENT_UNEXPECTED`, `ERR_CMS_ATTRIBUTE`
 * @example
 * ```ts
 * import { openSoftwareKey } from 'sealkit/providers/software'
 * import { addSigner, sign } from 'sealkit/cms'
 * await using key = await openSoftwareKey({ key: 'key.pem', certificate: 'cert.pem' })
 * const first = await sign('content', { signers: key })
 * const both = await addSigner(first, { signer: key, content: 'content' })
 * ```
 */
export async function addSigner(signature: CmsSignature, options: AddSignerOptions): Promise<CmsSignature> {
  const { signedData } = signature
  const content = contentOf(signedData.eContent, options.content)
  const template = new SignerTemplate(options.signer, options, signedData.eContentType)
  const digests = await hashContent(content, [template.digest], options.signal)
  const signerInfo = await makeSignerInfo(template, options.signer, digests, options)
  return new CmsSignature(
    encodeSignedData(
      withParts(signedDataParts(signedData), { ...partsOf([template]), signerInfos: [signerInfo] }),
    ),
  )
}

/** Joins what a new signer brings to what is there. */
function withParts(
  parts: SignedDataParts,
  added: AddedParts & Pick<SignedDataParts, 'signerInfos'>,
): SignedDataParts {
  return {
    ...parts,
    digestAlgorithms: [...parts.digestAlgorithms, ...added.digestAlgorithms],
    certificates: [...parts.certificates, ...added.certificates],
    signerInfoVersions: [...parts.signerInfoVersions, ...added.signerInfoVersions],
    signerInfos: [...parts.signerInfos, ...added.signerInfos],
  }
}

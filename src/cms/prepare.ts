import {
  parseSignatureAlgorithm,
  type SignatureAlgorithm,
  type SignatureAlgorithmChoice,
  signatureAlgorithmFor,
  verifySignature,
} from '../algorithms/index.ts'
import { decodeBase64, encodeBase64 } from '../asn1/index.ts'
import { CmsError } from '../errors.ts'
import { Certificate } from '../x509/index.ts'
import { CmsSignature } from './cms-signature.ts'
import { type Content, hashContent } from './content.ts'
import { encodeSignedData, layOutSignerInfo, signedDataParts, signerInfoParts } from './encode.ts'
import { CmsOid } from './oids.ts'
import { attachable, type MessageOptions, partsOf } from './sign.ts'
import { type SignerOptions, SignerTemplate } from './template.ts'

/** Options of {@link prepare}. */
export interface PrepareOptions extends SignerOptions, MessageOptions, SignatureAlgorithmChoice {
  /** The certificate of the key that will sign. */
  certificate: Certificate
  /** Its issuers, to be included. */
  chain?: readonly Certificate[] | undefined
  /** Ends the call with the signal's reason. */
  signal?: AbortSignal | undefined
}

/** What {@link prepare} gives: the bytes to sign, and what {@link complete} needs to go on. */
export interface PreparedSignature {
  /** The exact bytes to be hashed and signed: the signed attributes in DER. */
  readonly toBeSigned: Uint8Array
  /** How they are to be signed. */
  readonly algorithm: SignatureAlgorithm
  /** Text to keep until the signature is there: in a file, a database, another process. Holds no secret. */
  readonly state: string
}

/**
 * First phase of signing where the key is elsewhere: gives out the bytes to sign.
 *
 * @param content bytes, a string (UTF-8) or a stream
 * @throws CmsError `ERR_CMS_ATTRIBUTE`, `ERR_CMS_CONTENT_UNEXPECTED`; AlgorithmError where the choice of
 *   algorithm does not fit the certificate's key
 * @see RFC 5652 section 5.4
 * @example
 * ```ts
 * import { createPrivateKey, sign as rawSign } from 'node:crypto'
 * import { readFileSync } from 'node:fs'
 * import { Certificate, complete, prepare } from 'sealkit'
 * const certificate = Certificate.fromPem(readFileSync('cert.pem', 'utf8'))
 * const { toBeSigned, state } = await prepare('the passport token', { certificate })
 * // … elsewhere, with the key:
 * const raw = rawSign('sha256', toBeSigned, createPrivateKey(readFileSync('key.pem')))
 * const signature = await complete(state, raw)
 * ```
 */
export async function prepare(content: Content, options: PrepareOptions): Promise<PreparedSignature> {
  const { certificate, chain = [], detached = true, contentType = CmsOid.data } = options
  const algorithm = signatureAlgorithmFor(certificate.publicKey, options)
  const eContent = detached ? undefined : attachable(content)
  const template = new SignerTemplate({ certificate, chain, algorithm }, options, contentType)
  const digests = await hashContent(content, [template.digest], options.signal)
  const toBeSigned = template.signedAttrs(digests.get(template.digest.name) as Uint8Array)
  const signerInfos = [template.signerInfo(toBeSigned, new Uint8Array())]
  const unsigned = encodeSignedData({
    ...partsOf([template]),
    eContentType: contentType,
    eContent,
    signerInfos,
  })
  const state: State = {
    sealkit: 'prepared-signature/1',
    algorithm: encodeBase64(algorithm.der),
    certificate: encodeBase64(certificate.der),
    cms: encodeBase64(unsigned),
  }
  return { toBeSigned, algorithm, state: JSON.stringify(state) }
}

/** The message with an empty signature, and what verifies the signature to come. */
interface State {
  sealkit: 'prepared-signature/1'
  algorithm: string
  certificate: string
  cms: string
}

/**
 * Second phase: takes the signature made elsewhere, verifies it with the certificate, and gives the message.
 *
 * @param state the text from {@link prepare}
 * @param signature over `toBeSigned`; ECDSA as DER SEQUENCE of r and s
 * @throws CmsError `ERR_CMS_STATE` where the text is not from prepare, `ERR_CMS_SIGNATURE_INVALID` where the
 *   signature does not fit the bytes and the certificate
 */
export async function complete(state: string, signature: Uint8Array): Promise<CmsSignature> {
  const { algorithm, certificate, cms } = readState(state)
  const data = new CmsSignature(cms).signedData
  const [info, ...others] = data.signerInfos
  if (info?.signedAttrs === undefined || others.length > 0) throw notAState()
  if (!verifySignature(algorithm, certificate.publicKey, info.signedAttrs.der, signature)) {
    const hint =
      algorithm.scheme === 'ECDSA'
        ? 'was it made by this key over toBeSigned, and is it the DER form, not r and s side by side?'
        : 'was it made by the key of the certificate, over toBeSigned, with the algorithm that prepare named?'
    throw new CmsError('ERR_CMS_SIGNATURE_INVALID', 'the signature does not fit the prepared bytes', { hint })
  }
  const signerInfo = layOutSignerInfo({ ...signerInfoParts(info), signature })
  return new CmsSignature(encodeSignedData({ ...signedDataParts(data), signerInfos: [signerInfo] }))
}

function readState(text: string): {
  algorithm: SignatureAlgorithm
  certificate: Certificate
  cms: Uint8Array
} {
  const state = parseJson(text)
  const field = (name: keyof State): Uint8Array => {
    const value = state[name]
    const bytes = typeof value === 'string' ? decodeBase64(value) : undefined
    if (bytes === undefined) throw notAState()
    return bytes
  }
  if (state.sealkit !== 'prepared-signature/1') throw notAState()
  return {
    algorithm: parseSignatureAlgorithm(field('algorithm')),
    certificate: Certificate.parse(field('certificate')),
    cms: field('cms'),
  }
}

function parseJson(text: string): Partial<State> {
  try {
    return Object(JSON.parse(text)) as Partial<State>
  } catch (cause) {
    throw notAState(cause)
  }
}

function notAState(cause?: unknown): CmsError {
  return new CmsError('ERR_CMS_STATE', 'this is no state of a prepared signature', {
    cause,
    hint: 'give complete the text that prepare gave, unchanged',
  })
}

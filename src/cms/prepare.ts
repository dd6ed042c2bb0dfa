import {
  checkStrength,
  digest,
  parseSignatureAlgorithm,
  readSignatureAlgorithm,
  type SignatureAlgorithm,
  type SignatureAlgorithmChoice,
  signatureAlgorithmFor,
  verifySignature,
} from '../algorithms/index.ts'
import { decodeBase64, encodeBase64, equalBytes, readDer } from '../asn1/index.ts'
import { CmsError, SealkitError } from '../errors.ts'
import { Certificate } from '../x509/index.ts'
import { Refusal } from './checks.ts'
import { CmsSignature } from './cms-signature.ts'
import { attachable, type Content, hashContent } from './content.ts'
import { encodeSignedData, layOutSignerInfo, signedDataParts, signerInfoParts } from './encode.ts'
import { candidates } from './find-certificate.ts'
import { CmsOid } from './oids.ts'
import { type MessageOptions, partsOf } from './sign.ts'
import { SignedAttributeSet } from './signed-attributes.ts'
import type { SignedAttributes, SignedData, SignerInfo } from './signed-data.ts'
import { digestFor, type SignerOptions, SignerTemplate } from './template.ts'

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
  /**
   * Text to keep until the signature is there: in a file, a database, another process. It holds the content where
   * that is attached, and no other secret.
   */
  readonly state: string
}

/**
 * First phase of signing where the key is elsewhere: gives out the bytes to sign.
 *
 * @param content bytes, a string (UTF-8) or a stream
 * @throws CmsError `ERR_CMS_ATTRIBUTE`, `ERR_CMS_CONTENT_UNEXPECTED`; AlgorithmError where the choice of
 *   algorithm does not fit the certificate's key, or the key is too short
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
  // As complete would: before the key elsewhere is asked.
  checkStrength(algorithm, certificate.publicKey, {})
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
 * @param signature over `toBeSigned`; ECDSA as DER SEQUENCE of r and s; GOST as s and r, big-endian
 * @throws CmsError `ERR_CMS_STATE` where the text is not from prepare or was changed,
 *   `ERR_CMS_SIGNATURE_INVALID` where the signature does not fit the bytes and the certificate
 */
export async function complete(state: string, signature: Uint8Array): Promise<CmsSignature> {
  const { algorithm, certificate, data, info, signedAttrs } = readState(state)
  if (!verifySignature(algorithm, certificate.publicKey, signedAttrs.der, signature)) {
    throw new CmsError('ERR_CMS_SIGNATURE_INVALID', 'the signature does not fit the prepared bytes', {
      hint: mismatchHint(algorithm),
    })
  }
  const signerInfo = layOutSignerInfo({ ...signerInfoParts(info), signature })
  return new CmsSignature(encodeSignedData({ ...signedDataParts(data), signerInfos: [signerInfo] }))
}

function mismatchHint({ scheme, family }: SignatureAlgorithm): string {
  if (scheme === 'ECDSA')
    return 'was it made by this key over toBeSigned, and is it the DER form, not r and s side by side?'
  if (family === 'GOST')
    return 'was it made by this key over toBeSigned, and is it s, then r, both big-endian? Tokens and CryptoPro give it in other orders'
  return 'was it made by the key of the certificate, over toBeSigned, with the algorithm that prepare named?'
}

interface ParsedState {
  algorithm: SignatureAlgorithm
  certificate: Certificate
  data: SignedData
  info: SignerInfo
  signedAttrs: SignedAttributes
}

function readState(text: string): ParsedState {
  try {
    const state = Object(JSON.parse(text)) as Partial<State>
    const field = (name: keyof State): Uint8Array => {
      const value: unknown = state[name]
      return (typeof value === 'string' ? decodeBase64(value) : undefined) ?? new Uint8Array()
    }
    const algorithm = parseSignatureAlgorithm(field('algorithm'))
    const certificate = Certificate.parse(field('certificate'))
    const data = new CmsSignature(field('cms')).signedData
    const [info, ...others] = data.signerInfos
    const signedAttrs = info?.signedAttrs
    if (info !== undefined && signedAttrs !== undefined && others.length === 0) {
      const parsed = { algorithm, certificate, data, info, signedAttrs }
      if (state.sealkit === 'prepared-signature/1' && fitsTogether(parsed)) return parsed
    }
  } catch (cause) {
    if (cause instanceof SyntaxError || cause instanceof SealkitError || cause instanceof Refusal)
      throw notAState(cause)
    throw cause
  }
  throw notAState()
}

/** Whether the parts of a state are of one signature: a damaged one would make a message that nobody accepts. */
function fitsTogether({ algorithm, certificate, data, info, signedAttrs }: ParsedState): boolean {
  const hash = digestFor(algorithm)
  const { contentType, messageDigest } = new SignedAttributeSet(signedAttrs.attributes)
  const named = readDer(info.signatureAlgorithm, '', (r) => readSignatureAlgorithm(r, '', hash))
  return (
    equalBytes(info.digestAlgorithm, hash.der) &&
    equalBytes(named.der, algorithm.der) &&
    candidates(info.sid, { certificates: [certificate], unreadable: 0, size: 0 }).length === 1 &&
    signedAttrs.isDer &&
    contentType === data.eContentType &&
    messageDigest !== undefined &&
    (data.eContent === undefined || equalBytes(messageDigest, digest(hash, data.eContent)))
  )
}

function notAState(cause?: unknown): CmsError {
  return new CmsError('ERR_CMS_STATE', 'this is no state of a prepared signature', {
    cause,
    hint: 'give complete the text that prepare gave, unchanged',
  })
}

import type { AlgorithmPolicy } from '../algorithms/index.ts'
import type { Limits } from '../asn1/index.ts'
import { CmsError } from '../errors.ts'
import type { Certificate } from '../x509/index.ts'
import { CmsSignature } from './cms-signature.ts'
import { type Content, contentOf, type Digests, hashContent } from './content.ts'
import { hashesOf } from './digests.ts'
import { KeptContent } from './direct.ts'
import { Effort } from './effort.ts'
import { poolOf } from './find-certificate.ts'
import { CmsOid } from './oids.ts'
import { REASONS, type TrustFunction, type VerifyResult, worst } from './report.ts'
import { reportSigner } from './report-signer.ts'
import type { SignedData } from './signed-data.ts'

/** Options of {@link verify}. */
export interface VerifyOptions extends AlgorithmPolicy {
  /** The content, where the signature is detached. */
  content?: Content | undefined
  /** Certificates beside those of the message, untrusted: the signer's where the message has none, issuers. */
  certificates?: readonly Certificate[] | undefined
  /** Judges the signer's certificate. Without it the verdict is `certificate-not-validated` at best. */
  trust?: TrustFunction | undefined
  /**
   * Takes signed attributes that are not in DER (out of order, or sent as BER), with a note: to read what older
   * producers wrote.
   * Default false.
   */
  lenient?: boolean | undefined
  /** Takes signatures without signed attributes. Default false: see the security notes. */
  allowNoSignedAttributes?: boolean | undefined
  /** Bounds on reading the message. */
  limits?: Limits | undefined
  /** Ends the call with the signal's reason. */
  signal?: AbortSignal | undefined
}

/**
 * Verifies a CMS signature: each signer, its countersignatures and timestamps.
 *
 * What a message may hold never throws: it is in the result, with the check that failed and a reason code.
 * Only `verdict: 'valid'` can be relied on, and there is no `valid` without a trust function.
 *
 * @param signature DER, BER, PEM or base64, or a `CmsSignature`; what the result holds are views of its bytes
 * @throws CmsError `ERR_CMS_CONTENT_MISSING`, `ERR_CMS_CONTENT_UNEXPECTED`, `ERR_CMS_NOT_SIGNED_DATA`,
 *   `ERR_CMS_MALFORMED`; Asn1Error and PemError where the message cannot be read; the signal's reason
 * @see RFC 5652 section 5.6
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs'
 * import { verify } from 'sealkit/cms'
 * const result = await verify(readFileSync('signature.p7s'), { content: readFileSync('token.txt') })
 * result.verdict // 'certificate-not-validated': right, but by whom?
 * ```
 */
export async function verify(
  signature: CmsSignature | Uint8Array | string,
  options: VerifyOptions = {},
): Promise<VerifyResult> {
  const message = messageOf(signature, options)
  const data = message.signedData
  const kept = needsContent(data, options) ? new KeptContent() : undefined
  const digests = await digestContent(data, options, kept)
  const pool = poolOf(data, options.certificates ?? [])
  const effort = new Effort()
  const context = {
    pool,
    digests,
    effort,
    contentType: data.eContentType,
    lenient: options.lenient === true,
    minRsaBits: options.minRsaBits,
    allowWeakHashes: options.allowWeakHashes,
    direct: kept?.verifier({ ...options, effort }),
    trust: options.trust,
    signal: options.signal,
  }
  const signers = await Promise.all(data.signerInfos.map((info) => reportSigner(info, context)))
  return {
    verdict: worst(signers.map(({ verdict }) => verdict)),
    reason: signers.length === 0 ? 'no-signers' : signers.find(({ reason }) => reason !== undefined)?.reason,
    certificateValidation: options.trust === undefined ? 'not-done' : 'done',
    contentType: data.eContentType,
    content: data.eContent,
    detached: data.eContent === undefined,
    signers,
  }
}

/** While a stream is read anything may happen to bytes that are not ours, between two checks of them. */
function messageOf(
  signature: CmsSignature | Uint8Array | string,
  { content, limits }: VerifyOptions,
): CmsSignature {
  const streamed = typeof content === 'object' && !(content instanceof Uint8Array)
  if (signature instanceof CmsSignature) {
    return streamed ? CmsSignature.from(new Uint8Array(signature.der), limits) : signature
  }
  const copied = streamed && signature instanceof Uint8Array
  return CmsSignature.from(copied ? new Uint8Array(signature) : signature, limits)
}

function digestContent(
  { signerInfos, eContent }: SignedData,
  { content, signal, allowWeakHashes }: VerifyOptions,
  kept: KeptContent | undefined,
): Digests | Promise<Digests> {
  if (signerInfos.length === 0) return new Map()
  const hashes = hashesOf(signerInfos, allowWeakHashes === true)
  return hashContent(contentOf(eContent, content), hashes, signal, kept)
}

/** Signed attributes may be missing for id-data only: nothing else covers the content's type (RFC 5652 5.3). */
function needsContent({ eContentType, signerInfos }: SignedData, options: VerifyOptions): boolean {
  return (
    options.allowNoSignedAttributes === true &&
    eContentType === CmsOid.data &&
    signerInfos.some(({ signedAttrs }) => signedAttrs === undefined)
  )
}

/**
 * Throws unless the verdict is `valid`: for callers that want to go on only with what can be relied on.
 *
 * @throws CmsError `ERR_CMS_NOT_VALID` with the reason
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs'
 * import { requireValid, verify } from 'sealkit/cms'
 * const result = await verify(readFileSync('signature.p7s'), {
 *   content: readFileSync('token.txt'),
 *   trust: (certificate) =>
 *     certificate.fingerprint() === process.env['EXPECTED_SIGNER']
 *       ? { trusted: true }
 *       : { trusted: false, detail: 'another signer was expected' },
 * })
 * try {
 *   requireValid(result)
 * } catch (error) {
 *   console.error(String(error)) // CmsError: … another signer was expected
 * }
 * ```
 */
export function requireValid(result: VerifyResult): void {
  if (result.verdict === 'valid') return
  if (result.verdict === 'certificate-not-validated') {
    const hint = 'give verify a trust function'
    throw new CmsError('ERR_CMS_NOT_VALID', "nobody validated the signer's certificate", { hint })
  }
  const detail = result.signers.find(({ reason }) => reason !== undefined)?.detail
  const sentence = result.reason === undefined ? 'the signature is not valid' : REASONS[result.reason]
  throw new CmsError('ERR_CMS_NOT_VALID', detail === undefined ? sentence : `${sentence}: ${detail}`)
}

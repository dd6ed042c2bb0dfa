import { timingSafeEqual } from 'node:crypto'
import { digest } from '../algorithms/index.ts'

import { SealkitError } from '../errors.ts'
import { type Certificate, ExtensionOid } from '../x509/index.ts'
import { Refusal } from './checks.ts'
import { digestsFor } from './digests.ts'
import { type CertificatePool, poolOf } from './find-certificate.ts'
import { CmsOid } from './oids.ts'
import type { ReasonCode } from './report.ts'
import { parseSignedData, type SignedData, type SignerInfo } from './signed-data.ts'
import type { SignerContext } from './signer-context.ts'
import { parseTstInfo, type TstInfo } from './tst-info.ts'
import { type SignerOutcome, verifySigner } from './verify-signer.ts'

const ID_KP_TIME_STAMPING = '1.3.6.1.5.5.7.3.8'

/** What verifying a token depends on. */
type TokenContext = Pick<SignerContext, 'effort' | 'lenient' | 'minRsaBits' | 'allowWeakHashes'>

/** What came out for a timestamp token, before trust is looked at. */
export interface TokenOutcome {
  readonly info: TstInfo | undefined
  readonly signerInfo: SignerInfo | undefined
  readonly signer: SignerOutcome | undefined
  readonly pool: CertificatePool | undefined
  readonly failure: { reason: ReasonCode; detail: string | undefined } | undefined
}

/**
 * Verifies an RFC 3161 token over `stamped`: one signer, TSTInfo, message imprint, the signature, and a
 * certificate for timestamping alone (section 2.3) that the token itself names (section 2.4.2).
 *
 * @param token ContentInfo in DER or BER
 * @param stamped the bytes that were stamped: of a signature timestamp, the signature's
 * @param nonce content octets of the nonce that was asked with
 */
export function verifyToken(
  token: Uint8Array,
  stamped: Uint8Array,
  given: readonly Certificate[],
  context: TokenContext,
  nonce?: Uint8Array,
): TokenOutcome {
  const outcome: { -readonly [K in keyof TokenOutcome]: TokenOutcome[K] } = {
    info: undefined,
    signerInfo: undefined,
    signer: undefined,
    pool: undefined,
    failure: undefined,
  }
  try {
    const data = parseSignedData(token)
    const { content, signerInfo } = oneSigner(data)
    outcome.signerInfo = signerInfo
    outcome.info = parseTstInfo(content)
    checkImprint(outcome.info, stamped, context.allowWeakHashes === true)
    checkNonce(outcome.info, nonce)
    outcome.pool = poolOf(data, given)
    outcome.signer = verifyContent(signerInfo, content, { ...context, pool: outcome.pool })
    checkSigner(signerInfo, outcome.signer)
  } catch (error) {
    if (error instanceof Refusal) outcome.failure = { reason: error.reason, detail: error.message }
    else if (error instanceof SealkitError)
      outcome.failure = { reason: 'timestamp-malformed', detail: error.message }
    else throw error
  }
  return outcome
}

function oneSigner(data: SignedData): { content: Uint8Array; signerInfo: SignerInfo } {
  const [signerInfo, ...others] = data.signerInfos
  if (data.eContentType !== CmsOid.tstInfo || data.eContent === undefined) {
    throw new Refusal('timestamp-malformed', 'the token holds no TSTInfo')
  }
  if (signerInfo === undefined || others.length > 0)
    throw new Refusal('timestamp-malformed', 'the token must have one signer')
  return { content: data.eContent, signerInfo }
}

function checkImprint(info: TstInfo, stamped: Uint8Array, allowWeak: boolean): void {
  if (info.hash.weak && !allowWeak)
    throw new Refusal('timestamp-mismatch', `the imprint is made with ${info.hash.name}`)
  const expected = digest(info.hash, stamped)
  if (info.hashedMessage.length !== expected.length || !timingSafeEqual(info.hashedMessage, expected)) {
    throw new Refusal('timestamp-mismatch')
  }
}

function checkNonce(info: TstInfo, nonce: Uint8Array | undefined): void {
  if (nonce === undefined) return
  if (info.nonce === undefined || Buffer.compare(info.nonce, nonce) !== 0) {
    throw new Refusal('timestamp-mismatch', 'the nonce is not the one that was sent')
  }
}

function verifyContent(
  signerInfo: SignerInfo,
  content: Uint8Array,
  context: TokenContext & Pick<SignerContext, 'pool'>,
): SignerOutcome {
  const digests = digestsFor([signerInfo], (hash) => digest(hash, content))
  return verifySigner(signerInfo, { ...context, contentType: CmsOid.tstInfo, digests, direct: undefined })
}

function checkSigner(signerInfo: SignerInfo, { checks, certificate }: SignerOutcome): void {
  const { failure } = checks
  if (failure !== undefined)
    throw new Refusal('timestamp-invalid', `${failure.reason} ${failure.detail ?? ''}`.trim())
  const named = [CmsOid.signingCertificate, CmsOid.signingCertificateV2] as string[]
  if (!signerInfo.signedAttrs?.attributes.some(({ oid }) => named.includes(oid))) {
    throw new Refusal(
      'timestamp-invalid',
      'the token lacks the signing-certificate attribute (RFC 3161 2.4.2)',
    )
  }
  const usage = certificate?.extension(ExtensionOid.extendedKeyUsage)
  const purposes = certificate?.extendedKeyUsage ?? []
  if (!usage?.critical || purposes.length !== 1 || purposes[0] !== ID_KP_TIME_STAMPING) {
    throw new Refusal('timestamp-certificate', certificate?.subject.toString())
  }
}

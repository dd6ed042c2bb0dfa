import { toDefinite } from '../../../src/asn1/index.ts'
import {
  CmsOid,
  CmsSignature,
  parseSignedData,
  REASONS,
  type SignerReport,
  verify,
} from '../../../src/cms/index.ts'
import { SealkitError, ToolError, type ToolErrorCode } from '../../../src/errors.ts'
import type { Certificate } from '../../../src/x509/index.ts'
import type { ValidataFamily } from '../options.ts'

/** What a signature must be. */
export interface Expected {
  readonly content: Uint8Array
  readonly family: ValidataFamily
  /** The signer's certificate must be one of them; undefined: any. */
  readonly certificates: readonly Certificate[] | undefined
  readonly signal: AbortSignal | undefined
}

/** A signature that was found right, and who made it. */
export interface JudgedSignature {
  /** In definite form, which is what was verified. */
  readonly signature: CmsSignature
  readonly certificate: Certificate
  readonly report: SignerReport
}

/** Whether bytes are a whole message, as far as that can be told without looking closer. */
export function isWholeMessage(bytes: Uint8Array): boolean {
  try {
    return CmsSignature.from(bytes).der.length > 0
  } catch {
    return false
  }
}

/**
 * Takes what a tool wrote for a signature only where it is one: CMS SignedData in BER, DER, PEM or base64, detached,
 * of one signer, of the expected family and certificate, that verifies over the content.
 *
 * @throws ToolError `ERR_TOOL_OUTPUT_EMPTY`, `ERR_TOOL_OUTPUT_NOT_CMS`, `ERR_TOOL_OUTPUT_REFUSED`,
 *   `ERR_TOOL_SIGNATURE_WRONG`
 */
export async function judgeOutput(output: Uint8Array, expected: Expected): Promise<JudgedSignature> {
  if (output.length === 0) {
    const hint = 'run the tool by hand with the same options; sealkit validata test shows what it says'
    throw new ToolError('ERR_TOOL_OUTPUT_EMPTY', 'the tool wrote an empty file', { hint })
  }
  const signature = readMessage(output)
  checkShape(signature)
  const report = await verifyMessage(signature, expected)
  const { certificate } = report
  if (certificate === undefined) throw wrong(report)
  checkFamily(certificate, expected.family)
  if (report.verdict === 'invalid') throw wrong(report)
  return { signature, certificate, report }
}

function readMessage(output: Uint8Array): CmsSignature {
  try {
    const read = CmsSignature.from(output)
    const signature = new CmsSignature(toDefinite(read.der))
    parseSignedData(signature.der)
    return signature
  } catch (cause) {
    if (!(cause instanceof SealkitError)) throw cause
    const hint =
      'the tool may have another output format: look for an option such as -format or -p7 and give it as extra='
    throw new ToolError('ERR_TOOL_OUTPUT_NOT_CMS', `the tool wrote no CMS signature: ${cause.message}`, {
      hint,
      cause,
    })
  }
}

function checkShape({ signedData }: CmsSignature): void {
  if (signedData.eContent !== undefined) {
    throw refused('it holds the content, and must be detached', 'the tool must be given -detached')
  }
  if (signedData.eContentType !== CmsOid.data) {
    throw refused(
      `its content type is ${signedData.eContentType}, not id-data`,
      'another operation may be needed',
    )
  }
  const { length } = signedData.signerInfos
  if (length !== 1)
    throw refused(`it has ${length} signers, and must have one`, 'choose a profile with one key')
}

/** Validata's own habits are taken: attributes out of DER order, none at all; the report has a note of it. */
async function verifyMessage(
  signature: CmsSignature,
  { content, certificates, signal }: Expected,
): Promise<SignerReport> {
  const result = await verify(signature, {
    content,
    certificates,
    lenient: true,
    allowNoSignedAttributes: true,
    trust: (certificate) =>
      certificates === undefined || certificates.some((each) => each.equals(certificate))
        ? { trusted: true }
        : { trusted: false, detail: `it is by ${certificate.subject}` },
    signal,
  })
  return result.signers[0] as SignerReport
}

function checkFamily(certificate: Certificate, family: ValidataFamily): void {
  const found = familyOf(certificate)
  if (found === undefined || found === family) return
  const hint = `say family=${found} if that is meant, or choose the tool or profile for ${family}: rpki1utl signs with RSA, zpci1utl and zpki1utl with GOST`
  throw refused(`its key is ${found}, and must be ${family}`, hint)
}

/** Family of a certificate's key; undefined where it cannot be read, which the verification says better. */
export function familyOf(certificate: Certificate): string | undefined {
  try {
    const { type } = certificate.publicKey
    return /^(RSA|GOST|EC)/.exec(type)?.[0] ?? 'EdDSA'
  } catch (error) {
    if (error instanceof SealkitError) return undefined
    throw error
  }
}

/** Reasons that are about who signed, or with what, and not about the signature itself. */
const REFUSED: Readonly<Record<string, readonly [message: string, hint: string]>> = {
  'certificate-not-found': [
    "the signer's certificate is neither in it nor the expected one",
    'let the tool put the certificate into the signature (send-certificate=true), or give the one it signs with',
  ],
  'certificate-not-trusted': [
    'it was made with another certificate than the expected one',
    'choose the profile of that certificate, or give the certificate of this profile',
  ],
  'certificate-malformed': ["the signer's certificate cannot be read", 'give it by itself as certificate'],
}

function wrong({ reason, detail }: SignerReport): ToolError {
  const more = detail === undefined ? '' : `: ${detail}`
  const known = reason === undefined ? undefined : REFUSED[reason]
  if (known !== undefined) return refused(`${known[0]}${more}`, known[1])
  const words = reason === undefined ? 'it is not valid' : REASONS[reason]
  const hint = 'run sealkit validata test, and send its report'
  const code: ToolErrorCode = 'ERR_TOOL_SIGNATURE_WRONG'
  return new ToolError(code, `the signature that the tool made is not good: ${words}${more}`, { hint })
}

function refused(message: string, hint: string): ToolError {
  return new ToolError(
    'ERR_TOOL_OUTPUT_REFUSED',
    `the signature that the tool made is not taken: ${message}`,
    { hint },
  )
}

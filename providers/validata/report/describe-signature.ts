import { toHex } from '../../../src/asn1/index.ts'
import type { JudgedSignature } from '../judge/judge-output.ts'

/** How a signature is built. Nothing in it tells whose it is. */
export interface ReportedSignature {
  /** e.g. `GOST R 34.10-2012 …`. */
  readonly algorithm: string
  /** What the tool wrote: `DER`, `BER`, `PEM` or `base64`. */
  readonly encoding: string
  /** Bytes of the output file. */
  readonly bytes: number
  /** AlgorithmIdentifiers in hexadecimal: producers differ in their parameters. */
  readonly digestAlgorithm: string
  readonly signatureAlgorithm: string
  /** OIDs of the signed attributes in their order; null where there are none. */
  readonly signedAttributes: readonly string[] | null
  readonly unsignedAttributes: readonly string[]
  readonly signerIdentifier: string
  readonly certificates: number
  readonly certificateValidUntil: string
  readonly notes: readonly string[]
}

/** What is worth knowing of a signature that was found right. */
export function describeSignature(
  { signature, certificate, report }: JudgedSignature,
  output: Uint8Array,
): ReportedSignature {
  const { signedData } = signature
  const [info] = signedData.signerInfos
  return {
    algorithm: report.algorithm ?? 'unknown',
    encoding: encodingOf(output, signature.der.length),
    bytes: output.length,
    digestAlgorithm: toHex(info?.digestAlgorithm ?? new Uint8Array()),
    signatureAlgorithm: toHex(info?.signatureAlgorithm ?? new Uint8Array()),
    signedAttributes: info?.signedAttrs?.attributes.map(({ oid }) => oid) ?? null,
    unsignedAttributes: info?.unsignedAttrs.map(({ oid }) => oid) ?? [],
    signerIdentifier:
      info !== undefined && 'issuer' in info.sid ? 'issuer and serial number' : 'subject key identifier',
    certificates: signedData.certificates.length,
    certificateValidUntil: certificate.notAfter.toISOString(),
    notes: report.notes,
  }
}

function encodingOf(output: Uint8Array, definiteLength: number): string {
  if (output[0] === 0x30) return output.length === definiteLength ? 'DER' : 'BER'
  const text = Buffer.from(output).toString('latin1')
  return text.includes('-----BEGIN') ? 'PEM' : `base64${/[\r\n]/.test(text.trim()) ? ' in lines' : ''}`
}

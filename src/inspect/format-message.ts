import { printable } from '../x509/printable.ts'
import type { InspectedCertificate, InspectedMessage, InspectedSigner } from './inspection.ts'
import { type Paint, type Row, type Section, spaced, utc } from './layout.ts'

/** A signed message, for people. */
export function messageSection(
  message: InspectedMessage,
  certificates: readonly InspectedCertificate[],
  paint: Paint,
): Section {
  const { contentType, detached, contentLength, digestAlgorithms, signers } = message
  const content = detached
    ? 'detached: not in the message'
    : `in the message, ${spaced(contentLength ?? 0)} bytes`
  const rows: Row[] = [
    ['content', content],
    ['type', printable(contentType)],
    ['digests', printable(digestAlgorithms.join(', ')) || 'none'],
    ...signers.flatMap((signer, i) => signerRows(signer, `signer ${i + 1}`, certificates)),
  ]
  return { title: paint('Signed message (not verified)', 'bold'), rows }
}

function signerRows(
  signer: InspectedSigner,
  name: string,
  certificates: readonly InspectedCertificate[],
): Row[] {
  const certificate = certificates.find(({ sha256 }) => sha256 === signer.certificateSha256)
  const who = certificate?.subject ?? `${signer.identifier} (certificate not in the message)`
  const time =
    signer.signingTime === null ? 'not said' : `${utc(signer.signingTime)}, by the signer's own word`
  return [
    [name, printable(who)],
    ['algorithm', printable(`${signer.signatureAlgorithm}, digest ${signer.digestAlgorithm}`)],
    ['signed at', time],
    ['attributes', printable(signer.signedAttributes.join(', ')) || 'none'],
    ...signer.timestamps.map(
      ({ time: stamped }): Row => [
        'timestamp',
        stamped === null ? 'cannot be read' : `${utc(stamped)} (not verified)`,
      ],
    ),
    ...(signer.countersignatures > 0
      ? [['countersigned', `${signer.countersignatures} times`] as const]
      : []),
  ]
}

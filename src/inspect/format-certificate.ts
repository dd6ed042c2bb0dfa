import { printable } from '../x509/printable.ts'
import type { InspectedCertificate } from './inspection.ts'
import { counted, type Paint, type Row, type Section, utc } from './layout.ts'

/** Fewer days than that are pointed out. */
const SOON = 30

/** A certificate, for people. */
export function certificateSection(certificate: InspectedCertificate, title: string, paint: Paint): Section {
  const { subjectAltNames, keyUsage, extendedKeyUsage, publicKey } = certificate
  const rows: Row[] = [
    ...(certificate.friendlyName === null ? [] : [['name', printable(certificate.friendlyName)] as const]),
    ['subject', printable(certificate.subject) || '(none)'],
    ['issuer', `${printable(certificate.issuer)}${certificate.selfSigned ? ' (self-signed)' : ''}`],
    ['serial', certificate.serialNumber],
    ['valid', `${utc(certificate.notBefore)} to ${utc(certificate.notAfter)}`],
    ['', validity(certificate, paint)],
    ...subjectAltNames.map((name): Row => ['alt name', printable(name)]),
    ['usage', usage(keyUsage)],
    ['purposes', usage(extendedKeyUsage)],
    ...(certificate.ca ? [['authority', authority(certificate)] as const] : []),
    ...(certificate.trusted ? [['trusted', 'as Java marks it'] as const] : []),
    ['key', printable(publicKey.name)],
    ['key sha256', publicKey.spkiSha256 ?? 'unknown'],
    ['signature', printable(certificate.signatureAlgorithm)],
    ['sha256', certificate.sha256],
    ['sha1', certificate.sha1],
    ...certificate.problems.map((problem): Row => ['problem', paint(printable(problem), 'yellow')]),
  ]
  return { title: paint(title, 'bold'), rows }
}

function validity({ validity: state, daysLeft, notBefore }: InspectedCertificate, paint: Paint): string {
  if (state === 'expired') return paint(`EXPIRED ${daysText(daysLeft)}`, 'red')
  if (state === 'not-yet-valid') return paint(`not valid before ${utc(notBefore)}`, 'yellow')
  return paint(daysText(daysLeft), daysLeft < SOON ? 'yellow' : 'green')
}

/** `12 days left`, `3 days ago`. */
export function daysText(daysLeft: number): string {
  const whole = daysLeft < 0 ? -daysLeft - 1 : daysLeft
  return `${counted(whole, 'day') ?? 'less than a day'} ${daysLeft < 0 ? 'ago' : 'left'}`
}

function usage(usages: readonly string[] | null): string {
  return usages === null ? 'not said: any' : printable(usages.join(', '))
}

function authority({ pathLength }: InspectedCertificate): string {
  if (pathLength === null) return 'CA'
  return `CA, with ${counted(pathLength, 'CA') ?? 'no CA'} below it at most`
}

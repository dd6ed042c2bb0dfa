import { type DerReader, readDer } from '../asn1/index.ts'
import { CertificateError } from '../errors.ts'
import { type GeneralName, readGeneralName } from './general-name.ts'

/** AccessDescription of authorityInfoAccess (RFC 5280 4.2.2.1). */
export interface AccessDescription {
  /** Dotted OID, see {@link AccessMethod}. */
  readonly method: string
  readonly location: GeneralName
}

/** OIDs of access methods (RFC 5280 4.2.2.1). */
export const AccessMethod = {
  ocsp: '1.3.6.1.5.5.7.48.1',
  caIssuers: '1.3.6.1.5.5.7.48.2',
} as const

/** Parses authorityInfoAccess or subjectInfoAccess: one description at least (RFC 5280 4.2.2.1, 4.2.2.2). */
export function parseInformationAccess(value: Uint8Array): readonly AccessDescription[] {
  const descriptions = readDer(value, 'authorityInfoAccess', (r) =>
    r.sequenceOf('', (list, name) =>
      list.sequence(name, (s) => ({
        method: s.oid('accessMethod'),
        location: readGeneralName(s, 'accessLocation'),
      })),
    ),
  )
  if (descriptions.length === 0) throw refused('authorityInfoAccess is empty')
  return descriptions
}

/** Parses certificatePolicies into the policies' OIDs: one at least, none twice (RFC 5280 4.2.1.4). */
export function parseCertificatePolicies(value: Uint8Array): readonly string[] {
  const policies = readDer(value, 'certificatePolicies', (r) =>
    r.sequenceOf('', (list, name) =>
      list.sequence(name, (s) => {
        const oid = s.oid('policyIdentifier')
        // What qualifiers say is for people; their shape only is looked at.
        if (!s.done) s.sequenceOf('policyQualifiers', (q, i) => q.sequence(i, readQualifier))
        return oid
      }),
    ),
  )
  if (policies.length === 0) throw refused('certificatePolicies is empty')
  if (new Set(policies).size < policies.length) throw refused('a certificate policy stands twice')
  return policies
}

function readQualifier(r: DerReader): void {
  r.oid('policyQualifierId')
  r.element('qualifier')
}

function refused(message: string): CertificateError {
  return new CertificateError('ERR_CERTIFICATE_EXTENSION', message)
}

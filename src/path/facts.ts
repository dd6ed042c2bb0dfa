import { SealkitError } from '../errors.ts'
import {
  type BasicConstraints,
  type Certificate,
  ExtensionOid,
  type GeneralName,
  type KeyUsage,
} from '../x509/index.ts'
import {
  type NameConstraints,
  parseInhibitAnyPolicy,
  parseNameConstraints,
  parsePolicyConstraints,
  parsePolicyMappings,
} from '../x509/path-extensions.ts'
import type { PolicyExtensions } from './policies.ts'

/** What path validation needs of a certificate, read once. */
export interface CertificateFacts {
  readonly selfIssued: boolean
  readonly basicConstraints: BasicConstraints | undefined
  readonly keyUsage: ReadonlySet<KeyUsage> | undefined
  readonly extendedKeyUsage: readonly string[] | undefined
  readonly subjectAltName: readonly GeneralName[] | undefined
  /** All names that name constraints apply to: subjectAltName, the subject, its e-mail addresses. */
  readonly names: readonly GeneralName[]
  readonly nameConstraints: NameConstraints | undefined
  readonly policy: PolicyExtensions
  /** OID of a critical extension that is not processed. */
  readonly unknownCritical: string | undefined
  /** What is wrong with an extension that is known; the others are undefined then. */
  readonly malformed: SealkitError | undefined
}

const known = new WeakMap<Certificate, CertificateFacts>()

/** Reads the extensions of a certificate; what is malformed is in the facts. */
export function factsOf(certificate: Certificate): CertificateFacts {
  let facts = known.get(certificate)
  if (facts === undefined) {
    facts = read(certificate)
    known.set(certificate, facts)
  }
  return facts
}

const NONE = {
  basicConstraints: undefined,
  keyUsage: undefined,
  extendedKeyUsage: undefined,
  subjectAltName: undefined,
  names: [],
  nameConstraints: undefined,
  policy: {
    policies: undefined,
    mappings: undefined,
    requireExplicitPolicy: undefined,
    inhibitPolicyMapping: undefined,
    inhibitAnyPolicy: undefined,
  },
}

function read(certificate: Certificate): CertificateFacts {
  const { selfIssued } = certificate
  const unknownCritical = certificate.extensions.find(
    ({ oid, critical }) => critical && !PROCESSED.has(oid),
  )?.oid
  try {
    const parsed = extensions(certificate)
    return {
      ...parsed,
      names: constrainedNames(certificate, parsed.subjectAltName),
      selfIssued,
      unknownCritical,
      malformed: undefined,
    }
  } catch (malformed) {
    if (malformed instanceof SealkitError) return { ...NONE, selfIssued, unknownCritical, malformed }
    throw malformed
  }
}

function extensions(certificate: Certificate) {
  const parsed = <T>(oid: string, parse: (value: Uint8Array) => T): T | undefined => {
    const extension = certificate.extension(oid)
    return extension && parse(extension.value)
  }
  const constraints = parsed(ExtensionOid.policyConstraints, parsePolicyConstraints)
  // Read for their form alone: one that is malformed is no reason to go on.
  certificate.authorityKeyIdentifier
  certificate.subjectKeyIdentifier
  certificate.crlDistributionPoints
  certificate.authorityInfoAccess
  return {
    basicConstraints: certificate.basicConstraints,
    keyUsage: certificate.keyUsage,
    extendedKeyUsage: certificate.extendedKeyUsage,
    subjectAltName: certificate.subjectAltName,
    nameConstraints: parsed(ExtensionOid.nameConstraints, parseNameConstraints),
    policy: {
      policies: certificate.certificatePolicies,
      mappings: parsed(ExtensionOid.policyMappings, parsePolicyMappings),
      requireExplicitPolicy: constraints?.requireExplicitPolicy,
      inhibitPolicyMapping: constraints?.inhibitPolicyMapping,
      inhibitAnyPolicy: parsed(ExtensionOid.inhibitAnyPolicy, parseInhibitAnyPolicy),
    },
  }
}

/** Extensions that path validation processes (RFC 5280 section 4.2); of others none may be critical. */
const PROCESSED: ReadonlySet<string> = new Set([
  ExtensionOid.authorityKeyIdentifier,
  ExtensionOid.subjectKeyIdentifier,
  ExtensionOid.keyUsage,
  ExtensionOid.certificatePolicies,
  ExtensionOid.policyMappings,
  ExtensionOid.subjectAltName,
  ExtensionOid.basicConstraints,
  ExtensionOid.nameConstraints,
  ExtensionOid.policyConstraints,
  ExtensionOid.extendedKeyUsage,
  ExtensionOid.inhibitAnyPolicy,
  ExtensionOid.cRLDistributionPoints,
])

const EMAIL_ADDRESS = '1.2.840.113549.1.9.1'

/** RFC 5280 4.2.1.10: the alternative names, the subject, and e-mail addresses in it where no alternative name is one. */
function constrainedNames({ subject }: Certificate, alternative: readonly GeneralName[] = []): GeneralName[] {
  const names: GeneralName[] = [...alternative]
  if (subject.rdns.length > 0) names.push({ type: 'directoryName', value: subject })
  for (const { type, text } of subject.rdns.flat()) {
    if (type === EMAIL_ADDRESS) names.push({ type: 'rfc822Name', value: text ?? '' })
  }
  return names
}

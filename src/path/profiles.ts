import { equalBytes } from '../asn1/index.ts'
import { type Certificate, ExtensionOid, type GeneralName } from '../x509/index.ts'
import { ipAddressText } from '../x509/ip-address.ts'
import { factsOf } from './facts.ts'
import { type PathProblem, problem } from './problem.ts'

/**
 * How much is asked of certificates beyond RFC 5280 section 6:
 * `default` what a relying party must check; `strict` what section 4 asks of conforming CAs too; `webpki` what the
 * CA/Browser Forum's baseline requirements ask.
 */
export type Profile = 'default' | 'strict' | 'webpki'

/** Where a certificate stands in a path. */
export type Role = 'target' | 'intermediate' | 'anchor'

type Rule = (certificate: Certificate, role: Role) => string | undefined

/** Whether a text names a profile. */
export function isProfile(text: string): text is Profile {
  return Object.hasOwn(RULES, text)
}

/** @returns what a profile refuses in a certificate */
export function profileProblem(
  certificate: Certificate,
  role: Role,
  profile: Profile,
): PathProblem | undefined {
  for (const rule of RULES[profile]) {
    const detail = rule(certificate, role)
    if (detail !== undefined) return problem('profile', certificate, `${detail} (profile ${profile})`)
  }
  return undefined
}

const isCa = (certificate: Certificate): boolean => factsOf(certificate).basicConstraints?.ca === true

/** RFC 5280 section 4. */
const STRICT: readonly Rule[] = [
  serialNumber,
  authorityKey,
  subjectKey,
  constraintsOfNames,
  caFields,
  keyCertSign,
  criticality,
  alternativeNames,
]

/** 4.1.2.2: positive, 20 octets at most. */
function serialNumber({ serial }: Certificate): string | undefined {
  if (serial.length > 20) return 'its serial number has more than 20 octets'
  if ((serial[0] as number) >= 0x80) return 'its serial number is negative'
  return serial.every((octet) => octet === 0) ? 'its serial number is zero' : undefined
}

/** 4.2.1.1: in all but self-signed certificates. */
function authorityKey(certificate: Certificate, role: Role): string | undefined {
  if (role === 'anchor' && certificate.selfIssued) return undefined
  return certificate.authorityKeyIdentifier === undefined ? 'it has no authority key identifier' : undefined
}

/** 4.2.1.2 */
function subjectKey(certificate: Certificate, role: Role): string | undefined {
  if (role === 'target' && !isCa(certificate)) return undefined
  return certificate.subjectKeyIdentifier === undefined
    ? 'it is a CA without subject key identifier'
    : undefined
}

/** 4.2.1.10 */
function constraintsOfNames(certificate: Certificate): string | undefined {
  const { nameConstraints } = factsOf(certificate)
  if (nameConstraints === undefined) return undefined
  if (!isCa(certificate)) return 'name constraints stand in a certificate that is no CA'
  if (certificate.extension(ExtensionOid.nameConstraints)?.critical !== true)
    return 'its name constraints are not critical'
  const bases = [...nameConstraints.permitted, ...nameConstraints.excluded]
  const dotted = bases.some(({ type, value }) => type === 'dNSName' && (value as string).startsWith('.'))
  return dotted ? 'its name constraints have a DNS name that begins with a dot' : undefined
}

/** 4.1.2.6 and 4.2.1.9 */
function caFields(certificate: Certificate, role: Role): string | undefined {
  if (role === 'target' && !isCa(certificate)) return undefined
  if (certificate.subject.rdns.length === 0) return 'it is a CA with an empty subject'
  const extension = certificate.extension(ExtensionOid.basicConstraints)
  if (extension === undefined) return 'it is a CA without basic constraints'
  return extension.critical ? undefined : 'its basic constraints are not critical'
}

/** 4.2.1.3 and 4.2.1.9 */
function keyCertSign(certificate: Certificate, role: Role): string | undefined {
  const { keyUsage, basicConstraints } = factsOf(certificate)
  if (role !== 'target' && keyUsage === undefined) return 'it is a CA without key usage'
  if (keyUsage?.has('keyCertSign') === true && basicConstraints?.ca !== true) {
    return 'its key may sign certificates, and it is no CA'
  }
  const limited = basicConstraints?.pathLenConstraint !== undefined
  return limited && basicConstraints?.ca !== true ? 'it has a path length, and is no CA' : undefined
}

/** Extensions that must not be critical, or must be. */
function criticality(certificate: Certificate): string | undefined {
  const never = [
    ExtensionOid.authorityKeyIdentifier,
    ExtensionOid.subjectKeyIdentifier,
    ExtensionOid.authorityInfoAccess,
  ].find((oid) => certificate.extension(oid)?.critical === true)
  if (never !== undefined) return `its extension ${never} is critical`
  const always = [ExtensionOid.policyConstraints, ExtensionOid.inhibitAnyPolicy].find(
    (oid) => certificate.extension(oid)?.critical === false,
  )
  return always === undefined ? undefined : `its extension ${always} is not critical`
}

/** 4.1.2.6: without a subject the alternative names are critical. */
function alternativeNames(certificate: Certificate): string | undefined {
  if (certificate.subject.rdns.length > 0) return undefined
  const critical = certificate.extension(ExtensionOid.subjectAltName)?.critical === true
  return critical ? undefined : 'it has neither a subject nor a critical alternative name'
}

/** CA/Browser Forum baseline requirements, section 7. */
const WEBPKI: readonly Rule[] = [
  serialNumber,
  (certificate) => (certificate.version === 3 ? undefined : 'it is not of version 3'),
  rootAuthorityKey,
  serverTarget,
  commonNames,
  caFields,
  keyAlgorithm,
  rsaModulus,
  rootKeyUsage,
]

function rootAuthorityKey(certificate: Certificate, role: Role): string | undefined {
  const extension = certificate.extension(ExtensionOid.authorityKeyIdentifier)
  if (extension === undefined) return role === 'anchor' ? undefined : 'it has no authority key identifier'
  const identifier = certificate.authorityKeyIdentifier
  if (identifier === undefined) return 'its authority key identifier has no key identifier'
  // 7.1.2.1.3
  const own = role === 'anchor' && certificate.selfIssued ? certificate.subjectKeyIdentifier : undefined
  if (own !== undefined && !equalBytes(own, identifier))
    return 'its authority key identifier is not its own key identifier, and it is a root'
  // [0] alone: tag, length, key identifier.
  const alone = extension.value.length === identifier.length + 4
  return alone ? undefined : 'its authority key identifier has more than the key identifier'
}

const SERVER_AUTH = '1.3.6.1.5.5.7.3.1'
const ANY_EXTENDED_KEY_USAGE = '2.5.29.37.0'

function serverTarget(certificate: Certificate, role: Role): string | undefined {
  if (role !== 'target') return undefined
  const { extendedKeyUsage, subjectAltName } = factsOf(certificate)
  if (isCa(certificate)) return 'it is a CA'
  if (extendedKeyUsage === undefined) return 'it has no extended key usage'
  if (extendedKeyUsage.includes(ANY_EXTENDED_KEY_USAGE)) return 'its extended key usage is for anything'
  if (certificate.extension(ExtensionOid.extendedKeyUsage)?.critical)
    return 'its extended key usage is critical'
  if (!extendedKeyUsage.includes(SERVER_AUTH)) return undefined
  if (subjectAltName === undefined) return 'it has no alternative names'
  const empty = certificate.subject.rdns.length === 0
  const critical = certificate.extension(ExtensionOid.subjectAltName)?.critical === true
  return !empty && critical ? 'its alternative names are critical beside a subject' : undefined
}

/** 7.1.4.3: a common name is one of the alternative names, letter by letter; the base of a wildcard counts. */
function commonNames(certificate: Certificate, role: Role): string | undefined {
  if (role !== 'target') return undefined
  const { subjectAltName = [] } = factsOf(certificate)
  for (const { type, text } of certificate.subject.rdns.flat()) {
    if (type !== COMMON_NAME || text === undefined) continue
    const own = subjectAltName.flatMap((name) => namesOf(name, looksLikeAddress(text)))
    // Without a name of its kind to compare with, it is a name for people.
    const counts = looksLikeAddress(text) || own.length > 0
    if (counts && !own.includes(text)) return 'its common name is none of its alternative names'
  }
  return undefined
}

const COMMON_NAME = '2.5.4.3'

/** What a resolver could take for an IP address: with a colon, or a number at the end (WHATWG URL, 3.5). */
function looksLikeAddress(text: string): boolean {
  return text.includes(':') || /(^|\.)(\d+|0x[0-9a-f]*)\.?$/i.test(text)
}

function namesOf(name: GeneralName, address: boolean): string[] {
  if (address) return name.type === 'iPAddress' ? [ipAddressText(name.value) ?? ''] : []
  if (name.type !== 'dNSName') return []
  return name.value.startsWith('*.') ? [name.value, name.value.slice(2)] : [name.value]
}

/** 7.1.3.1: no GOST. */
function keyAlgorithm(certificate: Certificate): string | undefined {
  const { type } = certificate.publicKey
  return type.startsWith('GOST') ? `its key is of ${type}` : undefined
}

function rsaModulus(certificate: Certificate): string | undefined {
  const { type, bits } = certificate.publicKey
  return type.startsWith('RSA') && bits % 8 !== 0 ? `its RSA key has ${bits} bits` : undefined
}

function rootKeyUsage(certificate: Certificate, role: Role): string | undefined {
  if (role === 'target') return undefined
  const { keyUsage, extendedKeyUsage } = factsOf(certificate)
  if (keyUsage === undefined) return 'it is a CA without key usage'
  return role === 'anchor' && extendedKeyUsage !== undefined
    ? 'it is a root with extended key usage'
    : undefined
}

const RULES: Readonly<Record<Profile, readonly Rule[]>> = { default: [], strict: STRICT, webpki: WEBPKI }

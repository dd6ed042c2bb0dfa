import type { Certificate, KeyUsage } from '../x509/index.ts'
import { ExtensionOid } from '../x509/index.ts'
import type { CertificateFacts } from './facts.ts'
import { type PathProblem, problem } from './problem.ts'

/** What a certificate is to be used for. */
export type Purpose = 'tls-server' | 'tls-client' | 'cms-signer' | 'timestamping' | 'any'

const ANY_EXTENDED_KEY_USAGE = '2.5.29.37.0'
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1'
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2'
const EMAIL_PROTECTION = '1.3.6.1.5.5.7.3.4'
const TIME_STAMPING = '1.3.6.1.5.5.7.3.8'
const DOCUMENT_SIGNING = '1.3.6.1.5.5.7.3.36'

interface Rule {
  /** One of these bits, where the certificate restricts its key. */
  readonly keyUsage: readonly KeyUsage[]
  /** One of these purposes, where the certificate restricts itself; undefined: any. */
  readonly extendedKeyUsage: readonly string[] | undefined
}

const RULES: Readonly<Record<Purpose, Rule>> = {
  'tls-server': {
    keyUsage: ['digitalSignature', 'keyEncipherment', 'keyAgreement'],
    extendedKeyUsage: [SERVER_AUTH],
  },
  'tls-client': { keyUsage: ['digitalSignature', 'keyAgreement'], extendedKeyUsage: [CLIENT_AUTH] },
  'cms-signer': {
    keyUsage: ['digitalSignature', 'nonRepudiation'],
    extendedKeyUsage: [EMAIL_PROTECTION, DOCUMENT_SIGNING],
  },
  timestamping: { keyUsage: ['digitalSignature', 'nonRepudiation'], extendedKeyUsage: [TIME_STAMPING] },
  any: { keyUsage: [], extendedKeyUsage: undefined },
}

/** Whether a text names a purpose. */
export function isPurpose(text: string): text is Purpose {
  return Object.hasOwn(RULES, text)
}

/** Purposes as OIDs that are asked for: those of the rule, or the caller's. */
export function wantedKeyPurposes(
  purpose: Purpose,
  own: readonly string[] | 'any' | undefined,
): readonly string[] | undefined {
  if (own === 'any') return undefined
  return own ?? RULES[purpose].extendedKeyUsage
}

/** Checks key usage and extended key usage of the certificate that a path is for. */
export function purposeProblem(
  certificate: Certificate,
  { keyUsage, extendedKeyUsage, basicConstraints }: CertificateFacts,
  purpose: Purpose,
  wanted: readonly string[] | undefined,
): PathProblem | undefined {
  const bits = RULES[purpose].keyUsage
  // A CA could issue itself what it lacks: its own certificate is taken where the path is for it (RFC 5280 4.2.1.9).
  const isCa =
    basicConstraints?.ca === true && keyUsage?.has('keyCertSign') === true && purpose.startsWith('tls')
  if (keyUsage !== undefined && !isCa && bits.length > 0 && !bits.some((bit) => keyUsage.has(bit))) {
    const detail = `the key usage ${[...keyUsage].join(', ')} has none of ${bits.join(', ')}`
    return problem('key-usage', certificate, detail, `a certificate for ${purpose} is needed`)
  }
  if (purpose === 'timestamping') return timestampingProblem(certificate, extendedKeyUsage)
  return allows(extendedKeyUsage, wanted) ? undefined : otherPurpose(certificate, purpose)
}

/** RFC 3161 2.3: timeStamping, alone, in a critical extension. */
function timestampingProblem(
  certificate: Certificate,
  extendedKeyUsage: readonly string[] | undefined,
): PathProblem | undefined {
  const critical = certificate.extension(ExtensionOid.extendedKeyUsage)?.critical === true
  const alone = extendedKeyUsage?.length === 1 && extendedKeyUsage[0] === TIME_STAMPING
  return critical && alone ? undefined : otherPurpose(certificate, 'timestamping')
}

/** Whether a CA may issue for a purpose: an extended key usage of its own restricts what is below it. */
export function caPurposeProblem(
  certificate: Certificate,
  { extendedKeyUsage }: CertificateFacts,
  purpose: Purpose,
  wanted: readonly string[] | undefined,
): PathProblem | undefined {
  return allows(extendedKeyUsage, wanted) ? undefined : otherPurpose(certificate, purpose)
}

function allows(
  extendedKeyUsage: readonly string[] | undefined,
  wanted: readonly string[] | undefined,
): boolean {
  if (extendedKeyUsage === undefined || wanted === undefined) return true
  return extendedKeyUsage.some((oid) => oid === ANY_EXTENDED_KEY_USAGE || wanted.includes(oid))
}

function otherPurpose(certificate: Certificate, purpose: Purpose): PathProblem {
  return problem(
    'extended-key-usage',
    certificate,
    `its extended key usage does not allow ${purpose}`,
    `a certificate for ${purpose} is needed`,
  )
}

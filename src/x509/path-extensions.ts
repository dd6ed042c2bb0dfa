import { contextTag, type DerReader, readDer } from '../asn1/index.ts'
import { CertificateError } from '../errors.ts'
import { type GeneralName, readGeneralName } from './general-name.ts'

/** The bases of nameConstraints (RFC 5280 4.2.1.10). */
export interface NameConstraints {
  readonly permitted: readonly GeneralName[]
  readonly excluded: readonly GeneralName[]
}

/** policyConstraints (RFC 5280 4.2.1.11). */
export interface PolicyConstraints {
  readonly requireExplicitPolicy: number | undefined
  readonly inhibitPolicyMapping: number | undefined
}

/** Parses nameConstraints: not empty, minimum 0 and no maximum (RFC 5280 4.2.1.10). */
export function parseNameConstraints(value: Uint8Array): NameConstraints {
  return readDer(value, 'nameConstraints', (r) =>
    r.sequence('', (s) => {
      if (s.done) throw refused('nameConstraints is empty')
      const permitted = subtrees(s, 0, 'permittedSubtrees')
      return { permitted, excluded: subtrees(s, 1, 'excludedSubtrees') }
    }),
  )
}

function subtrees(r: DerReader, number: number, field: string): GeneralName[] {
  if (r.nextTag !== contextTag(number, true)) return []
  const bases = r.sequenceOf(field, readSubtree, contextTag(number, true))
  return bases.length > 0 ? bases : r.fail('ERR_ASN1_VALUE', 'no subtree', undefined, field)
}

function readSubtree(r: DerReader, field: string): GeneralName {
  return r.sequence(field, (s) => {
    const base = checkedBase(s)
    // `minimum 0` is the default, which some write.
    if (s.nextTag === contextTag(0, false)) s.smallInteger('minimum', 0, 0, contextTag(0, false))
    return base
  })
}

/** A base that could be read in two ways must not decide anything. */
function checkedBase(r: DerReader): GeneralName {
  const base = readGeneralName(r, 'base', { constraint: true })
  const text = typeof base.value === 'string' ? base.value : ''
  switch (base.type) {
    case 'dNSName':
      if (!/^\.?([a-z0-9_-]+(\.[a-z0-9_-]+)*)?$/i.test(text) || text === '.') throw wrongBase(base.type)
      break
    case 'rfc822Name':
      // An asterisk before the @ is a letter like others (RFC 5322 3.2.3).
      if (!/^([^@\s]+@)?\.?[a-z0-9_-]+(\.[a-z0-9_-]+)*$/i.test(text)) throw wrongBase(base.type)
      break
    case 'uniformResourceIdentifier':
      if (!/^\.?[a-z0-9_-]+(\.[a-z0-9_-]+)*$/i.test(text)) throw wrongBase(base.type)
      break
    case 'iPAddress':
      if (!isMask(base.value.subarray(base.value.length / 2))) throw wrongBase(base.type)
      break
    default:
  }
  return base
}

/** Ones, then zeros (RFC 4632 3.1). */
function isMask(mask: Uint8Array): boolean {
  const bits = Array.from(mask, (octet) => octet.toString(2).padStart(8, '0')).join('')
  return /^1*0*$/.test(bits)
}

function wrongBase(type: string): CertificateError {
  return refused(`nameConstraints with a ${type} that is none`)
}

/** Parses policyMappings: one at least (RFC 5280 4.2.1.5). */
export function parsePolicyMappings(
  value: Uint8Array,
): readonly (readonly [issuer: string, subject: string])[] {
  const mappings = readDer(value, 'policyMappings', (r) =>
    r.sequenceOf('', (list, name) =>
      list.sequence(name, (s) => [s.oid('issuerDomainPolicy'), s.oid('subjectDomainPolicy')] as const),
    ),
  )
  if (mappings.length === 0) throw refused('policyMappings is empty')
  return mappings
}

/** Parses policyConstraints: not empty (RFC 5280 4.2.1.11). */
export function parsePolicyConstraints(value: Uint8Array): PolicyConstraints {
  return readDer(value, 'policyConstraints', (r) =>
    r.sequence('', (s) => {
      if (s.done) throw refused('policyConstraints is empty')
      return { requireExplicitPolicy: skipCerts(s, 0), inhibitPolicyMapping: skipCerts(s, 1) }
    }),
  )
}

function skipCerts(r: DerReader, number: number): number | undefined {
  const tag = contextTag(number, false)
  return r.nextTag === tag ? r.smallInteger(`[${number}]`, 0, 0x7fffffff, tag) : undefined
}

/** Parses inhibitAnyPolicy (RFC 5280 4.2.1.14). */
export function parseInhibitAnyPolicy(value: Uint8Array): number {
  return readDer(value, 'inhibitAnyPolicy', (r) => r.smallInteger('', 0, 0x7fffffff))
}

function refused(message: string): CertificateError {
  return new CertificateError('ERR_CERTIFICATE_EXTENSION', message)
}

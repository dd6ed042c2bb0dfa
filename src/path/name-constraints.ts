import { equalBytes } from '../asn1/index.ts'
import type { GeneralName, Name } from '../x509/index.ts'
import type { NameConstraints } from '../x509/path-extensions.ts'
import { isDnsName } from './host-name.ts'

/** How a name stands to a constraint of its own type. */
type Matches = (name: GeneralName, constraint: GeneralName, excluded: boolean) => boolean

/**
 * Checks names against one certificate's nameConstraints (RFC 5280 4.2.1.10, 6.1.4 (g)).
 *
 * @param spend called for each comparison: names times constraints can be made to cost much
 * @returns what is wrong, or undefined
 */
export function violation(
  names: readonly GeneralName[],
  { permitted, excluded }: NameConstraints,
  spend: (comparisons: number) => void,
): string | undefined {
  for (const name of names) {
    const matches = MATCHES[name.type]
    const own = (list: readonly GeneralName[]): readonly GeneralName[] => {
      spend(list.length)
      return list.filter(({ type }) => type === name.type)
    }
    const inside = own(permitted)
    const outside = own(excluded)
    // RFC 9598 6: what constrains mailboxes constrains those with other letters, which this does not compare.
    if (isOtherMailbox(name) && [...permitted, ...excluded].some(({ type }) => type === 'rfc822Name'))
      return 'a mailbox with other letters than ASCII is constrained, which is not supported'
    if (inside.length + outside.length === 0) continue
    // RFC 5280 4.2.1.10: who cannot process a constraint on a type of name that is there must refuse it.
    if (matches === undefined) return `${name.type} is constrained, which is not supported`
    if (outside.some((constraint) => matches(name, constraint, true)))
      return `${name.type} is in an excluded subtree`
    if (inside.length > 0 && !inside.some((constraint) => matches(name, constraint, false))) {
      return `${name.type} is in no permitted subtree`
    }
  }
  return undefined
}

const SMTP_UTF8_MAILBOX = '1.3.6.1.5.5.7.8.9'

function isOtherMailbox(name: GeneralName): boolean {
  return name.type === 'otherName' && name.typeId === SMTP_UTF8_MAILBOX
}

const MATCHES: { readonly [type in GeneralName['type']]?: Matches } = {
  dNSName: (name, constraint, excluded) => dnsWithin(text(name), text(constraint), excluded),
  rfc822Name: (name, constraint, excluded) =>
    mailWithin(name.value as string, constraint.value as string, excluded),
  uniformResourceIdentifier: (name, constraint, excluded) => {
    const host = hostOf(text(name))
    // Without a host the constraint cannot be kept (RFC 5280 4.2.1.10).
    return host === undefined ? excluded : hostWithin(host, text(constraint))
  },
  iPAddress: (name, constraint, excluded) =>
    addressWithin(name.value as Uint8Array, constraint.value as Uint8Array, excluded),
  directoryName: (name, constraint) => directoryWithin(name.value as Name, constraint.value as Name),
}

function text({ value }: GeneralName): string {
  return (value as string).toLowerCase()
}

/** The name itself, or one that ends in it. A wildcard meets an exclusion where one of its names would. */
function dnsWithin(name: string, constraint: string, excluded: boolean): boolean {
  if (constraint === '') return true
  // The same name with the root's dot; a wildcard of a form that no server is matched by could stand for anything.
  if (excluded && name.endsWith('.')) return dnsWithin(name.slice(0, -1), constraint, true)
  if (name.lastIndexOf('*') > 0 || (name.startsWith('*') && !name.startsWith('*.'))) return excluded
  // A leading dot is none of RFC 5280, and is met: it means the names below, to be excluded with the name itself.
  if (constraint.startsWith('.') && excluded) return dnsWithin(name, constraint.slice(1), true)
  const base = name.startsWith('*.') ? name.slice(2) : name
  if (constraint.startsWith('.')) return name.endsWith(constraint)
  if (base === constraint) return true
  if (name.endsWith(`.${constraint}`)) return true
  return excluded && name.startsWith('*.') && constraint.slice(constraint.indexOf('.') + 1) === base
}

/** One mailbox, all mailboxes of a host, or of the hosts below a domain. */
function mailWithin(name: string, constraint: string, excluded: boolean): boolean {
  const [local, host] = mailbox(name)
  // What is no mailbox could be taken for any.
  if (!isDnsName(host)) return excluded
  if (!constraint.includes('@')) return hostWithin(host, constraint.toLowerCase())
  const [wanted, at] = mailbox(constraint)
  // The local part has upper and lower case (RFC 5321 2.4); whether a server cares is not known.
  const same = excluded ? local.toLowerCase() === wanted.toLowerCase() : local === wanted
  return same && host === at
}

function mailbox(text: string): [local: string, host: string] {
  const at = text.lastIndexOf('@')
  return [text.slice(0, Math.max(0, at)), text.slice(at + 1).toLowerCase()]
}

/** `.example.com`: hosts below; `example.com`: that host. */
function hostWithin(host: string, constraint: string): boolean {
  return constraint.startsWith('.')
    ? host.endsWith(constraint) && host.length > constraint.length
    : host === constraint
}

/** Host of a URI, where it has one that is a DNS name. */
function hostOf(uri: string): string | undefined {
  // WHATWG URL takes a backslash for a slash, RFC 3986 for none: two hosts.
  if (uri.includes('\\')) return undefined
  const authority = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/.exec(uri)?.[1]
  const host = authority?.slice(authority.lastIndexOf('@') + 1).replace(/:\d*$/, '')
  return host !== undefined && isDnsName(host) ? host : undefined
}

/** Address and mask in one, of the address's own family; to be excluded, an IPv4 address in IPv6 too (RFC 4291 2.5.5.2). */
function addressWithin(address: Uint8Array, constraint: Uint8Array, excluded: boolean): boolean {
  const isMapped = excluded && constraint.length === 8 && startsWith(address, MAPPED)
  if (isMapped) return addressWithin(address.subarray(MAPPED.length), constraint, true)
  if (constraint.length !== address.length * 2) return false
  return address.every((octet, i) => {
    const mask = constraint[address.length + i] as number
    return (octet & mask) === ((constraint[i] as number) & mask)
  })
}

const MAPPED = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff)

function startsWith(bytes: Uint8Array, prefix: Uint8Array): boolean {
  return bytes.length > prefix.length && equalBytes(bytes.subarray(0, prefix.length), prefix)
}

/** The constraint's RDNs are the name's first ones. */
function directoryWithin(name: Name, constraint: Name): boolean {
  if (constraint.rdns.length > name.rdns.length) return false
  return equalBytes(name.der, constraint.der) || name.startsWith(constraint)
}

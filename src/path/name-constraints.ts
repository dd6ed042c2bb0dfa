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

const MATCHES: { readonly [type in GeneralName['type']]?: Matches } = {
  dNSName: (name, constraint, excluded) => dnsWithin(text(name), text(constraint), excluded),
  rfc822Name: (name, constraint, excluded) =>
    mailWithin(name.value as string, constraint.value as string, excluded),
  uniformResourceIdentifier: (name, constraint, excluded) => {
    const host = hostOf(text(name))
    // Without a host the constraint cannot be kept (RFC 5280 4.2.1.10).
    return host === undefined ? excluded : hostWithin(host, text(constraint))
  },
  iPAddress: (name, constraint) => addressWithin(name.value as Uint8Array, constraint.value as Uint8Array),
  directoryName: (name, constraint) => directoryWithin(name.value as Name, constraint.value as Name),
}

function text({ value }: GeneralName): string {
  return (value as string).toLowerCase()
}

/** The name itself, or one that ends in it. A wildcard meets an exclusion where one of its names would. */
function dnsWithin(name: string, constraint: string, excluded: boolean): boolean {
  if (constraint === '') return true
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
  if (!constraint.includes('@')) return hostWithin(host, constraint.toLowerCase())
  const [wanted, at] = mailbox(constraint)
  // The local part has upper and lower case (RFC 5321 2.4); whether a server cares is not known.
  const same = excluded ? local.toLowerCase() === wanted.toLowerCase() : local === wanted
  return same && host === at
}

function mailbox(text: string): [local: string, host: string] {
  const at = text.lastIndexOf('@')
  return [text.slice(0, at), text.slice(at + 1).toLowerCase()]
}

/** `.example.com`: hosts below; `example.com`: that host. */
function hostWithin(host: string, constraint: string): boolean {
  return constraint.startsWith('.')
    ? host.endsWith(constraint) && host.length > constraint.length
    : host === constraint
}

/** Host of a URI, where it has one that is a DNS name. */
function hostOf(uri: string): string | undefined {
  const authority = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/.exec(uri)?.[1]
  const host = authority?.slice(authority.lastIndexOf('@') + 1).replace(/:\d*$/, '')
  return host !== undefined && isDnsName(host) ? host : undefined
}

/** Address and mask in one, of the address's own family. */
function addressWithin(address: Uint8Array, constraint: Uint8Array): boolean {
  if (constraint.length !== address.length * 2) return false
  return address.every((octet, i) => {
    const mask = constraint[address.length + i] as number
    return (octet & mask) === ((constraint[i] as number) & mask)
  })
}

/** The constraint's RDNs are the name's first ones. */
function directoryWithin(name: Name, constraint: Name): boolean {
  if (constraint.rdns.length > name.rdns.length) return false
  return equalBytes(name.der, constraint.der) || name.startsWith(constraint)
}

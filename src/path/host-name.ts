import { parseIpAddress } from '../x509/ip-address.ts'

/** A name that the target must have: a server's, a DNS name or an IP address as RFC 9525 has it, or a mailbox. */
export type Reference =
  | { readonly type: 'rfc822Name'; readonly value: string }
  | { readonly type: 'dNSName'; readonly value: string }
  | { readonly type: 'iPAddress'; readonly value: Uint8Array }

/** Letters, digits and hyphens, not at the ends (RFC 1034 3.5); underscores, which the field uses. */
const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/

/** Whether a text is a DNS name in ASCII (A-labels), without a final dot. */
export function isDnsName(text: string): boolean {
  if (text.length === 0 || text.length > 253) return false
  const labels = text.toLowerCase().split('.')
  // An all-numeric last label makes it an IPv4 address, or something that is taken for one (WHATWG URL).
  return labels.every((label) => LABEL.test(label)) && !/^[0-9]+$/.test(labels.at(-1) as string)
}

/**
 * Reads what a caller gives as the server's name.
 *
 * @param host a DNS name, a final dot is dropped; an IPv4 address; an IPv6 address, in brackets or not
 * @throws TypeError where it is none of these
 */
export function parseReference(host: string): Reference {
  const text = String(host).replace(/^\[(.*)\]$/, '$1')
  const address = parseIpAddress(text)
  if (address !== undefined) return { type: 'iPAddress', value: address }
  const name = text.replace(/\.$/, '').toLowerCase()
  if (isDnsName(name)) return { type: 'dNSName', value: name }
  throw new TypeError('host must be a DNS name in ASCII (xn--…) or an IP address')
}

/**
 * Reads a mailbox that the target must have.
 *
 * @throws TypeError where it is none
 */
export function parseMailbox(email: string): Reference {
  if (/^[^\s@]+@[^\s@]+$/.test(email)) return { type: 'rfc822Name', value: email }
  throw new TypeError('email must be an e-mail address')
}

/** RFC 5280 7.5: the host counts without regard to case, what stands before it letter by letter. */
export function matchesMailbox(presented: string, reference: string): boolean {
  const [local, host] = [
    presented.slice(0, presented.lastIndexOf('@')),
    presented.slice(presented.lastIndexOf('@')),
  ]
  const at = reference.lastIndexOf('@')
  return local === reference.slice(0, at) && host.toLowerCase() === reference.slice(at).toLowerCase()
}

/**
 * Matches a dNSName of a certificate (RFC 9525 6.3): without regard to case; `*` stands for exactly one label, alone,
 * in the first place, and before two labels at least.
 */
export function matchesDnsName(presented: string, reference: string): boolean {
  const pattern = presented.toLowerCase()
  if (!pattern.startsWith('*.')) return isDnsName(pattern) && pattern === reference
  const base = pattern.slice(2)
  return isDnsName(base) && base.includes('.') && reference.slice(reference.indexOf('.') + 1) === base
    ? reference.length > base.length + 1
    : false
}

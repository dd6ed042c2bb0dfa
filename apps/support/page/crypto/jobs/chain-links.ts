import { orderChain } from '../../../../../src/credentials/index.ts'
import type { Certificate } from '../../../../../src/x509/index.ts'
import type { ChainLink } from '../../../sign-api.ts'

/** A chain to be drawn, the leaf first. Nobody has looked whether its root can be trusted. */
export function chainLinks(certificates: readonly Certificate[]): ChainLink[] {
  return certificates.map((certificate, i) => ({
    subject: certificate.subject.toString(),
    issuer: certificate.issuer.toString(),
    notBefore: certificate.notBefore.toISOString(),
    notAfter: certificate.notAfter.toISOString(),
    role: i === 0 ? 'leaf' : certificate.selfIssued ? 'root' : 'intermediate',
    trusted: false,
  }))
}

/** The longest chain that the certificates make, of those that issued none of the others. */
export function longestChain(certificates: readonly Certificate[]): Certificate[] {
  const issuers = (each: Certificate): boolean =>
    certificates.some((other) => other !== each && other.issuer.equals(each.subject))
  const leaves = certificates.filter((each) => !issuers(each))
  const chains = leaves.map((leaf) => [leaf, ...orderChain(leaf, certificates)])
  return chains.toSorted((a, b) => b.length - a.length)[0] ?? []
}

import { equalBytes } from '../asn1/index.ts'
import { SealkitError } from '../errors.ts'
import type { Certificate } from '../x509/index.ts'

/** Longer than any chain of the field. */
const MAX_LENGTH = 16

/**
 * Orders the issuers of a certificate: the nearest first, as far as the pool goes, at most 16. They are found by
 * name and, where the certificates carry them, by key identifiers; among several that fit, one with the right
 * identifier goes first, then one that is valid now, then the one valid longest. No signature is checked: this
 * is for sending a chain, not for trusting one.
 *
 * @param leaf the certificate whose issuers are wanted; not part of the result
 * @param pool certificates in any order; those that do not belong are left out
 * @returns the issuers, with the root where the pool has it
 * @see RFC 5280 6.1.3 (a) (4) and 4.2.1.1
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs'
 * import { orderChain, readCertificates } from 'sealkit/credentials'
 * const [leaf, ...others] = readCertificates(readFileSync('chain.pem'))
 * if (leaf) for (const issuer of orderChain(leaf, others)) console.log(`${issuer.subject}`)
 * ```
 */
export function orderChain(leaf: Certificate, pool: readonly Certificate[]): Certificate[] {
  const chain = [leaf]
  const now = Date.now()
  for (let last = leaf; chain.length <= MAX_LENGTH && !last.selfIssued; ) {
    const fitting = pool
      .filter((each) => each.subject.equals(last.issuer) && keyIdentifiersFit(last, each) !== false)
      .filter((each) => !chain.some((member) => member.equals(each)))
    const [issuer] = fitting.sort(
      (a, b) => rank(last, b, now) - rank(last, a, now) || +b.notAfter - +a.notAfter,
    )
    if (issuer === undefined) break
    chain.push(issuer)
    last = issuer
  }
  return chain.slice(1)
}

function rank(subject: Certificate, issuer: Certificate, now: number): number {
  const valid = +issuer.notBefore <= now && now <= +issuer.notAfter
  return (keyIdentifiersFit(subject, issuer) === true ? 2 : 0) + (valid ? 1 : 0)
}

/** Whether authority and subject key identifier are the same; undefined where one is missing or damaged. */
function keyIdentifiersFit(subject: Certificate, issuer: Certificate): boolean | undefined {
  try {
    const [authority, own] = [subject.authorityKeyIdentifier, issuer.subjectKeyIdentifier]
    return authority && own && equalBytes(authority, own)
  } catch (error) {
    if (error instanceof SealkitError) return undefined
    throw error
  }
}

import { equalBytes } from '../asn1/index.ts'
import { publicKeyIdentity } from '../credentials/public-key-identity.ts'
import { SealkitError } from '../errors.ts'
import type { Certificate } from '../x509/index.ts'

/** More certificates than that are a bundle of authorities, not a chain, and no drawing helps. */
const MAX_DRAWN = 60

/**
 * Draws how certificates hang together, issuers above. Found by names and key identifiers, as `orderChain` does: no
 * signature is checked.
 *
 * @param keys SubjectPublicKeyInfo of the private keys in the file
 * @returns lines; texts are as in the certificates
 */
export function drawChains(certificates: readonly Certificate[], keys: readonly Uint8Array[]): string[] {
  const distinct = certificates.filter(
    (each, i) => certificates.findIndex((other) => other.equals(each)) === i,
  )
  if (distinct.length === 0 || distinct.length > MAX_DRAWN) return []
  const own = new Set(keys.map(publicKeyIdentity))
  const parents = new Map(distinct.map((each) => [each, parentOf(each, distinct)]))
  breakCircles(parents)
  const lines: string[] = []
  const draw = (certificate: Certificate, prefix: string, branch: string, below: string): void => {
    const key = own.has(publicKeyIdentity(certificate.subjectPublicKeyInfo)) ? '  [private key]' : ''
    lines.push(`${prefix}${branch}${certificate.subject.toString() || '(no name)'}${key}`)
    const children = distinct.filter((each) => parents.get(each) === certificate)
    children.forEach((child, i) => {
      const last = i === children.length - 1
      draw(child, prefix + below, last ? '└─ ' : '├─ ', last ? '   ' : '│  ')
    })
  }
  for (const top of distinct.filter((each) => parents.get(each) === undefined)) {
    if (top.selfIssued) draw(top, '', '', '')
    else {
      lines.push(`(not in the file) ${top.issuer}`)
      draw(top, '', '└─ ', '   ')
    }
  }
  return lines
}

function parentOf(child: Certificate, all: readonly Certificate[]): Certificate | undefined {
  if (child.selfIssued) return undefined
  const named = all.filter((each) => each !== child && each.subject.equals(child.issuer))
  const identifier = read(() => child.authorityKeyIdentifier)
  if (identifier === undefined) return named[0]
  const own = (each: Certificate): Uint8Array | undefined => read(() => each.subjectKeyIdentifier)
  return (
    named.find((each) => equalBytes(own(each) ?? new Uint8Array(), identifier)) ??
    named.find((each) => own(each) === undefined)
  )
}

/** Two that claim to be each other's issuer: the first of them stands on top. */
function breakCircles(parents: Map<Certificate, Certificate | undefined>): void {
  for (const start of parents.keys()) {
    const seen = new Set<Certificate>()
    for (let at: Certificate | undefined = start; at !== undefined; at = parents.get(at)) {
      if (seen.has(at)) {
        parents.set(at, undefined)
        break
      }
      seen.add(at)
    }
  }
}

function read<T>(get: () => T): T | undefined {
  try {
    return get()
  } catch (error) {
    if (error instanceof SealkitError) return undefined
    throw error
  }
}

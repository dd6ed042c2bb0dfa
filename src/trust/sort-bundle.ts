import { SealkitError } from '../errors.ts'
import type { Certificate } from '../x509/index.ts'

/** A bundle's certificates by what they are for. */
export interface SortedBundle {
  /** Where paths may end. */
  readonly anchors: readonly Certificate[]
  /** CAs whose issuer is in the bundle: they are validated like any. */
  readonly intermediates: readonly Certificate[]
  /** Neither a root nor a CA. */
  readonly others: readonly Certificate[]
}

/**
 * Sorts the certificates that somebody trusts. Roots are anchors, and CAs whose issuer is not there: there is nothing
 * else to judge them by. A CA whose issuer is there needs no trust of its own.
 */
export function sortBundle(certificates: Iterable<Certificate>): SortedBundle {
  const all = [...certificates]
  const roots = all.filter(({ selfIssued }) => selfIssued)
  const authorities = all.filter((each) => !each.selfIssued && isCa(each))
  const others = all.filter((each) => !each.selfIssued && !isCa(each))
  const subjects = new Set([...roots, ...authorities].map(({ subject }) => subject.comparable))
  const orphans = authorities.filter(({ issuer }) => !subjects.has(issuer.comparable))
  const anchors = [...roots, ...orphans]
  const reached = reachable(anchors, authorities)
  // Two that are each other's issuer, and no root above them.
  const circles = authorities.filter((each) => !reached.has(each))
  return {
    anchors: [...anchors, ...circles],
    intermediates: authorities.filter((each) => reached.has(each) && !orphans.includes(each)),
    others,
  }
}

/** The anchors and all that their names lead to. */
function reachable(anchors: readonly Certificate[], authorities: readonly Certificate[]): Set<Certificate> {
  const byIssuer = new Map<string, Certificate[]>()
  for (const each of authorities) {
    const same = byIssuer.get(each.issuer.comparable)
    if (same === undefined) byIssuer.set(each.issuer.comparable, [each])
    else same.push(each)
  }
  const reached = new Set(anchors)
  // A Set goes on over what is added to it on the way.
  for (const { subject } of reached) {
    for (const below of byIssuer.get(subject.comparable) ?? []) reached.add(below)
  }
  return reached
}

function isCa(certificate: Certificate): boolean {
  try {
    return certificate.basicConstraints?.ca === true
  } catch (error) {
    if (error instanceof SealkitError) return false
    throw error
  }
}

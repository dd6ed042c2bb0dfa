import { equalBytes } from '../asn1/index.ts'
import type { Certificate, GeneralName } from '../x509/index.ts'
import { certificateProblem, type Rules } from './checks.ts'
import { factsOf } from './facts.ts'
import { matchesDnsName, matchesMailbox, type Reference } from './host-name.ts'
import { type PathProblem, problem } from './problem.ts'
import { type Profile, profileProblem } from './profiles.ts'
import { type Purpose, purposeProblem } from './purposes.ts'

/** What the target itself must be, whatever the path. */
export interface TargetRules extends Rules {
  readonly purpose: Purpose
  readonly wanted: readonly string[] | undefined
  readonly profile: Profile
  readonly references: readonly Reference[]
}

/** Checks the target by itself: form, validity, key, usage, profile, name. */
export function targetProblem(target: Certificate, rules: TargetRules): PathProblem | undefined {
  return (
    certificateProblem(target, rules) ??
    purposeProblem(target, factsOf(target), rules.purpose, rules.wanted) ??
    profileProblem(target, 'target', rules.profile) ??
    rules.references.map((reference) => nameProblem(target, reference)).find((found) => found !== undefined)
  )
}

const KINDS = { dNSName: 'DNS name', iPAddress: 'IP address', rfc822Name: 'e-mail address' } as const

/** RFC 9525: only alternative names count, never the common name. */
function nameProblem(target: Certificate, reference: Reference): PathProblem | undefined {
  const { subjectAltName = [] } = factsOf(target)
  if (subjectAltName.some((name) => isFor(name, reference))) return undefined
  const names = subjectAltName.filter(({ type }) => type === reference.type).length
  const kind = KINDS[reference.type]
  const detail =
    names === 0
      ? `it names no ${kind}`
      : `none of its ${names} names of the kind ${kind} is the one asked for`
  const hint = 'check the name; the common name does not count (RFC 9525)'
  return problem('name-mismatch', target, detail, hint)
}

function isFor(name: GeneralName, reference: Reference): boolean {
  if (name.type === 'dNSName' && reference.type === 'dNSName')
    return matchesDnsName(name.value, reference.value)
  if (name.type === 'rfc822Name' && reference.type === 'rfc822Name') {
    return matchesMailbox(name.value, reference.value)
  }
  return (
    name.type === 'iPAddress' && reference.type === 'iPAddress' && equalBytes(name.value, reference.value)
  )
}

import { PathError } from '../errors.ts'

/** Bounds on the work of one validation. */
export interface PathLimits {
  /** Most signatures that are verified. Default 200. */
  readonly maxSignatures?: number | undefined
  /** Most certificates that are looked at as issuers, counted again on every path. Default 5,000. */
  readonly maxCandidates?: number | undefined
  /** Most comparisons of names with constraints, of distribution points, and of policies. Default 250,000. */
  readonly maxNameComparisons?: number | undefined
  /** Most intermediate certificates in a path, self-issued ones not counted. Default 10. */
  readonly maxDepth?: number | undefined
}

/** Counts the work of one validation, and ends it where it goes beyond the limits. */
export class Budget {
  #signatures: number
  #candidates: number
  #comparisons: number

  constructor(limits: PathLimits = {}) {
    this.#signatures = bound('maxSignatures', limits.maxSignatures, 200)
    this.#candidates = bound('maxCandidates', limits.maxCandidates, 5000)
    this.#comparisons = bound('maxNameComparisons', limits.maxNameComparisons, 250_000)
  }

  signature(): void {
    if (--this.#signatures < 0) throw exhausted('signatures to verify', 'maxSignatures')
  }

  candidates(count: number): void {
    this.#candidates -= count
    if (this.#candidates < 0) throw exhausted('certificates to try as issuers', 'maxCandidates')
  }

  comparisons(count: number): void {
    this.#comparisons -= count
    if (this.#comparisons < 0)
      throw exhausted('names, constraints and policies to compare', 'maxNameComparisons')
  }
}

/** NaN would switch a limit off. */
export function bound(name: keyof PathLimits, given: number | undefined, fallback: number): number {
  const value = given ?? fallback
  if (typeof value !== 'number' || !(value >= 0))
    throw new TypeError(`limits.${name} must be a number from 0 up`)
  return value
}

function exhausted(what: string, option: string): PathError {
  const hint = `such a set of certificates is made to cost time; if it is known to be good, raise limits.${option}`
  return new PathError('ERR_PATH_BUDGET', `too many ${what}`, { hint })
}

import { AlgorithmError, type AlgorithmErrorCode, SealkitError } from '../errors.ts'
import type { Check, CheckName, ReasonCode } from './report.ts'

/** Ends one check; {@link Checks} turns it into an entry of the report. Never leaves this room. */
export class Refusal extends Error {
  readonly reason: ReasonCode

  constructor(reason: ReasonCode, detail = '') {
    super(detail)
    this.reason = reason
  }
}

const ORDER: readonly CheckName[] = [
  'digest-algorithm',
  'signed-attributes',
  'content-type',
  'message-digest',
  'algorithm-protection',
  'certificate',
  'signing-certificate',
  'signature-algorithm',
  'signature',
  'timestamp',
  'countersignature',
  'trust',
]

/** Runs the checks of one signer and keeps how each ended. A check that failed once has failed. */
export class Checks {
  readonly #done = new Map<CheckName, Check>()
  /** The first failure. */
  failure: { reason: ReasonCode; detail: string | undefined } | undefined

  /** Runs one check; gives undefined where it failed. */
  check<T>(name: CheckName, run: () => T): T | undefined {
    try {
      const result = run()
      this.pass(name)
      return result
    } catch (error) {
      if (error instanceof Refusal) this.fail(name, error.reason, error.message)
      else if (error instanceof SealkitError) this.fail(name, reasonFor(name, error), error.message)
      else throw error
      return undefined
    }
  }

  /** Runs a check only where there is something to check. */
  checkIf<V>(value: V | undefined, name: CheckName, run: (value: V) => void): void {
    if (value !== undefined) this.check(name, () => run(value))
  }

  pass(name: CheckName): void {
    if (!this.#done.has(name)) this.#done.set(name, { check: name, outcome: 'passed' })
  }

  fail(name: CheckName, reason: ReasonCode, detail: string | undefined): void {
    const more = detail === undefined || detail === '' ? {} : { detail }
    if (this.#done.get(name)?.outcome !== 'failed') {
      this.#done.set(name, { check: name, outcome: 'failed', reason, ...more })
    }
    this.failure ??= { reason, detail: more.detail }
  }

  /** Takes over the checks of another run, made after these. */
  append(other: Checks): void {
    for (const check of other.#done.values()) {
      if (check.outcome === 'failed') this.fail(check.check, check.reason as ReasonCode, check.detail)
      else this.pass(check.check)
    }
  }

  /** Every check in its order; those that were not run are `not-done`. */
  list(): Check[] {
    return ORDER.map((check) => this.#done.get(check) ?? { check, outcome: 'not-done' })
  }
}

const ALGORITHM_REASONS: Record<AlgorithmErrorCode, ReasonCode> = {
  ERR_ALGORITHM_UNKNOWN: 'signature-algorithm-unknown',
  ERR_ALGORITHM_PARAMETERS: 'signature-algorithm-parameters',
  ERR_ALGORITHM_WEAK: 'signature-algorithm-weak',
  ERR_ALGORITHM_KEY_MISMATCH: 'key-mismatch',
  // Only in a browser, where CMS is not verified.
  ERR_ALGORITHM_UNAVAILABLE: 'signature-algorithm-unknown',
  ERR_KEY_INVALID: 'key-invalid',
  ERR_KEY_WEAK: 'key-weak',
}

function reasonFor(check: CheckName, error: SealkitError): ReasonCode {
  switch (check) {
    case 'digest-algorithm':
      return 'digest-algorithm-unknown'
    case 'certificate':
      return 'certificate-malformed'
    case 'signature-algorithm':
    case 'signature':
      return error instanceof AlgorithmError
        ? ALGORITHM_REASONS[error.code]
        : 'signature-algorithm-parameters'
    case 'timestamp':
      return 'timestamp-malformed'
    default:
      return 'attribute-malformed'
  }
}

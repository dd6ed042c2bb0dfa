import type { SealkitError } from '../../src/errors.ts'
import type { Outcome } from './report.ts'

/** What a step found; what it throws is a failure. */
export interface Finding {
  /** Default `pass`. */
  readonly outcome?: Outcome | undefined
  readonly seen: readonly string[]
  readonly todo?: string | undefined
  /** Of a failure. */
  readonly error?: SealkitError | undefined
}

/** One step: what it is called, what it rests on, what it does. `Facts` is what steps tell those behind them. */
export interface Step<Facts> {
  readonly name: string
  readonly title: string
  /** Steps without which this one means nothing: where one of them failed, it is skipped. */
  readonly needs: readonly string[]
  run(facts: Facts): Promise<Finding> | Finding
}

/** A fact that an earlier step has told; `needs` sees to it. */
export function known<T>(fact: T | undefined, what: string): T {
  if (fact === undefined) throw new Error(`the step that tells ${what} is not among those that are needed`)
  return fact
}

/** A failure out of an error whose hint is known better. */
export function failure(
  error: SealkitError,
  more: { seen?: readonly string[]; todo?: string } = {},
): Finding {
  return {
    outcome: 'fail',
    seen: [error.message, ...(more.seen ?? [])],
    todo: more.todo ?? error.hint,
    error,
  }
}

/** A warning where there is something to warn of. */
export function warnedOf(seen: readonly string[], warnings: readonly string[], todo: string): Finding {
  if (warnings.length === 0) return { seen }
  return { outcome: 'warning', seen: [...seen, ...warnings], todo }
}

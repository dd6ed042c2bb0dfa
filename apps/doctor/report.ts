import type { Platform } from '../../src/config/index.ts'

/** How a step ended: `warning` works today, and not for long or not everywhere; `skipped` means nothing yet. */
export type Outcome = 'pass' | 'warning' | 'fail' | 'skipped'

/** One step of the examination. What is secret is left out of it. */
export interface StepReport {
  /** For programs: `client-certificate`. */
  readonly name: string
  /** For people. */
  readonly title: string
  readonly outcome: Outcome
  /** What was seen, a sentence each. One line each, made safe for a terminal. */
  readonly seen: readonly string[]
  /** The way out; undefined where there is nothing to do. */
  readonly todo: string | undefined
  /** Of the error that it failed with, where there was one. */
  readonly code: string | undefined
  readonly milliseconds: number
  /** What it failed with. */
  readonly error: unknown
}

/** What the doctor found. */
export interface DoctorReport {
  readonly platform: Platform
  readonly startedAt: Date
  /** The worst of the steps. */
  readonly verdict: 'pass' | 'warning' | 'fail'
  /** All steps, in their order. */
  readonly steps: readonly StepReport[]
  /** The first step that failed: it names the cause. */
  readonly firstFailure: StepReport | undefined
}

/** Puts the steps together. */
export function reportOf(platform: Platform, startedAt: Date, steps: readonly StepReport[]): DoctorReport {
  const has = (outcome: Outcome): boolean => steps.some((step) => step.outcome === outcome)
  return {
    platform,
    startedAt,
    verdict: has('fail') ? 'fail' : has('warning') ? 'warning' : 'pass',
    steps,
    firstFailure: steps.find(({ outcome }) => outcome === 'fail'),
  }
}

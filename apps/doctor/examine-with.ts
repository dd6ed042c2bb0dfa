import type { Platform } from '../../src/config/index.ts'
import { Redactor } from '../../src/http/index.ts'
import type { Facts } from './facts.ts'
import type { DoctorOptions } from './options.ts'
import { type DoctorReport, reportOf } from './report.ts'
import { runSteps } from './run-steps.ts'
import type { Step } from './step.ts'

/** Runs a platform's steps, and leaves nothing open behind them. */
export async function examineWith<F extends Facts>(
  platform: Platform,
  steps: readonly Step<F>[],
  options: DoctorOptions,
): Promise<DoctorReport> {
  const { now = Date.now, prompt, pin, trace, signal, env, store, onStart, onStep } = options
  const redactor = new Redactor()
  const onSecret = (secret: string): void => {
    redactor.hide(secret)
    options.onSecret?.(secret)
  }
  const facts: Facts = {
    options,
    open: { prompt, pin, trace, signal, env, store, onSecret },
    now,
    cleanUp: [],
    hosts: new Map(),
  }
  const startedAt = new Date(now())
  try {
    // What a platform adds is not there yet.
    const reports = await runSteps(steps, facts as F, { signal, onStart, onStep, redactor })
    return reportOf(platform, startedAt, reports)
  } finally {
    for (const undo of facts.cleanUp.reverse()) await undo()
  }
}

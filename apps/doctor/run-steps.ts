import { SealkitError } from '../../src/errors.ts'
import type { Redactor } from '../../src/http/index.ts'
import { printable } from '../../src/x509/printable.ts'
import type { DoctorOptions } from './options.ts'
import type { StepReport } from './report.ts'
import { type Finding, failure, type Step } from './step.ts'

/** How steps are run. */
export interface RunOptions extends Pick<DoctorOptions, 'signal' | 'onStart' | 'onStep'> {
  /** Takes secrets out of all that is told. */
  readonly redactor: Redactor
}

/** A line of a report is no longer. */
const LONGEST = 1000

/**
 * Runs the steps in their order. One that rests on a step which failed, or was skipped itself, is skipped: the first
 * that failed is the one to look at.
 *
 * @throws the signal's reason
 */
export async function runSteps<Facts>(
  steps: readonly Step<Facts>[],
  facts: Facts,
  { signal, onStart, onStep, redactor }: RunOptions,
): Promise<StepReport[]> {
  const reports: StepReport[] = []
  const clean = (text: string): string => printable(redacted(text, redactor)).slice(0, LONGEST)
  for (const step of steps) {
    const lacking = step.needs.find((name) => reports.some((each) => each.name === name && !holds(each)))
    const began = performance.now()
    if (lacking === undefined) onStart?.(step)
    const {
      outcome = 'pass',
      seen,
      todo,
      error,
    } = lacking === undefined ? await outcomeOf(step, facts, signal) : waiting(lacking)
    const { code } = (error ?? {}) as { code?: unknown }
    const report: StepReport = {
      name: step.name,
      title: clean(step.title),
      outcome,
      seen: seen.map(clean),
      todo: todo === undefined ? undefined : clean(todo),
      code: typeof code === 'string' ? code : undefined,
      milliseconds: Math.round(performance.now() - began),
      error,
    }
    reports.push(report)
    await onStep?.(report)
  }
  return reports
}

/** The label of a token in a URI (RFC 7512) is no secret, whatever its attribute is called; a PIN is. */
function redacted(text: string, redactor: Redactor): string {
  return text
    .split(/(pkcs11:[^\s,]+)/)
    .map((part) => (/^pkcs11:(?!.*pin-)/.test(part) ? part : redactor.text(part)))
    .join('')
}

function holds({ outcome }: StepReport): boolean {
  return outcome === 'pass' || outcome === 'warning'
}

function waiting(name: string): Finding {
  return { outcome: 'skipped', seen: [`it rests on ${name}`] }
}

async function outcomeOf<Facts>(
  step: Step<Facts>,
  facts: Facts,
  signal: AbortSignal | undefined,
): Promise<Finding | (Omit<Finding, 'error'> & { error: unknown })> {
  signal?.throwIfAborted()
  try {
    return await step.run(facts)
  } catch (error) {
    signal?.throwIfAborted()
    if (error instanceof SealkitError) return failure(error)
    // One step that breaks is no reason to say nothing of the others.
    const message = error instanceof Error ? error.message : String(error)
    const todo =
      'this is a fault in sealkit itself, or a setting that it does not understand: report it, please'
    return { outcome: 'fail', seen: [message], todo, error }
  }
}

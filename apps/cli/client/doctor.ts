import type { Platform } from '../../../src/config/index.ts'
import { formatTraceEvent, Redactor, type TraceEvent, TraceRecorder } from '../../../src/http/index.ts'
import {
  type DoctorOptions,
  type DoctorReport,
  MARKS,
  type Outcome,
  type StepReport,
  stepLines,
  summaryLine,
} from '../../doctor/index.ts'
import type { Arguments } from '../arguments.ts'
import type { Context } from '../command.ts'
import { exitCodeFor } from '../errors.ts'
import { ExitCode, type ExitCodeValue } from '../exit-codes.ts'
import type { OptionGroup } from '../options.ts'
import type { Output, Style } from '../output.ts'
import { bundleOf } from './bundle.ts'
import { clientProfile } from './profile.ts'
import { Progress } from './progress.ts'
import { pinPrompt, promptOf } from './prompts.ts'

/** Of both doctors. */
export const DOCTOR_OUTPUT: OptionGroup = {
  title: 'Output (default: a line or more for each step, as it ends)',
  options: [{ name: 'json', summary: 'the report for programs' }],
}

/** What is examined. */
export const DOCTOR_OPTIONS: OptionGroup = {
  title: 'What is examined',
  options: [{ name: 'no-login', summary: 'end before login and password would be sent' }],
}

/** What the doctors say of their exit codes. */
export const DOCTOR_EXIT_CODES = {
  good: 'every step passed; there may be warnings',
  negative: 'a step failed that stands for no error of another command: the clocks differ',
  usage: 'the command line is wrong',
  credential: 'the first step that failed: configuration, a file, a key, a certificate, a secret',
  refused: 'the first step that failed: the server refused login, scope or call',
  network: 'the first step that failed: name, proxy, connection, TLS, the server’s certificate, time limit',
  server: 'the first step that failed: the server is down for maintenance, failed, or answered nonsense',
  interrupted: 'interrupted by Ctrl-C',
} as const

/** Runs a doctor by the options, tells what it finds, and writes the bundle down. */
export async function runDoctor(
  { platform, examine }: { platform: Platform; examine: (options: DoctorOptions) => Promise<DoctorReport> },
  args: Arguments,
  context: Context,
  more: Pick<DoctorOptions, 'clientCa'> = {},
): Promise<ExitCodeValue> {
  const { signal } = context
  using progress = new Progress()
  const output = progress.over(context.output)
  const bundle = bundleOf(args)
  const recorder = new TraceRecorder()
  const redactor = new Redactor()
  const notes: string[] = []
  const ask = { signal, before: () => progress.stop() }
  const quiet: Output = { ...output, say: () => {} }
  const options: DoctorOptions = {
    ...more,
    // Its warnings are in the report.
    load: () => clientProfile(platform, args, { output: quiet, signal }, false),
    login: !args.has('no-login'),
    prompt: promptOf(ask),
    pin: pinPrompt(ask),
    trace: (event) => tell(event, { recorder, output, isVerbose: args.has('verbose') }),
    signal,
    onSecret: (secret) => void redactor.hide(secret),
    onStart: ({ title }) => progress.start(`examining: ${title}`),
    onStep: async (step) => {
      progress.stop()
      notes.push(...stepLines(step))
      if (!args.has('json')) await output.data(`${painted(step, output).join('\n')}\n`)
    },
  }
  try {
    const report = await examine(options)
    notes.push(summaryLine(report))
    bundle?.({ recorder, redactor, notes, error: report.firstFailure?.error })
    await print(report, args, output)
    return exitCodeOf(report)
  } catch (error) {
    bundle?.({ recorder, redactor, notes, error })
    throw error
  } finally {
    if (bundle !== undefined) output.say(`the support bundle is ${args.get('bundle')}`)
  }
}

function tell(
  event: TraceEvent,
  { recorder, output, isVerbose }: { recorder: TraceRecorder; output: Output; isVerbose: boolean },
): void {
  recorder.trace(event)
  if (isVerbose) for (const line of formatTraceEvent(event).split('\n')) output.say(line, 'dim')
}

const STYLES: Readonly<Record<Outcome, Style>> = {
  pass: 'green',
  warning: 'yellow',
  fail: 'red',
  skipped: 'dim',
}

/** The mark in its colour, where stdout is a terminal. */
function painted(step: StepReport, { paint }: Output): string[] {
  const mark = MARKS[step.outcome]
  const [first = '', ...further] = stepLines(step)
  return [`${paint(mark, STYLES[step.outcome])}${first.slice(mark.length)}`, ...further]
}

async function print(report: DoctorReport, args: Arguments, output: Output): Promise<void> {
  if (args.has('json')) return await output.json(forJson(report))
  const style = report.verdict === 'fail' ? 'red' : 'bold'
  await output.data(`${output.paint(summaryLine(report), style)}\n`)
}

/** What went wrong is in the report; the exit code is that of another command with the same error. */
function exitCodeOf({ firstFailure }: DoctorReport): ExitCodeValue {
  if (firstFailure === undefined) return ExitCode.good
  return firstFailure.error === undefined ? ExitCode.negative : exitCodeFor(firstFailure.error)
}

function forJson(report: DoctorReport): Record<string, unknown> {
  const { platform, startedAt, verdict, firstFailure, steps } = report
  return {
    good: verdict !== 'fail',
    platform,
    startedAt,
    verdict,
    firstFailure: firstFailure?.name ?? null,
    steps: steps.map(({ name, title, outcome, seen, todo = null, code = null, milliseconds }) => {
      return { name, title, outcome, seen, todo, code, milliseconds }
    }),
  }
}

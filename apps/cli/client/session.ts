import { memoryTokenStore } from '../../../src/auth/store/memory-store.ts'
import type { Platform, Profile } from '../../../src/config/index.ts'
import { formatTraceEvent, Redactor, type TraceEvent, TraceRecorder } from '../../../src/http/index.ts'
import type { Opened, OpenOptions } from '../../clients/index.ts'
import type { Arguments } from '../arguments.ts'
import type { Context } from '../command.ts'
import type { ExitCodeValue } from '../exit-codes.ts'
import { bundleOf } from './bundle.ts'
import { clientProfile } from './profile.ts'
import { Progress } from './progress.ts'
import { pinPrompt, promptOf } from './prompts.ts'

/** How a command wants its client. */
export interface Wish<O> {
  readonly platform: Platform
  open(profile: Profile, options: OpenOptions): O | Promise<O>
  /** Whether stdin holds something else than a password. */
  readonly stdinTaken?: boolean
  readonly maxResponseBytes?: number
  /** Has no options about tokens. */
  readonly withoutTokens?: boolean
  /** Told of each event of the connection. */
  readonly onEvent?: (event: TraceEvent) => void
}

/** What a command works with. */
export interface Session<O> extends Context {
  readonly opened: O
  readonly profile: Profile
  readonly progress: Progress
}

/** Opens a client by the options, works with it, and closes it; with `--bundle`, whatever came of it is written down. */
export async function withClient<O extends Opened<unknown>>(
  { platform, open, stdinTaken = false, maxResponseBytes, withoutTokens = false, onEvent }: Wish<O>,
  args: Arguments,
  context: Context,
  work: (session: Session<O>) => Promise<ExitCodeValue>,
): Promise<ExitCodeValue> {
  const { signal } = context
  using progress = new Progress()
  const output = progress.over(context.output)
  const bundle = bundleOf(args)
  const recorder = new TraceRecorder()
  const redactor = new Redactor()
  const notes: string[] = []
  const warn = (warning: string): void => {
    if (notes.includes(warning)) return
    notes.push(warning)
    output.say(`note: ${warning}`)
  }
  const trace = (event: TraceEvent): void => {
    if (bundle !== undefined) recorder.trace(event)
    if (args.has('verbose')) for (const line of formatTraceEvent(event).split('\n')) output.say(line, 'dim')
    onEvent?.(event)
  }
  const isTraced = bundle !== undefined || args.has('verbose') || onEvent !== undefined
  const ask = { signal, before: () => progress.stop() }
  const options: OpenOptions = {
    prompt: promptOf(ask),
    pin: pinPrompt(ask),
    signal,
    trace: isTraced ? trace : undefined,
    store: !withoutTokens && args.has('no-store') ? memoryTokenStore() : undefined,
    maxResponseBytes,
    onWarning: warn,
    onSecret: (secret) => void redactor.hide(secret),
  }
  const run = async (): Promise<ExitCodeValue> => {
    const profile = await clientProfile(platform, args, { output, signal }, stdinTaken)
    await using opened = await open(profile, options)
    try {
      return await work({ output, signal, opened, profile, progress })
    } finally {
      progress.stop()
      for (const warning of opened.http.warnings) warn(warning)
    }
  }
  try {
    const code = await run()
    bundle?.({ recorder, redactor, notes })
    return code
  } catch (error) {
    bundle?.({ recorder, redactor, notes, error })
    throw error
  } finally {
    if (bundle !== undefined) output.say(`the support bundle is ${args.get('bundle')}`)
  }
}

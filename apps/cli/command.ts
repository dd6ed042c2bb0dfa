import type { Arguments } from './arguments.ts'
import type { ExitCode, ExitCodeValue } from './exit-codes.ts'
import type { OptionSet } from './options.ts'
import type { Output } from './output.ts'

/** What a command works with. */
export interface Context {
  readonly output: Output
  /** Aborted with `Interrupted` by Ctrl-C and its like. */
  readonly signal: AbortSignal
}

/** A command before it is loaded: the overview and wrong names need no more. */
export interface CommandEntry {
  readonly name: string
  readonly summary: string
  load(): Promise<Command>
}

/** All commands, and what those of two words are about, by their first. */
export interface Program {
  readonly commands: readonly CommandEntry[]
  readonly groups: Readonly<Record<string, string>>
}

/** A command of the program. */
export interface Command extends OptionSet {
  readonly summary: string
  /** What follows the name, one line for each way to use it. */
  readonly usage: readonly string[]
  /** Paragraphs of the help. */
  readonly description: readonly string[]
  readonly examples: readonly { readonly title: string; readonly command: string }[]
  /** What its exit codes mean, where more can be said than the general words. */
  readonly exitCodes: Readonly<Partial<Record<keyof typeof ExitCode, string>>>
  /** @param program for the commands that tell about all of it */
  run(args: Arguments, context: Context, program: Program): Promise<ExitCodeValue>
}

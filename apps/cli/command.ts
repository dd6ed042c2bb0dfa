import type { Arguments } from './arguments.ts'
import type { ExitCode, ExitCodeValue } from './exit-codes.ts'
import type { Output } from './output.ts'

/** One option as data: it is parsed, checked and explained from this. */
export interface Option {
  /** Without the dashes. */
  readonly name: string
  /** What its value is, in capitals (`FILE`), or the values it takes; a switch has none. */
  readonly value?: string | readonly string[]
  /** May be given several times. */
  readonly multiple?: true
  readonly required?: true
  /** For the help: what it does, its default. */
  readonly summary: string
}

/** Options under one heading of the help. */
export interface OptionGroup {
  readonly title: string
  readonly options: readonly Option[]
}

/** What a command works with. */
export interface Context {
  readonly output: Output
  /** Aborted with `Interrupted` by Ctrl-C and its like. */
  readonly signal: AbortSignal
}

/** A command of the program. */
export interface Command {
  /** Its words: `sign`, `cred inspect`. */
  readonly name: string
  readonly summary: string
  /** What follows the name, one line for each way to use it. */
  readonly usage: readonly string[]
  /** Paragraphs of the help. */
  readonly description: readonly string[]
  readonly groups: readonly OptionGroup[]
  readonly examples: readonly { readonly title: string; readonly command: string }[]
  /** What its exit codes mean, where more can be said than the general words. */
  readonly exitCodes: Readonly<Partial<Record<keyof typeof ExitCode, string>>>
  /** Why it takes no arguments beside options: what to do in place of it. */
  readonly noArguments: string
  run(args: Arguments, context: Context): Promise<ExitCodeValue>
}

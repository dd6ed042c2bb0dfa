import { optionsOf } from '../arguments.ts'
import type { Program } from '../command.ts'
import { loadCommands } from '../load-commands.ts'
import type { Operands, Option } from '../options.ts'

/** What can stand at a place: these words, a name of a file or folder, or what nobody can guess. */
export type Completion = { readonly words: readonly string[] } | 'file' | 'folder' | 'text'

/** One way to write an option. */
export interface CompletedOption {
  /** With the dashes: `--json`, `-h`. */
  readonly name: string
  /** undefined: a switch. */
  readonly value: Completion | undefined
  readonly multiple: boolean
  readonly summary: string
}

/** A command as a shell completes it. */
export interface CompletedCommand {
  /** `sign`, `cred inspect`. */
  readonly name: string
  readonly summary: string
  readonly options: readonly CompletedOption[]
  /** What its arguments are that are no options; undefined: it takes none. */
  readonly operands: Completion | undefined
}

/** A first word. */
export interface CompletedWord {
  readonly name: string
  readonly summary: string
  /** Second words, where it is the name of a group. */
  readonly second: readonly { readonly name: string; readonly summary: string }[]
}

/** All that the scripts are made of. */
export interface CompletionModel {
  readonly words: readonly CompletedWord[]
  readonly commands: readonly CompletedCommand[]
}

/** The first words of command lines, before any command. */
const OTHERS: readonly CompletedWord[] = [
  { name: 'help', summary: 'show the options of a command', second: [] },
  { name: '--help', summary: 'show the commands', second: [] },
  { name: '--version', summary: 'show the version', second: [] },
]

/** Made from the tables that the help is made of. */
export async function completionModel(program: Program): Promise<CompletionModel> {
  const single = program.commands.filter(({ name }) => !name.includes(' '))
  const groups = Object.entries(program.groups).map(([name, summary]) => {
    return { name, summary, second: secondWords(program, name) }
  })
  const loaded = await loadCommands(program)
  return {
    words: [...single.map(({ name, summary }) => ({ name, summary, second: [] })), ...groups, ...OTHERS],
    commands: loaded.map(({ command, summary }) => ({
      name: command.name,
      summary,
      options: optionsOf(command).flatMap(waysToWrite),
      operands: command.operands && operandCompletion(command.operands),
    })),
  }
}

function secondWords({ commands }: Program, group: string): CompletedWord['second'] {
  return commands
    .filter(({ name }) => name.startsWith(`${group} `))
    .map(({ name, summary }) => ({ name: name.slice(group.length + 1), summary }))
}

function waysToWrite({ name, short, value, multiple, summary }: Option): CompletedOption[] {
  const rest = { value: valueCompletion(value), multiple: multiple === true, summary }
  const long = { name: `--${name}`, ...rest }
  return short === undefined ? [long] : [long, { name: `-${short}`, ...rest }]
}

/** Kinds of values that are files, by the words of the help. A key may be a URI too, which no shell knows. */
const FILES = new Set(['FILE', 'KEY', 'BUNDLE', 'CERT', 'IN', 'OUT'])

function valueCompletion(value: Option['value']): Completion | undefined {
  if (value === undefined) return undefined
  if (typeof value !== 'string') return { words: value }
  if (value === 'FOLDER') return 'folder'
  return FILES.has(value) ? 'file' : 'text'
}

function operandCompletion({ kind = 'file', names }: Operands): Completion {
  const [first = ''] = names
  if (/^[a-z0-9-]+(\|[a-z0-9-]+)+$/.test(first)) return { words: first.split('|') }
  return kind === 'file' && names.every((name) => name !== 'URI') ? 'file' : 'text'
}

import { HELP, optionsOf } from './arguments.ts'
import type { Command } from './command.ts'
import { COMMANDS, type CommandEntry, commandsOf, GROUPS } from './commands.ts'
import { EXIT_CODE_WORDS, ExitCode } from './exit-codes.ts'
import type { Option } from './options.ts'

const WIDTH = 80
/** Widest left column of options. */
const MAX_LEFT = 24

/** What `sealkit --help` shows: every command in one screen, those of two words by their first. */
export function overview(): string {
  const single = COMMANDS.filter(({ name }) => !name.includes(' '))
  const names = [
    ...single.map(({ name, summary }) => [name, summary] as const),
    ...Object.entries(GROUPS).map(
      ([group, about]) => [`${group} ...`, `${about}: ${secondWords(group)}`] as const,
    ),
  ]
  return lines(
    ...wrap(
      'sealkit makes and verifies detached CMS signatures, as financial APIs want them, and looks after the keys and certificates for that.',
    ),
    '',
    'usage: sealkit COMMAND [OPTION...]',
    '',
    ...columns([...names, ['help COMMAND', 'show the options of a command']]),
    '',
    ...columns([
      ['--help, -h', 'show this help, or that of the command before it'],
      ['--version, -V', 'show the version'],
    ]),
    '',
    'Sign a MOEX Passport token; the signature is one line of base64 on standard output:',
    '  sealkit sign --key key.pem --cert cert.pem --in token.txt',
    '',
    ...exitCodes(Object.keys(ExitCode) as (keyof typeof ExitCode)[], EXIT_CODE_WORDS),
  )
}

/** The commands of a group, without its name. */
function secondWords(group: string): string {
  return commandsOf(group)
    .map(({ name }) => name.slice(group.length + 1))
    .join(', ')
}

/** What `sealkit help cred` shows: the commands of two words that begin so. */
export function groupOverview(group: string, commands: readonly CommandEntry[]): string {
  return lines(
    `usage: sealkit ${group} COMMAND [OPTION...]`,
    '',
    ...columns(commands.map(({ name, summary }) => [name, summary] as const)),
    '',
    ...columns([[`help ${group} COMMAND`, 'show the options of a command']]),
  )
}

/** What `sealkit help COMMAND` shows. */
export function helpFor(command: Command): string {
  const [first = '', ...others] = command.usage
  const left = Math.min(MAX_LEFT, Math.max(...optionsOf(command).map((option) => optionUsage(option).length)))
  const used = Object.keys(command.exitCodes) as (keyof typeof ExitCode)[]
  return lines(
    ...wrap(command.summary),
    '',
    ...wrap(`sealkit ${command.name} ${first}`, 'usage: ', 9),
    ...others.flatMap((usage) => wrap(`sealkit ${command.name} ${usage}`, '       ', 9)),
    ...command.description.flatMap((paragraph) => ['', ...wrap(paragraph)]),
    ...command.groups.flatMap(({ title, options }) => ['', `${title}:`, ...optionColumns(options, left)]),
    '',
    ...optionColumns([HELP], left),
    '',
    ...command.examples.flatMap((example) => [`${example.title}:`, `  ${example.command}`, '']),
    ...exitCodes(used, { ...EXIT_CODE_WORDS, ...command.exitCodes }),
  )
}

function lines(...all: readonly string[]): string {
  return `${all.join('\n')}\n`
}

/** Longest list of values that stands beside its option. */
const MAX_CHOICES = 70

/** The option as it is written: `--format base64|der|pem`, or `--type TYPE` where the values are many. */
function optionUsage({ name, short, value }: Option): string {
  const also = short === undefined ? '' : `, -${short}`
  if (value === undefined) return `--${name}${also}`
  if (typeof value === 'string') return `--${name}${also} ${value}`
  const choices = value.join('|')
  return `--${name}${also} ${choices.length > MAX_CHOICES ? 'TYPE' : choices}`
}

function optionColumns(options: readonly Option[], left: number): string[] {
  const rows = options.map((option) => [optionUsage(option), summaryOf(option)] as const)
  return columns(rows, left)
}

function summaryOf({ summary, value }: Option): string {
  if (value === undefined || typeof value === 'string' || value.join('|').length <= MAX_CHOICES)
    return summary
  return `${summary}; one of ${value.join(', ')}`
}

function exitCodes(
  names: readonly (keyof typeof ExitCode)[],
  words: Readonly<Record<keyof typeof ExitCode, string>>,
): string[] {
  return ['Exit codes:', ...columns(names.map((name) => [String(ExitCode[name]), words[name]]))]
}

/** Two columns; a long entry on the left pushes its text to the next line. */
function columns(
  rows: readonly (readonly [string, string])[],
  left = Math.max(...rows.map(([entry]) => entry.length)),
): string[] {
  return rows.flatMap(([entry, text]) => {
    const wrapped = wrap(text, ' '.repeat(left + 4), left + 4)
    if (entry.length > left) return [`  ${entry}`, ...wrapped]
    return [`  ${entry.padEnd(left)}  ${wrapped[0]?.trimStart()}`, ...wrapped.slice(1)]
  })
}

/** Breaks at spaces; `first` begins the first line, `indent` spaces the others. */
function wrap(text: string, first = '', indent = 0): string[] {
  const done: string[] = []
  let line = first
  let empty = true
  for (const word of text.split(' ')) {
    if (!empty && line.length + 1 + word.length > WIDTH) {
      done.push(line)
      line = ' '.repeat(indent)
      empty = true
    }
    line += empty ? word : ` ${word}`
    empty = false
  }
  return [...done, line]
}

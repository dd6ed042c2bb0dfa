import { HELP, optionsOf } from './arguments.ts'
import type { Command, CommandEntry } from './command.ts'
import { COMMANDS, commandsOf, GROUPS } from './commands.ts'
import { ExitCode, exitCodesOf } from './exit-codes.ts'
import type { Option } from './options.ts'

const WIDTH = 80
/** Widest left column of options. */
const MAX_LEFT = 24

/** What `sealkit --help` shows: all that there is in one screen of 80 columns and 24 lines. */
export function overview(): string {
  const single = COMMANDS.filter(({ name }) => !name.includes(' '))
  const names = [
    ...single.map(({ name, summary }) => [name, summary] as const),
    ...Object.keys(GROUPS).map((group) => [group, groupSummary(group)] as const),
    ['help COMMAND', 'its options, examples and exit codes; --version: the version'] as const,
  ]
  const codes = Object.entries(ExitCode).map(([name, code]) => `${code}${NO_BREAK}${name}`)
  return lines(
    'sealkit: CMS signatures, keys and certificates, access to MOEX and Clearstream',
    'usage: sealkit COMMAND [OPTION...]',
    '',
    ...columns(names),
    '',
    ...wrap(codes.join(', '), 'Exit codes: ', 12).map((line) => line.replaceAll(NO_BREAK, ' ')),
  )
}

const NO_BREAK = '\u00a0'
/** Longest text that stands beside a name in one line. */
const MAX_SUMMARY = WIDTH - 16

/** The commands of a group, without its name; what they are about where there is room. */
function groupSummary(group: string): string {
  const words = commandsOf(group)
    .map(({ name }) => name.slice(group.length + 1))
    .join(', ')
  const whole = `${GROUPS[group]}: ${words}`
  return whole.length > MAX_SUMMARY ? words : whole
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
    'Exit codes:',
    ...columns(exitCodesOf(command.exitCodes).map(([code, words]) => [String(code), words])),
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

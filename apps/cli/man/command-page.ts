import { HELP } from '../arguments.ts'
import type { Command } from '../command.ts'
import { exitCodesOf } from '../exit-codes.ts'
import type { Option } from '../options.ts'
import { commandLine, escaped, head, macro, tagged } from './roff.ts'

/** The name of a command's page: `sealkit-cred-inspect`. */
export function pageName(command: string): string {
  return ['sealkit', ...command.split(' ')].join('-')
}

/** The manual page of a command, from what its help is made of. */
export function commandPage(command: Command, summary: string, version: string): string {
  const groups = [...command.groups, { title: 'Help', options: [HELP] }]
  const lines = [
    ...head(pageName(command.name), summary, version),
    macro('SH', 'SYNOPSIS'),
    ...command.usage.flatMap((usage, i) => [
      ...(i === 0 ? [] : ['.br']),
      macro('B', `sealkit ${command.name}`),
      ...(usage === '' ? [] : [escaped(usage)]),
    ]),
    macro('SH', 'DESCRIPTION'),
    escaped(command.summary),
    ...command.description.flatMap((paragraph) => ['.PP', escaped(paragraph)]),
    macro('SH', 'OPTIONS'),
    ...groups.flatMap(({ title, options }) => [macro('SS', title), ...options.flatMap(optionLines)]),
    macro('SH', 'EXIT STATUS'),
    ...exitCodesOf(command.exitCodes).flatMap(([code, words]) => tagged(String(code), words)),
    macro('SH', 'EXAMPLES'),
    ...command.examples.flatMap(({ title, command: example }) => [
      '.PP',
      escaped(`${title}:`),
      ...commandLine(example),
    ]),
    macro('SH', 'SEE ALSO'),
    `${macro('BR', 'sealkit')} (1)`,
  ]
  return `${lines.join('\n')}\n`
}

function optionLines({ name, short, value, summary, multiple }: Option): string[] {
  const also = short === undefined ? '' : `, -${short}`
  const taken = value === undefined ? '' : ` ${typeof value === 'string' ? value : value.join('|')}`
  return tagged(`--${name}${also}${taken}`, multiple ? `${summary}; may be given several times` : summary)
}

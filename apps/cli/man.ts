import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Arguments } from './arguments.ts'
import type { Command, Context, Program } from './command.ts'
import { CliError, systemReason, usageError } from './errors.ts'
import { ExitCode, type ExitCodeValue } from './exit-codes.ts'
import { pageName } from './man/command-page.ts'
import { manPages } from './man/pages.ts'
import { didYouMean } from './suggest.ts'
import { version } from './version.ts'

export const manCommand: Command = {
  name: 'man',
  summary: 'Prints the manual page of sealkit, or of one of its commands.',
  usage: ['[COMMAND]', '--out FOLDER'],
  description: ['The page is roff, as man reads it.'],
  groups: [
    {
      title: 'Output',
      options: [
        {
          name: 'out',
          value: 'FOLDER',
          summary: 'write all pages into this folder: sealkit.1, sealkit-sign.1 ...',
        },
      ],
    },
  ],
  examples: [
    { title: 'Read one', command: 'sealkit man cred inspect | man -l -' },
    { title: 'Install all', command: 'sealkit man --out ~/.local/share/man/man1' },
  ],
  exitCodes: { good: 'printed, or written', credential: 'a file cannot be written' },
  operands: { kind: 'argument', names: ['COMMAND', 'its second word'], min: 0, max: 2 },
  noArguments: 'a command has two words at most',
  run: runMan,
}

async function runMan(args: Arguments, { output }: Context, program: Program): Promise<ExitCodeValue> {
  const wanted = args.operands.join(' ')
  const folder = args.get('out')
  if (folder !== undefined) {
    if (wanted !== '') throw usageError('--out writes the pages of all commands')
    writePages(folder, await manPages(program, version()))
    return ExitCode.good
  }
  const page = (await manPages(program, version())).get(wanted === '' ? 'sealkit' : pageName(wanted))
  if (page === undefined) {
    const names = program.commands.map(({ name }) => name)
    throw usageError(
      `there is no such command${didYouMean(wanted, names)}`,
      'sealkit --help shows the commands',
    )
  }
  await output.data(page)
  return ExitCode.good
}

function writePages(folder: string, all: ReadonlyMap<string, string>): void {
  try {
    mkdirSync(folder, { recursive: true })
    for (const [name, text] of all) writeFileSync(join(folder, `${name}.1`), text)
  } catch (cause) {
    throw new CliError('ERR_CLI_OUTPUT', `cannot write to ${folder}: ${systemReason(cause)}`, { cause })
  }
}

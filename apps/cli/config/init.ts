import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { userConfigFile } from '../../../src/config/find-file.ts'
import { PLATFORMS, type Platform } from '../../../src/config/settings.ts'
import { writeCredentialFile } from '../../../src/credentials/index.ts'
import type { Arguments } from '../arguments.ts'
import type { Command, Context } from '../command.ts'
import { CliError, systemReason } from '../errors.ts'
import { ExitCode, type ExitCodeValue } from '../exit-codes.ts'
import { exampleConfig } from './example.ts'

export const configInitCommand: Command = {
  name: 'config init',
  summary: 'Writes a configuration file to fill in, which only its owner can read.',
  usage: ['[--platform PLATFORM] [--out FILE] [--force]'],
  description: ['Each setting is told in a comment. No secret is asked for: the file says where they are.'],
  groups: [
    {
      title: 'What is written',
      options: [
        { name: 'platform', value: PLATFORMS, summary: 'a profile for this one. Default: one for each' },
        { name: 'out', value: 'FILE', summary: 'where. Default: sealkit/config.toml where XDG says' },
        { name: 'force', summary: 'replace a file that is there' },
      ],
    },
  ],
  examples: [{ title: 'For MOEX', command: 'sealkit config init --platform moex' }],
  exitCodes: {
    good: 'written',
    usage: 'the command line is wrong, or the file is there',
    credential: 'the file cannot be written',
  },
  noArguments: 'the file is named by --out',
  run: runInit,
}

async function runInit(args: Arguments, { output }: Context): Promise<ExitCodeValue> {
  const platform = args.get('platform') as Platform | undefined
  const path = args.get('out') ?? userConfigFile(process.env)
  if (args.get('out') === undefined) makeFolder(dirname(path))
  const text = exampleConfig(platform === undefined ? PLATFORMS : [platform])
  await writeCredentialFile(path, text, { force: args.has('force') })
  output.say(`${path} is written; fill it in, then: sealkit config check`)
  return ExitCode.good
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  } catch (cause) {
    throw new CliError('ERR_CLI_OUTPUT', `cannot make ${folder}: ${systemReason(cause)}`, { cause })
  }
}

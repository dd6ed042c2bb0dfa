import { configSchema } from '../../../src/config/index.ts'
import type { Command } from '../command.ts'
import { ExitCode } from '../exit-codes.ts'

export const configSchemaCommand: Command = {
  name: 'config schema',
  summary: 'Prints the JSON schema of configuration files, for editors and checks.',
  usage: [''],
  description: [],
  groups: [],
  examples: [{ title: 'Into a file', command: 'sealkit config schema > sealkit.schema.json' }],
  exitCodes: { good: 'printed', usage: 'the command line is wrong' },
  noArguments: 'it takes none',
  async run(_args, { output }) {
    await output.json(configSchema)
    return ExitCode.good
  },
}

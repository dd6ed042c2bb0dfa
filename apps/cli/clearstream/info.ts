import { openClearstream } from '../../clients/index.ts'
import { CLIENT_EXIT_CODES, clientOptions, TOKEN_USE } from '../client/options.ts'
import { withClient } from '../client/session.ts'
import type { Command } from '../command.ts'
import { ExitCode } from '../exit-codes.ts'
import { printable } from '../printable.ts'

export const clearstreamInfoCommand: Command = {
  name: 'clearstream info',
  summary:
    "Asks Clearstream's playground for its version: proof that certificate, token and scope are right.",
  usage: ['[--profile NAME] [--json] [OPTION...]'],
  description: ['GET /playground/v1/info; the API consumer needs the scope ocapi-playground-v1.'],
  groups: clientOptions('clearstream', {
    output: { title: 'Output', options: [{ name: 'json', summary: 'the whole answer' }] },
    token: [TOKEN_USE],
  }),
  examples: [
    {
      title: 'Step 4 of the checklist in the guide',
      command: 'sealkit clearstream info --bundle clearstream.txt',
    },
  ],
  exitCodes: { ...CLIENT_EXIT_CODES, good: 'the playground answers' },
  noArguments: 'the profile is named by --profile',
  run: (args, context) =>
    withClient(
      { platform: 'clearstream', open: openClearstream },
      args,
      context,
      async ({ opened: { client }, output, signal, progress }) => {
        progress.start('waiting for the playground')
        const { infoStr, version, raw } = await client.info({ signal })
        progress.stop()
        if (args.has('json')) await output.json(raw)
        else await output.data(`${printable(infoStr)}\nversion ${printable(version)}\n`)
        return ExitCode.good
      },
    ),
}

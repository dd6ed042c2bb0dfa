import { openMoex } from '../../clients/index.ts'
import { CLIENT_EXIT_CODES, clientOptions } from '../client/options.ts'
import { withClient } from '../client/session.ts'
import type { Command } from '../command.ts'
import { ExitCode } from '../exit-codes.ts'

export const moexPassportCommand: Command = {
  name: 'moex passport',
  summary: 'Gets a MOEX Passport Token by login and password, and prints it.',
  usage: ['[--profile NAME] [--json] [OPTION...]'],
  description: [
    'The first step alone, for those who sign with another program. What is to be signed is the token without the line end behind it. It is asked for anew each time.',
    'A refused password is not tried again by itself: wrong passwords lock the account.',
  ],
  groups: clientOptions('moex', {
    output: {
      title: 'Output (default: the token alone, in one line)',
      options: [{ name: 'json', summary: 'a JSON object: the token, when it ends, how it came' }],
    },
  }),
  examples: [
    { title: 'Into a file, without a line end', command: 'printf %s "$(sealkit moex passport)" > token.txt' },
  ],
  exitCodes: { ...CLIENT_EXIT_CODES, good: 'the token is printed' },
  noArguments: 'the profile is named by --profile',
  run: (args, context) =>
    withClient(
      { platform: 'moex', open: openMoex, withoutTokens: true },
      args,
      context,
      async ({ opened: { client }, output, signal, progress }) => {
        progress.start('waiting for a MOEX Passport Token')
        const { value, expiresAt, shape } = await client.passport({ signal })
        progress.stop()
        if (args.has('json')) await output.json({ passportToken: value, expiresAt: expiresAt ?? null, shape })
        else await output.data(`${value}\n`)
        return ExitCode.good
      },
    ),
}

import { openMoex } from '../../clients/index.ts'
import { CLIENT_EXIT_CODES, clientOptions, TOKEN_USE } from '../client/options.ts'
import { withClient } from '../client/session.ts'
import { printToken, TOKEN_OUTPUT, unverifiedClaims } from '../client/token-output.ts'
import type { Command } from '../command.ts'
import { ExitCode } from '../exit-codes.ts'

export const moexTokenCommand: Command = {
  name: 'moex token',
  summary: "Gets an access token for MOEX's Web API, and prints it.",
  usage: ['[--profile NAME] [--fresh] [--json] [OPTION...]'],
  description: [
    'The MOEX Passport Token is asked for with login and password, signed with the key, and exchanged for an access token. One that is cached and still good for a while is printed without asking anyone.',
    'A refused password is not tried again by itself: wrong passwords lock the account.',
  ],
  groups: clientOptions('moex', { output: TOKEN_OUTPUT, token: [TOKEN_USE] }),
  examples: [
    { title: 'For a program', command: 'TOKEN=$(sealkit moex token --profile moex-test)' },
    {
      title: 'With a key in a token',
      command: 'sealkit moex token --key "pkcs11:token=Trader;object=signing"',
    },
    { title: 'For a support desk', command: 'sealkit moex token --fresh --bundle moex.txt' },
  ],
  exitCodes: { ...CLIENT_EXIT_CODES, good: 'the token is printed' },
  noArguments: 'the profile is named by --profile',
  run: (args, context) =>
    withClient(
      { platform: 'moex', open: openMoex },
      args,
      context,
      async ({ opened: { client }, output, signal, progress }) => {
        progress.start('waiting for a token')
        const token = await client.token({ signal, fresh: args.has('fresh') })
        progress.stop()
        await printToken(token, client.tokens.key, {
          output,
          json: args.has('json'),
          claims: unverifiedClaims(token),
        })
        return ExitCode.good
      },
    ),
}

import { openClearstream } from '../../clients/index.ts'
import { CLIENT_EXIT_CODES, clientOptions, TOKEN_USE } from '../client/options.ts'
import { withClient } from '../client/session.ts'
import type { Command } from '../command.ts'
import { ExitCode } from '../exit-codes.ts'
import { printable } from '../printable.ts'

export const clearstreamEchoCommand: Command = {
  name: 'clearstream echo',
  summary: "Has Clearstream's playground say a text again.",
  usage: ['TEXT [--profile NAME] [--json] [OPTION...]'],
  description: ['GET /playground/v1/echo; the API consumer needs the scope ocapi-playground-v1.'],
  operands: { kind: 'argument', names: ['TEXT'], min: 1, max: 1 },
  groups: clientOptions('clearstream', {
    output: { title: 'Output', options: [{ name: 'json', summary: 'the answer as JSON' }] },
    token: [TOKEN_USE],
  }),
  examples: [{ title: 'As in the guide', command: 'sealkit clearstream echo "Hello World"' }],
  exitCodes: { ...CLIENT_EXIT_CODES, good: 'the playground answers' },
  noArguments: 'give one text; put it in quotes where it has blanks',
  run: (args, context) =>
    withClient(
      { platform: 'clearstream', open: openClearstream },
      args,
      context,
      async ({ opened: { client }, output, signal, progress }) => {
        progress.start('waiting for the playground')
        const { text, json } = await client.echo(args.operands[0] ?? '', { signal })
        progress.stop()
        if (args.has('json')) await output.json(json ?? text)
        else await output.data(`${text.split(/\r?\n/).map(printable).join('\n').trimEnd()}\n`)
        return ExitCode.good
      },
    ),
}

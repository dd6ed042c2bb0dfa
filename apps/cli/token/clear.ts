import type { Command } from '../command.ts'
import { usageError } from '../errors.ts'
import { ExitCode } from '../exit-codes.ts'
import { SELECT_OPTIONS, STORE_OPTIONS, selected, TOKEN_EXIT_CODES } from './select.ts'

export const tokenClearCommand: Command = {
  name: 'token clear',
  summary: 'Forgets tokens that are kept, and logins that were refused.',
  usage: ['ID', '--platform PLATFORM [--account NAME]', '--all'],
  description: [
    'After a refused login the next is not tried for a while; this ends the waiting, once the password is right. The server is not told: a token that somebody else has holds until it ends.',
  ],
  operands: { kind: 'argument', names: ['ID'], min: 0, max: 1 },
  groups: [
    {
      title: 'What',
      options: [
        { name: 'all', summary: 'all tokens of the store' },
        { name: 'json', summary: 'print the ids for programs' },
      ],
    },
    SELECT_OPTIONS,
    STORE_OPTIONS,
  ],
  examples: [
    { title: 'All', command: 'sealkit token clear --all' },
    {
      title: 'Those of one user',
      command: 'sealkit token clear --platform moex --account jane@bank.example',
    },
  ],
  exitCodes: { ...TOKEN_EXIT_CODES, good: 'forgotten; there may have been none' },
  noArguments: 'give the id of one token, or options that choose several',
  async run(args, context) {
    const { output, signal } = context
    const chosen = args.operands.length > 0 || ['platform', 'host', 'account'].some((name) => args.has(name))
    if (chosen === args.has('all')) {
      throw usageError('say which tokens', 'an id, --platform, --host or --account; or --all')
    }
    const removed: string[] = []
    for (const { store, id } of await selected(args, context)) {
      if (await store.withLock(id, () => store.remove(id), { signal })) removed.push(id)
    }
    if (args.has('json')) await output.json(removed)
    else
      output.say(removed.length === 1 ? 'one token is forgotten' : `${removed.length} tokens are forgotten`)
    return ExitCode.good
  },
}

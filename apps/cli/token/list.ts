import type { Command } from '../command.ts'
import { ExitCode } from '../exit-codes.ts'
import { printable } from '../printable.ts'
import { describeEntry, stateOf } from './describe.ts'
import { SELECT_OPTIONS, STORE_OPTIONS, selected, TOKEN_EXIT_CODES } from './select.ts'

export const tokenListCommand: Command = {
  name: 'token list',
  summary: 'Lists the access tokens that are kept, without showing them.',
  usage: ['[--platform PLATFORM] [--account NAME] [--json]'],
  description: ['A line each: id, platform, account, host, scope, and how long it holds.'],
  groups: [
    { title: 'Output', options: [{ name: 'json', summary: 'for programs' }] },
    SELECT_OPTIONS,
    STORE_OPTIONS,
  ],
  examples: [{ title: 'All', command: 'sealkit token list' }],
  exitCodes: { ...TOKEN_EXIT_CODES, good: 'listed; there may be none' },
  noArguments: 'tokens are chosen by options',
  async run(args, context) {
    const { output } = context
    const found = await selected(args, context)
    if (args.has('json')) await output.json(found.map(describeEntry))
    else if (found.length === 0) output.say('there are no tokens')
    else for (const each of found) await output.data(`${line(each).map(printable).join('  ')}\n`)
    return ExitCode.good
  },
}

function line(found: Parameters<typeof stateOf>[0]): string[] {
  const { platform, account, host, scope } = found.entry.key
  return [found.id.slice(0, 8), platform, account, host, `[${scope}]`, stateOf(found)]
}

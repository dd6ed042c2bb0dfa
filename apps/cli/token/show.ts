import { TokenSet } from '../../../src/auth/index.ts'
import { unverifiedClaims } from '../client/token-output.ts'
import type { Command } from '../command.ts'
import { usageError } from '../errors.ts'
import { ExitCode } from '../exit-codes.ts'
import { printable } from '../printable.ts'
import { describeEntry, stateOf } from './describe.ts'
import { type Found, SELECT_OPTIONS, STORE_OPTIONS, selected, TOKEN_EXIT_CODES } from './select.ts'

export const tokenShowCommand: Command = {
  name: 'token show',
  summary: 'Shows what is known of one token that is kept; the token itself only with --reveal.',
  usage: ['[ID] [--reveal] [--json]'],
  description: ['Claims are what the token says of itself: nobody has checked the signature.'],
  operands: { kind: 'argument', names: ['ID'], min: 0, max: 1 },
  groups: [
    {
      title: 'Output',
      options: [
        { name: 'reveal', summary: 'show access token and refresh token, too' },
        { name: 'json', summary: 'for programs' },
      ],
    },
    SELECT_OPTIONS,
    STORE_OPTIONS,
  ],
  examples: [
    { title: 'The only one of a platform', command: 'sealkit token show --platform moex' },
    { title: 'By the beginning of its id', command: 'sealkit token show 8f3kQx2a --json' },
  ],
  exitCodes: { ...TOKEN_EXIT_CODES, good: 'shown', negative: 'there is no such token' },
  noArguments: 'give the id of one token; sealkit token list shows them',
  async run(args, context) {
    const { output } = context
    const [one, ...others] = await selected(args, context)
    if (one === undefined) {
      output.say('there is no such token')
      return ExitCode.negative
    }
    if (others.length > 0) {
      throw usageError(`${others.length + 1} tokens fit`, 'give the id of one; sealkit token list shows them')
    }
    const about = aboutOf(one, args.has('reveal'))
    if (args.has('json')) await output.json(about)
    else await output.data(textOf(about, stateOf(one)))
    return ExitCode.good
  },
}

function aboutOf(found: Found, reveal: boolean): Record<string, unknown> {
  const { token } = found.entry
  const claims = token === undefined ? undefined : unverifiedClaims(new TokenSet(token))
  return {
    ...describeEntry(found),
    claims: claims === undefined ? null : { verified: claims.verified, ...claims.payload },
    ...(reveal ? { accessToken: token?.accessToken ?? null, refreshToken: token?.refreshToken ?? null } : {}),
  }
}

function textOf(about: Record<string, unknown>, state: string): string {
  const rows = Object.entries({ state, ...about }).filter(([, value]) => value !== null)
  const width = Math.max(...rows.map(([name]) => name.length))
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${printable(words(value))}\n`).join('')
}

function words(value: unknown): string {
  if (value instanceof Date) return value.toISOString()
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

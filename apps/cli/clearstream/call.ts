import { openClearstream } from '../../clients/index.ts'
import { ANSWER_OPTIONS } from '../client/answer.ts'
import { runCall } from '../client/call.ts'
import { CLIENT_EXIT_CODES, clientOptions, TOKEN_USE } from '../client/options.ts'
import { REQUEST_OPTIONS } from '../client/request.ts'
import type { Command } from '../command.ts'
import { usageError } from '../errors.ts'

export const clearstreamCallCommand: Command = {
  name: 'clearstream call',
  summary: "Calls an API of Clearstream's with an access token, and prints the answer's body.",
  usage: ['METHOD PATH [--header LINE] [--data-file FILE] [--include] [OPTION...]'],
  description: [
    "PATH is one of the environment's server, or a whole URL there: the token is sent nowhere else. It is taken from the store, or got as by `sealkit clearstream token`. After a 401 a new token is tried once.",
    'The answer of a refused call is printed too (its first 64 KiB, without secrets), and the error is told on standard error.',
  ],
  operands: { kind: 'argument', names: ['METHOD', 'PATH'], min: 2, max: 2 },
  groups: clientOptions('clearstream', { output: ANSWER_OPTIONS, token: [REQUEST_OPTIONS, TOKEN_USE] }),
  examples: [
    {
      title: 'The playground',
      command: 'sealkit clearstream call GET "/playground/v1/echo?value=Hello%20World"',
    },
    {
      title: 'Another API, with its scope',
      command: 'sealkit clearstream call GET /reporting/v1/positions --scope "allow reporting-v1" --include',
    },
  ],
  exitCodes: { ...CLIENT_EXIT_CODES, good: 'the answer (2xx) is printed' },
  noArguments: 'give METHOD and PATH: GET /playground/v1/info',
  run: (args, context) =>
    runCall({ platform: 'clearstream', open: openClearstream }, pathOrUrl, args, context),
}

/** It is not repeated: there may be a secret in it. */
function pathOrUrl(given: string): string {
  if (given.startsWith('/') && !given.startsWith('//')) return given
  const { protocol, username, password } = URL.canParse(given) ? new URL(given) : {}
  if (protocol === 'https:' && username === '' && password === '') return given
  throw usageError('PATH must begin with /, or be a whole https URL without a name and password in it')
}

import { openMoex } from '../../clients/index.ts'
import { ANSWER_OPTIONS } from '../client/answer.ts'
import { runCall } from '../client/call.ts'
import { CLIENT_EXIT_CODES, clientOptions, TOKEN_USE } from '../client/options.ts'
import { REQUEST_OPTIONS } from '../client/request.ts'
import type { Command } from '../command.ts'
import { usageError } from '../errors.ts'

export const moexCallCommand: Command = {
  name: 'moex call',
  summary: "Calls MOEX's Web API with an access token, and prints the answer's body.",
  usage: ['METHOD URL [--header LINE] [--data-file FILE] [--include] [OPTION...]'],
  description: [
    'The token is taken from the store, or got as by `sealkit moex token`. It is sent to hosts of the environment, or of api-origins, and nowhere else. After a 401 a new token is tried once.',
    'The answer of a refused call is printed too (its first 64 KiB, without secrets), and the error is told on standard error.',
  ],
  operands: { kind: 'argument', names: ['METHOD', 'URL'], min: 2, max: 2 },
  groups: clientOptions('moex', { output: ANSWER_OPTIONS, token: [REQUEST_OPTIONS, TOKEN_USE] }),
  examples: [
    {
      title: 'Who am I',
      command: 'sealkit moex call GET https://play-api.moex.com/client/v1/me --profile moex-test',
    },
    {
      title: 'Send JSON',
      command: 'sealkit moex call POST https://play-api.moex.com/client/v1/orders --data-file order.json',
    },
  ],
  exitCodes: { ...CLIENT_EXIT_CODES, good: 'the answer (2xx) is printed' },
  noArguments: 'give METHOD and URL: GET https://host/path',
  run: (args, context) => runCall({ platform: 'moex', open: openMoex }, wholeUrl, args, context),
}

/** The URL is not repeated: there may be a secret in it. */
function wholeUrl(url: string): string {
  const { protocol, username, password } = URL.canParse(url) ? new URL(url) : {}
  if (protocol === 'https:' && username === '' && password === '') return url
  throw usageError('URL must be a whole https URL, without a name and password in it')
}

import { once } from 'node:events'
import { startSupport } from '../support/index.ts'
import type { Arguments } from './arguments.ts'
import type { Command, Context } from './command.ts'
import { PROFILE_OPTIONS } from './config/options.ts'
import { systemReason, usageError } from './errors.ts'
import { ExitCode, type ExitCodeValue } from './exit-codes.ts'
import { showInBrowser } from './support/show-in-browser.ts'

export const supportCommand: Command = {
  name: 'support',
  summary: 'Serves the support page on this machine, until Ctrl-C.',
  usage: ['[--port N] [--profile NAME] [--no-open]'],
  description: [
    'A web page for the person at the desk: convert credentials, make a key and a request, ask for a token, call an API, sign and verify. It is served on 127.0.0.1 alone, under an address that works once; on a terminal it is opened in the browser.',
    'Keys and certificates that are converted never leave the page. Token and API calls are made by this program, with the files that the page names.',
    'It ends by Ctrl-C, and by itself a quarter of an hour after the page was closed.',
  ],
  groups: [
    {
      title: 'The page',
      options: [
        { name: 'port', value: 'N', summary: 'of the server. Default: any that is free' },
        { name: 'no-open', summary: 'print the address, and do not open it' },
        { name: 'json', summary: 'print the address as one line of JSON, and do not open it' },
      ],
    },
    PROFILE_OPTIONS,
  ],
  examples: [
    { title: 'In the browser', command: 'sealkit support' },
    { title: 'With a profile, the address alone', command: 'sealkit support --profile occt --no-open' },
  ],
  exitCodes: {
    good: 'ended by Ctrl-C or its like, or because nobody used it',
    usage: 'the command line is wrong, or the port is taken',
  },
  noArguments: 'it takes no names of files: choose them in the page',
  run: runSupport,
}

async function runSupport(args: Arguments, { output, signal }: Context): Promise<ExitCodeValue> {
  const port = portOf(args.get('port'))
  await using server = await startSupport({
    port,
    profile: args.get('profile'),
    file: args.get('config'),
    onFault: (error) => output.say(`a fault in sealkit itself: ${String(error)}`, 'red'),
  }).catch(refused)
  const { address, origin } = server
  if (args.has('json')) {
    await output.data(`${JSON.stringify({ address, origin })}\n`)
  } else {
    await output.data(`${address}\n`)
    output.say('The support page; its address works once, in one tab. Ctrl-C ends it.')
  }
  const opens = process.stderr.isTTY === true && !args.has('no-open') && !args.has('json')
  using _file = opens ? showInBrowser(address, (why) => output.say(`note: ${why}`)) : undefined
  const aborted = signal.aborted ? undefined : once(signal, 'abort')
  const why = await Promise.race([server.ended, aborted])
  if (why === 'idle') output.say('Nobody used the page any more: it has ended.')
  return ExitCode.good
}

function portOf(text: string | undefined): number {
  if (text === undefined) return 0
  const port = Number(text)
  if (/^\d{1,5}$/.test(text) && port >= 1 && port <= 65_535) return port
  throw usageError('--port must be a whole number from 1 to 65535')
}

/** @throws CliError where the port is taken */
function refused(cause: NodeJS.ErrnoException): never {
  if (cause.syscall !== 'listen') throw cause
  const hint = 'choose another --port, or leave it out for any that is free'
  throw usageError(`cannot listen on 127.0.0.1: ${systemReason(cause)}`, hint)
}

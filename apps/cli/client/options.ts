import type { Platform } from '../../../src/config/index.ts'
import { PROFILE_OPTIONS, settingOptions } from '../config/options.ts'
import type { Option, OptionGroup } from '../options.ts'

/** Talk about the connection. */
const CONNECTION_OPTIONS: OptionGroup = {
  title: 'To see what happens',
  options: [
    {
      name: 'verbose',
      short: 'v',
      summary: 'tell connection, requests and answers on standard error, without secrets',
    },
    {
      name: 'bundle',
      value: 'FILE',
      summary: 'write the same with times and versions to a file, for a support desk',
    },
    { name: 'force', summary: 'replace the bundle where it exists' },
  ],
}

const PASSWORD_FD: Option = {
  name: 'password-fd',
  value: 'N',
  summary: 'the password: read from the open file descriptor N',
}

/** What every command takes that talks to a platform. */
export function clientOptions(
  platform: Platform,
  { output, token = [] }: { output: OptionGroup; token?: readonly OptionGroup[] },
): OptionGroup[] {
  const settings = settingOptions(platform)
  const after = settings.options.findIndex(({ name }) => name === 'password-file') + 1
  return [
    output,
    ...token,
    PROFILE_OPTIONS,
    {
      title: settings.title,
      options: settings.options.toSpliced(after, 0, PASSWORD_FD),
    },
    CONNECTION_OPTIONS,
  ]
}

/** How a cached token is used. */
export const TOKEN_USE: OptionGroup = {
  title: 'Token (kept in the store of tokens, and used until shortly before it ends)',
  options: [
    { name: 'fresh', summary: 'ask for a new token though one is there' },
    { name: 'no-store', summary: 'neither use nor keep tokens of other runs' },
  ],
}

/** What these commands say of their exit codes. */
export const CLIENT_EXIT_CODES = {
  usage: 'the command line is wrong, or a file it names cannot be read',
  credential: 'a key, a certificate, a secret, the store or the configuration: missing, or it does not fit',
  refused: 'the server refused: login, token, scope, or the call (4xx)',
  network: 'the server cannot be reached: name, proxy, connection, TLS, its certificate, time limit',
  server: 'the server failed (5xx), is down for maintenance, or answered nonsense',
  interrupted: 'interrupted by Ctrl-C',
} as const

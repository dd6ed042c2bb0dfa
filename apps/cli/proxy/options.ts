import { PLATFORMS } from '../../../src/config/settings.ts'
import { PROFILE_OPTIONS, settingOptions } from '../config/options.ts'
import type { OptionGroup } from '../options.ts'

/** Of single calls, which are the callers' matter here. */
const NOT_OF_A_PROXY = ['timeout', 'retries']
const all = settingOptions()

/** The settings that the proxy goes by. */
export const PROXY_SETTINGS: OptionGroup = {
  ...all,
  options: all.options.filter(({ name }) => !NOT_OF_A_PROXY.includes(name)),
}

/** All that the command takes. */
export const PROXY_OPTIONS: readonly OptionGroup[] = [
  {
    title: 'The proxy',
    options: [
      {
        name: 'upstream',
        value: 'URL',
        summary:
          "the one server behind it: https://host, or with a path that is put before the callers'. Default: the profile's",
      },
      {
        name: 'listen',
        value: 'HOST:PORT',
        summary:
          'where callers reach it: PORT alone is 127.0.0.1; unix:PATH a UNIX socket. Default: any free port',
      },
      { name: 'admin', value: 'HOST:PORT', summary: 'a second listener for /healthz, /readyz and /metrics' },
      {
        name: 'inject-token',
        summary:
          "put the profile's access token on every request: callers need neither certificate nor token",
      },
      { name: 'platform', value: PLATFORMS, summary: 'where no profile says it. Default: clearstream' },
      { name: 'json', summary: 'print where it listens as one line of JSON' },
    ],
  },
  {
    title: 'Who may call, and what',
    options: [
      {
        name: 'allow-path',
        value: 'PATH',
        multiple: true,
        summary: 'a path that may be asked for: /v1/info, or "/v1/*" for all below. Default: all',
      },
      {
        name: 'allow-host',
        value: 'HOST',
        multiple: true,
        summary: 'a further name that callers may use in Host',
      },
      {
        name: 'secret-file',
        value: 'FILE',
        summary: 'what callers must send as a bearer token: the file that holds it',
      },
      { name: 'secret-env', value: 'NAME', summary: 'the same: the environment variable that holds it' },
      {
        name: 'expose-to-network',
        summary: 'let it listen where other machines reach it; then a secret is needed',
      },
      {
        name: 'listen-certificate',
        value: 'FILE',
        summary: 'speak TLS with callers: its certificate, in PEM',
      },
      { name: 'listen-key', value: 'FILE', summary: 'the key of that, in PEM, not encrypted' },
      {
        name: 'access-log',
        value: 'FILE',
        summary: 'append a line of JSON for each request; -: standard output',
      },
    ],
  },
  PROFILE_OPTIONS,
  PROXY_SETTINGS,
]

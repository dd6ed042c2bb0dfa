import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { type Profile, readSecretReference, SecretReference } from '../../src/config/index.ts'
import { ConfigError } from '../../src/errors.ts'
import { connectionOptions } from '../clients/connection.ts'
import { type OpenOptions, openClearstream, openMoex } from '../clients/index.ts'
import { type ProxyOptions, type RunningProxy, startProxy } from '../proxy/index.ts'
import type { Arguments } from './arguments.ts'
import { pinPrompt, promptOf } from './client/prompts.ts'
import type { Command, Context } from './command.ts'
import { loadFrom } from './config/options.ts'
import { inputError, systemReason, usageError } from './errors.ts'
import { ExitCode, type ExitCodeValue } from './exit-codes.ts'
import { allowToEnd } from './interrupt.ts'
import { openAccessLog } from './proxy/access-log.ts'
import { listenOf } from './proxy/listen.ts'
import { PROXY_OPTIONS, PROXY_SETTINGS } from './proxy/options.ts'
import { upstreamOf } from './proxy/upstream.ts'

export const proxyCommand: Command = {
  name: 'proxy',
  summary: 'Wraps plain HTTP into mutual TLS for programs that cannot do it, until Ctrl-C.',
  usage: ['[--profile NAME] [--listen HOST:PORT] [--inject-token] [OPTION...]'],
  description: [
    'Programs call http://127.0.0.1:PORT/path in place of https://server/path; the proxy has the certificate, and the token where it is told so. It has one server behind it, is reached from this machine alone, and takes renewed certificates without a restart (docs/proxy.md).',
  ],
  groups: PROXY_OPTIONS,
  examples: [
    {
      title: 'For two APIs, with figures for Prometheus',
      command:
        'sealkit proxy --listen 8080 --admin 9090 --allow-path "/playground/*" --allow-path /authmanager/oauth2/access_token',
    },
    { title: 'Callers need no token', command: 'sealkit proxy --listen 8080 --inject-token' },
    {
      title: 'Another server',
      command:
        'sealkit proxy --upstream https://api.example --certificate client.pem --ca roots.pem --listen 8080',
    },
  ],
  exitCodes: {
    good: 'ended by Ctrl-C or its like, after what was on its way',
    usage: 'the command line is wrong, or the address is taken',
    credential: 'a key, a certificate, a secret or the configuration: missing, or it does not fit',
  },
  noArguments: 'the server is named by --upstream or by the profile',
  run: runProxy,
}

/** How long requests may go on after the first signal, in milliseconds; a second one ends them. */
const TIME_TO_END = 30_000

async function runProxy(args: Arguments, context: Context): Promise<ExitCodeValue> {
  const { output, signal } = context
  const say = (text: string) => output.say(text)
  if (args.has('json') && args.get('access-log') === '-') {
    throw usageError('--json and --access-log - both want standard output')
  }
  const listen = listenOf('listen', args.get('listen'))
  const admin = args.has('admin') ? listenOf('admin', args.get('admin')) : undefined
  const profile = await profileOf(args)
  for (const warning of profile.warnings) say(`note: ${warning}`)
  const upstream = upstreamOf(profile, args)
  const ask = { signal, before: () => {} }
  const opening: OpenOptions = {
    prompt: promptOf(ask),
    pin: pinPrompt(ask),
    signal,
    onWarning: (warning) => say(`note: ${warning}`),
  }
  await using opened = args.has('inject-token') ? await openClient(profile, opening) : undefined
  const file = args.get('access-log')
  await using log = file === undefined ? undefined : await openAccessLog(file, say)
  await using proxy = await started({
    ...(await connectionOptions(profile, opening)),
    upstream,
    listen,
    admin,
    tokens: opened?.client.tokens,
    exposeToNetwork: args.has('expose-to-network'),
    callerSecret: await secretOf(args, context),
    tls: await tlsOf(args),
    allowedHosts: args.all('allow-host'),
    allowedPaths: args.has('allow-path') ? args.all('allow-path') : undefined,
    accessLog: log?.write,
  })
  allowToEnd(TIME_TO_END + 1000)
  await tell(proxy, upstream, args, context)
  if (!signal.aborted) await once(signal, 'abort')
  say('Ending: waiting for requests on their way.')
  await proxy.stop({ timeout: TIME_TO_END })
  return ExitCode.good
}

/** Where nothing says which platform is meant, Clearstream's settings do: certificate, key, ca, proxy. */
async function profileOf(args: Arguments): Promise<Profile> {
  const platform = args.get('platform') as Profile['platform'] | undefined
  try {
    return await loadFrom(args, platform, PROXY_SETTINGS)
  } catch (error) {
    const isOpen = error instanceof ConfigError && error.code === 'ERR_CONFIG_MISSING'
    if (!isOpen || platform !== undefined) throw error
    return await loadFrom(args, 'clearstream', PROXY_SETTINGS)
  }
}

async function openClient(profile: Profile, options: OpenOptions) {
  return profile.platform === 'moex' ? openMoex(profile, options) : await openClearstream(profile, options)
}

async function secretOf(args: Arguments, { output, signal }: Context): Promise<string | undefined> {
  const [file, variable] = [args.get('secret-file'), args.get('secret-env')]
  if (file !== undefined && variable !== undefined) {
    throw usageError('--secret-file and --secret-env exclude each other')
  }
  if (file === undefined && variable === undefined) {
    if (!args.has('expose-to-network')) return undefined
    const hint = 'give the secret by --secret-file FILE: anybody on the network could use your certificate'
    throw usageError('--expose-to-network needs a secret of the callers', hint)
  }
  const what = 'secret of the callers'
  const reference =
    file === undefined ? SecretReference.env(variable as string, what) : SecretReference.file(file, what)
  return await readSecretReference(reference, {
    signal,
    onWarning: (warning) => output.say(`note: ${warning}`),
  })
}

async function tlsOf(args: Arguments): Promise<ProxyOptions['tls']> {
  const [certificate, key] = [args.get('listen-certificate'), args.get('listen-key')]
  if (certificate === undefined && key === undefined) return undefined
  if (certificate === undefined || key === undefined) {
    throw usageError('--listen-certificate and --listen-key belong together')
  }
  const read = (what: string, path: string) =>
    readFile(path, 'utf8').catch((error) => {
      throw inputError(what, path, error)
    })
  return { cert: await read('the certificate', certificate), key: await read('the key', key) }
}

/** @throws CliError `ERR_CLI_USAGE` for what the library calls a misuse, and for addresses that cannot be had */
async function started(options: ProxyOptions): Promise<RunningProxy> {
  try {
    return await startProxy(options)
  } catch (error) {
    if (error instanceof TypeError) {
      throw usageError(
        error.message
          .replace(/exposeToNetwork/, '--expose-to-network')
          .replace(/^callerSecret/, 'the secret'),
      )
    }
    if ((error as NodeJS.ErrnoException).syscall !== 'listen') throw error
    throw usageError(`cannot listen: ${systemReason(error)}`, 'choose another address by --listen or --admin')
  }
}

async function tell(
  proxy: RunningProxy,
  upstream: string,
  args: Arguments,
  { output }: Context,
): Promise<void> {
  const { url, adminUrl } = proxy
  output.say(`A proxy for ${upstream} at ${url}`, 'bold')
  if (adminUrl !== undefined) output.say(`  ${adminUrl}/metrics, /healthz, /readyz`)
  if (!args.has('secret-file') && !args.has('secret-env')) {
    const who = url.startsWith('unix:') ? 'Your own programs' : 'All programs and users of this machine'
    const what = args.has('inject-token') ? 'your certificate and token' : 'your certificate'
    output.say(`  ${who} can use ${what} through it.`)
  }
  output.say('Ctrl-C ends it.')
  if (args.has('json')) {
    await output.data(`${JSON.stringify({ url, adminUrl: adminUrl ?? null, upstream, pid: process.pid })}\n`)
  }
}

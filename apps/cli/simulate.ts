import { once } from 'node:events'
import { join } from 'node:path'
import { type ConnectProxy, type Faults, ServerAuthority, startConnectProxy } from '../simulator/index.ts'
import { FAULT_FORMS, readFault } from '../simulator/read-faults.ts'
import type { Arguments } from './arguments.ts'
import type { Command, Context } from './command.ts'
import { systemReason, usageError } from './errors.ts'
import { ExitCode, type ExitCodeValue } from './exit-codes.ts'
import { CONFIGURATION, MARK, prepareFolder, writeFiles } from './simulate/folder.ts'
import { type RunningPlatform, runClearstream, runMoex } from './simulate/platforms.ts'

const PLATFORMS = { moex: [runMoex], clearstream: [runClearstream], all: [runMoex, runClearstream] } as const

export const simulateCommand: Command = {
  name: 'simulate',
  summary: 'Runs a simulator of a platform on this machine, until Ctrl-C.',
  usage: ['moex|clearstream|all [--out FOLDER] [OPTION...]'],
  description: [
    'A test double for trying things out and for tests of your own: a real HTTPS server on 127.0.0.1, with throw-away credentials and a configuration that has them. It follows the guide of the platform, and is no replacement of the test environment of the platform.',
    'MOEX is simulated up to the signature, which is really verified; Clearstream with mutual TLS and its playground.',
    `Faults: ${FAULT_FORMS.join(', ')}.`,
  ],
  groups: [
    {
      title: 'The simulator',
      options: [
        {
          name: 'out',
          value: 'FOLDER',
          summary: 'for credentials and configuration. Default: sealkit-simulator',
        },
        { name: 'port', value: 'N', summary: 'of the first server; the others have the next. Default: any' },
        {
          name: 'fault',
          value: 'NAME[=VALUE]',
          multiple: true,
          summary: 'what goes wrong on purpose, see below',
        },
        { name: 'proxy', summary: 'run a CONNECT proxy too, and have the configuration use it' },
        { name: 'json', summary: 'print where everything is as one line of JSON' },
      ],
    },
  ],
  examples: [
    { title: 'Clearstream', command: 'sealkit simulate clearstream --out simulator' },
    { title: 'Both, down for maintenance', command: 'sealkit simulate all --fault maintenance' },
    {
      title: 'A slow MOEX whose tokens are from an hour ago',
      command: 'sealkit simulate moex --fault slow=2000 --fault clock-skew=-3600',
    },
  ],
  exitCodes: {
    good: 'ended by Ctrl-C or its like',
    usage: 'the command line is wrong, the port is taken, or the folder holds other files',
    credential: 'a file cannot be written',
  },
  operands: { kind: 'argument', names: ['moex|clearstream|all'], min: 1, max: 1 },
  noArguments: 'name one platform, or all',
  run: runSimulate,
}

async function runSimulate(args: Arguments, context: Context): Promise<ExitCodeValue> {
  const which = args.operands[0] ?? ''
  if (!Object.hasOwn(PLATFORMS, which)) throw usageError('simulate takes moex, clearstream or all')
  const platforms = PLATFORMS[which as keyof typeof PLATFORMS]
  const faults = faultsOf(args.all('fault'))
  const port = portOf(args.get('port'), platforms.length)
  const folder = args.get('out') ?? 'sealkit-simulator'
  prepareFolder(folder)

  const started: AsyncDisposable[] = []
  try {
    const authority = await ServerAuthority.create()
    const proxyPort = port === 0 ? 0 : port + platforms.length
    const proxy = args.has('proxy') ? await listening(startConnectProxy({ port: proxyPort })) : undefined
    if (proxy !== undefined) started.push(proxy)
    const running: RunningPlatform[] = []
    for (const [index, run] of platforms.entries()) {
      const line = `proxy = "${proxy?.url ?? 'none'}"`
      const own = { port: port === 0 ? 0 : port + index, faults: { ...faults }, authority, proxy: line }
      running.push(await listening(run(own)))
      started.push(...running.slice(-1))
    }
    writeFolder(folder, running, authority)
    await tell(folder, running, proxy, args, context)
    if (!context.signal.aborted) await once(context.signal, 'abort')
    return ExitCode.good
  } finally {
    for (const each of started) await each[Symbol.asyncDispose]()
  }
}

function faultsOf(texts: readonly string[]): Faults {
  return Object.assign({}, ...texts.map(faultOf)) as Faults
}

function faultOf(text: string): Faults {
  try {
    return readFault(text)
  } catch (error) {
    throw usageError('--fault has another value', (error as RangeError).message)
  }
}

function portOf(text: string | undefined, servers: number): number {
  if (text === undefined) return 0
  const port = Number(text)
  if (/^\d{1,5}$/.test(text) && port >= 1 && port + servers <= 65_535) return port
  throw usageError('--port must be a whole number from 1 to 65532')
}

/** @throws CliError where the port is taken */
async function listening<T>(starting: Promise<T>): Promise<T> {
  return await starting.catch((cause: NodeJS.ErrnoException) => {
    if (cause.syscall !== 'listen') throw cause
    const hint = 'choose another --port, or leave it out for any that is free'
    throw usageError(`cannot listen on 127.0.0.1: ${systemReason(cause)}`, hint)
  })
}

function writeFolder(folder: string, running: readonly RunningPlatform[], authority: ServerAuthority): void {
  const profiles = running.flatMap(({ profile }) => ['', ...profile])
  const head = [MARK, '', '[defaults]', 'ca = "ca.pem"', 'store = "tokens"']
  const files = Object.assign({}, ...running.map((each) => each.files)) as Record<string, string>
  writeFiles(folder, {
    ...files,
    'ca.pem': authority.ca,
    [CONFIGURATION]: `${[...head, ...profiles].join('\n')}\n`,
  })
}

async function tell(
  folder: string,
  running: readonly RunningPlatform[],
  proxy: ConnectProxy | undefined,
  args: Arguments,
  { output }: Context,
): Promise<void> {
  const configuration = join(folder, CONFIGURATION)
  for (const { banner, urls } of running) {
    output.say(banner, 'bold')
    for (const [name, url] of Object.entries(urls)) output.say(`  ${name.padEnd(9)} ${url}`)
  }
  if (proxy !== undefined) output.say(`A CONNECT proxy at ${proxy.url}, for targets on this machine.`, 'bold')
  output.say(`Credentials, throw-away, and a configuration: ${folder}`)
  output.say('Try, in another terminal:')
  for (const { commands } of running) {
    for (const command of commands) output.say(`  ${command} --config ${configuration}`, 'dim')
  }
  output.say('Ctrl-C ends it.')
  if (!args.has('json')) return
  const urls = Object.fromEntries(running.map((each) => [each.name, each.urls]))
  const answer = { folder, configuration, ...urls, proxy: proxy?.url ?? null }
  await output.data(`${JSON.stringify(answer)}\n`)
}

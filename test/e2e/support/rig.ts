/**
 * One platform's simulator with a user, in a folder of its own, and the same settings for the library (`sealkit/clients`)
 * and for the command line. Each test has its own, so that they run side by side.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { openClearstream, openMoex } from '../../../apps/clients/index.ts'
import {
  type ClearstreamSimulator,
  type Faults,
  type IssueOptions,
  type MoexSimulator,
  ServerAuthority,
  startClearstreamSimulator,
  startMoexSimulator,
} from '../../../apps/simulator/index.ts'
import { type IssuedSigner, issueSigner } from '../../../apps/simulator/moex/issue-user.ts'
import { loadProfile } from '../../../src/config/index.ts'
import { SealkitError } from '../../../src/errors.ts'
import { formatTraceEvent, type TraceEvent } from '../../../src/http/index.ts'
import { start } from '../../apps/cli/support/program.ts'
import { tempDir } from '../../support/tools.ts'
import { CLIENT_SECRET, FILE_PASSWORD, keepKey, leaksIn, PASSWORD, shownOf } from './secrets.ts'

export const USER = 'a000012345_00012345'
export const LOGIN = 'jane@bank.example'

/** By names of settings, for secrets with `-file`. */
export type Settings = Readonly<Record<string, string | undefined>>

export interface Platform extends AsyncDisposable {
  readonly name: 'moex' | 'clearstream'
  readonly folder: string
  readonly simulator: MoexSimulator | ClearstreamSimulator
  readonly settings: Settings
  /** What is called with a token; below it all that a token is needed for. */
  readonly api: string
  put(name: string, data: string | Uint8Array): string
}

const authority = await ServerAuthority.create()
let signer: Promise<IssuedSigner> | undefined

function folderWith(files: Readonly<Record<string, string>>) {
  const folder = tempDir()
  const put = (name: string, data: string | Uint8Array): string => {
    writeFileSync(join(folder, name), data, { mode: 0o600 })
    return join(folder, name)
  }
  for (const [name, data] of Object.entries(files)) put(name, data)
  mkdirSync(join(folder, 'config'))
  return { folder, put }
}

/** MOEX's simulator with jane. An RSA key takes long: all tests of a file have the same. */
export async function moexPlatform(
  faults: Faults = {},
): Promise<Platform & { readonly simulator: MoexSimulator; readonly signer: IssuedSigner }> {
  signer ??= issueSigner(LOGIN, 'RSA-2048')
  const issued = await signer
  keepKey(issued.keyPem)
  const simulator = await startMoexSimulator({ authority, faults })
  simulator.addUser({ login: LOGIN, password: PASSWORD, certificates: [issued.certificate] })
  simulator.addClient({ clientId: 'bank-app', clientSecret: CLIENT_SECRET })
  const { folder, put } = folderWith({
    'ca.pem': simulator.ca,
    password: `${PASSWORD}\n`,
    'client-secret': CLIENT_SECRET,
    'file-password': FILE_PASSWORD,
  })
  const settings = {
    'passport-url': simulator.passportUrl,
    'token-url': simulator.tokenUrl,
    'api-origins': simulator.url,
    login: LOGIN,
    'password-file': join(folder, 'password'),
    'client-id': 'bank-app',
    'client-secret-file': join(folder, 'client-secret'),
    scope: 'client_registration',
    key: put('key.pem', issued.keyPem),
    certificate: put('cert.pem', issued.certificatePem),
    ca: join(folder, 'ca.pem'),
    proxy: 'none',
  }
  return {
    name: 'moex',
    folder,
    simulator,
    settings,
    signer: issued,
    put,
    api: `${simulator.apiUrl}/me`,
    [Symbol.asyncDispose]: () => simulator[Symbol.asyncDispose](),
  }
}

/** Clearstream's simulator with one API consumer. */
export async function clearstreamPlatform(
  faults: Faults = {},
  issue: IssueOptions = {},
): Promise<Platform & { readonly simulator: ClearstreamSimulator }> {
  const simulator = await startClearstreamSimulator({ authority, faults })
  simulator.addConsumer({ username: USER, password: PASSWORD })
  const { pem, keyPem } = await simulator.issueConsumer(USER, issue)
  keepKey(keyPem)
  const { folder, put } = folderWith({
    'ca.pem': simulator.ca,
    password: `${PASSWORD}\n`,
    'file-password': FILE_PASSWORD,
  })
  const settings = {
    url: simulator.url,
    username: USER,
    'password-file': join(folder, 'password'),
    certificate: put(`ocapi-${USER}-ssl.pem`, pem),
    ca: join(folder, 'ca.pem'),
    proxy: 'none',
  }
  return {
    name: 'clearstream',
    folder,
    simulator,
    settings,
    put,
    api: '/playground/v1/info',
    [Symbol.asyncDispose]: () => simulator[Symbol.asyncDispose](),
  }
}

export const startPlatform = (name: 'moex' | 'clearstream', faults: Faults = {}): Promise<Platform> =>
  name === 'moex' ? moexPlatform(faults) : clearstreamPlatform(faults)

/** How an attempt ended. */
export interface Outcome {
  /** Of the error; undefined where there was none. */
  readonly code: string | undefined
  readonly hint: string | undefined
  readonly message: string
  readonly exitCode: number | null | undefined
  readonly error: unknown
  /** What was shown anywhere. */
  readonly texts: Readonly<Record<string, string>>
  /** The answer's body. */
  readonly body: string
}

type Client = Awaited<ReturnType<typeof openClient>>['client']
type Env = Readonly<Record<string, string>>

/** The platform's client as its settings describe it. */
export async function openClient(
  platform: Pick<Platform, 'name' | 'folder' | 'settings'>,
  {
    settings = {},
    env = {},
    trace,
  }: { settings?: Settings; env?: Env; trace?: (event: TraceEvent) => void } = {},
) {
  const flags = defined({ store: 'memory', ...platform.settings, ...settings })
  const surroundings = { HOME: platform.folder, XDG_CONFIG_HOME: join(platform.folder, 'config'), ...env }
  const profile = await loadProfile({ platform: platform.name, flags, env: surroundings })
  const options = { trace, env: surroundings, onWarning: () => {} }
  return platform.name === 'moex' ? openMoex(profile, options) : await openClearstream(profile, options)
}

/** Gets a token and makes a call by the library; an error is caught. */
export async function byLibrary(
  platform: Pick<Platform, 'name' | 'folder' | 'settings' | 'api'>,
  {
    settings = {},
    env = {},
    work,
  }: { settings?: Settings; env?: Env; work?: (client: Client) => Promise<string> } = {},
): Promise<Outcome> {
  const trace: string[] = []
  const told = (event: TraceEvent) => trace.push(formatTraceEvent(event), JSON.stringify(event))
  let error: unknown
  let body = ''
  try {
    await using opened = await openClient(platform, { settings, env, trace: told })
    body = await (work ?? (async (client) => await (await client.call('GET', platform.api)).text()))(
      opened.client,
    )
  } catch (caught) {
    error = caught
  }
  if (error !== undefined && !(error instanceof SealkitError)) throw error
  return {
    code: error?.code,
    hint: error?.hint,
    message: error?.message ?? '',
    exitCode: undefined,
    error,
    texts: { trace: trace.join('\n'), ...(error === undefined ? {} : shownOf(error)) },
    body,
  }
}

let bundles = 0

/** The same by the command line, with a trace, a bundle and stack traces. */
export async function byCommand(
  platform: Pick<Platform, 'name' | 'folder' | 'settings' | 'api'>,
  {
    settings = {},
    env = {},
    args,
    store,
  }: { settings?: Settings; env?: Env; args?: readonly string[]; store?: true } = {},
): Promise<Outcome> {
  const bundle = join(platform.folder, `bundle-${bundles++}.txt`)
  const given = Object.entries(defined({ ...platform.settings, ...settings }))
  const options = [
    ...given.flatMap(([name, value]) => [`--${name}`, value]),
    ...(store ? [] : ['--no-store']),
    ...['-v', '--bundle', bundle],
  ]
  const words = args ?? ['call', 'GET', platform.api, '--include']
  const { exitCode, stdout, stderr } = await runSealkit(
    [platform.name, ...words, ...options],
    platform.folder,
    env,
  )
  const text = readFileSync(bundle, 'utf8')
  const [, message = '', hint = ''] = /^sealkit: (.*)\n(?: {2}(\S.*)\n)?/m.exec(stderr) ?? []
  return {
    code: /^Error\n-+\n.*?\b(ERR_[A-Z_0-9]+)/ms.exec(text.split('\nRequests and answers\n')[0] ?? '')?.[1],
    hint: hint === '' ? undefined : hint,
    message,
    exitCode,
    error: undefined,
    texts: { stderr, bundle: text, stdout },
    body: stdout,
  }
}

/** Runs the command with what a user's shell would give it, and no more. */
export function runSealkit(
  args: readonly string[],
  folder: string,
  env: Env = {},
): Promise<{ exitCode: number | null; stdout: string; stderr: string }> {
  const state = {
    HOME: folder,
    XDG_CONFIG_HOME: join(folder, 'config'),
    XDG_STATE_HOME: join(folder, 'state'),
  }
  const child = start(args, { cwd: folder, env: { ...state, SEALKIT_DEBUG: '1', ...env } })
  return new Promise((resolve, reject) => {
    let [stdout, stderr] = ['', '']
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    child.on('error', reject)
    child.on('close', (exitCode) => resolve({ exitCode, stdout, stderr }))
    child.stdin?.on('error', () => {}).end()
  })
}

/** It failed so, says what to do, and shows nothing that is secret. */
export function expectFailure(outcome: Outcome, code: string | RegExp, exitCode: number): void {
  const { message, hint, texts } = outcome
  expect(leaksIn(texts)).toEqual([])
  expect(outcome.code, message).toMatch(typeof code === 'string' ? new RegExp(`^${code}$`) : code)
  expect(hint, message).toMatch(/^[a-z].{10,}[^.]$/s)
  if (outcome.exitCode !== undefined) expect([message, outcome.exitCode]).toEqual([message, exitCode])
}

/** It worked, and shows nothing that is secret, but what was asked for. */
export function expectSuccess(outcome: Outcome): void {
  expect(outcome.error, outcome.message).toBeUndefined()
  if (outcome.exitCode !== undefined)
    expect([outcome.exitCode, outcome.texts['stderr']]).toEqual([0, expect.any(String)])
  expect(leaksIn(outcome.texts)).toEqual([])
  expect(JSON.parse(outcome.body)).toMatchObject({})
}

function defined(settings: Settings): Record<string, string> {
  return Object.fromEntries(
    Object.entries(settings).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
}

/** Running the built command as its users do: another process, bytes in and out, no terminal. */
import { type ChildProcess, spawn } from 'node:child_process'
import { createPrivateKey } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { findCommand } from '../../../../apps/cli/commands.ts'
import { exitCodesOf } from '../../../../apps/cli/exit-codes.ts'
import { makeThrowAway } from '../../../../apps/demo/throw-away.ts'
import { build } from '../../../../scripts/build.mjs'
import { root, tempDir } from '../../../support/tools.ts'

export const main = join(root, 'dist/apps/cli/main.js')

/** Secrets of the tests: no run may ever show one of them. */
export const PASSWORD = 'correct horse battery staple'
export const TOKEN = 'SAMPLE.Kq3vT9xWb2nR5yL8mZ1cF4hJ7dG0aSpEuOiQ'

export interface Result {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: Buffer
  readonly stderr: string
}

export interface RunOptions {
  readonly input?: Uint8Array | string
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  /** Root may read every file: the program then runs without that right. */
  readonly withoutRootsRights?: boolean
  /** Further descriptors from 3 on, or another stdout: as spawn takes them. */
  readonly stdio?: readonly (number | 'pipe' | 'ignore')[]
}

/** The environment without what changes colours or Node. */
export function environment(more: Readonly<Record<string, string | undefined>> = {}): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR } = process.env
  return { PATH, HOME, ...(TMPDIR === undefined ? {} : { TMPDIR }), ...more }
}

/** util-linux's setpriv takes the rights to pass over permissions, where root runs the tests. */
const RIGHTS = '-dac_override,-dac_read_search'
const WITHOUT_RIGHTS: readonly string[] =
  process.getuid?.() === 0 ? ['setpriv', `--bounding-set=${RIGHTS}`, `--inh-caps=${RIGHTS}`] : []

/** Starts the command in a session of its own, so that it has no terminal to ask on. */
export function start(args: readonly string[], { cwd, env, stdio, withoutRootsRights }: RunOptions = {}) {
  const [program = '', ...first] = [...(withoutRootsRights ? WITHOUT_RIGHTS : []), process.execPath, main]
  return spawn(program, [...first, ...args], {
    cwd,
    detached: true,
    env: environment(env),
    stdio: stdio === undefined ? 'pipe' : [...stdio],
  })
}

/** Runs the command to its end. Whatever exit code it gives stands in its help. */
export async function sealkit(args: readonly string[], options: RunOptions = {}): Promise<Result> {
  const child = start(args, options)
  // A command may end before it has read its input.
  child.stdin?.on('error', () => {})
  child.stdin?.end(options.input ?? '')
  const result = await ended(child)
  await expectCodeInHelp(args, result.code)
  return result
}

async function expectCodeInHelp(args: readonly string[], code: number | null): Promise<void> {
  const command = await findCommand(args)?.entry.load()
  // 128 and more: a signal.
  if (command === undefined || code === null || code > 128) return
  const codes = exitCodesOf(command.exitCodes).map(([each]) => each)
  expect(codes, `exit codes of sealkit ${command.name}`).toContain(code)
}

/** Runs a line of bash, in which `sealkit` is the built command. */
export function shell(line: string, { cwd, env }: Pick<RunOptions, 'cwd' | 'env'> = {}): Promise<Result> {
  const script = `sealkit() { '${process.execPath}' '${main}' "$@"; }; ${line}`
  return ended(spawn('bash', ['-c', script], { cwd, detached: true, env: environment(env), stdio: 'pipe' }))
}

/** What a started command gave when it has ended. */
export function ended(child: ChildProcess): Promise<Result> {
  return new Promise((resolve, reject) => {
    const out: Buffer[] = []
    const err: Buffer[] = []
    child.stdout?.on('data', (chunk: Buffer) => out.push(chunk))
    child.stderr?.on('data', (chunk: Buffer) => err.push(chunk))
    child.on('error', reject)
    child.on('close', (code, signal) => {
      const result = { code, signal, stdout: Buffer.concat(out), stderr: Buffer.concat(err).toString() }
      try {
        expectNoSecret(result)
        resolve(result)
      } catch (error) {
        reject(error)
      }
    })
  })
}

function expectNoSecret({ stdout, stderr }: Result): void {
  for (const text of [stdout.toString('latin1'), stderr]) {
    expect(text).not.toContain(PASSWORD)
    expect(text).not.toContain(TOKEN)
    expect(text).not.toMatch(/PRIVATE KEY-----\s*[A-Za-z0-9+/]/)
  }
  expect(stderr, 'no stack trace').not.toMatch(/^\s+at /m)
}

/**
 * A folder with key.pem, encrypted.pem, cert.pem, other.pem (another certificate) and token.txt, for one test file.
 * Builds the command first where the sources have changed.
 */
export async function workFolder(): Promise<string> {
  await build()
  const folder = tempDir()
  const { keyPem, certificate } = await makeThrowAway('Signer of the tests')
  const put = (name: string, text: string | Buffer) =>
    writeFileSync(join(folder, name), text, { mode: 0o600 })
  put('key.pem', keyPem)
  put('encrypted.pem', encrypted(keyPem))
  put('cert.pem', certificate.toPem())
  put('cert.der', Buffer.from(certificate.der))
  put('both.pem', keyPem + certificate.toPem())
  put('other.pem', (await makeThrowAway('Another signer')).certificate.toPem())
  put('password', `${PASSWORD}\n`)
  put('token.txt', TOKEN)
  return folder
}

function encrypted(keyPem: string): string {
  const options = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: PASSWORD } as const
  return createPrivateKey(keyPem).export(options) as string
}

export function text(folder: string, name: string): string {
  return readFileSync(join(folder, name), 'utf8')
}

/** The arguments of most calls. */
export const SIGN = ['sign', '--key', 'key.pem', '--cert', 'cert.pem'] as const

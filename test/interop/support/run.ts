/** Running the peers' programs: no shell, bytes in and out, files in a folder that goes away. */
import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface RunResult {
  readonly status: number
  readonly stdout: Buffer
  readonly stderr: string
}

export interface RunOptions {
  readonly input?: Uint8Array
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
}

/** Runs a program to its end. A status other than 0 is an answer, not an error. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  return new Promise((resolve, reject) => {
    // A fixed locale: the tools' messages are compared as text.
    const env = { ...process.env, LC_ALL: 'C', ...options.env }
    const child = spawn(command, args, { cwd: options.cwd, env, stdio: 'pipe' })
    const out: Buffer[] = []
    const err: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk))
    child.on('error', reject)
    child.on('close', (code, signal) => {
      if (signal !== null) reject(new Error(`${command} was ended by ${signal}`))
      else resolve({ status: code ?? -1, stdout: Buffer.concat(out), stderr: Buffer.concat(err).toString() })
    })
    // A program may end before it has read its input (EPIPE); its status says why.
    child.stdin.on('error', () => {})
    child.stdin.end(options.input)
  })
}

/** Like `run`, for steps that must succeed: another status throws, with what the program said. */
export async function mustRun(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  const result = await run(command, args, options)
  if (result.status !== 0) {
    const said = `${result.stderr}${result.stdout.toString('latin1')}`.trim().slice(0, 2000)
    throw new Error(`${command} ${args.join(' ')} ended with ${result.status}: ${said}`)
  }
  return result
}

/** A folder for one job. `put` writes a file into it and gives its path. */
export class WorkFolder {
  readonly path: string

  constructor(path: string) {
    this.path = path
  }

  at(name: string): string {
    return join(this.path, name)
  }

  async put(name: string, data: Uint8Array | string): Promise<string> {
    const file = this.at(name)
    await writeFile(file, data)
    return file
  }
}

export async function withFolder<T>(job: (folder: WorkFolder) => Promise<T>): Promise<T> {
  const path = await mkdtemp(join(tmpdir(), 'sealkit-interop-'))
  try {
    return await job(new WorkFolder(path))
  } finally {
    await rm(path, { recursive: true, force: true })
  }
}

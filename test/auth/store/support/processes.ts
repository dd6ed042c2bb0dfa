/** Processes of their own that share a folder of tokens. */
import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { afterAll, beforeAll } from 'vitest'
import { root, tempDir } from '../../../support/tools.ts'

const entries = { child: new URL('./child.ts', import.meta.url) }

/** A started process. */
export interface Started {
  readonly child: ChildProcess
  /** What it has said so far, as lines. */
  readonly lines: readonly string[]
  /** Waits for its first line, or for its end. */
  readonly spoke: Promise<void>
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
}

/** Bundles a program for Node, into a folder that goes away. */
export async function bundleProgram(name: string, entry: URL): Promise<string> {
  const outDir = tempDir()
  await build({
    root,
    configFile: false,
    publicDir: false,
    logLevel: 'error',
    build: {
      ssr: fileURLToPath(entry),
      outDir,
      target: 'node20',
      emptyOutDir: false,
      rolldownOptions: { output: { entryFileNames: `${name}.mjs` } },
    },
  })
  return join(outDir, `${name}.mjs`)
}

/** Builds the program before the tests of a file, and ends after them what still runs. */
export function useProcesses(): (args: readonly string[], before?: readonly string[]) => Started {
  let program = ''
  const running = new Set<ChildProcess>()
  beforeAll(async () => {
    program = await bundleProgram('child', entries.child)
  })
  afterAll(() => {
    for (const child of running) child.kill('SIGKILL')
  })
  return (args, before = []) => {
    const [command = '', ...rest] = [...before, process.execPath, program, ...args]
    const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'inherit'] })
    running.add(child)
    return started(child, () => running.delete(child))
  }
}

/** What a process says and how it ends. */
export function started(child: ChildProcess, onEnd: () => void = () => {}): Started {
  const lines: string[] = []
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => {
      onEnd()
      resolve({ code, signal })
    })
  })
  const spoke = new Promise<void>((resolve) => {
    if (child.stdout === null) throw new TypeError('it needs an output')
    createInterface(child.stdout).on('line', (line) => {
      lines.push(line)
      resolve()
    })
    ended.then(() => resolve(), resolve)
  })
  return { child, lines, spoke, ended }
}

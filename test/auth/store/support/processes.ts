/** Processes of their own that share a folder of tokens. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { afterAll, beforeAll } from 'vitest'
import { root, tempDir } from '../../../support/tools.ts'

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
async function bundleProgram(entry: URL): Promise<string> {
  const outDir = tempDir()
  // The package asks for its own version by its name.
  mkdirSync(join(outDir, 'node_modules'))
  symlinkSync(root, join(outDir, 'node_modules/sealkit'))
  await build({
    root,
    configFile: false,
    publicDir: false,
    logLevel: 'error',
    // The folder knows no other packages.
    ssr: { noExternal: true },
    build: {
      ssr: fileURLToPath(entry),
      outDir,
      target: 'node20',
      emptyOutDir: false,
      rolldownOptions: { output: { entryFileNames: 'program.mjs' } },
    },
  })
  return join(outDir, 'program.mjs')
}

/**
 * Builds a program before the tests of a file, and ends after them what still runs of it.
 *
 * @returns what starts one; a command that starts another may stand before it
 */
export function useProcesses(entry: URL): (args: readonly string[], before?: readonly string[]) => Started {
  let program = ''
  const running = new Set<ChildProcess>()
  beforeAll(async () => {
    program = await bundleProgram(entry)
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
function started(child: ChildProcess, onEnd: () => void): Started {
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

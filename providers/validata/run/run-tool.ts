import { type ChildProcess, spawn } from 'node:child_process'
import { BoundedOutput } from './bounded-output.ts'
import { killTree, OWN_GROUP } from './kill-tree.ts'
import { onProcessEnd } from './process-end.ts'

/** Between asking a process to end and ending it. */
const GRACE = 1000
/** A process that has been killed is waited for no longer: it may hang in a driver. */
const GIVE_UP = 3000
/** Children may hold the pipes of a process that has ended. */
const DRAIN = 250

/** What is run. */
export interface RunOptions {
  readonly args: readonly string[]
  readonly cwd: string | undefined
  readonly env: Readonly<Record<string, string | undefined>>
  /** Milliseconds. */
  readonly timeout: number
  readonly signal: AbortSignal | undefined
}

/** How it ended. */
export interface ToolRun {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: Uint8Array
  readonly stderr: Uint8Array
  readonly timedOut: boolean
}

/**
 * Runs a program without a shell, in a process group of its own, and ends it with its children on time-out, on
 * abort and when this process ends. Its standard input is empty.
 *
 * @throws what spawn says where it cannot be started; the signal's reason
 */
export function runTool(file: string, { args, cwd, env, timeout, signal }: RunOptions): Promise<ToolRun> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted()
    const child = spawn(file, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: OWN_GROUP })
    const release = onProcessEnd(() => killTree(child, 'SIGKILL'))
    const stdout = collect(child.stdout)
    const stderr = collect(child.stderr)
    const timers: NodeJS.Timeout[] = []
    const later = (milliseconds: number, action: () => void): void => {
      timers.push(setTimeout(action, milliseconds))
    }
    let timedOut = false
    let stopping = false

    const settle = (act: () => void): void => {
      for (const timer of timers) clearTimeout(timer)
      signal?.removeEventListener('abort', stop)
      release()
      letGo(child)
      act()
    }
    const finish = (): void =>
      settle(() => {
        if (signal?.aborted === true && !timedOut) reject(signal.reason)
        else {
          const { exitCode: code, signalCode } = child
          resolve({ code, signal: signalCode, stdout: stdout.bytes, stderr: stderr.bytes, timedOut })
        }
      })
    const stop = (): void => {
      if (stopping) return
      stopping = true
      killTree(child, 'SIGTERM')
      later(GRACE, () => killTree(child, 'SIGKILL'))
      later(GRACE + GIVE_UP, finish)
    }

    child.on('error', (error) => {
      if (child.pid === undefined) settle(() => reject(error))
    })
    child.on('exit', () => {
      // Children that did not listen to the gentle word.
      if (stopping) killTree(child, 'SIGKILL')
      later(DRAIN, finish)
    })
    child.on('close', () => {
      if (child.pid !== undefined) finish()
    })
    signal?.addEventListener('abort', stop)
    later(timeout, () => {
      timedOut = !stopping
      stop()
    })
  })
}

function collect(stream: NodeJS.ReadableStream): BoundedOutput {
  const output = new BoundedOutput()
  stream.on('data', (chunk: Uint8Array) => output.push(chunk))
  stream.on('error', () => {})
  return output
}

/** Nothing of it keeps this process alive. */
function letGo(child: ChildProcess): void {
  child.stdout?.destroy()
  child.stderr?.destroy()
  child.unref()
}

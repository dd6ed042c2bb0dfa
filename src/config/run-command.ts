import { spawn } from 'node:child_process'

/** How a command is run. */
export interface CommandOptions {
  readonly folder: string | undefined
  readonly env: NodeJS.ProcessEnv
  readonly signal: AbortSignal | undefined
  /** Milliseconds. */
  readonly timeout: number
  readonly maxBytes: number
}

/** How a command ended. What it said on standard error is not kept: secrets may be in it. */
export type CommandResult =
  | {
      readonly kind: 'ended'
      readonly code: number | null
      readonly stdout: Uint8Array
      readonly said: boolean
    }
  | { readonly kind: 'not-started'; readonly reason: string }
  | { readonly kind: 'too-long' | 'too-much'; readonly said: boolean }

/**
 * Runs a program without a shell, its standard input empty. The terminal stays its own, so that it can ask for a
 * password.
 *
 * @throws the signal's reason
 */
export function runCommand(
  [program = '', ...args]: readonly string[],
  { folder, env, signal, timeout, maxBytes }: CommandOptions,
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted()
    const child = spawn(program, args, {
      cwd: folder,
      env,
      shell: false,
      windowsHide: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const chunks: Buffer[] = []
    let length = 0
    let said = false

    const settle = (finish: () => void): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
      // A child of the program may hold its output open; it is not waited for.
      child.stdout.destroy()
      child.stderr.destroy()
      finish()
    }
    const end = (finish: () => void): void => {
      child.kill('SIGKILL')
      settle(finish)
    }
    const abort = (): void => end(() => reject(signal?.reason))
    const timer = setTimeout(() => end(() => resolve({ kind: 'too-long', said })), timeout)
    signal?.addEventListener('abort', abort, { once: true })

    child.stdout.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      length += chunk.length
      if (length > maxBytes) end(() => resolve({ kind: 'too-much', said }))
    })
    child.stderr.on('data', () => {
      said = true
    })
    child.on('error', (error: NodeJS.ErrnoException) => {
      settle(() => resolve({ kind: 'not-started', reason: REASONS[error.code ?? ''] ?? `${error.code}` }))
    })
    child.on('close', (code) => {
      settle(() => resolve({ kind: 'ended', code, stdout: Buffer.concat(chunks), said }))
    })
  })
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such program',
  EACCES: 'no permission to run it',
}

/** Running the built command on a pseudo-terminal, by `script` of util-linux. */
import { spawn, spawnSync } from 'node:child_process'
import { environment, main } from './program.ts'

/** Why there is no pseudo-terminal to be had; undefined where there is. */
export function noTerminal(): string | undefined {
  const { stdout } = spawnSync('script', ['--version'], { encoding: 'utf8' })
  return stdout?.includes('util-linux')
    ? undefined
    : 'script of util-linux is missing: Debian package bsdutils'
}

export interface TerminalResult {
  readonly code: number | null
  /** All that the terminal showed, echo included. */
  readonly shown: string
}

/**
 * Runs a shell command line, in which `sealkit` is the built command, on a terminal of its own.
 *
 * @param steps what is typed, each once a text was shown
 */
export function onTerminal(
  command: string,
  steps: readonly { readonly after: string; readonly type: string }[],
  { cwd, env }: { cwd: string; env?: Readonly<Record<string, string | undefined>> },
): Promise<TerminalResult> {
  const script = `sealkit() { '${process.execPath}' '${main}' "$@"; }; ${command}`
  const child = spawn('script', ['-qefc', script, '/dev/null'], {
    cwd,
    env: environment({ SHELL: '/bin/sh', TERM: 'xterm', NO_COLOR: '1', ...env }),
  })
  return new Promise((resolve, reject) => {
    let shown = ''
    let seen = 0
    const waiting = [...steps]
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      shown += chunk
      for (let [next] = waiting; next !== undefined; [next] = waiting) {
        const at = shown.indexOf(next.after, seen)
        if (at < 0) break
        seen = at + next.after.length
        waiting.shift()
        child.stdin.write(next.type)
      }
    })
    child.stdin.on('error', () => {})
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, shown }))
  })
}

import { closeSync, openSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { ReadStream, WriteStream } from 'node:tty'
import { Interrupted } from './errors.ts'
import { printable } from './printable.ts'

/**
 * Asks for a secret on the controlling terminal, without echo: stdin and stdout are left to the data.
 *
 * @returns what was typed; undefined where there is no terminal, or nothing was given (Ctrl-D)
 */
export async function promptHidden(question: string, signal: AbortSignal): Promise<string | undefined> {
  const terminal = openTerminal()
  if (terminal === undefined) return undefined
  const { input, output } = terminal
  // readline keeps the terminal in raw mode and knows backspace, Ctrl-U, Ctrl-Z and pasted text; what it would
  // show goes nowhere.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input, output: nowhere, terminal: true, historySize: 0 })
  try {
    // Only now: the terminal no longer echoes.
    output.write(`${printable(question)}: `)
    return await new Promise<string | undefined>((resolve, reject) => {
      lines.on('line', resolve)
      lines.on('SIGINT', () => reject(new Interrupted()))
      lines.on('close', () => resolve(undefined))
      signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    })
  } finally {
    lines.close()
    await new Promise<void>((resolve) => output.write('\n', () => resolve()))
    input.destroy()
    output.destroy()
  }
}

/** The terminal that the program was started from, wherever stdin and stdout go. */
function openTerminal(): { input: ReadStream; output: WriteStream } | undefined {
  if (process.platform === 'win32') {
    return process.stdin.isTTY && process.stderr.isTTY
      ? { input: new ReadStream(0), output: new WriteStream(2) }
      : undefined
  }
  const open: number[] = []
  try {
    open.push(openSync('/dev/tty', 'r'))
    open.push(openSync('/dev/tty', 'w'))
    return { input: new ReadStream(open[0] as number), output: new WriteStream(open[1] as number) }
  } catch {
    for (const fd of open) closeSync(fd)
    return undefined
  }
}

import type { WriteStream } from 'node:tty'
import { CliError, systemReason } from './errors.ts'
import { printable, printableJson } from './printable.ts'

/** The colours in use, as SGR codes. */
const STYLES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33 } as const
export type Style = keyof typeof STYLES

/** Data on stdout, talk on stderr. */
export interface Output {
  /** Whether data goes to a terminal. */
  readonly toTerminal: boolean
  /** Writes data as it is. */
  data(data: Uint8Array | string): Promise<void>
  /** Writes a value as JSON. */
  json(value: unknown): Promise<void>
  /** Tells something on stderr: a line, made safe for a terminal. */
  say(text: string, style?: Style): void
  /** Colours a text for stdout, or for stderr. */
  paint(text: string, style: Style, on?: 'stdout' | 'stderr'): string
}

/** Output on the process's own streams. */
export function openOutput(stdout: WriteStream, stderr: WriteStream): Output {
  let failure: NodeJS.ErrnoException | undefined
  // A reader that has gone (`sealkit … | head`) has read what it wanted: no failure, and no crash.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') failure ??= error
  })
  stderr.on('error', () => {})

  const paint: Output['paint'] = (text, style, on = 'stdout') => {
    const stream = on === 'stdout' ? stdout : stderr
    // hasColors honours NO_COLOR, FORCE_COLOR and TERM=dumb.
    return stream.isTTY && stream.hasColors() ? `\x1b[${STYLES[style]}m${text}\x1b[0m` : text
  }
  const data: Output['data'] = async (bytes) => {
    await new Promise<void>((resolve) => stdout.write(bytes, () => resolve()))
    if (failure === undefined) return
    const message = `cannot write to standard output: ${systemReason(failure)}`
    throw new CliError('ERR_CLI_OUTPUT', message, { cause: failure })
  }
  return {
    toTerminal: stdout.isTTY === true,
    data,
    json: (value) => data(`${printableJson(value)}\n`),
    say: (text, style) => {
      const safe = printable(text)
      stderr.write(`${style === undefined ? safe : paint(safe, style, 'stderr')}\n`)
    },
    paint,
  }
}

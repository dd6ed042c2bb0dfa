import { PemError } from '../errors.ts'

/** One line of a text. */
export interface Line {
  /** Number, from 1; CRLF, LF and CR each end a line. */
  number: number
  /** Trimmed. */
  text: string
  /** Index of its first character. */
  start: number
  /** Index behind its line end. */
  end: number
}

// V8's longest string is 2^29 - 24 characters; past it decoding throws errors of its own.
const LONGEST = 2 ** 28

/**
 * Characters of a file without their byte order mark: UTF-16 where the mark says so (as PowerShell writes
 * what a program prints), else UTF-8 with bad sequences replaced.
 *
 * @throws TypeError for another type of input; PemError for more than 256 MiB
 */
export function toText(input: string | Uint8Array): string {
  if (typeof input === 'string') return input.replace(/^\ufeff/, '')
  if (!(input instanceof Uint8Array)) throw new TypeError('input must be a string or a Uint8Array')
  if (input.length > LONGEST) throw new PemError(`a text of ${input.length} bytes is not read`, 1)
  const [first, second] = input
  const little = first === 0xff && second === 0xfe
  const big = first === 0xfe && second === 0xff
  return new TextDecoder(little ? 'utf-16le' : big ? 'utf-16be' : 'utf-8').decode(input)
}

/**
 * The lines that start, behind white space, with `mark`. Found by searching for the mark, so that a large text
 * without it costs next to nothing.
 */
export function* markedLines(text: string, mark: string): Generator<Line> {
  let number = 1
  let counted = 0
  let from = 0
  for (;;) {
    const found = text.indexOf(mark, from)
    if (found < 0) return
    const start = lineStart(text, found, from)
    if (start < 0) {
      // Inside a line: on to the next, which keeps a line of nothing but marks from being searched again.
      from = lineAt(text, found).end
      continue
    }
    for (; counted < start; number++) counted = lineEnd(text, counted)
    const line = lineAt(text, start)
    yield { ...line, number }
    from = line.end
  }
}

/** Start of the line whose first visible character is at `index`; -1 where something stands before it. */
function lineStart(text: string, index: number, from: number): number {
  let at = index
  while (at > from && !isLineEnd(text, at - 1)) at--
  return text.slice(at, index).trim() === '' ? at : -1
}

/** The line that starts at `start`. */
export function lineAt(text: string, start: number): Line {
  const end = lineEnd(text, start)
  return { number: 0, text: text.slice(start, end).trim(), start, end }
}

/** Index behind the line end that follows `from`. */
function lineEnd(text: string, from: number): number {
  let at = from
  while (at < text.length && !isLineEnd(text, at)) at++
  return text.startsWith('\r\n', at) ? at + 2 : Math.min(at + 1, text.length)
}

function isLineEnd(text: string, index: number): boolean {
  const code = text.charCodeAt(index)
  return code === 0x0a || code === 0x0d
}

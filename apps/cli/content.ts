import { isatty } from 'node:tty'
import type { Context } from './command.ts'
import { CliError, inputError } from './errors.ts'
import { openFile, readAll } from './files.ts'

/** A token is shorter; what is longer is a document, in which line ends are nothing to remark on. */
const TOKEN_MAX = 8 * 1024
const LF = 0x0a

/** The content to sign or verify, byte for byte, and what was seen in it as it passed. */
export class ContentSource implements AsyncIterable<Uint8Array> {
  readonly #path: string
  readonly #context: Context
  #length = 0
  /** The content as long as it may be a token. */
  #head: number[] | undefined = []

  /** @param path of a file; `-` for standard input */
  constructor(path: string, context: Context) {
    this.#path = path
    this.#context = context
  }

  async *[Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    const { output, signal } = this.#context
    if (this.#path === '-' && isatty(0)) {
      output.say('note: reading the content from the terminal; Ctrl-D ends it (twice, to sign no line end)')
    }
    try {
      for await (const chunk of await openFile(this.#path, signal)) {
        this.#watch(chunk)
        yield chunk
      }
    } catch (error) {
      throw inputError('the content', this.#path, error)
    }
  }

  /** All of it, for a message that carries its content. */
  async bytes(max: number): Promise<Uint8Array> {
    try {
      return await readAll(this, max)
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      const message = `the content is too large to be attached: more than ${max / 1024 ** 2} MiB`
      throw new CliError('ERR_CLI_INPUT', message, { hint: 'sign it detached, without --attached' })
    }
  }

  #watch(chunk: Uint8Array): void {
    this.#length += chunk.length
    if (this.#length > TOKEN_MAX) this.#head = undefined
    else this.#head?.push(...chunk)
  }

  /** Bytes that people sign without meaning to: known once the content has been read. */
  get notes(): string[] {
    const head = this.#head
    if (head === undefined) return []
    if (head.length === 0) return ['the content is empty: a signature over nothing was made']
    const notes: string[] = []
    if (startsWith(head, [0xef, 0xbb, 0xbf]) || startsWith(head, [0xff, 0xfe])) {
      notes.push('the content begins with a byte order mark, which is signed too')
    }
    if (head.indexOf(LF) === head.length - 1) {
      notes.push(
        'the content ends with a line end, which is signed too: a token has none (printf %s, not echo)',
      )
    }
    return notes
  }
}

function startsWith(bytes: readonly number[], start: readonly number[]): boolean {
  return start.every((byte, i) => bytes[i] === byte)
}

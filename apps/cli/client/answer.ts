import { TextDecoder } from 'node:util'
import { AuthError } from '../../../src/errors.ts'
import { httpErrorBehind } from '../../../src/http/http-error-behind.ts'
import { formatTraceEvent, type TraceEvent } from '../../../src/http/index.ts'
import { CliError } from '../errors.ts'
import type { OptionGroup } from '../options.ts'
import type { Output } from '../output.ts'
import { printable } from '../printable.ts'

/** What comes out of a call. */
export const ANSWER_OPTIONS: OptionGroup = {
  title: 'Output (the body of the answer)',
  options: [
    { name: 'include', summary: "show the answer's status and headers on standard error, without secrets" },
  ],
}

/** Of an answer that is streamed to its reader. */
export const MAX_ANSWER = 2 ** 34

/** Keeps the head of the last answer. */
export class LastHead {
  #head: TraceEvent | undefined

  readonly onEvent = (event: TraceEvent): void => {
    if (event.kind === 'response') this.#head = event
  }

  tell(output: Output): void {
    if (this.#head === undefined) return
    for (const line of formatTraceEvent(this.#head).split('\n')) output.say(line)
  }
}

/** Streams the body of an answer to standard output; to a terminal only what does it no harm. */
export async function printBody(response: Response, output: Output): Promise<void> {
  if (response.body === null) return
  try {
    if (output.toTerminal) await toTerminal(response, output)
    else for await (const chunk of response.body) await output.data(chunk)
  } catch (error) {
    throw httpErrorBehind(error) ?? error
  }
}

/** What a refusal says, before the error itself is told. */
export async function printRefusal(error: unknown, output: Output): Promise<void> {
  if (!(error instanceof AuthError) || error.answer === undefined || error.answer === '') return
  const ended = error.answer.endsWith('\n') ? error.answer : `${error.answer}\n`
  await output.data(output.toTerminal ? forTerminal(ended) : error.answer)
}

const BINARY = 'the answer is not text, and is not printed to a terminal'

async function toTerminal(response: Response, output: Output): Promise<void> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let last = ''
  for await (const chunk of response.body ?? []) {
    const text = decode(decoder, chunk)
    if (text.includes('\0')) throw binary()
    if (text !== '') last = text
    await output.data(forTerminal(text))
  }
  decode(decoder, undefined)
  if (last !== '' && !last.endsWith('\n')) await output.data('\n')
}

function decode(decoder: TextDecoder, chunk: Uint8Array | undefined): string {
  try {
    return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true })
  } catch {
    throw binary()
  }
}

function binary(): CliError {
  return new CliError('ERR_CLI_OUTPUT', BINARY, { hint: 'send standard output to a file or a pipe' })
}

function forTerminal(text: string): string {
  return text.replaceAll('\t', '    ').replaceAll('\r\n', '\n').split('\n').map(printable).join('\n')
}
